//! Times as a server spells them: bounded, and read as other readers of the same forms read them.

use super::lines;
use mlab_core::wire::{RawReply, header_retry_after_ms, rule};
use std::time::UNIX_EPOCH;

/// The longest pause believed, and the longest eta.
const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 86_400_000;

/// The input: a Retry-After or eta, a Date, the time of receipt in seconds.
pub fn run(data: &[u8]) {
    let [value, date, received] = lines(data);
    let received = received.trim().parse::<u32>().ok().map(u64::from);
    let date = Some(&date[..]).filter(|date| !date.is_empty());
    let header = header_retry_after_ms(&value, date, received);
    assert!(header.is_none_or(|ms| ms <= HOUR_MS), "{value:?} is {header:?}");
    compare_dates(&value, date, received, header);
    compare_etas(&value);
}

fn compare_dates(value: &str, date: Option<&str>, received: Option<u64>, header: Option<u64>) {
    let seconds = |text: &str| {
        // That reader takes any byte for some of the spaces, digits among them.
        let is_number = |field: &str| match field.contains(':') {
            true => field.len() == "08:49:37".len(),
            false => field.bytes().all(|byte| byte.is_ascii_digit()),
        };
        let is_name = |field: &str| field.bytes().all(|byte| byte.is_ascii_alphabetic());
        if !text.split([' ', '-', ',']).all(|field| is_number(field) || is_name(field)) {
            return None;
        }
        let time = httpdate::parse_http_date(text.trim()).ok()?;
        time.duration_since(UNIX_EPOCH).ok().map(|since| since.as_secs())
    };
    let Some(until) = seconds(value) else { return };
    let now = match date {
        Some(date) => match seconds(date) {
            Some(now) => Some(now),
            // A date that only one of the two readers takes.
            None => return,
        },
        None => received,
    };
    let wanted = now.map(|now| (until.saturating_sub(now) * 1000).min(HOUR_MS));
    assert_eq!(header, wanted, "{value:?} at {date:?}, received {received:?}");
}

/// The eta of a reply, as a number and in quotes.
fn compare_etas(value: &str) {
    let value = value.trim();
    let Ok(eta) = serde_json::from_str::<f64>(value) else { return };
    for spelled in [value.to_owned(), serde_json::Value::from(value).to_string()] {
        let body = format!(r#"{{"status":"processing","eta":{spelled},"retry_after":{spelled}}}"#);
        let ruling =
            rule(&RawReply { http_status: 200, body: body.as_bytes().into(), ..RawReply::default() }, None);
        for (got, most) in [(ruling.eta_ms, DAY_MS), (ruling.retry_after_ms, HOUR_MS)] {
            assert!(got.is_some_and(|ms| is_near(ms, eta, most)), "{spelled} is {got:?}");
        }
    }
}

/// Whether so many milliseconds are these seconds, rounded up and bounded. Readers of decimals may differ in the last bit.
pub(super) fn is_near(ms: u64, seconds: f64, most: u64) -> bool {
    let exact = (seconds * 1000.0).clamp(0.0, most as f64);
    let slack = exact * 1e-9 + 1e-5;
    (exact - slack..=exact + slack + 1.0).contains(&(ms as f64)) && ms <= most
}
