//! This test binary once more, as a child process: for what belongs to a whole process, as variables and limits do.

use super::call;
use std::env;
use std::process::{Command, Output};

/// How the child is told what to do.
const ENDPOINT: &str = "MLAB_TEST_ENDPOINT";
const CA_PEM: &str = "MLAB_TEST_CA_PEM";

/// What the child's own words begin with; the test harness writes to the same stream.
const SAYS: &str = "child says: ";

/// All that could make a call of the child take a proxy.
const PROXY_VARIABLES: &[&str] = &[
    "http_proxy",
    "HTTP_PROXY",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "no_proxy",
    "NO_PROXY",
];

/// One call in a child with these variables; the name of the status it got.
pub(crate) fn fetch(endpoint: &str, ca_pem: &str, variables: &[(String, String)]) -> String {
    let mut command = Command::new(env::current_exe().expect("this binary"));
    for name in PROXY_VARIABLES {
        command.env_remove(name);
    }
    command.envs(variables.iter().cloned()).env(ENDPOINT, endpoint).env(CA_PEM, ca_pem);
    said(run(&mut command, "child::fetches_once"))
}

/// Runs one ignored test of this binary.
pub(crate) fn run(command: &mut Command, test: &str) -> Output {
    command.args(["--ignored", "--exact", "--nocapture", "--test-threads=1", test]);
    command.output().expect("a child process")
}

/// What the child said; its whole output if it said nothing, or failed.
pub(crate) fn said(output: Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    // The harness may have begun the line.
    let says = text.lines().find_map(|line| line.split_once(SAYS)).map(|(_, says)| says.to_owned());
    says.filter(|_| output.status.success()).unwrap_or_else(|| format!("{output:?}"))
}

/// Says something to the parent.
pub(crate) fn say(what: impl std::fmt::Display) {
    println!("{SAYS}{what}");
}

#[test]
#[ignore = "the child of another test"]
fn fetches_once() {
    let (Ok(endpoint), Ok(ca_pem)) = (env::var(ENDPOINT), env::var(CA_PEM)) else { return };
    let report = call::fetch(&call::settings_trusting(&endpoint, &ca_pem));
    say(format_args!("{:?}", report.status));
}
