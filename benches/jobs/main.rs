//! Jobs by their cost: a frame's question for events, and ten thousand ids watched, beside libcurl's multi interface.
//!
//! All that is timed are C programs: `frame.c` and `ours.c` on the library as it is shipped, `multi.c` on the system's
//! libcurl. `cargo bench --bench jobs` fails where a bar does not hold; `-- --quick` only shows that everything runs.
//!
//! ```text
//! frame.rs     mlab_client_next_event(0) with few and many waiting jobs; what one costs in memory
//! crowd.rs     a thousand and ten thousand ids with etas, over TLS, on a quick and on a slow line: when the last is known,
//!              and what that took
//! ```

mod crowd;
mod frame;
#[path = "../tools/mod.rs"]
mod tools;

use std::error::Error;
use std::process::ExitCode;
use tools::Built;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if !arguments.iter().any(|a| a == "--bench") {
        eprintln!("SKIPPED: this benchmark runs with `cargo bench --bench jobs`");
        return ExitCode::SUCCESS;
    }
    let quick = arguments.iter().any(|a| a == "--quick");
    match bench(quick) {
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

/// Runs everything; gives the bars that do not hold.
fn bench(quick: bool) -> Outcome<Vec<String>> {
    let built = Built::new()?;
    let mut broken = frame::run(&built, quick)?;
    broken.extend(crowd::run(&built, quick)?);
    Ok(broken)
}

/// Says whether a bar holds, and remembers it if it does not.
fn bar(name: String, holds: bool, broken: &mut Vec<String>) {
    println!("  bar: {name}: {}", if holds { "holds" } else { "BROKEN" });
    if !holds {
        broken.push(name);
    }
}
