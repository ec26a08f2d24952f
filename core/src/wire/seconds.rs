//! Durations as the server spells them: seconds in many forms, HTTP dates. All come out as whole milliseconds.

/// The longest eta believed: 24 hours.
const MAX_ETA_MS: f64 = 86_400_000.0;

/// The longest Retry-After believed: one hour.
const MAX_RETRY_AFTER_MS: f64 = 3_600_000.0;

/// An eta: integer, float or numeric string in seconds; anything else is "not said" (contract, section 2).
pub(super) fn eta_ms(raw_json: &str) -> Option<u64> {
    json_seconds(raw_json).map(|s| to_ms(s, MAX_ETA_MS))
}

/// A `retry_after` of the body: as [`eta_ms`], with its own limit, and as a string also with the unit, `"60s"`.
pub(super) fn body_retry_after_ms(raw_json: &str) -> Option<u64> {
    let seconds = match quoted(raw_json) {
        Some(text) => seconds_with_unit(text),
        None => plain_seconds(raw_json),
    };
    seconds.map(|s| to_ms(s, MAX_RETRY_AFTER_MS))
}

/// A `Retry-After` header: seconds, with or without their unit, or a date that is read against `Date`, else against the time
/// of receipt (RFC 9110, section 10.2.3).
pub fn header_retry_after_ms(value: &str, date: Option<&str>, received: Option<u64>) -> Option<u64> {
    if let Some(seconds) = seconds_with_unit(value) {
        return Some(to_ms(seconds, MAX_RETRY_AFTER_MS));
    }
    let until = http_date(value)?;
    let now = date.and_then(http_date).or(received.and_then(|s| i64::try_from(s).ok()))?;
    Some(to_ms(until.saturating_sub(now) as f64, MAX_RETRY_AFTER_MS))
}

fn json_seconds(raw: &str) -> Option<f64> {
    plain_seconds(quoted(raw).unwrap_or(raw))
}

/// What a JSON string holds, if it is one.
fn quoted(raw: &str) -> Option<&str> {
    raw.strip_prefix('"')?.strip_suffix('"')
}

/// As some servers write it: `60s`.
fn seconds_with_unit(text: &str) -> Option<f64> {
    let text = text.trim();
    plain_seconds(text.strip_suffix(['s', 'S']).unwrap_or(text))
}

/// A decimal number; Rust's own parser also knows `inf` and `nan`, which no server means.
fn plain_seconds(text: &str) -> Option<f64> {
    let text = text.trim();
    let numeric = text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c))
        && text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    if numeric { text.parse().ok() } else { None }
}

/// Rounded up, so that a poll that time is not a moment too early.
fn to_ms(seconds: f64, max_ms: f64) -> u64 {
    // A float of milliseconds can stand a hair above its whole number (13.07 s); that hair is no millisecond.
    let ms = (seconds * 1000.0 - 1e-6).ceil();
    ms.clamp(0.0, max_ms) as u64
}

/// Seconds since 1970 of an HTTP date in any of the three forms that must be read (RFC 9110, section 5.6.7).
fn http_date(text: &str) -> Option<i64> {
    let text = text.trim();
    let fields: Vec<&str> = text.split([' ', '-', ',']).filter(|f| !f.is_empty()).collect();
    let (day, month, year, time) = match fields.as_slice() {
        // Sun, 06 Nov 1994 08:49:37 GMT, or Sunday, 06-Nov-94 08:49:37 GMT
        [_, day, month, year, time, "GMT"] => (day, month, year, time),
        // Sun Nov  6 08:49:37 1994
        [_, month, day, time, year] => (day, month, year, time),
        _ => return None,
    };
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = MONTHS.iter().position(|m| m == month)? as i64 + 1;
    let day = number(day).filter(|d| (1..=31).contains(d))?;
    let year = match (number(year)?, year.len()) {
        // A two-digit year is the closest one that is not far in the future; none before 1970 can be meant.
        (y, 2) => y + if y < 70 { 2000 } else { 1900 },
        (y, 4) => y,
        _ => return None,
    };
    let clock: Vec<i64> = time.split(':').map(number).collect::<Option<_>>()?;
    let [hour @ 0..=23, minute @ 0..=59, second @ 0..=60] = clock[..] else { return None };
    Some(days_from_1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second)
}

fn number(text: &str) -> Option<i64> {
    if (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) {
        text.parse().ok()
    } else {
        None
    }
}

/// Days from 1970-01-01 in the Gregorian calendar, counting years from March so that the leap day comes last.
fn days_from_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_of_a_date_mean_the_same_second() {
        for text in
            ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
        {
            assert_eq!(http_date(text), Some(784_111_777), "{text}");
        }
        assert_eq!(http_date("Thu, 29 Feb 2024 00:00:00 GMT"), Some(1_709_164_800));
        for bad in ["", "tomorrow", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:00:00 GMT"] {
            assert_eq!(http_date(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_eta_is_rounded_up_and_clamped() {
        for (raw, wanted) in [
            ("13.07", Some(13_070)),
            ("0.25", Some(250)),
            ("0.0001", Some(1)),
            ("\" 5 \"", Some(5_000)),
            ("-3", Some(0)),
            ("1e999", Some(86_400_000)),
            ("null", None),
            ("\"inf\"", None),
            ("true", None),
            ("[5]", None),
        ] {
            assert_eq!(eta_ms(raw), wanted, "{raw}");
        }
    }
}
