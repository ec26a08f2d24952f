//! Replies that say `error` or `failed` with HTTP 2xx, where only the text tells why.
//!
//! Codes of 4xx and 5xx, which go before any text, are in `codes`.

use mlab_core::error::Status;
use mlab_core::error::Status::{Api, Auth, BadRequest, JobFailed, NotFound, Payment, RateLimited, Server};

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
    ("too many queued is a rate limit", r#""message":"Too many queued jobs""#, RateLimited),
    ("too many of anything else is no rate limit", r#""message":"Too many faces in init_image""#, Api),
    ("an internal server error is trouble at the server", r#""message":"Internal Server Error""#, Server),
    ("a server error is trouble at the server", r#""message":"Server error, sorry""#, Server),
    ("a busy server is in trouble", r#""message":"The server is busy.""#, Server),
    ("an overloaded server is in trouble", r#""message":"GPU pool overloaded""#, Server),
    ("an unavailable service is trouble at the server", r#""error":"Service Unavailable""#, Server),
    ("try again later is trouble at the server", r#""message":"Please try again later.""#, Server),
    ("try again alone is the service's own", r#""message":"Wrong, try again""#, Api),
    ("credit goes before a busy server", r#""message":"Busy; buy credits for priority""#, Payment),
    ("a busy server goes before an object message", r#""message":{"queue":["Busy."]}"#, Server),
    // Words are words, and no parts of words.
    ("a fund inside a word is no fund", r#""message":"A fundamental defect""#, Api),
    ("a fund that lacks nothing is no matter of payment", r#""message":"We refund the fund""#, Api),
    ("an insufficient fund is a matter of payment", r#""message":"insufficient fund""#, Payment),
    ("an accredited model is no credit", r#""message":"The model is accredited""#, Api),
    ("a subscriber is no subscription", r#""message":"Subscribers: 5""#, Api),
    ("a busybody is not busy", r#""message":"busybody""#, Api),
    ("an api keyboard is no api key", r#""message":"the api keyboard""#, Api),
    ("not foundation is not not found", r#""message":"This is not foundation work""#, Api),
    ("a rate limitless is no rate limit", r#""message":"rate limitless""#, Api),
    ("words may be parted by any sign", r#""message":"invalid_api_key""#, Auth),
    ("words may be parted by a line break", r#""message":"rate\n limit""#, RateLimited),
    ("a word may stand within another script", r#""message":"服务器busy""#, Server),
    ("a framework's detail decides where nothing else was said", r#""detail":"Not Found""#, NotFound),
    ("a framework's msg decides where nothing else was said", r#""msg":"Invalid API key""#, Auth),
    (
        "a framework's title decides where nothing else was said",
        r#""title":"Rate limit exceeded""#,
        RateLimited,
    ),
    ("a title does not decide beside a message", r#""message":"No.","title":"api key not found""#, Api),
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
    ("too many requests goes before credit", r#""message":"No credit for too many requests""#, RateLimited),
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
    ("request not found counts in any case", r#""message":"request NOT found.""#, NotFound),
    (
        "a failed job that names an unknown thing is a failed job",
        r#""message":"Request not found in cache""#,
        JobFailed,
    ),
    ("a failed job whose model is not found is a failed job", r#""message":"Model not found""#, JobFailed),
    (
        "a failed job with too many faces is a failed job",
        r#""message":"Too many faces in init_image""#,
        JobFailed,
    ),
    (
        "a failed job that speaks of a rate limit is a failed job",
        r#""message":"Rate limit exceeded""#,
        JobFailed,
    ),
    ("a failed job that speaks of a key is a failed job", r#""message":"Invalid API key""#, JobFailed),
    ("a failed job that speaks of credit is a failed job", r#""message":"Not enough credits""#, JobFailed),
    (
        "a failed job that asks for another try is a failed job",
        r#""message":"Busy, try again later""#,
        JobFailed,
    ),
    (
        "a failed job with an object message is a failed job",
        r#""message":{"prompt":["Too long."]}"#,
        JobFailed,
    ),
];

/// Other words for a job that has ended without images. None of their texts turns them into anything else.
const CANCELLED: [&str; 6] = ["canceled", "cancelled", "aborted", "Canceled", " ABORTED ", r"cancelled\n"];

pub(crate) fn rows() -> Vec<Row> {
    let of = |status: &'static str| {
        move |&(name, fields, kind): &(&'static str, &'static str, Status)| {
            row(name, 200, format!(r#"{{"status":"{status}",{fields}}}"#), refused(kind))
        }
    };
    let cancelled = CANCELLED.iter().flat_map(|word| {
        ["", r#","message":"Request not found","output":"""#, r#","message":"Rate limit, try again later""#]
            .map(|more| {
                let name = format!("{word:?} with {more:?} is a failed job").leak();
                row(name, 200, format!(r#"{{"status":"{word}"{more}}}"#), refused(JobFailed))
            })
    });
    let failed = FAILED.iter().map(of("failed"));
    ERROR.iter().map(of("error")).chain(failed).chain(cancelled).chain(whole_replies()).collect()
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
        row(
            "a job that was canceled without a word is told by its status",
            200,
            r#"{"status":"canceled"}"#,
            refused(JobFailed).has("make a new one").has("The server said: canceled").lacks("proxy"),
        ),
        row(
            "a canceled job with HTTP 503 is trouble at the server",
            503,
            r#"{"status":"aborted"}"#,
            refused(Server),
        ),
        row(
            "trouble at the server with HTTP 200 keeps its words and its pause",
            200,
            r#"{"status":"error","message":"Server is busy, try again later","retry_after":7}"#,
            refused(Server).retry_after(7_000).has("busy, try again later"),
        ),
    ]
}
