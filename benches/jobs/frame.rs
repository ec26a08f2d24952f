//! What a frame pays for asking, and what a waiting job costs in memory.

use crate::tools::{Built, compile, numbers};
use crate::{Outcome, bar};
use mlab_standin::{RawServer, Reply, Step};
use std::process::Command;

/// Nanoseconds.
const MEDIAN: f64 = 1_000.0;
const ONE_IN_A_THOUSAND: f64 = 50_000.0;

/// Bytes a waiting job, all that the process grew by.
const MEMORY: f64 = 2_048.0;

pub(crate) fn run(built: &Built, quick: bool) -> Outcome<Vec<String>> {
    let program = built.folder.join("frame");
    compile("benches/jobs/frame.c", &program, &built.flags())?;
    // Every job is polled once, and then waits for an hour. A server that is busy: "too many requests" would pause them all.
    let wait = Step::reply(&Reply::json(503, r#"{"message":"Server Error"}"#).with("Retry-After", "3600"));
    let server = RawServer::plain(vec![Step::Repeat(vec![Step::ReadRequest, wait])])?;
    let mut broken = Vec::new();
    println!("mlab_client_next_event(client, 0) with nothing to tell, in nanoseconds");
    println!("  {:22}{:>10}{:>10}{:>10}", "", "median", "99.9 %", "longest");
    for jobs in [0, 100, 10_000] {
        let (hot, cold) = if quick { (1_000, 20) } else { (1_000_000, 2_000) };
        let mut command = Command::new(&program);
        command.arg(server.endpoint());
        let n = numbers(command.args([jobs, hot, cold].map(|number: u64| number.to_string())))?;
        for (name, way) in [("in a row", "hot"), ("once a millisecond", "cold")] {
            let [median, rare, longest] =
                ["median", "rare", "longest"].map(|what| n[&format!("{way}_{what}")]);
            println!("  {:22}{median:>10.0}{rare:>10.0}{longest:>10.0}", format!("{jobs} jobs, {name}"));
        }
        let holds = n["hot_median"] < MEDIAN && n["hot_rare"] < ONE_IN_A_THOUSAND;
        bar(format!("{jobs} jobs: median below 1 µs, 99.9 % below 50 µs"), holds, &mut broken);
        if jobs == 10_000 {
            println!(
                "  memory a waiting job: {:.0} bytes; submitted alone: {:.0}",
                n["waiting"], n["submitted"]
            );
            bar("a waiting job below 2 KiB".into(), n["waiting"] < MEMORY, &mut broken);
        }
    }
    Ok(broken)
}
