//! The server's own text: where it stands, how it is flattened, cleaned, cut and freed of the key.
//!
//! A row asserts only the server's words and the key; ours around them may change. The runner should hold every
//! message of the table against the rule as a whole: one line, no control character, at most 1 KiB, no form of the key.

use mlab_core::error::Status::{Api, Auth, BadRequest, JobFailed, NotFound, Server};

use super::row::{KEY, Row, Want, ok, processing, refused, row};

/// The fields behind `"status":"error"`, and a part of the text handed out.
const SAID: &[(&str, &str, &str)] = &[
    ("the message is handed out", r#""message":"Model is loading""#, "Model is loading"),
    ("the legacy spelling of message is handed out", r#""messege":"Model is loading""#, "Model is loading"),
    ("the error field is handed out", r#""error":"Model is loading""#, "Model is loading"),
    ("the message of the error field is handed out", r#""error":{"message":"Boom","code":7}"#, "Boom"),
    ("a tip alone is handed out", r#""tip":"Use a webhook.""#, "Use a webhook."),
    ("tips alone are handed out", r#""tips":"Use a webhook.""#, "Use a webhook."),
    ("an array of texts is handed out", r#""message":["Model is loading"]"#, "Model is loading"),
    (
        "the second text of an array is handed out",
        r#""message":["One.","Model is loading"]"#,
        "Model is loading",
    ),
    ("a number as text is handed out", r#""message":5031"#, "5031"),
    ("a negative number as text is handed out", r#""message":-5031"#, "-5031"),
    ("a truth value as text is handed out", r#""message":true"#, "true"),
    // As the nearest that a double holds.
    ("a number too large for a double is a text as any number", r#""message":-1e999"#, "-1e308"),
    ("a number too large in an array is a text", r#""message":["Boom",1e999]"#, "Boom; 1e308"),
    (
        "a number too large in the error field is a text",
        r#""error":{"message":"Boom","code":1e999}"#,
        "Boom; code: 1e308",
    ),
    ("a number too large leaves the message", r#""message":"Boom","tip":1e999"#, "Boom"),
    ("a null message leaves the error field", r#""message":null,"error":"Boom""#, "Boom"),
    ("an empty message leaves the legacy spelling", r#""message":"","messege":"Boom""#, "Boom"),
    ("escapes of a text are decoded", r#""message":"caf\u00e9 \ud83d\ude00 a\/b""#, "café 😀 a/b"),
    ("a quote in a text is handed out", r#""message":"the \"seed\" is odd""#, r#"the "seed" is odd"#),
    ("a tag inside a JSON text stays text", r#""message":"use 1 < 2""#, "use 1 < 2"),
    ("a backslash in a text is handed out", r#""message":"C:\\images""#, r"C:\images"),
    ("an escaped form feed is a space as other white space is", r#""message":"a\fb\tc""#, "a b c"),
];

/// Texts that hold what is no text, and a part of what is handed out; JSON's bytes, since some are no UTF-8.
const BROKEN: &[(&str, &[u8], &str)] = &[
    ("a half surrogate pair at a text's end", br"cut \ud83d", "cut \u{fffd}"),
    ("a half surrogate pair before an escape", br"a\ud83d\nb", "a\u{fffd} b"),
    ("the second half of a surrogate pair", br"a\udfffb", "a\u{fffd}b"),
    ("a surrogate pair the wrong way round", br"\ude00\ud83d!", "\u{fffd}!"),
    ("UTF-8 cut in a character", b"caf\xc3", "caf\u{fffd}"),
    ("Latin-1", b"caf\xe9 au lait", "caf\u{fffd} au lait"),
    ("UTF-8 that spells a surrogate", b"a\xed\xa0\x80b", "a\u{fffd}b"),
    ("an escaped NUL", br"a\u0000b", "a\u{fffd}b"),
    ("a raw NUL", b"a\0b", "a\u{fffd}b"),
    ("a raw line break", b"a\r\nb", "a\u{fffd}b"),
    ("a backslash before a byte that is no UTF-8", b"a\\\xe9b", "a\u{fffd}b"),
];

/// Object messages, and a part of what they flatten to.
const FLATTENED: &[(&str, &str, &str)] = &[
    (
        "an object of arrays flattens to name and text",
        r#"{"key":["The key field is required."]}"#,
        "key: The key field is required.",
    ),
    ("an object of strings flattens to name and text", r#"{"id":"The id is odd."}"#, "id: The id is odd."),
    (
        "the second member of an object is flattened",
        r#"{"key":["A."],"id":["The id is odd."]}"#,
        "id: The id is odd.",
    ),
    (
        "the second text of a member is kept",
        r#"{"id":["It is odd.","It is also too long."]}"#,
        "It is also too long.",
    ),
    ("a number in a member is kept", r#"{"max":[77]}"#, "max: 77"),
    ("a number too large for a double in a member is kept", r#"{"max":[1e999]}"#, "max: 1e308"),
    ("a null in a member is no harm", r#"{"a":[null],"id":["Odd."]}"#, "id: Odd."),
];

/// Texts as JSON strings with the key in them, in the forms in which a server could send it back.
const WITH_KEY: &[(&str, &str)] = &[
    ("the key is taken out of a text", r#""Bad test-key-not-real/\"q\" here""#),
    ("the key is taken out of the start of a text", r#""test-key-not-real/\"q\" is bad""#),
    ("the key is taken out of the end of a text", r#""Bad: test-key-not-real/\"q\"""#),
    ("the key is taken out when the text is nothing else", r#""test-key-not-real/\"q\"""#),
    ("the key is taken out each time it occurs", r#""test-key-not-real/\"q\" and test-key-not-real/\"q\"""#),
    ("the key twice without a gap is taken out twice", r#""test-key-not-real/\"q\"test-key-not-real/\"q\"""#),
    ("the key written with escapes is taken out", r#""Bad \u0074est-key-not-real\/\u0022q\u0022""#),
    ("the key still JSON-escaped is taken out", r#""Body was {\"key\":\"test-key-not-real/\\\"q\\\"\"}""#),
    ("the key with an escaped slash is taken out", r#""Body was test-key-not-real\\/\\\"q\\\"""#),
    (
        "the key with a quote as unicode escape is taken out",
        r#""Body was test-key-not-real/\\u0022q\\u0022""#,
    ),
    (
        "the key with a slash as unicode escape is taken out",
        r#""Body was test-key-not-real\\u002F\\\"q\\\"""#,
    ),
    (
        "the key in a request that is quoted in a quoted reply is taken out",
        r#""Body was {\"body\":\"{\\\"key\\\":\\\"test-key-not-real\\\/\\\\\\\"q\\\\\\\"\\\"}\"}""#,
    ),
    ("the key is taken out of an array", r#"["Sorry.","Bad test-key-not-real/\"q\""]"#),
    ("the key is taken out of an object", r#"{"key":["Bad test-key-not-real/\"q\""]}"#),
    ("the key is taken out of a name in an object", r#"{"test-key-not-real/\"q\"":["Bad."]}"#),
];

pub(crate) fn rows() -> Vec<Row> {
    let said = SAID.iter().map(|&(name, fields, part)| {
        row(name, 200, format!(r#"{{"status":"error",{fields}}}"#), refused(Api).has(part))
    });
    let flattened = FLATTENED.iter().map(|&(name, message, part)| {
        row(name, 422, format!(r#"{{"message":{message}}}"#), refused(BadRequest).has(part))
    });
    let with_key = WITH_KEY.iter().map(|&(name, message)| {
        let want = refused(Auth).has("***").lacks(KEY).lacks("test-key-not-real");
        row(name, 401, format!(r#"{{"status":"error","message":{message}}}"#), want)
    });
    said.chain(flattened)
        .chain(with_key)
        .chain(broken())
        .chain(keys_elsewhere())
        .chain(one_line())
        .chain(cut())
        .collect()
}

/// A broken text spoils no reply: in every field for people, in success and in failure.
fn broken() -> impl Iterator<Item = Row> {
    let replies = [
        (r#"{"status":"processing","message":"TEXT"}"#, processing()),
        (r#"{"status":"processing","message":"Wait.","tip":"TEXT"}"#, processing()),
        (r#"{"status":"queued","tips":["TEXT"]}"#, processing()),
        (r#"{"status":"success","message":"TEXT","output":["https://a/b.png"]}"#, ok(&["https://a/b.png"])),
        (r#"{"status":"success","messege":"TEXT","output":[]}"#, processing()),
        (r#"{"status":"failed","message":"TEXT"}"#, refused(JobFailed)),
        (r#"{"status":"error","error":{"message":"TEXT"}}"#, refused(Api)),
        (r#"{"status":"error","message":{"TEXT":["Odd."]}}"#, refused(BadRequest)),
        (r#"{"status":"error","detail":"TEXT"}"#, refused(Api)),
        (r#"{"status":"canceled","title":"TEXT"}"#, refused(JobFailed)),
    ];
    BROKEN.iter().flat_map(move |&(what, text, shown)| {
        replies.clone().map(move |(body, want)| {
            let (head, tail) = body.split_once("TEXT").expect("a place for the text");
            let body = [head.as_bytes(), text, tail.as_bytes()].concat();
            row(format!("{what} spoils no {head}").leak(), 200, body, want.has(shown))
        })
    })
}

fn keys_elsewhere() -> Vec<Row> {
    let clean = |want: Want| want.has("***").lacks("test-key-not-real");
    vec![
        row(
            "the key is taken out of a text while processing",
            200,
            r#"{"status":"processing","message":"Queue of test-key-not-real/\"q\""}"#,
            clean(processing()).has("Queue of"),
        ),
        row(
            "the key is taken out of a tip",
            200,
            r#"{"status":"failed","tip":"Do not share test-key-not-real/\"q\""}"#,
            clean(refused(JobFailed)).has("Do not share"),
        ),
        row(
            "the key is taken out of the legacy spelling",
            200,
            r#"{"status":"error","messege":"Bad test-key-not-real/\"q\""}"#,
            clean(refused(Api)),
        ),
        row(
            "the key is taken out of the error field",
            500,
            r#"{"error":{"message":"Bad test-key-not-real/\"q\""}}"#,
            clean(refused(Server)),
        ),
        // The reason why control characters are replaced and not left out.
        row(
            "a key that a control character splits is not put together",
            401,
            r#"{"message":"test-key-\u0000not-real/\"q\""}"#,
            refused(Auth).lacks(KEY).lacks("\0"),
        ),
        row(
            "the text around the key stays",
            404,
            r#"{"message":"Request not found for test-key-not-real/\"q\", sorry"}"#,
            clean(refused(NotFound)).has("Request not found for").has(", sorry"),
        ),
    ]
}

fn one_line() -> Vec<Row> {
    let error = |name, message: &str, want| {
        row(name, 200, format!(r#"{{"status":"error","message":"{message}"}}"#), want)
    };
    vec![
        error(
            "a line break in a text is replaced",
            r"one\ntwo",
            refused(Api).has("one").has("two").lacks("\n").lacks("onetwo"),
        ),
        error(
            "a carriage return in a text is replaced",
            r"one\r\ntwo",
            refused(Api).has("one").has("two").lacks("\r").lacks("\n"),
        ),
        error("a tab in a text is replaced", r"one\ttwo", refused(Api).has("one").has("two").lacks("\t")),
        error(
            "a NUL in a text is replaced",
            r"one\u0000two",
            refused(Api).has("one").has("two").lacks("\0").lacks("onetwo"),
        ),
        error(
            "an escape sequence for a terminal is disarmed",
            r"\u001b[31mred\u001b[0m",
            refused(Api).has("red").lacks("\u{1b}"),
        ),
        error("a backspace in a text is replaced", r"one\b\u0008two", refused(Api).has("one").lacks("\u{8}")),
        error(
            "a DEL in a text is replaced",
            r"one\u007ftwo",
            refused(Api).has("one").has("two").lacks("\u{7f}"),
        ),
        error(
            "a control character past ASCII is replaced",
            r"one\u0085\u009btwo",
            refused(Api).has("two").lacks("\u{85}").lacks("\u{9b}"),
        ),
        row(
            "a NUL in a text while processing is no error",
            200,
            r#"{"status":"processing","message":"try\u0000again"}"#,
            processing().has("try").has("again").lacks("\0"),
        ),
        row(
            "control characters in a name of an object message are replaced",
            422,
            r#"{"message":{"i\u0000d":["Odd\nindeed."]}}"#,
            refused(BadRequest).has("indeed.").lacks("\0").lacks("\n"),
        ),
        row(
            "control characters in a tip are replaced",
            200,
            r#"{"status":"failed","message":"Failed","tip":"one\r\ntwo"}"#,
            refused(JobFailed).has("Failed").lacks("\r").lacks("\n"),
        ),
    ]
}

/// The cap of 1 KiB. What stands behind it must not show; where exactly it falls depends on our words around.
fn cut() -> Vec<Row> {
    let error = |name, text: String, want| {
        row(name, 200, format!(r#"{{"status":"error","message":"{text}"}}"#), want)
    };
    let member = format!(r#"{{"message":{{"{}":["END"]}}}}"#, "name".repeat(400));
    vec![
        error(
            "a text of 600 bytes is whole",
            format!("START{}END", "a".repeat(592)),
            refused(Api).has("START").has("aEND"),
        ),
        error(
            "a text over 1 KiB is cut",
            format!("START{}END", "a".repeat(1_100)),
            refused(Api).has("STARTaaa").lacks("END"),
        ),
        error(
            "a text of 100000 bytes is cut",
            format!("START{}END", "a".repeat(100_000)),
            refused(Api).has("STARTaaa").lacks("END"),
        ),
        // One of two neighbours has its cap inside a character, wherever our words end.
        error(
            "a text of two-byte characters is cut between them",
            "é".repeat(2_000),
            refused(Api).has("éé").lacks("\u{fffd}"),
        ),
        error(
            "the same text one byte later is cut between them",
            format!("a{}", "é".repeat(2_000)),
            refused(Api).has("aéé").lacks("\u{fffd}"),
        ),
        error(
            "a text of three-byte characters is cut between them",
            "画".repeat(2_000),
            refused(Api).has("画画").lacks("\u{fffd}"),
        ),
        error(
            "a text of four-byte characters is cut between them",
            format!("abc{}", "😀".repeat(2_000)),
            refused(Api).has("abc😀").lacks("\u{fffd}"),
        ),
        // Key after key, so that one lies across the cap: it must be gone before the text is cut.
        error(
            "a key that lies across the cut leaves no part",
            r#"test-key-not-real/\"q\" "#.repeat(100),
            refused(Api).has("*** ***").lacks("test-key").lacks("-real"),
        ),
        error(
            "a key behind 1000 bytes leaves no part",
            format!(r#"{}test-key-not-real/\"q\""#, "a".repeat(1_010)),
            refused(Api).has("aaa").lacks("test-key"),
        ),
        row(
            "a name of any length in an object message is cut",
            422,
            member,
            refused(BadRequest).has("namename").lacks("END"),
        ),
        row(
            "a list of any length is cut",
            422,
            format!(r#"{{"message":[{}"END"]}}"#, r#""odd","#.repeat(2_000)),
            refused(BadRequest).has("odd").lacks("END"),
        ),
        row(
            "a long text while processing is cut",
            200,
            format!(r#"{{"status":"processing","message":"START{}END"}}"#, "a".repeat(5_000)),
            processing().has("STARTaaa").lacks("END"),
        ),
    ]
}
