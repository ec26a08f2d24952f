//! Each binding beside a C program that copies as much: a warm fetch over loopback http, and parsing a reply with everything
//! copied out of the result.
//!
//! C and the languages run in turn against one stand-in server, several rounds: of the fetch only the ratio within a round
//! means something, and the parse has a bar in microseconds, for a machine where C's takes up to 0.3. A language that is not
//! installed is SKIPPED aloud.
//!
//! C fetches twice: by a call on its own thread, and by one on a thread that hands the result over, with a descriptor to wait
//! on. Node's loop must not block, and the main thread of LuaJIT, PHP and Ruby would hear of no signal: their fetch is of the
//! second kind, and has its bar beside that.
//!
//! `cargo bench --bench bindings` fails where a bar does not hold by more than the noise of such a measurement, and names
//! what is above its bar within that; `-- --quick` only shows that everything runs, and `-- Python` runs the languages with
//! that in their name.
//!
//! A binding's program is `bench` in its folder, which is run as `bench MODE SAMPLES BATCH TARGET`: with `fetch` it asks the
//! endpoint TARGET for the id 12202888 with one client, with `parse` it reads the reply in the file TARGET. It calls for
//! 400 ms, so that what compiles itself has done so, takes SAMPLES samples of BATCH calls each, and prints `bytes=` (of all
//! URLs), `min=`, `median=` and `p90=`, in nanoseconds a call.
//!
//! ```text
//! languages.rs  the languages, with their bars: how each is made ready and run
//! managed.rs    those of C# and Java
//! support.rs    what finds these for the tests
//! compare.rs    runs all of them in rounds
//! ours.c        C; rust.rs is Rust, in this very program
//! ```

mod compare;
mod languages;
mod managed;
mod rust;
mod support;
#[path = "../tools/mod.rs"]
mod tools;

use compare::{C_PARSE, Compared, Effort, FETCH_BAR, NOISE};
use languages::{Language, Peer};
use std::error::Error;
use std::process::ExitCode;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|a| a == rust::MARK) {
        return ended(rust::main(&arguments[1..]).map(|()| true));
    }
    if !arguments.iter().any(|a| a == "--bench") {
        eprintln!("SKIPPED: this benchmark runs with `cargo bench --bench bindings`");
        return ExitCode::SUCCESS;
    }
    let quick = arguments.iter().any(|a| a == "--quick");
    let wanted = arguments.iter().find(|a| !a.starts_with("--")).map_or("", String::as_str);
    ended(bench(if quick { &Effort::QUICK } else { &Effort::FULL }, wanted).map(|holds| holds || quick))
}

fn ended(outcome: Outcome<bool>) -> ExitCode {
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs every language that is wanted and installed; whether all bars hold.
fn bench(effort: &Effort, wanted: &str) -> Outcome<bool> {
    let built = tools::Built::new()?;
    let mut languages = Vec::new();
    for language in languages::all().into_iter().filter(|language| language.name.contains(wanted)) {
        match (language.make)(&built)? {
            Ok(program) => languages.push((language, program)),
            Err(missing) => eprintln!("SKIPPED: {}: {missing} is not installed", language.name),
        }
    }
    let (c, rows) = compare::run(&built, &languages, effort)?;
    println!(
        "Medians over {} rounds; a ratio is that of a language to C in the same round, and * has the bar of {FETCH_BAR}.\n\
         The bar of a parse is for a machine where C takes up to {C_PARSE} µs, and grows as C does.\n",
        effort.rounds
    );
    let head = ["warm fetch", "to C's call", "to C's handed over", "parse, copy", "bar"];
    println!("{:13}{:>11}{:>13}{:>20}{:>13}{:>8}", "", head[0], head[1], head[2], head[3], head[4]);
    println!(
        "{:13}{:>8.1} µs{:>13}{:>20.2}{:>10.2} µs",
        "C",
        c.fetch / 1e3,
        "1.00",
        c.ratio(Peer::HandedOver),
        c.parse / 1e3
    );
    let mut above = Vec::new();
    for ((language, _), compared) in languages.iter().zip(&rows) {
        row(language, compared);
        above.extend(above_bars(language, compared));
    }
    let (noise, broken): (Vec<_>, Vec<_>) = above.into_iter().partition(|(_, times)| *times <= NOISE);
    for (what, which) in
        [("Above its bar by no more than is noise", &noise), ("Bars that do not hold", &broken)]
    {
        if !which.is_empty() {
            let named: Vec<String> =
                which.iter().map(|(name, times)| format!("{name} ({times:.2})")).collect();
            println!("\n{what}: {}.", named.join("; "));
        }
    }
    Ok(broken.is_empty())
}

/// The ratio that has the bar is marked.
fn row(language: &Language, compared: &Compared) {
    let ratio =
        |peer| format!("{}{:.2}", if peer == language.peer { "* " } else { "" }, compared.ratio(peer));
    println!(
        "{:13}{:>8.1} µs{:>13}{:>20}{:>10.2} µs{:>5.0} µs",
        language.name,
        compared.fetch / 1e3,
        ratio(Peer::Call),
        ratio(Peer::HandedOver),
        compared.parse / 1e3,
        language.parse_bar,
    );
}

/// What is above its bar, and how many times as high.
fn above_bars(language: &Language, compared: &Compared) -> Vec<(String, f64)> {
    let fetch = compared.ratio(language.peer) / FETCH_BAR;
    let parse = compared.parse_to_bar(language.parse_bar);
    let named = [("fetch", fetch), ("parse", parse)]
        .map(|(what, times)| (format!("{}, {what}", language.name), times));
    named.into_iter().filter(|(_, times)| *times > 1.0).collect()
}
