//! The library without the feature `http`: what is left out, and that a host's own transport does all that the other can.
#![cfg(target_os = "linux")] // As tests/c_abi.rs, whose suite this runs.

#[path = "c_abi/suite_sources.rs"]
mod suite_sources;
mod support;

use std::process::Command;
use suite_sources::SOURCES;
use support::{Library, Program, run};

/// Those that the host's transport, or none, is enough for.
const TOPICS: [&str; 7] = ["identity", "bad_hosts", "parse", "request", "result", "transport", "replies"];

fn library() -> Library {
    Library::build_without_http().unwrap_or_else(|why| panic!("{why}"))
}

#[test]
fn the_suite_of_host_transports_holds() {
    let program = library().compile(&Program::c99("suite", &SOURCES)).unwrap_or_else(|why| panic!("{why}"));
    run(Command::new(program).args(TOPICS)).unwrap_or_else(|why| panic!("{why}"));
}

#[test]
fn what_needs_http_is_refused_with_the_argument_that_lacks_it() {
    let sources = ["tests/c/without_http.c", "tests/c/harness.c"];
    let program = library().compile_c("without-http", &sources).unwrap_or_else(|why| panic!("{why}"));
    run(&mut Command::new(program)).unwrap_or_else(|why| panic!("{why}"));
}

#[test]
fn sockets_tls_and_http_are_left_out() {
    let tree = [
        "tree",
        "--package=mlab",
        "--edges=normal",
        "--prefix=none",
        "--format={p}",
        "--no-default-features",
    ];
    let said = Command::new(env!("CARGO"))
        .args(tree)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo");
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let names: Vec<&str> = said.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.contains(&"mlab-core") && names.contains(&"serde_json"), "{said}");
    for name in ["ring", "rustls", "rustls-webpki", "socket2", "ureq", "ureq-proto", "webpki-roots"] {
        assert!(!names.contains(&name), "{name} is not left out:\n{said}");
    }
}
