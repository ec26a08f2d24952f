//! The fuzz targets without libFuzzer: their corpora replayed, then mutated for some seconds.
//!
//! `MLAB_FUZZ_SECONDS` sets for how long each target runs (2 unless set), `MLAB_FUZZ_SEED` where the mutations begin (1
//! unless set; a run of the same length need not reach the same place, so that a failure prints its input).
//! `tests/long.sh` runs the same targets under libFuzzer, which sees what its inputs reach.

#[path = "fuzz/mutator.rs"]
mod mutator;
#[path = "../fuzz/src/lib.rs"]
#[allow(dead_code, unreachable_pub, reason = "a library of its own, for cargo-fuzz")]
mod targets;

use mlab_bindings::declarations::{Function, constants, functions};
use mlab_bindings::statuses::listed;
use mutator::Mutator;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};
use targets::{TARGETS, Target};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

fn number(variable: &str, otherwise: u64) -> u64 {
    env::var(variable)
        .map_or(otherwise, |value| value.parse().unwrap_or_else(|_| panic!("{variable}={value}")))
}

fn target(name: &str) -> Target {
    TARGETS.iter().find(|target| target.0 == name).unwrap_or_else(|| panic!("no target {name}")).1
}

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = folder().join("corpus").join(name);
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap_or_else(|why| panic!("{}: {why}", folder.display()))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("a file of the corpus")).collect()
}

/// Targets that look at their process from outside, which they then must have for themselves.
const ALONE: &[&str] = &["calls"];

/// Set where such a target runs in its process.
const IS_ALONE: &str = "MLAB_FUZZ_ALONE";

/// Where an input is kept that a target failed on.
fn failed(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-failed-{name}"))
}

/// Runs one input; a failure says which.
fn run(name: &str, target: Target, input: &[u8]) {
    if ALONE.contains(&name) {
        // It may end the process.
        fs::write(failed(name), input).expect("a file for the input");
    }
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| target(input))) {
        let failed = failed(name);
        let kept =
            fs::write(&failed, input).map_or_else(|why| why.to_string(), |()| failed.display().to_string());
        eprintln!("the input, which belongs into fuzz/corpus/{name}, is in {kept}: {}", input.escape_ascii());
        std::panic::resume_unwind(panic);
    }
}

/// Runs a test of this file in a process of its own.
fn run_alone(test: &str, name: &str) {
    let mut tests = Command::new(env::current_exe().expect("this program"));
    tests.args(["--exact", test, "--nocapture"]).env(IS_ALONE, "1");
    let done = tests.output().expect("this program starts");
    let said = [done.stdout, done.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(
        done.status.success(),
        "{}; the input may be in {}:\n{said}",
        done.status,
        failed(name).display()
    );
}

fn replay_and_mutate(test: &str, name: &str) {
    if ALONE.contains(&name) && env::var_os(IS_ALONE).is_none() {
        return run_alone(test, name);
    }
    let (target, corpus) = (target(name), corpus(name));
    corpus.iter().for_each(|input| run(name, target, input));
    let words =
        fs::read_to_string(folder().join("dictionaries").join(format!("{name}.dict"))).expect("a dictionary");
    let mut mutator = Mutator::new(number("MLAB_FUZZ_SEED", 1), &corpus, &words);
    let end = Instant::now() + Duration::from_secs(number("MLAB_FUZZ_SECONDS", 2));
    while Instant::now() < end {
        run(name, target, &mutator.input());
    }
    if ALONE.contains(&name) {
        let _ = fs::remove_file(failed(name));
    }
}

/// One test a target, so that they run beside each other and a failure has its name.
macro_rules! replayed_and_mutated {
    ($($test:ident: $name:literal),* $(,)?) => {
        const NAMES: &[&str] = &[$($name),*];
        $(#[test]
        fn $test() {
            replay_and_mutate(stringify!($test), $name);
        })*
    };
}

replayed_and_mutated! {
    any_reply_is_ruled_on_as_a_simple_reader_would: "reply",
    an_image_is_the_same_however_it_is_cut_into_pieces: "image",
    an_image_as_text_is_decoded_as_a_whole_one_would_be: "inline",
    a_url_leads_where_it_was_judged_to_lead: "url",
    a_time_is_bounded_and_read_as_others_read_it: "seconds",
    a_proxy_that_is_taken_can_be_dialled: "proxy",
    a_reply_is_the_same_in_one_piece_and_byte_by_byte: "http",
    any_sequence_of_calls_ends_as_the_header_says: "calls",
}

#[test]
fn every_target_has_a_test_a_binary_a_dictionary_and_a_small_corpus() {
    let names: BTreeSet<&str> = TARGETS.iter().map(|target| target.0).collect();
    assert_eq!(NAMES.iter().copied().collect::<BTreeSet<_>>(), names);
    let inside = |part: &str| -> BTreeSet<String> {
        let entries = fs::read_dir(folder().join(part)).unwrap_or_else(|why| panic!("fuzz/{part}: {why}"));
        let stem = |path: PathBuf| path.file_stem().expect("a name").to_string_lossy().into_owned();
        entries.map(|entry| stem(entry.expect("an entry").path())).collect()
    };
    for part in ["fuzz_targets", "dictionaries", "corpus"] {
        assert!(
            inside(part).iter().map(String::as_str).eq(names.iter().copied()),
            "{part}: {:?}",
            inside(part)
        );
    }
    let manifest = fs::read_to_string(folder().join("Cargo.toml")).expect("fuzz/Cargo.toml");
    for name in names {
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name} has no [[bin]]");
        let files = corpus(name);
        let bytes: usize = files.iter().map(Vec::len).sum();
        assert!(
            (5..=100).contains(&files.len()) && bytes <= 64 * 1024,
            "{name}: {} files of {bytes} bytes",
            files.len()
        );
    }
}

#[test]
fn the_target_of_calls_calls_every_function() {
    let folder = folder().join("src/calls");
    let files = fs::read_dir(&folder).expect("the target").map(|entry| entry.expect("an entry").path());
    let files = files.chain([folder.with_extension("rs")]);
    let text: String = files.map(|file| fs::read_to_string(file).expect("a source file")).collect();
    let words: BTreeSet<&str> = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
    let names = include_str!("abi/symbols.txt").lines().filter_map(|row| row.split(' ').next());
    let missing: Vec<&str> = names.filter(|name| !words.contains(name)).collect();
    assert!(missing.is_empty(), "never called: {missing:?}");
}

#[test]
fn what_the_calls_may_answer_is_what_the_header_lists() {
    let (functions, constants) = (functions(), constants());
    for (name, allowed) in targets::calls::ALLOWED {
        let (start, is_one) = name.strip_suffix('*').map_or((*name, true), |start| (start, false));
        let is_named =
            |function: &&Function| function.name == start || !is_one && function.name.starts_with(start);
        let named: Vec<&Function> = functions.iter().filter(is_named).collect();
        assert!(!named.is_empty(), "{name} is not in the header");
        for function in named {
            let listed = listed(&functions, &constants, &function.name);
            let strange: Vec<_> =
                allowed.iter().copied().flatten().filter(|status| !listed.contains(&status.code())).collect();
            assert!(strange.is_empty(), "{}: {strange:?}", function.name);
        }
    }
}
