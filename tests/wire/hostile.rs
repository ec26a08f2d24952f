//! Bodies that are broken or made to break a reader: cut, no JSON, no UTF-8, NULs, nesting, numbers.
//!
//! The ruling for HTTP 4xx and 5xx goes by the code whatever the body is; some rows prove it here too.

use mlab_core::error::Status;

use super::row::{Row, ok, processing, protocol, protocol_retryable, refused, row};

/// Bodies that end too early: the next one may be whole.
const CUT: &[(&str, &[u8])] = &[
    ("a body cut behind its first brace is retryable", b"{"),
    ("a body cut in a field name is retryable", b"{\"stat"),
    ("a body cut before a colon is retryable", b"{\"status\""),
    ("a body cut before a value is retryable", b"{\"status\":"),
    ("a body cut in a word is retryable", b"{\"status\":\"succ"),
    ("a body cut before its last brace is retryable", b"{\"status\":\"success\",\"output\":[\"x\"]"),
    ("a body cut behind a comma is retryable", b"{\"status\":\"processing\","),
    ("a body cut in a URL is retryable", b"{\"status\":\"success\",\"output\":[\"https://im"),
    ("a body cut between two URLs is retryable", b"{\"status\":\"success\",\"output\":[\"x\","),
    ("a body cut in a number is retryable", b"{\"status\":\"success\",\"id\":122"),
    ("a body cut in a literal is retryable", b"{\"status\":\"processing\",\"nsfw_content_detected\":fal"),
    ("a body cut in an escape is retryable", b"{\"status\":\"error\",\"message\":\"caf\\u00"),
    ("a body cut behind a backslash is retryable", b"{\"status\":\"error\",\"message\":\"a\\"),
    ("a body cut in a UTF-8 sequence is retryable", b"{\"status\":\"error\",\"message\":\"caf\xc3"),
    ("a body cut in an ignored field is retryable", b"{\"status\":\"processing\",\"meta\":{\"a\":[1,2"),
    (
        "a body cut behind an ignored name that is no UTF-8 is retryable",
        b"{\"status\":\"success\",\"caf\xe9\":1,\"output\":[\"https://img.ex",
    ),
    (
        "a body cut behind an ignored name with a lone surrogate is retryable",
        br#"{"status":"success","\ud800":1,"output":["https://img.ex"#,
    ),
    (
        "a body cut behind an ignored name with a control character is retryable",
        b"{\"a\tb\":1,\"status\":\"success\",\"output\":[\"https:\\/\\/img.ex",
    ),
    (
        "a body cut behind an output that nobody uses is retryable",
        b"{\"status\":\"processing\",\"output\":[\"\xff\"],\"tip\":\"Use a web",
    ),
    (
        "a body cut behind a text too large for a double is retryable",
        b"{\"status\":\"success\",\"message\":1e999,\"output\":[\"https://img.ex",
    ),
    ("a body cut behind white space is retryable", b"{\"status\":\"processing\",  \r\n"),
];

/// Whole bodies that are no answer of the service: the next one will not be either.
const NO_ANSWER: &[(&str, &[u8])] = &[
    ("plain text is no answer", b"OK"),
    ("null is no answer", b"null"),
    ("a truth value is no answer", b"true"),
    ("a number is no answer", b"42"),
    ("a JSON string is no answer", b"\"success\""),
    ("an empty array is no answer", b"[]"),
    ("an array around a good answer is no answer", b"[{\"status\":\"success\",\"output\":[\"x\"]}]"),
    ("an empty object is no answer", b"{}"),
    ("output without a status is no answer", b"{\"output\":[\"x\"]}"),
    ("a null status is no answer", b"{\"status\":null,\"output\":[\"x\"]}"),
    ("a number too large for a double as status is no answer", b"{\"status\":1e999,\"output\":[\"x\"]}"),
    (
        "an output entry too large for a double is no answer",
        b"{\"status\":\"success\",\"output\":[\"x\",1e999]}",
    ),
    ("a number as status is no answer", b"{\"status\":200,\"output\":[\"x\"]}"),
    ("a negative number as status is no answer", b"{\"status\":-1,\"output\":[\"x\"]}"),
    ("a negative number as output is no answer", b"{\"status\":\"success\",\"output\":-1}"),
    ("a negative output entry is no answer", b"{\"status\":\"success\",\"output\":[\"x\",-1]}"),
    ("a truth value as status is no answer", b"{\"status\":true,\"output\":[\"x\"]}"),
    ("an array as status is no answer", b"{\"status\":[\"success\"],\"output\":[\"x\"]}"),
    ("an object as status is no answer", b"{\"status\":{\"0\":\"success\"},\"output\":[\"x\"]}"),
    ("a status in another case of name is no answer", b"{\"Status\":\"success\",\"output\":[\"x\"]}"),
    ("a status one level down is no answer", b"{\"data\":{\"status\":\"success\",\"output\":[\"x\"]}}"),
    ("text behind the JSON is no answer", b"{\"status\":\"success\",\"output\":[\"x\"]} done"),
    ("a second object behind the JSON is no answer", b"{\"status\":\"processing\"}{\"status\":\"success\"}"),
    ("a NUL behind the JSON is no answer", b"{\"status\":\"success\",\"output\":[\"x\"]}\0"),
    ("a call around the JSON is no answer", b"cb({\"status\":\"success\",\"output\":[\"x\"]})"),
    ("a comma too many is no answer", b"{\"status\":\"success\",\"output\":[\"x\"],}"),
    ("single quotes are no answer", b"{'status':'success','output':['x']}"),
    ("names without quotes are no answer", b"{status:\"success\",output:[\"x\"]}"),
    ("a comment is no answer", b"{\"status\":\"processing\"/* soon */}"),
    ("a literal of another language is no answer", b"{\"status\":\"processing\",\"meta\":None}"),
    ("nan in small letters is no answer", b"{\"status\":\"processing\",\"eta\":nan}"),
    ("NaN with a sign is no answer", b"{\"status\":\"processing\",\"eta\":-NaN}"),
    ("NaN as a name is no answer", b"{\"status\":\"processing\",NaN:1}"),
    ("NaN with digits around is no answer", b"{\"status\":\"processing\",\"eta\":1NaN2}"),
    ("NaN alone is no answer", b"NaN"),
    ("NaN as a status is no answer", b"{\"status\":NaN,\"output\":[\"x\"]}"),
    ("a number with a leading zero is no answer", b"{\"status\":\"processing\",\"eta\":05}"),
    ("a number that begins with a dot is no answer", b"{\"status\":\"processing\",\"eta\":.5}"),
    ("an unknown escape is no answer", b"{\"status\":\"processing\",\"message\":\"\\x41\"}"),
    ("a raw NUL in an output entry is no answer", b"{\"status\":\"success\",\"output\":[\"x\0y\"]}"),
    ("UTF-16 is no answer", b"\xff\xfe{\0\"\0s\0\"\0:\x001\0}\0"),
    ("compressed bytes are no answer", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\x56"),
    ("an image is no answer", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
];

/// Strings in used fields that are no text.
const NO_TEXT: &[(&str, &[u8])] = &[
    ("invalid UTF-8 in an output entry is unreadable", b"{\"status\":\"success\",\"output\":[\"a\xffb\"]}"),
    (
        "a raw control character behind a backslash in an output entry is unreadable",
        b"{\"status\":\"success\",\"output\":[\"https:\\\t/x\"]}",
    ),
    (
        "an overlong sequence in an output entry is unreadable",
        b"{\"status\":\"success\",\"output\":[\"\xc0\xaf\"]}",
    ),
    (
        "a surrogate in UTF-8 in an output entry is unreadable",
        b"{\"status\":\"success\",\"output\":[\"\xed\xa0\x80\"]}",
    ),
    (
        "invalid UTF-8 in one string of output is unreadable",
        b"{\"status\":\"success\",\"output\":\"a\xc3(\"}",
    ),
    (
        "invalid UTF-8 in the url of an entry is unreadable",
        b"{\"status\":\"success\",\"output\":[{\"url\":\"\x80\"}]}",
    ),
    ("invalid UTF-8 in the id is unreadable", b"{\"status\":\"success\",\"id\":\"\xff\",\"output\":[\"x\"]}"),
    ("invalid UTF-8 in the status is unreadable", b"{\"status\":\"success\xff\",\"output\":[\"x\"]}"),
    (
        "half a surrogate pair before bytes that are no UTF-8 is unreadable in an output entry",
        b"{\"status\":\"success\",\"output\":[\"\\ud83d\xff\"]}",
    ),
    (
        "a backslash before bytes that are no UTF-8 is unreadable in an output entry",
        b"{\"status\":\"success\",\"output\":[\"x\\\xffy\"]}",
    ),
    ("a raw line break in an output entry is unreadable", b"{\"status\":\"success\",\"output\":[\"x\ny\"]}"),
    ("a raw tab in the id is unreadable", b"{\"status\":\"success\",\"id\":\"1\t2\",\"output\":[\"x\"]}"),
    ("a raw tab in the status is unreadable", b"{\"status\":\"succ\tess\",\"output\":[\"x\"]}"),
    ("a lone surrogate in the status is unreadable", br#"{"status":"success\ud83d","output":["x"]}"#),
    (
        "a lone high surrogate in an output entry is unreadable",
        br#"{"status":"success","output":["a\ud800"]}"#,
    ),
    (
        "a lone low surrogate in an output entry is unreadable",
        br#"{"status":"success","output":["a\udc00b"]}"#,
    ),
    (
        "a surrogate pair the wrong way round is unreadable",
        br#"{"status":"success","output":["\ude00\ud83d"]}"#,
    ),
    (
        "a high surrogate before another escape is unreadable",
        br#"{"status":"success","output":["\ud83d\u0041"]}"#,
    ),
    ("a lone surrogate in the id is unreadable", br#"{"status":"success","id":"\ud800","output":["x"]}"#),
    // A C string would end there: the caller would see another URL than the server sent.
    ("a NUL in an output entry is unreadable", br#"{"status":"success","output":["https://a\u0000b"]}"#),
    ("a NUL in one string of output is unreadable", br#"{"status":"success","output":"\u0000"}"#),
    ("a NUL in the url of an entry is unreadable", br#"{"status":"success","output":[{"url":"a\u0000"}]}"#),
    (
        "a NUL in a value of an output object is unreadable",
        br#"{"status":"success","output":{"0":"a\u0000b"}}"#,
    ),
    ("a NUL in the second entry is unreadable", br#"{"status":"success","output":["x","\u0000"]}"#),
    ("a NUL in the id of a success is unreadable", br#"{"status":"success","id":"1\u00002","output":["x"]}"#),
    ("a NUL in the id while processing is unreadable", br#"{"status":"processing","id":"1\u00002"}"#),
];

/// The same in fields that are not used: nobody sees them.
const UNSEEN: &[(&str, &[u8])] = &[
    (
        "invalid UTF-8 in meta is ignored",
        b"{\"status\":\"success\",\"meta\":{\"prompt\":\"a\xff\"},\"output\":[\"x\"]}",
    ),
    (
        "invalid UTF-8 in a name inside meta is ignored",
        b"{\"status\":\"success\",\"meta\":{\"\xff\":1},\"output\":[\"x\"]}",
    ),
    (
        "invalid UTF-8 in proxy_links is ignored",
        b"{\"status\":\"success\",\"proxy_links\":[\"\xc3\"],\"output\":[\"x\"]}",
    ),
    (
        "invalid UTF-8 in an unknown field is ignored",
        b"{\"status\":\"success\",\"new\":\"\xed\xa0\x80\",\"output\":[\"x\"]}",
    ),
    (
        "invalid UTF-8 beside the url of an entry is ignored",
        b"{\"status\":\"success\",\"output\":[{\"alt\":\"\xff\",\"url\":\"x\"}]}",
    ),
    (
        "a lone surrogate in meta is ignored",
        br#"{"status":"success","meta":{"prompt":"\ud83d"},"output":["x"]}"#,
    ),
    (
        "a lone surrogate in future_links is ignored",
        br#"{"status":"success","future_links":["\udc00"],"output":["x"]}"#,
    ),
    ("a NUL in meta is ignored", br#"{"status":"success","meta":{"prompt":"a\u0000b"},"output":["x"]}"#),
    (
        "invalid UTF-8 in a name beside a text too large for a double is ignored",
        b"{\"status\":\"success\",\"\xff\":1,\"tip\":1e999,\"output\":[\"x\"]}",
    ),
    ("brackets inside a string are no nesting", br#"{"status":"success","meta":"MANY","output":["x"]}"#),
    (
        "brackets behind an escaped quote are no nesting",
        br#"{"status":"success","meta":"\"MANY\\","output":["x"]}"#,
    ),
];

pub(crate) fn rows() -> Vec<Row> {
    let cut = CUT.iter().map(|&(name, body)| row(name, 200, body, protocol_retryable()));
    let no_answer = NO_ANSWER.iter().map(|&(name, body)| row(name, 200, body, protocol()));
    let no_text = NO_TEXT.iter().map(|&(name, body)| row(name, 200, body, protocol()));
    let unseen = UNSEEN.iter().map(|&(name, body)| row(name, 200, fill(body), ok(&["x"])));
    cut.chain(no_answer).chain(no_text).chain(unseen).chain(nesting()).chain(others()).collect()
}

/// `body` with brackets enough to pass any limit of nesting in place of `MANY`.
fn fill(body: &[u8]) -> Vec<u8> {
    match body.windows(4).position(|part| part == b"MANY") {
        Some(at) => [&body[..at], "[{".repeat(300).as_bytes(), &body[at + 4..]].concat(),
        None => body.to_vec(),
    }
}

/// A good answer whose `meta` makes it `depth` deep; the outermost braces are the first level.
fn deep(depth: usize, open: &str, close: &str) -> String {
    let (open, close) = (open.repeat(depth - 1), close.repeat(depth - 1));
    format!(r#"{{"status":"success","meta":{open}{close},"output":["x"]}}"#)
}

/// Nesting over 128 is refused in any field, the used and the ignored, as a stack must not depend on a server.
fn nesting() -> Vec<Row> {
    let objects = |depth: usize| deep(depth, r#"{"a":"#, "}").replace(r#"{"a":}"#, "{}");
    let message = |depth: usize| {
        let (open, close) = ("[".repeat(depth - 1), "]".repeat(depth - 1));
        format!(r#"{{"status":"error","message":{open}"far down"{close}}}"#)
    };
    vec![
        row("nesting of 127 is read", 200, deep(127, "[", "]"), ok(&["x"])),
        row("nesting of 128 is read", 200, deep(128, "[", "]"), ok(&["x"])),
        row("nesting of 129 is no answer", 200, deep(129, "[", "]"), protocol()),
        row("nesting of 100000 is no answer", 200, deep(100_000, "[", "]"), protocol()),
        row("nesting of 128 objects is read", 200, objects(128), ok(&["x"])),
        row("nesting of 129 objects is no answer", 200, objects(129), protocol()),
        row("nesting of 100000 objects is no answer", 200, objects(100_000), protocol()),
        row("a text at nesting 128 is read", 200, message(128), refused(Status::Api)),
        row("a text at nesting 129 is no answer", 200, message(129), protocol()),
        row("a text at nesting 100000 is no answer", 200, message(100_000), protocol()),
        row(
            "an array of nesting 100000 is no answer",
            200,
            "[".repeat(100_000) + &"]".repeat(100_000),
            protocol(),
        ),
        // Both cut and too deep; no whole body that begins like this would be an answer.
        row("brackets that never close are too deep, not cut", 200, "[".repeat(100_000), protocol()),
        row("nesting does not hide HTTP 500", 500, deep(100_000, "[", "]"), refused(Status::Server)),
        row("nesting does not hide HTTP 401", 401, message(100_000), refused(Status::Auth)),
        row(
            "many shallow arrays side by side are no nesting",
            200,
            format!(r#"{{"status":"success","meta":[{}[]],"output":["x"]}}"#, "[],".repeat(5_000)),
            ok(&["x"]),
        ),
    ]
}

fn others() -> Vec<Row> {
    vec![
        row(
            "100000 empty entries are no output",
            200,
            format!(r#"{{"status":"success","output":[{}null]}}"#, "null,".repeat(100_000)),
            processing(),
        ),
        row(
            "a key given 50000 times counts once, the last",
            200,
            format!(r#"{{{}"status":"success","output":["x"]}}"#, r#""status":"error","#.repeat(50_000)),
            ok(&["x"]),
        ),
        row(
            "invalid UTF-8 in the output of a failed job is ignored",
            200,
            b"{\"status\":\"failed\",\"message\":\"Failed, Try Again\",\"output\":[\"\xff\"]}",
            refused(Status::JobFailed).has("Failed, Try Again"),
        ),
        row(
            "a lone surrogate in the output of an error is ignored",
            200,
            br#"{"status":"error","message":"No.","output":["\ud800"]}"#,
            refused(Status::Api).has("No."),
        ),
        row(
            "a NUL in the output of a failed job is ignored",
            200,
            br#"{"status":"failed","message":"Failed","output":"a\u0000b"}"#,
            refused(Status::JobFailed).has("Failed"),
        ),
        row(
            "an output and a message too large for a double are no harm while processing",
            200,
            br#"{"status":"processing","output":1e999,"message":1e999}"#,
            processing().has("1e308"),
        ),
        row(
            "a status too large for a double does not hide what is said with HTTP 401",
            401,
            br#"{"status":1e999,"message":"Invalid key"}"#,
            refused(Status::Auth).has("Invalid key"),
        ),
        row(
            "a cut body with HTTP 502 is trouble at the server",
            502,
            r#"{"message":"Bad gat"#,
            refused(Status::Server),
        ),
        row(
            "a cut body with HTTP 400 is a bad request",
            400,
            r#"{"status":"err"#,
            refused(Status::BadRequest),
        ),
        row("a cut body with HTTP 201 is retryable", 201, r#"{"status":"succ"#, protocol_retryable()),
    ]
}
