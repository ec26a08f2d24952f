//! What varies from reply to reply and must be read without complaint: `id`, the spelling of `status`, fields that
//! are ignored, keys given twice, what stands around the JSON, the content type.

use super::row::{Row, ok, processing, protocol, refused, row};
use mlab_core::error::Status;

const URL: &str = "https://img.example/1.png";

/// `id` as JSON, and the text it is kept as. It need not equal the id asked for, so none is.
const IDS: &[(&str, &str, &str)] = &[
    ("an integer id is kept as text", "12202888", "12202888"),
    ("an id past 2^53 keeps every digit", "9007199254740993", "9007199254740993"),
    ("an id past 2^63 keeps every digit", "9223372036854775809", "9223372036854775809"),
    ("the largest u64 is an id", "18446744073709551615", "18446744073709551615"),
    ("zero is an id", "0", "0"),
    ("a string id is kept", r#""abc123-def456""#, "abc123-def456"),
    ("a string id of digits keeps its zeros", r#""00712202888""#, "00712202888"),
    ("an escaped string id is decoded", r#""abc\u002d1""#, "abc-1"),
    ("an empty id is none", r#""""#, ""),
    ("a null id is none", "null", ""),
    ("a float id is none", "12202888.0", ""),
    ("an id with an exponent is none", "1.2202888e7", ""),
    ("a truth value as id is none", "true", ""),
    ("an array as id is none", "[12202888]", ""),
    ("an object as id is none", r#"{"id":12202888}"#, ""),
];

/// The status as JSON and the fields behind it: the known words, oddly written.
const READY_WORDS: &[(&str, &str)] = &[
    ("a status with a capital is known", r#""Success""#),
    ("a status in capitals is known", r#""SUCCESS""#),
    ("a status in mixed case is known", r#""sUcCeSs""#),
    ("spaces around a status are ignored", r#""  success ""#),
    ("a line break behind a status is ignored", r#""success\r\n""#),
    ("a tab before a status is ignored", r#""\tsuccess""#),
    ("an escaped vertical tab before a status is ignored", r#""\u000bsuccess""#),
    ("an escaped next line behind a status is ignored", r#""success\u0085""#),
    ("a no-break space before a status is ignored", "\"\u{a0}Success\""),
    ("an em space behind a status is ignored", "\"success\u{2003}\""),
    ("an escaped status is decoded", r#""\u0073uccess""#),
];

/// Fields of any type beside a good answer, which change nothing.
const IGNORED: &[(&str, &str)] = &[
    ("meta may be an object", r#""meta":{"H":512,"status":"error","id":7,"eta":9}"#),
    ("meta may be a string", r#""meta":"none""#),
    ("meta may be null", r#""meta":null"#),
    ("proxy_links may be a number", r#""proxy_links":7"#),
    ("proxy_links may be an object", r#""proxy_links":{"0":"https://img.example/2.png"}"#),
    ("future_links may be a string", r#""future_links":"""#),
    ("future_links may be an array of anything", r#""future_links":[1,null,{"url":7},[[]]]"#),
    ("nsfw_content_detected may be an array", r#""nsfw_content_detected":[false,true]"#),
    ("nsfw_content_detected may be a word", r#""nsfw_content_detected":"false""#),
    ("webhook_status may be null", r#""webhook_status":null"#),
    ("webhook_status may be an object", r#""webhook_status":{"status":"failed"}"#),
    ("generationTime may be a float", r#""generationTime":2.387451171875"#),
    ("generationTime may be a string", r#""generationTime":"fast""#),
    ("a float too large for a double is ignored where it is not used", r#""generationTime":1e999"#),
    ("a number of hundreds of digits is ignored where it is not used", r#""meta":{"seed":"SEED"}"#),
    ("a tip too large for a double is no harm", r#""tip":1e999"#),
    ("a message too large for a double is no harm", r#""message":-1e999"#),
    ("a number too large inside a text is no harm", r#""error":{"codes":[1,[-1.5E+400]],"a\u0020b":"x"}"#),
    ("a tip of hundreds of digits is no harm", r#""tip":"SEED""#),
    ("a field of NaN is ignored", r#""generationTime":NaN"#),
    ("a field of Infinity is ignored", r#""generationTime": Infinity "#),
    ("NaN and Infinity deep inside are ignored", r#""meta":{"a":[NaN,-Infinity,{"b":Infinity}],"c":"NaN"}"#),
    ("a message of NaN is none", r#""message":NaN"#),
    ("an id of NaN is none", r#""id":NaN"#),
    ("an eta of NaN is none", r#""eta":NaN"#),
    ("an eta of minus Infinity is none", r#""eta":-Infinity"#),
    ("a retry_after of Infinity is none", r#""retry_after":Infinity"#),
    ("an unknown field changes nothing", r#""new_field":[{"deep":{"er":1}}]"#),
    ("a field whose name only resembles another is unknown", r#""Output":[],"STATUS":"error","outputs":7"#),
    ("fetch_result may be a number", r#""fetch_result":7"#),
];

pub(crate) fn rows() -> Vec<Row> {
    let ids = IDS.iter().map(|&(name, id, text)| {
        row(name, 200, format!(r#"{{"status":"success","id":{id},"output":["{URL}"]}}"#), ok(&[URL]).id(text))
    });
    let words = READY_WORDS.iter().map(|&(name, status)| {
        row(name, 200, format!(r#"{{"status":{status},"output":["{URL}"]}}"#), ok(&[URL]))
    });
    let ignored = IGNORED.iter().map(|&(name, field)| {
        let field = field.replace(r#""SEED""#, &"9".repeat(400));
        row(name, 200, format!(r#"{{"status":"success",{field},"output":["{URL}"]}}"#), ok(&[URL]).id(""))
    });
    ids.chain(words)
        .chain(ignored)
        .chain(other_words())
        .chain(given_twice())
        .chain(around_the_json())
        .collect()
}

fn other_words() -> Vec<Row> {
    vec![
        row("a reply without an id has none", 200, r#"{"status":"success","output":"x"}"#, ok(&["x"]).id("")),
        row(
            "an id while processing is kept",
            200,
            r#"{"status":"processing","id":"65919758"}"#,
            processing().id("65919758"),
        ),
        row("processing in capitals is known", 200, r#"{"status":" PROCESSING"}"#, processing()),
        row("queued with a line break is known", 200, r#"{"status":"Queued\n"}"#, processing()),
        row("pending with a tab is known", 200, r#"{"status":"\tPending"}"#, processing()),
        row(
            "failed in capitals is known",
            200,
            r#"{"status":" FAILED ","message":"x"}"#,
            refused(Status::JobFailed),
        ),
        row(
            "error with a capital is known",
            200,
            r#"{"status":"Error\t","message":"x"}"#,
            refused(Status::Api),
        ),
        row(
            "the status may stand last",
            200,
            r#"{"output":["x"],"id":5,"status":"success"}"#,
            ok(&["x"]).id("5"),
        ),
        row(
            "an escaped field name is the same name",
            200,
            r#"{"st\u0061tus":"success","out\u0070ut":["x"]}"#,
            ok(&["x"]),
        ),
    ]
}

/// A key given twice: the last one counts, also when the last one says less.
fn given_twice() -> Vec<Row> {
    vec![
        row(
            "the last of two statuses counts",
            200,
            r#"{"status":"processing","output":["x"],"status":"success"}"#,
            ok(&["x"]),
        ),
        row(
            "a last status of failure counts",
            200,
            r#"{"status":"success","output":["x"],"status":"failed"}"#,
            refused(Status::JobFailed),
        ),
        row(
            "a status given twice is found through its escapes",
            200,
            r#"{"status":"error","output":["x"],"\u0073tatus":"success"}"#,
            ok(&["x"]),
        ),
        row(
            "a last status of null takes back the first",
            200,
            r#"{"status":"success","output":["x"],"status":null}"#,
            protocol(),
        ),
        row(
            "the last of two outputs counts",
            200,
            r#"{"output":["old"],"status":"success","output":["new"]}"#,
            ok(&["new"]),
        ),
        row(
            "the last of two ids counts",
            200,
            r#"{"id":1,"status":"success","output":["x"],"id":"2"}"#,
            ok(&["x"]).id("2"),
        ),
        row(
            "a last id of null takes back the first",
            200,
            r#"{"id":1,"status":"success","output":["x"],"id":null}"#,
            ok(&["x"]).id(""),
        ),
        row(
            "the last of two etas counts",
            200,
            r#"{"status":"processing","eta":9,"eta":2}"#,
            processing().eta(2_000),
        ),
        row(
            "the last of three messages counts",
            200,
            r#"{"status":"processing","message":"alpha","message":"beta","message":"gamma"}"#,
            processing().has("gamma").lacks("alpha").lacks("beta"),
        ),
    ]
}

fn around_the_json() -> Vec<Row> {
    let ready = |name, body: &[u8]| row(name, 200, body, ok(&["x"]));
    let typed = |name, kind| {
        row(name, 200, r#"{"status":"success","output":["x"]}"#, ok(&["x"])).header("Content-Type", kind)
    };
    vec![
        ready("a byte order mark is skipped", b"\xef\xbb\xbf{\"status\":\"success\",\"output\":[\"x\"]}"),
        ready(
            "white space before the JSON is skipped",
            b" \t\r\n{\"status\":\"success\",\"output\":[\"x\"]}",
        ),
        ready(
            "white space behind the JSON is skipped",
            b"{\"status\":\"success\",\"output\":[\"x\"]}\r\n\t ",
        ),
        ready(
            "a byte order mark and white space are skipped",
            b"\xef\xbb\xbf\n {\"status\":\"success\",\"output\":[\"x\"]}\n",
        ),
        ready(
            "white space inside the JSON is skipped",
            b"{\r\n\t\"status\" :\n\"success\" , \"output\"\t:[ \"x\" ] }",
        ),
        typed("JSON that says it is a page is read", "text/html; charset=utf-8"),
        typed("JSON that says it is plain text is read", "text/plain"),
        typed("JSON that says it is bytes is read", "application/octet-stream"),
        typed("JSON with a content type of nonsense is read", ";;/"),
        typed("JSON with an empty content type is read", ""),
        typed("JSON with a foreign charset is read as UTF-8", "application/json; charset=iso-8859-1"),
    ]
}
