//! Replies that say `error` or `failed` with HTTP 2xx, where only the text tells why.
//!
//! Codes of 4xx and 5xx, which go before any text, are in `codes`.

use mlab_core::error::Status;
use mlab_core::error::Status::{Api, Auth, BadRequest, JobFailed, NotFound, Payment, RateLimited};

use super::row::{Row, refused, row};

/// The fields after `"status":"error"`, and what they mean.
const ERROR: &[(&str, &str, Status)] = &[
    ("not found in an error is an unknown id", r#""message":"Request not found""#, NotFound),
    ("not found counts without the word request", r#""message":"Image not found.""#, NotFound),
    ("not found counts in capitals", r#""message":"REQUEST NOT FOUND""#, NotFound),
    (
        "the vendor's rate limit text is a rate limit with HTTP 200 too",
        r#""message":"Rate limit exceeded. Maximum 5 queued requests allowed.""#,
        RateLimited,
    ),
    ("rate limit counts in mixed case", r#""message":"RATE Limit reached""#, RateLimited),
    ("too many requests is a rate limit", r#""message":"Too many requests, slow down""#, RateLimited),
    ("an invalid API key is refused with HTTP 200 too", r#""message":"Invalid API key""#, Auth),
    ("api key counts in any case", r#""message":"your Api Key was disabled""#, Auth),
    ("api key counts when it is missing", r#""message":"No api key was given""#, Auth),
    ("no credits is a matter of payment", r#""message":"You have run out of Credits""#, Payment),
    ("an empty wallet is a matter of payment", r#""message":"Insufficient WALLET balance""#, Payment),
    ("an ended subscription is a matter of payment", r#""message":"Your subscription has expired""#, Payment),
    ("a call to subscribe is a matter of payment", r#""message":"Please subscribe to a plan""#, Payment),
    ("no funds is a matter of payment", r#""message":"Insufficient funds""#, Payment),
    (
        "a validation message is a bad request",
        r#""message":{"key":["The key field is required."]}"#,
        BadRequest,
    ),
    ("an object message of strings is a bad request", r#""message":{"id":"The id is odd."}"#, BadRequest),
    ("an empty object message is a bad request", r#""message":{}"#, BadRequest),
    (
        "an object in the legacy spelling is a bad request",
        r#""messege":{"id":["The id is odd."]}"#,
        BadRequest,
    ),
    ("any other error is the service's own", r#""message":"Something went wrong""#, Api),
    ("an error without a message is the service's own", r#""id":"""#, Api),
    ("an error with a null message is the service's own", r#""message":null"#, Api),
    ("an error with an empty message is the service's own", r#""message":"""#, Api),
    ("an error with a number as message is the service's own", r#""message":17"#, Api),
    ("an array as message is not an object message", r#""message":["Something went wrong"]"#, Api),
    // An object is the usual shape of `error` (section 2), so it says nothing about validation.
    ("an object in the error field is not an object message", r#""error":{"message":"Boom"}"#, Api),
    ("api and key apart are not the words api key", r#""message":"The api found no such key""#, Api),
    ("the legacy spelling of message counts", r#""messege":"Invalid API key""#, Auth),
    (
        "an empty legacy spelling takes nothing from the message",
        r#""message":"Invalid API key","messege":"""#,
        Auth,
    ),
    (
        "a null legacy spelling takes nothing from the message",
        r#""message":"Invalid API key","messege":null"#,
        Auth,
    ),
    (
        "an empty message takes nothing from the legacy spelling",
        r#""messege":"Invalid API key","message":"""#,
        Auth,
    ),
    (
        "a null legacy spelling takes nothing from an object message",
        r#""message":{"id":"The id is odd."},"messege":null"#,
        BadRequest,
    ),
    ("the words of both spellings count", r#""message":"Invalid API key","messege":"Sorry.""#, Auth),
    ("empty tips take nothing from the tip", r#""tip":"Buy credits first.","tips":[]"#, Payment),
    ("the error field counts as text", r#""error":"Invalid API key""#, Auth),
    (
        "the message inside the error field counts",
        r#""error":{"message":"Rate limit exceeded"}"#,
        RateLimited,
    ),
    // A tip is advice about anything; the service's own advertises plans. It must not overrule what was said.
    ("a tip does not decide beside a message", r#""message":"No.","tip":"Buy credits first.""#, Api),
    ("tips do not decide beside a message", r#""message":"No.","tips":["Wait.","Buy credits first."]"#, Api),
    ("a tip alone decides", r#""tip":"Buy credits first.""#, Payment),
    ("the entries of an array message count", r#""message":["Sorry.","Request not found"]"#, NotFound),
    ("not found goes before rate limit", r#""message":"Rate limit exceeded or request not found""#, NotFound),
    ("rate limit goes before api key", r#""message":"This API key is over its rate limit""#, RateLimited),
    ("too many goes before credit", r#""message":"Your credit allows not too many calls""#, RateLimited),
    ("api key goes before credit", r#""message":"No credit is left on this API key""#, Auth),
    (
        "not found in another field goes before api key",
        r#""message":"Bad api key","error":"Or not found""#,
        NotFound,
    ),
    // The words are looked for in the flattened text; that the message is an object is the last thing that counts.
    (
        "an object message about the api key is about the key",
        r#""message":{"key":["Invalid API key."]}"#,
        Auth,
    ),
    (
        "an object message about credit is a matter of payment",
        r#""message":{"plan":["No credit."]}"#,
        Payment,
    ),
    ("an object message of not found is an unknown id", r#""message":{"id":["Job not found."]}"#, NotFound),
    ("words in an ignored field do not count", r#""message":"No.","meta":{"note":"api key not found"}"#, Api),
    ("words in the webhook status do not count", r#""message":"No.","webhook_status":"too many""#, Api),
    ("words in the output do not count", r#""message":"No.","output":"request not found""#, Api),
    (
        "links beside an error are not handed on",
        r#""message":"No.","output":["https://img.example/1.png"]"#,
        Api,
    ),
    ("an output that cannot be read does not hide an error", r#""message":"No.","output":[7,{}]"#, Api),
    ("a last message of null takes back the first", r#""message":"Invalid API key","message":null"#, Api),
    ("a last legacy spelling takes back the first", r#""messege":"Invalid API key","messege":"""#, Api),
    (
        "the last of two messages counts",
        r#""message":"Invalid API key","message":"Request not found""#,
        NotFound,
    ),
];

/// The fields after `"status":"failed"`, and what they mean.
const FAILED: &[(&str, &str, Status)] = &[
    (
        "an unknown id fails as not found",
        r#""id":"","message":"Request not found","output":"","tip":"Check the id.""#,
        NotFound,
    ),
    ("a failed job is a failed job", r#""id":"","message":"Failed, Try Again","output":"""#, JobFailed),
    ("a failed job may say nothing", r#""output":[]"#, JobFailed),
    ("a failed job may have a null message", r#""message":null"#, JobFailed),
    ("a failed job may have an array as message", r#""message":["Failed","Try Again"]"#, JobFailed),
    ("links of a failed job are not handed on", r#""output":["https://img.example/1.png"]"#, JobFailed),
    ("an output that cannot be read does not hide a failed job", r#""output":[true,[],{"a":1}]"#, JobFailed),
    ("a number as output does not hide a failed job", r#""output":0"#, JobFailed),
    ("failed for a rate limit is a rate limit", r#""message":"Rate limit exceeded""#, RateLimited),
    ("failed for the key is about the key", r#""message":"Invalid API key""#, Auth),
    ("failed for want of credit is a matter of payment", r#""message":"Not enough credits""#, Payment),
    ("failed with an object message is a bad request", r#""message":{"prompt":["Too long."]}"#, BadRequest),
];

pub(crate) fn rows() -> Vec<Row> {
    let of = |status: &'static str| {
        move |&(name, fields, kind): &(&'static str, &'static str, Status)| {
            row(name, 200, format!(r#"{{"status":"{status}",{fields}}}"#), refused(kind))
        }
    };
    ERROR.iter().map(of("error")).chain(FAILED.iter().map(of("failed"))).chain(whole_replies()).collect()
}

fn whole_replies() -> Vec<Row> {
    // The words stand some 9 KB into the text, of which 1 KiB is handed out. What the server means does not depend
    // on how much of it is shown.
    let long = format!(r#"{{"status":"error","message":"{}api key"}}"#, "so sorry ".repeat(1000));
    vec![
        row("a word of refusal behind the first KiB of a text counts", 200, long, refused(Auth)),
        row(
            "a rate limit with HTTP 200 gives its pause and its text",
            200,
            r#"{"status":"error","message":"Rate limit exceeded. Maximum 5 queued requests allowed.","retry_after":30}"#,
            refused(RateLimited).retry_after(30_000).has("Maximum 5 queued requests allowed."),
        ),
        row(
            "a validation message is flattened with its field",
            200,
            r#"{"status":"error","message":{"key":["The key field is required."]}}"#,
            refused(BadRequest).has("key: The key field is required."),
        ),
        row(
            "a failed job keeps the id that the server said",
            200,
            r#"{"status":"failed","id":12202888,"message":"Failed, Try Again","output":""}"#,
            refused(JobFailed).id("12202888").has("Failed, Try Again"),
        ),
        row(
            "an unknown id gives the server's text and no id",
            200,
            r#"{"status":"failed","id":"","message":"Request not found","output":"","tip":"Check the id."}"#,
            refused(NotFound).id("").has("Request not found"),
        ),
        row(
            "an error with HTTP 201 is told by its text",
            201,
            r#"{"status":"error","message":"API key"}"#,
            refused(Auth),
        ),
        row("a failure with HTTP 202 is told by its text", 202, r#"{"status":"failed"}"#, refused(JobFailed)),
    ]
}
