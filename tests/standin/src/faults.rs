//! Replies gone wrong: which fault an id asks for by how it begins, and which one chance gives.
//!
//! Knows nothing of the queue's clock and of sockets: it turns one answer into another.

use crate::http::Reply;
use crate::queue::{Job, Outcome};
use crate::replies;
use std::time::Duration;

/// Seconds a rate-limited client is told to wait: short, since people watch their plugin do it.
const RETRY_AFTER: u64 = 3;

/// What becomes of a reply on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// It arrives.
    Whole,
    /// The connection ends in the middle of its body.
    Cut,
    /// The connection is reset in its place.
    Reset,
}

/// A reply and how it is delivered.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// What is sent.
    pub reply: Reply,
    /// How much of it arrives.
    pub delivery: Delivery,
    /// How long it takes to begin.
    pub delay: Duration,
    /// What it is, for the log.
    pub note: &'static str,
}

impl Answer {
    /// An answer that arrives whole and at once.
    pub(crate) fn new(reply: Reply, note: &'static str) -> Answer {
        Answer { reply, delivery: Delivery::Whole, delay: Duration::ZERO, note }
    }
}

/// One thing that can go wrong with a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// "Invalid API key".
    InvalidKey,
    /// "You have no credit left".
    NoCredit,
    /// "Request not found".
    NotFound,
    /// HTTP 429.
    RateLimited,
    /// HTTP 500.
    ServerError,
    /// HTTP 502 with a page.
    BadGateway,
    /// JSON without its end, in a whole reply.
    Garbled,
    /// The connection ends in the middle of the body.
    Cut,
    /// The connection is reset.
    Reset,
}

impl Fault {
    /// The faults that chance gives: those that trying again cures.
    const BY_CHANCE: [Fault; 4] = [Fault::ServerError, Fault::BadGateway, Fault::Reset, Fault::Cut];

    /// The answer with this fault.
    pub(crate) fn spoil(self, answer: Answer) -> Answer {
        match self {
            Fault::InvalidKey => {
                Answer::new(Reply::json(200, replies::INVALID_KEY), "invalid key, as asked for")
            }
            Fault::NoCredit => Answer::new(Reply::json(200, replies::NO_CREDIT), "no credit, as asked for"),
            Fault::NotFound => Answer::new(Reply::json(200, replies::NOT_FOUND), "not found, as asked for"),
            Fault::RateLimited => Answer::new(
                Reply::json(429, replies::rate_limited(RETRY_AFTER))
                    .with("Retry-After", RETRY_AFTER.to_string()),
                "rate limited",
            ),
            Fault::ServerError => Answer::new(Reply::json(500, replies::SERVER_ERROR), "server error"),
            Fault::BadGateway => Answer::new(Reply::html(502, "502 Bad Gateway"), "bad gateway"),
            Fault::Garbled => {
                let mut answer = Answer { note: "garbled", ..answer };
                answer.reply.body.truncate(answer.reply.body.len() / 2);
                answer
            }
            Fault::Cut => Answer { delivery: Delivery::Cut, note: "cut", ..answer },
            Fault::Reset => Answer { delivery: Delivery::Reset, note: "reset", ..answer },
        }
    }

    /// Whether chance spoils the reply of this number, and how. The same seed gives the same faults.
    pub(crate) fn by_chance(rate: f64, seed: u64, number: u64) -> Option<Fault> {
        let bits = scramble(seed ^ scramble(number));
        let drawn = (bits >> 11) as f64 / (1_u64 << 53) as f64;
        let fault = Fault::BY_CHANCE[(bits & 3) as usize];
        (drawn < rate).then_some(fault)
    }
}

/// The finalizer of SplitMix64 (Steele, Lea, Flood 2014): every bit of the input moves every bit of the output.
fn scramble(number: u64) -> u64 {
    let mut bits = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// What the beginning of an id asks for, in automatic mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    /// A fault at every poll; with a number, at so many first polls.
    Fault(Fault),
    /// Every reply takes so many seconds.
    Slow,
    /// A job that fails.
    Fails,
    /// A job that is never ready.
    Never,
    /// Links come so many seconds after the success.
    LinksLate,
    /// Links answer 404 for so many seconds after the success.
    ImagesLate,
}

struct Rule {
    prefix: &'static str,
    wish: Wish,
    help: &'static str,
}

const RULES: &[Rule] = &[
    Rule { prefix: "missing", wish: Wish::Fault(Fault::NotFound), help: "Request not found" },
    Rule { prefix: "auth", wish: Wish::Fault(Fault::InvalidKey), help: "Invalid API key" },
    Rule { prefix: "credit", wish: Wish::Fault(Fault::NoCredit), help: "no credit left" },
    Rule { prefix: "rate", wish: Wish::Fault(Fault::RateLimited), help: "HTTP 429 with Retry-After" },
    Rule { prefix: "busy", wish: Wish::Fault(Fault::ServerError), help: "HTTP 500" },
    Rule {
        prefix: "html",
        wish: Wish::Fault(Fault::BadGateway),
        help: "HTTP 502 with a page in place of JSON",
    },
    Rule { prefix: "garbled", wish: Wish::Fault(Fault::Garbled), help: "half of the JSON" },
    Rule {
        prefix: "cut",
        wish: Wish::Fault(Fault::Cut),
        help: "the connection ends in the middle of the reply",
    },
    Rule { prefix: "reset", wish: Wish::Fault(Fault::Reset), help: "the connection is reset" },
    Rule { prefix: "slow", wish: Wish::Slow, help: "every reply takes N seconds (10)" },
    Rule { prefix: "fail", wish: Wish::Fails, help: "processing, then the job fails" },
    Rule { prefix: "never", wish: Wish::Never, help: "processing for ever" },
    Rule {
        prefix: "late",
        wish: Wish::LinksLate,
        help: "success without links, which come N seconds later (5)",
    },
    Rule {
        prefix: "gone",
        wish: Wish::ImagesLate,
        help: "success with links that answer 404 for N seconds (5)",
    },
];

/// The table of prefixes, for people.
pub fn prefixes_help() -> String {
    RULES.iter().map(|rule| format!("  {:<10} {}\n", format!("{}-", rule.prefix), rule.help)).collect()
}

/// `busy-2-x` → (`busy`, 2); `busy-x` → (`busy`, none). `busyx` asks for nothing.
fn wish(id: &str) -> Option<(Wish, Option<u64>)> {
    let (prefix, rest) = id.split_once('-')?;
    let rule = RULES.iter().find(|rule| rule.prefix == prefix)?;
    let number = rest.split_once('-').and_then(|(number, _)| number.parse().ok());
    Some((rule.wish, number))
}

/// The job that an id not seen before becomes, made from the template.
pub(crate) fn job_for(id: &str, template: &Job) -> Job {
    let job = Job { id: id.to_string(), ..template.clone() };
    let Some((wish, number)) = wish(id) else { return job };
    let seconds = Duration::from_secs(number.unwrap_or(5));
    match wish {
        Wish::Fails => Job { outcome: Outcome::Failed, ..job },
        Wish::Never => Job { ready_after: Duration::MAX, eta: job.eta.or(Some(60.0)), ..job },
        Wish::LinksLate => Job { outcome: Outcome::LinksLate(seconds), ..job },
        Wish::ImagesLate => Job { outcome: Outcome::ImagesLate(seconds), ..job },
        Wish::Fault(_) | Wish::Slow => job,
    }
}

/// The answer to the poll of this number (from 1) at an id, as its beginning asks for.
pub(crate) fn apply_wish(id: &str, poll: u64, answer: Answer) -> Answer {
    match wish(id) {
        Some((Wish::Fault(fault), number)) if number.is_none_or(|number| poll <= number) => {
            fault.spoil(answer)
        }
        Some((Wish::Slow, number)) => Answer { delay: Duration::from_secs(number.unwrap_or(10)), ..answer },
        _ => answer,
    }
}
