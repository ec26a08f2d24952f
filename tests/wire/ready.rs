//! Replies that say `success`: the shapes of `output`, and what of it is handed on.
//!
//! Every row has HTTP 2xx; codes that contradict the status are in `codes`.

use super::row::{Row, ok, processing, protocol, row};

/// `output` as JSON, and the entries handed on.
const USABLE: &[(&str, &str, &[&str])] = &[
    ("an array of one string is one URL", r#"["https://img.example/1.png"]"#, &["https://img.example/1.png"]),
    (
        "URLs keep the order of the array",
        r#"["https://img.example/2.png","https://img.example/1.png"]"#,
        &["https://img.example/2.png", "https://img.example/1.png"],
    ),
    ("one string as output is one URL", r#""https://img.example/1.png""#, &["https://img.example/1.png"]),
    (
        "an object as output gives its values in the order they stand",
        r#"{"1":"https://img.example/b.png","0":"https://img.example/a.png"}"#,
        &["https://img.example/b.png", "https://img.example/a.png"],
    ),
    (
        "an object as output may have gaps in its numbers",
        r#"{"0":"https://img.example/a.png","10":"https://img.example/k.png","2":"https://img.example/c.png"}"#,
        &["https://img.example/a.png", "https://img.example/k.png", "https://img.example/c.png"],
    ),
    (
        "null and empty values of an output object are skipped",
        r#"{"0":null,"1":"https://img.example/1.png","2":""}"#,
        &["https://img.example/1.png"],
    ),
    (
        "an output object that gives a key twice counts the last one",
        r#"{"0":"https://img.example/old.png","0":"https://img.example/new.png"}"#,
        &["https://img.example/new.png"],
    ),
    (
        "an entry may be an object with a url",
        r#"[{"url":"https://img.example/1.png"}]"#,
        &["https://img.example/1.png"],
    ),
    (
        "an entry object may hold anything besides its url",
        r#"[{"seed":17,"meta":{"url":"https://img.example/not-this.png"},"url":"https://img.example/1.png"}]"#,
        &["https://img.example/1.png"],
    ),
    (
        "an entry object that gives its url twice counts the last one",
        r#"[{"url":"https://img.example/old.png","url":"https://img.example/new.png"}]"#,
        &["https://img.example/new.png"],
    ),
    (
        "strings and objects may be mixed in one output",
        r#"["https://img.example/1.png",{"url":"https://img.example/2.png"}]"#,
        &["https://img.example/1.png", "https://img.example/2.png"],
    ),
    (
        "null and empty entries are skipped",
        r#"[null,"https://img.example/1.png","",null,"https://img.example/2.png"]"#,
        &["https://img.example/1.png", "https://img.example/2.png"],
    ),
    (
        "an entry of NaN is skipped as null is",
        r#"[NaN,"https://img.example/1.png"]"#,
        &["https://img.example/1.png"],
    ),
    (
        "U+FFFD in an output entry is a character as any",
        r#"["https://img.example/\ufffd.png"]"#,
        &["https://img.example/\u{fffd}.png"],
    ),
    (
        "the same URL listed twice is handed on twice",
        r#"["https://img.example/1.png","https://img.example/1.png"]"#,
        &["https://img.example/1.png", "https://img.example/1.png"],
    ),
    (
        "escaped slashes are decoded",
        r#"["https:\/\/img.example\/a\/1.png"]"#,
        &["https://img.example/a/1.png"],
    ),
    (
        "a unicode escape is decoded",
        r#"["https://img.example/caf\u00e9.png"]"#,
        &["https://img.example/café.png"],
    ),
    (
        "a surrogate pair is decoded to one character",
        r#"["https://img.example/\ud83d\ude00.png"]"#,
        &["https://img.example/😀.png"],
    ),
    (
        "an escaped ampersand is decoded",
        r#"["https://img.example/1.png?a=1\u0026b=2"]"#,
        &["https://img.example/1.png?a=1&b=2"],
    ),
    (
        "unescaped UTF-8 is handed on",
        r#"["https://img.example/café-😀.png"]"#,
        &["https://img.example/café-😀.png"],
    ),
    (
        "double slashes in a path stay",
        r#"["https://img.example//generations//1.png"]"#,
        &["https://img.example//generations//1.png"],
    ),
    (
        "percent escapes stay as they are",
        r#"["https://img.example/a%2Fb%20c.png"]"#,
        &["https://img.example/a%2Fb%20c.png"],
    ),
    (
        "case, port, dots and fragment stay as they are",
        r#"["HTTPS://IMG.Example:443/a/../1.PNG#x"]"#,
        &["HTTPS://IMG.Example:443/a/../1.PNG#x"],
    ),
    // Whether a URL may be downloaded is judged by whoever downloads it.
    ("any host is handed on", r#"["http://127.0.0.1/1.png"]"#, &["http://127.0.0.1/1.png"]),
    ("a URL without a scheme is handed on", r#"["generations/1.png"]"#, &["generations/1.png"]),
    ("spaces around a URL stay", r#"[" https://img.example/1.png "]"#, &[" https://img.example/1.png "]),
    ("base64 text is handed on", r#"["iVBORw0KGgo\/+A=="]"#, &["iVBORw0KGgo/+A=="]),
    // Byte for byte: an entry is no text, so the rule of one line is not for it.
    ("base64 text keeps its line breaks", r#"["iVBORw0K\r\nGgo="]"#, &["iVBORw0K\r\nGgo="]),
    (
        "a data URL is handed on",
        r#"["data:image/png;base64,iVBORw0KGgo="]"#,
        &["data:image/png;base64,iVBORw0KGgo="],
    ),
    (
        "JSON inside an output string is not taken apart",
        r#"["[\"https://img.example/1.png\"]"]"#,
        &[r#"["https://img.example/1.png"]"#],
    ),
];

/// Fields of a `success` in which no entry is usable: the links are not there yet.
const NO_LINKS_YET: &[(&str, &str)] = &[
    ("success without an output is still processing", r#""id":1"#),
    ("success with a null output is still processing", r#""output":null"#),
    ("success with an empty string as output is still processing", r#""output":"""#),
    ("success with an empty array is still processing", r#""output":[]"#),
    ("success with an empty object as output is still processing", r#""output":{}"#),
    ("success with nothing but empty and null entries is still processing", r#""output":["",null,""]"#),
    ("success with an output object of empty values is still processing", r#""output":{"0":"","1":null}"#),
    ("success with NaN as output is still processing", r#""output":NaN"#),
    (
        "proxy_links are never reported as output",
        r#""output":[],"proxy_links":["https://img.example/proxied.png"]"#,
    ),
    (
        "future_links are never reported as output",
        r#""output":[],"future_links":["https://img.example/later.png"]"#,
    ),
    ("links are never reported as output", r#""links":["https://img.example/later.png"]"#),
    (
        "an output inside meta is not the output",
        r#""output":"","meta":{"output":["https://img.example/no.png"]}"#,
    ),
    ("a second empty output takes back the first", r#""output":["https://img.example/1.png"],"output":[]"#),
];

/// `output` of a `success` that cannot be read. Guessing around the bad entry would hand on fewer images than were made.
const UNREADABLE: &[(&str, &str)] = &[
    ("a number as output makes the answer unreadable", "7"),
    ("a truth value as output makes the answer unreadable", "false"),
    ("a number as an entry makes the answer unreadable", "[7]"),
    ("a truth value as an entry makes the answer unreadable", "[true]"),
    ("an array as an entry makes the answer unreadable", r#"[["https://img.example/1.png"]]"#),
    ("an empty object as an entry makes the answer unreadable", "[{}]"),
    (
        "an entry object without a url makes the answer unreadable",
        r#"[{"href":"https://img.example/1.png"}]"#,
    ),
    ("an entry object with a null url makes the answer unreadable", r#"[{"url":null}]"#),
    ("an entry object with a number as url makes the answer unreadable", r#"[{"url":7}]"#),
    (
        "an entry object with an array as url makes the answer unreadable",
        r#"[{"url":["https://img.example/1.png"]}]"#,
    ),
    ("one bad entry among good ones makes the answer unreadable", r#"["https://img.example/1.png",7]"#),
    ("a number as a value of an output object makes the answer unreadable", r#"{"0":7}"#),
    (
        "a truth value among the values of an output object makes the answer unreadable",
        r#"{"0":"https://img.example/1.png","1":false}"#,
    ),
];

pub(crate) fn rows() -> Vec<Row> {
    let usable = USABLE.iter().map(|&(name, output, urls)| {
        row(name, 200, format!(r#"{{"status":"success","output":{output}}}"#), ok(urls))
    });
    let no_links = NO_LINKS_YET
        .iter()
        .map(|&(name, fields)| row(name, 200, format!(r#"{{"status":"success",{fields}}}"#), processing()));
    let unreadable = UNREADABLE.iter().map(|&(name, output)| {
        row(name, 200, format!(r#"{{"status":"success","output":{output}}}"#), protocol())
    });
    usable.chain(no_links).chain(unreadable).chain(whole_replies()).collect()
}

fn whole_replies() -> Vec<Row> {
    let many: Vec<String> = (0..500).map(|n| format!("https://img.example/{n}.png")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    // Longer than any text may be; an output entry is no text.
    let base64 = "iVBORw0K".repeat(4096);
    vec![
        row(
            "the vendor's own sample is ready",
            200,
            r#"{
"status": "success",
"id": 12202888,
"output": [
"https://pub-8b49af329fae499aa563997f5d4068a4.r2.dev/generations/e5cd86d3-7305-47fc-82c1-7d1a3b130fa4-0.png"
]
}"#,
            ok(&[
                "https://pub-8b49af329fae499aa563997f5d4068a4.r2.dev/generations/e5cd86d3-7305-47fc-82c1-7d1a3b130fa4-0.png",
            ])
            .id("12202888"),
        ),
        row(
            "nothing limits the number of images",
            200,
            format!(r#"{{"status":"success","output":["{}"]}}"#, many.join(r#"",""#)),
            ok(&many),
        ),
        row(
            "a long base64 output is not cut like a text",
            200,
            format!(r#"{{"status":"success","output":["{base64}"]}}"#),
            ok(&[base64.as_str()]),
        ),
        row(
            "a last output that can be read makes up for a first that cannot",
            200,
            r#"{"status":"success","output":[7],"output":["https://img.example/1.png"]}"#,
            ok(&["https://img.example/1.png"]),
        ),
        row(
            "the words of a refusal in a message do not spoil a success with output",
            200,
            r#"{"status":"success","message":"Rate limit: not found","output":["https://img.example/1.png"]}"#,
            ok(&["https://img.example/1.png"]),
        ),
        row(
            "success without links yet keeps its eta and its id",
            200,
            r#"{"status":"success","id":42,"eta":3,"output":[]}"#,
            processing().id("42").eta(3_000),
        ),
        row(
            "HTTP 201 with success is ready",
            201,
            r#"{"status":"success","output":["https://img.example/1.png"]}"#,
            ok(&["https://img.example/1.png"]),
        ),
        row(
            "HTTP 202 with success and output is ready",
            202,
            r#"{"status":"success","output":["https://img.example/1.png"]}"#,
            ok(&["https://img.example/1.png"]),
        ),
    ]
}
