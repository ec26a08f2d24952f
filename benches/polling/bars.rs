//! The bars, each as a mean over each family: what ours must reach, and whether it did.
//!
//! They are asked of a client that carries its trust in etas from job to job (`flow::eta_accuracy`), since a wait that knows nothing of
//! its server cannot meet the first two bars together. With 2.2 polls, of which one is made at once and one at the eta,
//! at most one job in five can be looked for before its eta. If the eta is 30 % too long instead, the other four lie
//! ready for 30 % of their run time: 0.24 T on average, 11 s for a job of 45 s, where the bar asks for half of 5 s.

use crate::Row;
use crate::simulate::{Client, Means};
use crate::traces::Eta;

/// With an exact eta.
const LAG: f64 = 0.6;
const POLLS: f64 = 2.2;

/// Says for each bar whether it holds, and returns whether all do.
pub(crate) fn judge(rows: &[Row]) -> bool {
    let mut held = true;
    for row in rows {
        let missed = match row.eta {
            Eta::Exact => exact(row),
            Eta::TooShort | Eta::TooLong | Eta::Noisy => inexact(row),
            Eta::Absent => absent(row),
        };
        held &= missed.is_none();
        let verdict = missed.map_or("holds".to_string(), |why| format!("FAILS: {why}"));
        println!("{:<20} {:<12} {:<62} {verdict}", row.family.name, row.eta.name(), bar(row.eta));
    }
    held
}

fn bar(eta: Eta) -> &'static str {
    match eta {
        Eta::Exact => "lag at most 0.6 s at 2.2 polls",
        Eta::TooShort | Eta::TooLong | Eta::Noisy => "half the lag of 1 s to 10 s, with no more polls",
        Eta::Absent => "none of the others has both less lag and fewer polls",
    }
}

fn exact(row: &Row) -> Option<String> {
    let Means { lag, polls } = row.ours;
    (lag > LAG || polls > POLLS).then(|| format!("lag {lag:.2} s at {polls:.2} polls"))
}

fn inexact(row: &Row) -> Option<String> {
    let (_, theirs) = row.others.iter().find(|(client, _)| *client == Client::Doubling)?;
    let (lag, polls) = (row.ours.lag / theirs.lag, row.ours.polls / theirs.polls);
    (lag > 0.5 || polls > 1.0).then(|| format!("{lag:.2} of its lag, {polls:.2} of its polls"))
}

fn absent(row: &Row) -> Option<String> {
    let better = |theirs: &Means| theirs.lag < row.ours.lag && theirs.polls < row.ours.polls;
    let (client, _) = row.others.iter().find(|(_, theirs)| better(theirs))?;
    Some(format!("{} has both", client.name()))
}
