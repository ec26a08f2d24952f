//! The replies that are parsed: typical ones (contract, section 2), and ones as large as the default body limit allows.
//!
//! Must never know who parses them.

/// A reply, and how many times it is parsed for one reading of the clock.
pub(crate) struct SavedReply {
    pub(crate) name: &'static str,
    pub(crate) body: String,
    pub(crate) batch: usize,
}

/// The default body limit, in bytes; both sides read at most this.
const LARGE: usize = 1024 * 1024;

const READY: &str = r#"{"status":"success","id":12202888,"output":["https:\/\/pub-8b49af329fae499aa563997f5d4068a4.r2.dev\/generations\/e5cd86d3-7305-47fc-82c1-7d1a3b130fa4-0.png"]}"#;
const NOT_READY: &str = r#"{"status":"processing","eta":13.07,"id":65919758,"output":[],"fetch_result":"https:\/\/modelslab.com\/api\/v1\/enterprise\/flux\/fetch\/65919758","future_links":["https:\/\/pub-8b49af329fae499aa563997f5d4068a4.r2.dev\/generations\/e5cd86d3-7305-47fc-82c1-7d1a3b130fa4-0.png"],"meta":{"prompt":"a lighthouse at dusk, oil on canvas","model_id":"flux","width":1024,"height":1024,"steps":31,"seed":2847193044,"guidance_scale":7.5,"samples":1,"safety_checker":"no","file_prefix":"e5cd86d3-7305-47fc-82c1-7d1a3b130fa4-0.png"}}"#;

pub(crate) fn all() -> Vec<SavedReply> {
    let plain = READY.replace("\\/", "/");
    vec![
        SavedReply { name: "parse: ready, plain slashes", body: plain, batch: 200 },
        SavedReply { name: "parse: ready, escaped slashes", body: READY.into(), batch: 200 },
        SavedReply { name: "parse: processing with all it may say", body: NOT_READY.into(), batch: 100 },
        SavedReply { name: "parse: 1 MiB of URLs", body: many_urls("/"), batch: 1 },
        SavedReply { name: "parse: 1 MiB of URLs, escaped slashes", body: many_urls("\\/"), batch: 1 },
        SavedReply { name: "parse: 1 MiB, most of it one text in meta", body: long_text(), batch: 1 },
        SavedReply { name: "parse: 1 MiB, most of it members of meta", body: many_members(), batch: 1 },
    ]
}

/// Repeats `piece` between `head` and `tail` up to the limit.
fn fill(head: &str, piece: impl Fn(usize) -> String, tail: &str) -> String {
    let mut body = head.to_owned();
    for index in 0.. {
        let piece = piece(index);
        if body.len() + piece.len() + tail.len() > LARGE {
            break;
        }
        body.push_str(&piece);
    }
    body + tail
}

fn many_urls(slash: &str) -> String {
    let url = |index| {
        let comma = if index == 0 { "" } else { "," };
        format!(
            r#"{comma}"https://pub-8b49af329fae499aa563997f5d4068a4.r2.dev/generations/{index:08}-0.png""#
        )
        .replace('/', slash)
    };
    fill(r#"{"status":"success","id":12202888,"output":["#, url, "]}")
}

fn long_text() -> String {
    let head = r#"{"status":"success","id":12202888,"meta":{"prompt":""#;
    let tail = r#""},"output":["https://pub-8b49af329fae499aa563997f5d4068a4.r2.dev/generations/0.png"]}"#;
    fill(head, |_| "a lighthouse at dusk, oil on canvas, ".into(), tail)
}

fn many_members() -> String {
    let head = r#"{"status":"success","id":12202888,"meta":{"model_id":"flux""#;
    let tail = r#"},"output":["https://pub-8b49af329fae499aa563997f5d4068a4.r2.dev/generations/0.png"]}"#;
    let member =
        |index| format!(r#","field_{index}":{{"width":1024,"scale":7.5,"tags":["a","b",null,true]}}"#);
    fill(head, member, tail)
}
