//! Replies that the HTTP code decides: every code the contract names, and codes against the body's own word.
//!
//! 3xx is no ruling of this table.

use mlab_core::error::Status;
use mlab_core::error::Status::{Api, Auth, BadRequest, Forbidden, NotFound, Payment, RateLimited, Server};

use super::row::{Row, ok, processing, protocol, protocol_retryable, refused, row};

/// What a code means when nothing else tells.
const CODES: &[(u16, Status)] = &[
    (400, BadRequest),
    (401, Auth),
    (402, Payment),
    (403, Forbidden),
    (404, NotFound),
    (405, BadRequest),
    (406, Api),
    (407, Api),
    (408, Server),
    (409, BadRequest),
    (410, NotFound),
    (411, Api),
    (412, Api),
    (413, BadRequest),
    (414, Api),
    (415, BadRequest),
    (416, Api),
    (417, Api),
    (418, Api),
    (419, Api),
    (421, Api),
    (422, BadRequest),
    (423, Api),
    (425, Api),
    (426, Api),
    (428, Api),
    (429, RateLimited),
    (431, Api),
    (451, Api),
    (499, Api),
    (500, Server),
    (501, Server),
    (502, Server),
    (503, Server),
    (504, Server),
    (505, Server),
    (507, Server),
    (511, Server),
    (520, Server),
    (521, Server),
    (522, Server),
    (523, Server),
    (524, Server),
    (525, Server),
    (526, Server),
    (527, Server),
    (528, Server),
    (529, Server),
    (530, Server),
    (599, Server),
];

/// One code for each outcome, to be crossed with `SHAPES`.
const ONE_OF_EACH: &[u16] = &[400, 401, 402, 403, 404, 408, 418, 429, 503];

/// Bodies that change nothing about a 4xx or 5xx.
const SHAPES: &[(&str, &str)] = &[
    (
        "goes before every word of an error text",
        r#"{"status":"error","message":"not found rate limit api key credit"}"#,
    ),
    ("goes before an object message", r#"{"status":"error","message":{"id":["Odd."]}}"#),
    ("goes before a failed job", r#"{"status":"failed","message":"Failed, Try Again"}"#),
    ("goes before success", r#"{"status":"success","output":["https://img.example/1.png"]}"#),
    ("goes before processing", r#"{"status":"processing","output":""}"#),
    ("goes before a canceled job", r#"{"status":"canceled"}"#),
    ("goes before an unknown status", r#"{"status":"stopped"}"#),
    ("decides when the body is empty", ""),
    ("decides when the body is cut", r#"{"status":"success","output":["https://im"#),
];

fn ruling(http: u16) -> Status {
    CODES.iter().find(|(code, _)| *code == http).expect("a crossed code is in the table of codes").1
}

pub(crate) fn rows() -> Vec<Row> {
    let alone = CODES.iter().map(|&(http, kind)| {
        let name = format!("HTTP {http} without a status is told by its code").leak();
        row(name, http, r#"{"message":"The server's words"}"#, refused(kind).has("The server's words"))
    });
    let crossed = ONE_OF_EACH.iter().flat_map(|&http| {
        SHAPES.iter().map(move |&(what, body)| {
            row(format!("HTTP {http} {what}").leak(), http, body, refused(ruling(http)))
        })
    });
    alone
        .chain(crossed)
        .chain(refusing())
        .chain(without_a_body())
        .chain(unknown_words())
        .chain(pages())
        .collect()
}

fn refusing() -> Vec<Row> {
    vec![
        row(
            "an unknown id with HTTP 404 is not found",
            404,
            r#"{"status":"failed","id":"","message":"Request not found","output":""}"#,
            refused(NotFound).has("Request not found"),
        ),
        row(
            "an invalid key with HTTP 401 is refused",
            401,
            r#"{"status":"error","message":"Invalid API key"}"#,
            refused(Auth).has("Invalid API key"),
        ),
        row(
            "a rate limit with HTTP 429 gives its pause and its text",
            429,
            r#"{"status":"error","message":"Rate limit exceeded. Maximum 5 queued requests allowed.","retry_after":30}"#,
            refused(RateLimited).retry_after(30_000).has("Rate limit exceeded."),
        ),
        row(
            "a validation answer with HTTP 422 needs no status",
            422,
            r#"{"message":"The key field is required.","errors":{"key":["The key field is required."]}}"#,
            refused(BadRequest).has("The key field is required."),
        ),
        row(
            "a framework's server error needs no status",
            500,
            r#"{"message":"Server Error"}"#,
            refused(Server).has("Server Error"),
        ),
        row(
            "queued with HTTP 429 is a rate limit",
            429,
            r#"{"status":"queued","eta":null}"#,
            refused(RateLimited),
        ),
        row("pending with HTTP 400 is a bad request", 400, r#"{"status":"pending"}"#, refused(BadRequest)),
        row(
            "a number as status leaves it to the code",
            403,
            r#"{"status":403,"message":"No."}"#,
            refused(Forbidden),
        ),
        row("null with HTTP 404 is not found", 404, "null", refused(NotFound)),
        row("an empty array with HTTP 500 is trouble at the server", 500, "[]", refused(Server)),
        row("a JSON string with HTTP 403 is forbidden", 403, r#""Forbidden""#, refused(Forbidden)),
        row(
            "plain text with HTTP 503 is trouble at the server",
            503,
            "upstream connect error",
            refused(Server),
        ),
        row(
            "a bad output does not hide HTTP 500",
            500,
            r#"{"status":"success","output":[7]}"#,
            refused(Server),
        ),
        row(
            "invalid UTF-8 hides neither HTTP 401 nor its text",
            401,
            b"{\"message\":\"no \xff\"}",
            refused(Auth).has("no \u{fffd}"),
        ),
        row(
            "a lone surrogate hides neither HTTP 402 nor its text",
            402,
            r#"{"message":"pay \ud800"}"#,
            refused(Payment).has("pay \u{fffd}"),
        ),
        row(
            "a framework's detail with HTTP 404 is handed out",
            404,
            r#"{"detail":"Not Found"}"#,
            refused(NotFound).has("Not Found"),
        ),
        row(
            "a problem document's title and detail are handed out",
            403,
            r#"{"type":"about:blank","title":"Forbidden","status":403,"detail":"Plan does not cover this"}"#,
            refused(Forbidden).has("Plan does not cover this").has("Forbidden"),
        ),
    ]
}

/// Codes that carry no answer, whatever is in the body.
fn without_a_body() -> Vec<Row> {
    const READY: &str = r#"{"status":"success","output":["https://img.example/1.png"]}"#;
    vec![
        row("HTTP 100 is no answer", 100, "", protocol()),
        row("HTTP 101 is no answer", 101, "", protocol()),
        row("HTTP 103 is no answer even with success in its body", 103, READY, protocol()),
        // As good as cut off: the next one may be whole.
        row("HTTP 204 is no answer", 204, "", protocol_retryable().has("empty body")),
        row("HTTP 204 is no answer even with success in its body", 204, READY, protocol_retryable()),
        row("HTTP 200 with an empty body is no answer", 200, "", protocol_retryable().has("empty body")),
        row("HTTP 201 with an empty body is no answer", 201, "", protocol_retryable()),
        row("HTTP 202 with an empty body is no answer", 202, "", protocol_retryable()),
        row("HTTP 203 with an empty body is no answer", 203, "", protocol_retryable()),
        row("HTTP 205 with an empty body is no answer", 205, "", protocol_retryable()),
        // White space and a byte order mark around the JSON are allowed, so what is left of these is empty.
        row("white space alone is an empty body", 200, " \r\n\t", protocol_retryable().has("empty body")),
        row(
            "a byte order mark alone is an empty body",
            200,
            "\u{feff}",
            protocol_retryable().has("empty body"),
        ),
        row("HTTP 600 is no code", 600, READY, protocol().has("invalid HTTP status code 600")),
        row("HTTP 999 is no code", 999, "", protocol().has("invalid HTTP status code 999")),
        row("HTTP 99 is no code", 99, "", protocol().has("invalid HTTP status code 99")),
        row("HTTP 203 with success is ready", 203, READY, ok(&["https://img.example/1.png"])),
        row("HTTP 203 with processing is not yet", 203, r#"{"status":"processing"}"#, processing()),
    ]
}

/// A status that is a string and none of the known words.
fn unknown_words() -> Vec<Row> {
    vec![
        row("an unknown status is named", 200, r#"{"status":"stopped"}"#, protocol().has("stopped")),
        row(
            "an unknown status is not told by its text",
            200,
            r#"{"status":"denied","message":"Invalid API key"}"#,
            protocol().has("denied"),
        ),
        row(
            "an unknown status with output is not ready",
            200,
            r#"{"status":"completed","output":["https://img.example/1.png"]}"#,
            protocol().has("completed"),
        ),
        row(
            "a word that begins like success is unknown",
            200,
            r#"{"status":"successful"}"#,
            protocol().has("successful"),
        ),
        row(
            "a word with a space inside is unknown",
            200,
            r#"{"status":"process ing"}"#,
            protocol().has("process ing"),
        ),
        row("an empty status is unknown", 200, r#"{"status":""}"#, protocol()),
        row("a status of white space is unknown", 200, r#"{"status":" \t "}"#, protocol()),
        row(
            "an unknown status with HTTP 202 is named",
            202,
            r#"{"status":"Accepted"}"#,
            protocol().has("ccepted"),
        ),
        row(
            "a status with a NUL behind it is unknown",
            200,
            r#"{"status":"success\u0000","output":["https://img.example/1.png"]}"#,
            protocol().lacks("\0"),
        ),
        row(
            "an unknown status is named in one line",
            200,
            r#"{"status":"half\r\ndone"}"#,
            protocol().has("half").has("done").lacks("\r").lacks("\n"),
        ),
        row(
            "an unknown status is named without the key",
            200,
            r#"{"status":"gone for test-key-not-real/\"q\" now"}"#,
            protocol().has("***").lacks("test-key-not-real"),
        ),
        row(
            "an unknown status of any length is named in short",
            200,
            format!(r#"{{"status":"{}END"}}"#, "wait".repeat(2000)),
            protocol().has("waitwait").lacks("END"),
        ),
    ]
}

/// Pages of an edge, a proxy or a login: never quoted, named by their content type.
fn pages() -> Vec<Row> {
    const PAGE: &str =
        "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";
    let page = |name, http, body: &str, want| row(name, http, body, want).header("Content-Type", "text/html");
    vec![
        page(
            "a login page with HTTP 200 is named by its type",
            200,
            PAGE,
            protocol_retryable().has("text/html").lacks("nginx").lacks("<"),
        ),
        page(
            "a page in capitals is a page",
            200,
            "<HTML><BODY>Sign in</BODY></HTML>",
            protocol_retryable().lacks("Sign in").lacks("<"),
        ),
        page(
            "a page behind white space is a page",
            200,
            "\r\n\n <html>Sign in</html>",
            protocol_retryable().lacks("Sign in"),
        ),
        page(
            "a page behind a byte order mark is a page",
            200,
            "\u{feff}<!doctype html><p>Sign in",
            protocol_retryable().lacks("Sign in"),
        ),
        page(
            "a page that begins with a comment is a page",
            200,
            "<!-- ray 7f3a --><html>Sign in</html>",
            protocol_retryable().lacks("Sign in").lacks("7f3a"),
        ),
        page("a cut page is a page", 200, "<html><head><ti", protocol_retryable().lacks("<")),
        // It begins with a tag and says text/html; whatever JSON follows, the body as a whole is none.
        page(
            "a warning printed before the JSON makes it a page",
            200,
            "<br />\n<b>Warning</b>: Undefined index in /srv/app.php\n{\"status\":\"processing\"}",
            protocol_retryable().lacks("Undefined").lacks("/srv/app.php"),
        ),
        page(
            "a gateway's page is trouble at the server",
            502,
            PAGE,
            refused(Server).has("text/html").lacks("nginx").lacks("<"),
        ),
        page(
            "an edge's page with HTTP 403 is forbidden",
            403,
            PAGE,
            refused(Forbidden).has("text/html").lacks("nginx"),
        ),
        page("an edge's page with HTTP 429 is a rate limit", 429, PAGE, refused(RateLimited).lacks("nginx")),
        page(
            "an edge's page with HTTP 525 is trouble at the server",
            525,
            PAGE,
            refused(Server).has("text/html"),
        ),
        page("a page with HTTP 404 is not found", 404, PAGE, refused(NotFound).has("text/html").lacks("<")),
        row(
            "a page without a content type is not quoted either",
            200,
            PAGE,
            protocol_retryable().lacks("nginx").lacks("<"),
        ),
        row(
            "a page that says it is JSON is not quoted either",
            200,
            PAGE,
            protocol_retryable().lacks("nginx").lacks("<"),
        )
        .header("Content-Type", "application/json"),
        row("a text that begins with a number is not quoted", 504, "504 Gateway Time-out", {
            refused(Server).has("text/plain").lacks("Time-out")
        })
        .header("Content-Type", "text/plain"),
        row("text behind a JSON string makes it a page", 502, "\"x\" y", refused(Server).has("text/html"))
            .header("Content-Type", "text/html"),
        row("a tag behind a JSON array makes it a page", 503, "[] <b>", refused(Server).has("text/html"))
            .header("Content-Type", "text/html"),
        row(
            "a text that begins with a number is no JSON",
            200,
            "504 Gateway Time-out",
            protocol().has("text/plain").lacks("JSON without").lacks("Time-out"),
        )
        .header("Content-Type", "text/plain"),
        row("text behind a JSON string is no JSON", 200, "\"x\" y", protocol().lacks("JSON without")),
        row("a tag behind a JSON array is no JSON", 200, "[] <b>", protocol().lacks("JSON without")),
        row("a JSON array with HTTP 502 is JSON", 502, " [] ", refused(Server).lacks("text/html"))
            .header("Content-Type", "text/html"),
        row(
            "parameters of a content type do not matter",
            504,
            PAGE,
            refused(Server).has("text/html").lacks("nginx"),
        )
        .header("content-type", "text/html; charset=UTF-8"),
        row(
            "a content type is cleaned of the key",
            200,
            PAGE,
            protocol_retryable().has("text/html").lacks("test-key-not-real"),
        )
        .header("Content-Type", r#"text/html; for=test-key-not-real/"q""#),
    ]
}
