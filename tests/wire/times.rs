//! The times in a reply: `eta`, `retry_after` and the `Retry-After` header, in milliseconds.
//!
//! A time is said with its upper clamp or not at all; nothing here is an error, as no time is needed to go on.

use mlab_core::error::Status::{RateLimited, Server};

use super::row::{Row, processing, refused, row};

/// A day, the longest `eta`.
const DAY: i64 = 86_400_000;
/// An hour, the longest pause.
const HOUR: i64 = 3_600_000;

/// A number of seconds as JSON, and what it is as an `eta`. Half a millisecond too few would be a poll too early, so up.
const ETAS: &[(&str, &str, i64)] = &[
    ("a whole eta is in seconds", "13", 13_000),
    ("an eta with decimals is read", "13.07", 13_070),
    ("the smallest eta seen is read", "0.25", 250),
    ("the longest eta seen is read", "960", 960_000),
    ("an eta of zero is said", "0", 0),
    ("an eta of a tenth of a millisecond is rounded up", "0.0001", 1),
    ("an eta is rounded up to the millisecond", "1.0001", 1_001),
    ("an eta of one and a half milliseconds is rounded up", "0.0015", 2),
    ("an eta with an exponent is read", "1.5e1", 15_000),
    ("an eta of a day is read", "86400", DAY),
    ("an eta over a day is a day", "86400.5", DAY),
    ("an eta of a year is a day", "31536000", DAY),
    ("an eta past u64 is a day", "18446744073709551616", DAY),
    ("an eta of 1e308 is a day", "1e308", DAY),
    // A number of JSON's grammar, and plainly over the limit: no double is needed to see that.
    ("an eta too large for a double is a day", "1e400", DAY),
    ("an eta of zero with an exponent is zero", "0e-400", 0),
    ("a negative eta is zero", "-5", 0),
    ("a negative eta with decimals is zero", "-0.5", 0),
    ("minus zero is zero", "-0.0", 0),
    ("an eta of -1e308 is zero", "-1e308", 0),
    ("a numeric string is an eta", r#""20""#, 20_000),
    ("a numeric string with decimals is an eta", r#""13.07""#, 13_070),
    ("a negative numeric string is zero", r#""-3""#, 0),
    ("a numeric string over a day is a day", r#""100000""#, DAY),
    ("an empty eta is not said", r#""""#, -1),
    ("an eta in words is not said", r#""about 20 seconds""#, -1),
    ("an eta with a unit is not said", r#""5s""#, -1),
    ("an eta of the word NaN is not said", r#""NaN""#, -1),
    ("an eta of the word nan is not said", r#""nan""#, -1),
    ("an eta of the word inf is not said", r#""inf""#, -1),
    ("an eta of the word -inf is not said", r#""-inf""#, -1),
    ("an eta of the word infinity is not said", r#""infinity""#, -1),
    ("a hexadecimal eta is not said", r#""0x10""#, -1),
    ("a null eta is not said", "null", -1),
    ("a truth value as eta is not said", "true", -1),
    ("an array as eta is not said", "[5]", -1),
    ("an object as eta is not said", r#"{"seconds":5}"#, -1),
];

/// The same for `retry_after` in the body of a rate limit.
const PAUSES: &[(&str, &str, i64)] = &[
    ("retry_after is in seconds", "30", 30_000),
    ("retry_after may have decimals", "1.5", 1_500),
    ("retry_after may be a numeric string", r#""30""#, 30_000),
    ("retry_after of zero is said", "0", 0),
    ("a negative retry_after is zero", "-30", 0),
    ("retry_after of an hour is read", "3600", HOUR),
    ("retry_after over an hour is an hour", "3601", HOUR),
    ("retry_after of 1e308 is an hour", "1e308", HOUR),
    ("a numeric string of retry_after over an hour is an hour", r#""86400""#, HOUR),
    ("retry_after with its unit is read", r#""60s""#, 60_000),
    ("a null retry_after is not said", "null", -1),
    ("an empty retry_after is not said", r#""""#, -1),
    ("retry_after in words is not said", r#""soon""#, -1),
    ("retry_after of the word inf is not said", r#""inf""#, -1),
    ("a truth value as retry_after is not said", "false", -1),
    ("an array as retry_after is not said", "[30]", -1),
];

/// The moment at which the replies below say they were sent.
const SENT: &str = "Sun, 22 Nov 2026 08:00:00 GMT";

/// `Date`, `Retry-After`, and the pause; dates are the three forms of RFC 9110, 5.6.7.
const HEADERS: &[(&str, &str, &str, i64)] = &[
    ("Retry-After in seconds is read", SENT, "120", 120_000),
    ("Retry-After of zero is said", SENT, "0", 0),
    ("Retry-After of an hour is read", SENT, "3600", HOUR),
    ("Retry-After over an hour is an hour", SENT, "7200", HOUR),
    ("Retry-After past u64 is an hour", SENT, "99999999999999999999999", HOUR),
    ("Retry-After with its unit is read", SENT, "60s", 60_000),
    ("Retry-After with its unit and spaces is read", SENT, " 60 s ", 60_000),
    ("Retry-After with decimals is read", SENT, "1.5", 1_500),
    ("a negative Retry-After is zero", SENT, "-1", 0),
    ("Retry-After of a unit alone is not said", SENT, "s", -1),
    ("Retry-After in minutes is not said", SENT, "2m", -1),
    (
        "Retry-After as a date is measured from the reply's Date",
        SENT,
        "Sun, 22 Nov 2026 08:00:30 GMT",
        30_000,
    ),
    ("Retry-After in the form of RFC 850 is read", SENT, "Sunday, 22-Nov-26 08:01:00 GMT", 60_000),
    ("Retry-After in the form of asctime is read", SENT, "Sun Nov 22 08:02:00 2026", 120_000),
    (
        "an asctime day of one digit is read",
        "Mon, 02 Nov 2026 08:00:00 GMT",
        "Mon Nov  2 08:00:10 2026",
        10_000,
    ),
    (
        "a Date in the form of asctime is read",
        "Sun Nov 22 08:00:00 2026",
        "Sun, 22 Nov 2026 08:00:05 GMT",
        5_000,
    ),
    (
        "a Date in the form of RFC 850 is read",
        "Sunday, 22-Nov-26 08:00:00 GMT",
        "Sun, 22 Nov 2026 08:00:05 GMT",
        5_000,
    ),
    ("a Retry-After date that is the reply's own is zero", SENT, SENT, 0),
    ("a Retry-After date in the past is zero", SENT, "Sun, 22 Nov 2026 07:59:59 GMT", 0),
    ("a Retry-After date of the last century is zero", SENT, "Sun, 06 Nov 1994 08:49:37 GMT", 0),
    // RFC 9110, 5.6.7: two digits that seem more than 50 years ahead mean the past.
    ("two digits of a year far ahead mean the last century", SENT, "Sunday, 06-Nov-94 08:49:37 GMT", 0),
    ("a Retry-After date of tomorrow is an hour", SENT, "Mon, 23 Nov 2026 08:00:00 GMT", HOUR),
    ("a Retry-After date of the year 9999 is an hour", SENT, "Fri, 31 Dec 9999 23:59:59 GMT", HOUR),
    (
        "a Retry-After date over the end of a year is measured",
        "Thu, 31 Dec 2026 23:59:50 GMT",
        "Fri, 01 Jan 2027 00:00:20 GMT",
        30_000,
    ),
    (
        "a Retry-After date over the end of February is measured",
        "Sat, 28 Feb 2026 23:59:50 GMT",
        "Sun, 01 Mar 2026 00:00:20 GMT",
        30_000,
    ),
    (
        "a Retry-After date over a leap day is measured",
        "Tue, 29 Feb 2028 23:59:50 GMT",
        "Wed, 01 Mar 2028 00:00:20 GMT",
        30_000,
    ),
    ("a Retry-After in words is not said", SENT, "soon", -1),
    ("an empty Retry-After is not said", SENT, "", -1),
    ("a Retry-After date with no such hour is not said", SENT, "Sun, 22 Nov 2026 25:00:30 GMT", -1),
    ("a Retry-After date with no such month is not said", SENT, "Sun, 22 Foo 2026 08:00:30 GMT", -1),
    ("a cut Retry-After date is not said", SENT, "Sun, 22 Nov 2026 08:0", -1),
    // Without a clock of its own the wire layer cannot measure such a date (design, section 1).
    (
        "a Retry-After date is not said where Date cannot be read",
        "yesterday",
        "Sun, 22 Nov 2026 08:00:30 GMT",
        -1,
    ),
];

pub(crate) fn rows() -> Vec<Row> {
    let etas = ETAS.iter().map(|&(name, eta, ms)| {
        row(name, 200, format!(r#"{{"status":"processing","eta":{eta}}}"#), processing().eta(ms))
    });
    let pauses = PAUSES.iter().map(|&(name, pause, ms)| {
        let body = format!(r#"{{"status":"error","message":"Rate limit exceeded","retry_after":{pause}}}"#);
        row(name, 429, body, refused(RateLimited).retry_after(ms))
    });
    let headers = HEADERS.iter().map(|&(name, date, after, ms)| {
        row(name, 429, "", refused(RateLimited).retry_after(ms))
            .header("Date", date)
            .header("Retry-After", after)
    });
    etas.chain(pauses).chain(headers).chain(header_and_body()).collect()
}

fn header_and_body() -> Vec<Row> {
    const BODY: &str = r#"{"status":"error","message":"Rate limit exceeded","retry_after":30}"#;
    let limited = |name, ms| row(name, 429, BODY, refused(RateLimited).retry_after(ms));
    vec![
        limited("the Retry-After header goes before the body", 5_000).header("Retry-After", "5"),
        limited("a longer Retry-After header goes before the body too", 90_000).header("Retry-After", "90"),
        limited("a Retry-After header of zero goes before the body", 0).header("Retry-After", "0"),
        limited("a Retry-After date goes before the body", 7_000)
            .header("Retry-After", "Sun, 22 Nov 2026 08:00:07 GMT")
            .header("Date", SENT),
        // What cannot be read is not said, so it cannot go before anything.
        limited("the body counts when the header cannot be read", 30_000).header("Retry-After", "soon"),
        limited("the body counts when the header's date has no Date to measure from", 30_000)
            .header("Retry-After", "Sun, 22 Nov 2026 08:00:07 GMT"),
        limited("the header's name is read in small letters", 5_000).header("retry-after", "5"),
        limited("the header's name is read in capitals", 5_000).header("RETRY-AFTER", "5"),
        row("no pause said is no pause", 429, r#"{"status":"error"}"#, refused(RateLimited)),
        row("trouble at the server may give a pause", 503, "", refused(Server).retry_after(120_000))
            .header("Retry-After", "120"),
        row("an edge's page may give a pause", 503, "<html></html>", refused(Server).retry_after(9_000))
            .header("Retry-After", "9")
            .header("Content-Type", "text/html"),
        row(
            "a pause while processing is said",
            202,
            r#"{"status":"processing"}"#,
            processing().retry_after(4_000),
        )
        .header("Retry-After", "4"),
        row(
            "a body's pause while processing is said beside the eta",
            200,
            r#"{"status":"processing","eta":2.5,"retry_after":10}"#,
            processing().eta(2_500).retry_after(10_000),
        ),
        row(
            "a reply without an eta says none",
            200,
            r#"{"status":"processing","message":"x"}"#,
            processing(),
        ),
        row("an eta of queued is read", 200, r#"{"status":"queued","eta":"5"}"#, processing().eta(5_000)),
        row(
            "an eta inside meta is not the eta",
            200,
            r#"{"status":"processing","meta":{"eta":5}}"#,
            processing(),
        ),
    ]
}
