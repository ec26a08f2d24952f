//! The library beside a C program written in the usual way on libcurl and cJSON: time, CPU and size, in one run.
//!
//! Both sides are C programs timed by the same lines (`timing.h`): `ours.c` on the release shared library, `peer.c` on
//! the system's libraries; `floor.c` is what neither can do without, where a case has such a floor. They run in turn against one stand-in server, several rounds, because on a busy machine
//! only the ratio within a round means something.
//!
//! `cargo bench --bench peer` fails where a bar does not hold; `-- --quick` only shows that everything runs, and
//! `-- parse` runs the cases with that in their name.
//!
//! ```text
//! case.rs      what is compared, and the bar it must keep: one struct a case
//! compare.rs   runs a case in rounds; program.rs compiles the programs and runs them
//! replies.rs   the replies that are parsed; size.rs what a program has to ship
//! table.rs     the report
//! ```

mod case;
mod compare;
mod program;
mod replies;
mod size;
mod table;
#[path = "../tools/mod.rs"]
mod tools;

use compare::Effort;
use mlab_standin::{Options, Standin, Versions};
use program::Programs;
use std::error::Error;
use std::process::ExitCode;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if !arguments.iter().any(|a| a == "--bench") {
        eprintln!("SKIPPED: this benchmark runs with `cargo bench --bench peer`");
        return ExitCode::SUCCESS;
    }
    let quick = arguments.iter().any(|a| a == "--quick");
    let wanted = arguments.iter().find(|a| !a.starts_with("--")).map_or("", String::as_str);
    match bench(if quick { &Effort::QUICK } else { &Effort::FULL }, wanted) {
        Ok(broken) if broken.is_empty() => ExitCode::SUCCESS,
        Ok(broken) => {
            println!("\nBars that do not hold: {}.", broken.join("; "));
            if quick { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs everything that is wanted; gives the names of the bars that do not hold.
fn bench(effort: &Effort, wanted: &str) -> Outcome<Vec<String>> {
    let programs = Programs::build()?;
    // TLS 1.3, no log, no delay: all that the server costs, it costs both sides alike.
    let server = Standin::start(Options { tls: Versions::Only13, ..Options::default() })?;
    server.add_job(case::job());
    let mut broken = Vec::new();
    table::open();
    for case in case::cases().into_iter().filter(|case| case.name.contains(wanted)) {
        let compared = compare::run(&case, effort, &programs, &server)?;
        table::case(&case, &compared);
        broken.extend(compared.broken_bars(&case));
    }
    let sizes = size::measure(&programs)?;
    table::sizes(&sizes);
    broken.extend(sizes.broken_bars());
    Ok(broken)
}
