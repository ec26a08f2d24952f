//! What the server and the transport answer: few replies, so that what is made of them can be told apart.

use super::server;
use base64::Engine as _;

/// All images that there are.
pub(super) const IMAGES: [&[u8]; 3] = [
    include_bytes!("../../corpus/image/palette_png"),
    include_bytes!("../../corpus/image/plain_gif"),
    include_bytes!("../../corpus/image/plain_jpg"),
];

/// One reply.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: String,
    pub(super) body: Vec<u8>,
}

impl Reply {
    fn json(status: u16, body: impl Into<String>) -> Reply {
        Reply { status, headers: "Content-Type: application/json\r\n".into(), body: body.into().into_bytes() }
    }
}

/// An image as text.
fn text(answer: u8) -> String {
    base64::engine::general_purpose::STANDARD.encode(image(answer))
}

fn image(answer: u8) -> &'static [u8] {
    IMAGES[usize::from(answer >> 4) % IMAGES.len()]
}

fn ready(links: &[String]) -> Reply {
    let links: Vec<String> = links.iter().map(|link| format!("{link:?}")).collect();
    Reply::json(200, format!(r#"{{"status":"success","id":7,"output":[{}]}}"#, links.join(",")))
}

/// To a poll.
pub(super) fn to_poll(answer: u8) -> Reply {
    let link = |number: u8| server::url(number);
    let moved = |to: String| Reply { headers: format!("Location: {to}\r\n"), ..Reply::json(302, "{}") };
    match answer % 22 {
        0 => ready(&[link(answer)]),
        1 => ready(&[link(0), link(1), link(0)]),
        2 => ready(&[format!("data:image/png;base64,{}", text(answer))]),
        3 => Reply::json(200, r#"{"status":"processing","message":"try again later.","output":""}"#),
        4 => Reply::json(200, r#"{"status":"processing","eta":0.01,"output":[]}"#),
        5 => Reply::json(200, r#"{"status":"failed","message":"Failed, Try Again"}"#),
        6 => Reply::json(200, r#"{"status":"failed","message":"Request not found"}"#),
        7 => Reply::json(401, r#"{"status":"error","message":"Invalid API key test-key-not-real"}"#),
        8 => Reply::json(429, r#"{"status":"error","message":"Rate limit exceeded.","retry_after":0}"#),
        9 => Reply::json(500, r#"{"message":"Server Error"}"#),
        10 => Reply { headers: "Content-Type: text/html\r\n".into(), ..Reply::json(200, "<html>") },
        11 => Reply::json(200, ""),
        12 => moved(server::endpoint("http").replace("{id}", "2")),
        13 => moved("https://other.example/".into()),
        14 => ready(&["http://10.0.0.1/0.png".into()]),
        15 => ready(&[text(answer)]),
        16 => Reply::json(200, format!(r#"{{"status":"success","output":"{}"}}"#, "x".repeat(70_000))),
        17 => Reply::json(404, r#"{"message":"no","error":{"test-key-not-real":["test-key-not-real"]}}"#),
        18 => Reply::json(402, r#"{"status":"error","message":"no credits"}"#),
        19 => Reply::json(200, r#"{"status":"success","output":[]}"#),
        20 => Reply::json(200, r#"{"status":"success","outp"#),
        _ => ready(&[link(3), link(1), link(2), link(0)]),
    }
}

/// To the request for an image; `number` is in its link.
pub(super) fn to_image(number: u8, answer: u8) -> Reply {
    let body = IMAGES[usize::from(number) % IMAGES.len()].to_vec();
    let whole = Reply { status: 200, headers: "ETag: \"1\"\r\nContent-Type: image/png\r\n".into(), body };
    match answer % 12 {
        0 => Reply { status: 404, ..Reply::json(404, "{}") },
        1 => Reply { status: 202, body: Vec::new(), ..whole },
        2 => Reply { body: b"<html>".to_vec(), ..whole },
        3 => Reply { body: whole.body[..whole.body.len() / 2].to_vec(), ..whole },
        4 => Reply { status: 503, ..Reply::json(503, "{}") },
        5 => {
            Reply { status: 302, headers: format!("Location: {}\r\n", server::url(number)), body: Vec::new() }
        }
        6 => Reply { headers: "Content-Encoding: gzip\r\n".into(), ..whole },
        _ => whole,
    }
}
