//! How soon is a finished job known, and for how many requests: our schedule against the usual loops, in simulation.
//!
//! `cargo bench --bench polling` prints a table and says for each bar whether it holds; it fails if one does not.
//! `cargo bench --bench polling -- --svg FILE` also plots lag against requests. Nothing else is written, and the same
//! seed gives the same numbers on every machine.
//!
//! What is simulated (`simulate.rs`): a job is ready at a time counted from the start of its wait. A reply takes 0.15 s and
//! tells the state at the moment the request left, the worst case, so no lag is below 0.15 s. Every client polls once,
//! and the others sleep between a reply and the next request, as the loops they stand for do.

#[path = "polling/bars.rs"]
mod bars;
#[path = "polling/figure.rs"]
mod figure;
#[path = "polling/simulate.rs"]
mod simulate;
#[path = "polling/traces.rs"]
mod traces;

use simulate::{Client, Means, mean_over};
use traces::{ETAS, Eta, FAMILIES, Family};

/// The bars ask for 4,000 at least; with this many the means stand still to two digits.
const JOBS: usize = 20_000;

/// What every client did with one family of jobs under one kind of eta.
struct Row {
    family: &'static Family,
    eta: Eta,
    ours: Means,
    /// Ours when nothing is known yet about the server's etas: every wait as the first of its client.
    ours_first: Means,
    others: Vec<(Client, Means)>,
}

fn main() -> std::process::ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let svg = match arguments.as_slice() {
        [] => None,
        [option, file] if option == "--svg" => Some(file),
        _ => {
            eprintln!("usage: cargo bench --bench polling [-- --svg FILE]");
            return std::process::ExitCode::FAILURE;
        }
    };
    let rows = run();
    print_table(&rows);
    let held = bars::judge(&rows);
    if let Some(file) = svg
        && let Err(error) = std::fs::write(file, figure::draw(&rows))
    {
        eprintln!("cannot write {file}: {error}");
        return std::process::ExitCode::FAILURE;
    }
    if held { std::process::ExitCode::SUCCESS } else { std::process::ExitCode::FAILURE }
}

fn run() -> Vec<Row> {
    let mut rows = Vec::new();
    for family in FAMILIES {
        // No other client heeds an eta: one measurement serves all kinds.
        let jobs = family.jobs(JOBS, Eta::Absent);
        let others: Vec<_> =
            Client::OTHERS.iter().map(|&client| (client, mean_over(client, &jobs))).collect();
        for eta in ETAS {
            let jobs = family.jobs(JOBS, eta);
            rows.push(Row {
                family,
                eta,
                ours: mean_over(Client::Ours, &jobs),
                ours_first: mean_over(Client::OursFirst, &jobs),
                others: others.clone(),
            });
        }
    }
    rows
}

fn print_table(rows: &[Row]) {
    println!("lag in seconds / requests a job, means over {JOBS} jobs a line\n");
    print!("{:<20} {:<12} {:>13} {:>13}", "run times", "eta", "ours", "ours, first");
    for client in Client::OTHERS {
        print!(" {:>13}", client.name());
    }
    println!();
    for row in rows {
        print!(
            "{:<20} {:<12} {:>13} {:>13}",
            row.family.name,
            row.eta.name(),
            cell(row.ours),
            cell(row.ours_first)
        );
        for (_, means) in &row.others {
            print!(" {:>13}", cell(*means));
        }
        println!();
    }
    println!(
        "\n\"ours\": one client runs all jobs of a line in turn, and so learns whether the etas are right."
    );
    println!("\"ours, first\": each job is its client's first.\n");
    for family in FAMILIES {
        println!("{:<20} {}", family.name, family.what);
    }
    println!();
}

fn cell(means: Means) -> String {
    format!("{:.2} / {:.2}", means.lag, means.polls)
}
