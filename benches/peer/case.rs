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
    pub(crate) work: Work,
    /// The largest ratio of our median time to theirs; none where the row only informs.
    pub(crate) bar: Option<f64>,
}

/// A mode of one of the programs, as its `main` names it.
pub(crate) struct Side {
    pub(crate) name: &'static str,
    pub(crate) mode: &'static str,
    /// Whether every handshake after the first must take up an earlier session; the server is asked whether it did.
    pub(crate) resumes: bool,
}

/// What a call is made of, which also says how it is timed.
pub(crate) enum Work {
    /// A request to the server, each timed.
    Fetch,
    /// A program that makes one request in its life, timed from outside: loading, starting and ending count.
    Program,
    /// A saved reply, timed in batches.
    Parse(SavedReply),
}

const CURL: Side = Side { name: "libcurl, new handle", mode: "cold", resumes: false };
const CURL_SHARE: Side = Side { name: "libcurl, sessions shared", mode: "share", resumes: true };
const FIRST: Side = Side { name: "mlab, first", mode: "first", resumes: false };
const RESUMED: Side = Side { name: "mlab, resumed", mode: "resumed", resumes: true };

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = vec![
        Case {
            name: "one-shot call, first (full handshake)",
            ours: FIRST,
            theirs: CURL,
            work: Work::Fetch,
            bar: None,
        },
        Case {
            name: "one-shot call, resumed, against libcurl's cold call",
            ours: RESUMED,
            theirs: CURL,
            work: Work::Fetch,
            bar: Some(1.0),
        },
        Case {
            name: "one-shot call, both resumed",
            ours: RESUMED,
            theirs: CURL_SHARE,
            work: Work::Fetch,
            bar: None,
        },
        Case {
            name: "program that makes one call, from start to exit",
            ours: FIRST,
            theirs: CURL,
            work: Work::Program,
            bar: None,
        },
    ];
    cases.extend(replies::all().into_iter().map(|reply| Case {
        name: reply.name,
        ours: Side { name: "mlab_parse", mode: "parse", resumes: false },
        theirs: Side { name: "cJSON", mode: "parse", resumes: false },
        work: Work::Parse(reply),
        bar: Some(1.0),
    }));
    cases
}
