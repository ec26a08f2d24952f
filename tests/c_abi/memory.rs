//! Replies read where memory is short (tests/c/memory.c).

use crate::support::{Program, library, run};
use std::process::Command;

#[test]
fn a_large_reply_without_the_memory_for_it_is_no_resources() {
    let flags = ["-std=c99", "-D_XOPEN_SOURCE=700", "-O1"];
    let program = Program { flags: &flags, ..Program::c99("memory", &["tests/c/memory.c"]) };
    let program = library().compile(&program).unwrap_or_else(|why| panic!("{why}"));
    run(&mut Command::new(program)).unwrap_or_else(|why| panic!("{why}"));
}
