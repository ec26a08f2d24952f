//! The stack that calls need (tests/c/stack.c), against what the header says.

use crate::server;
use crate::support::{Program, library, run};
use mlab_bindings::declarations as header;
use std::process::Command;

const SOURCES: [&str; 3] = ["tests/c/stack.c", "tests/c/settings.c", "tests/c/harness.c"];

/// The header's numbers: for a call that blocks, for any other, and how many times as much a debug build needs.
fn stated() -> [u32; 3] {
    let introduction = header::introduction();
    let paragraph = introduction.split_once("STACK. ").and_then(|(_, rest)| rest.split("\n\n").next());
    let words: Vec<&str> = paragraph.expect("a paragraph about the stack").split([' ', '\n', ',']).collect();
    let before = |word: &str| -> Vec<&str> {
        words.windows(2).filter(|pair| pair[1] == word).map(|pair| pair[0]).collect()
    };
    let kib: Vec<u32> = before("KiB").iter().map(|number| number.parse().expect("a number")).collect();
    assert_eq!((kib.len(), &before("times")[..]), (2, &["three"][..]), "{words:?}");
    [kib[0], kib[1], 3]
}

#[test]
fn no_call_needs_more_stack_than_the_header_says() {
    let program = library().compile(&Program::c99("stack", &SOURCES)).unwrap_or_else(|why| panic!("{why}"));
    let [blocking, other, debug] = stated();
    let times = if cfg!(debug_assertions) { debug } else { 1 };
    let server = server::start();
    let mut command = Command::new(program);
    server::describe(&mut command, &server);
    command.env("MLAB_TEST_STACK_BLOCKING", (blocking * times).to_string());
    command.env("MLAB_TEST_STACK_OTHER", (other * times).to_string());
    run(&mut command).unwrap_or_else(|why| panic!("{why}"));
}
