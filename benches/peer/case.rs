//! What is compared with what, as data, and the bar each comparison must keep.
//!
//! Must never know how a program is run.

use crate::replies::{self, SavedReply};
use mlab_standin::{ImageKind, Job};

/// The id that both programs ask for.
const ID: &str = "12202888";

/// A ready job with as many images as the service makes today at most.
pub(crate) fn job() -> Job {
    Job { images: vec![ImageKind::Png; 4], ..Job::new(ID) }
}

/// One comparison: the same work done by both sides.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) ours: Side,
    pub(crate) theirs: Side,
    /// What neither side can do without, in the same rounds.
    pub(crate) floor: Option<Side>,
    pub(crate) work: Work,
    /// The largest ratio of our median time to theirs; none where the row only informs.
    pub(crate) bar: Option<f64>,
    /// The same of CPU time.
    pub(crate) cpu_bar: Option<f64>,
}

/// A mode of one of the programs, as its `main` names it.
pub(crate) struct Side {
    pub(crate) name: &'static str,
    pub(crate) mode: &'static str,
    pub(crate) connects: Connects,
}

/// What the server must have seen of a side that fetches; it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Connects {
    /// A full handshake for every call, or no call at all.
    Anew,
    /// A handshake for every call, and every one after the first takes up an earlier session.
    Resuming,
    /// One handshake for all calls.
    Once,
}

/// What a call is made of, which also says how it is timed.
pub(crate) enum Work {
    /// A request to the server, each timed.
    Fetch,
    /// The same without a handshake, so short that it takes more of them.
    WarmFetch,
    /// A program that makes one request in its life, timed from outside: loading, starting and ending count.
    Program,
    /// A saved reply, timed in batches.
    Parse(SavedReply),
}

const CURL: Side = Side { name: "libcurl, new handle", mode: "cold", connects: Connects::Anew };
const CURL_SHARE: Side =
    Side { name: "libcurl, sessions shared", mode: "share", connects: Connects::Resuming };
const FIRST: Side = Side { name: "mlab, first", mode: "first", connects: Connects::Anew };
const RESUMED: Side = Side { name: "mlab, resumed", mode: "resumed", connects: Connects::Resuming };

/// On one connection that all calls of a program share.
const fn warm(name: &'static str, mode: &'static str) -> Side {
    Side { name, mode, connects: Connects::Once }
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = vec![
        Case {
            name: "one-shot call, first (full handshake)",
            ours: FIRST,
            theirs: CURL,
            floor: None,
            work: Work::Fetch,
            bar: None,
            cpu_bar: None,
        },
        Case {
            name: "one-shot call, resumed, against libcurl's cold call",
            ours: RESUMED,
            theirs: CURL,
            floor: None,
            work: Work::Fetch,
            bar: Some(1.0),
            cpu_bar: None,
        },
        Case {
            name: "one-shot call, both resumed",
            ours: RESUMED,
            theirs: CURL_SHARE,
            floor: None,
            work: Work::Fetch,
            bar: None,
            cpu_bar: None,
        },
        Case {
            name: "program that makes one call, from start to exit",
            ours: FIRST,
            theirs: CURL,
            floor: None,
            work: Work::Program,
            bar: None,
            cpu_bar: None,
        },
        Case {
            name: "warm fetch on one kept connection",
            ours: warm("mlab, one client", "warm"),
            theirs: warm("libcurl, one handle", "warm"),
            floor: Some(warm("floor: TLS alone", "floor")),
            work: Work::WarmFetch,
            bar: Some(1.0),
            cpu_bar: Some(1.0),
        },
    ];
    cases.extend(replies::all().into_iter().map(|reply| Case {
        name: reply.name,
        ours: Side { name: "mlab_parse", mode: "parse", connects: Connects::Anew },
        theirs: Side { name: "cJSON", mode: "parse", connects: Connects::Anew },
        floor: None,
        work: Work::Parse(reply),
        bar: Some(1.0),
        cpu_bar: None,
    }));
    cases
}
