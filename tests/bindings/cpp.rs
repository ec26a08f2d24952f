//! include/mlab.hpp as the README shows it. tests/cpp has all else.

use crate::readme::programs;
use crate::server::{KEY, Servers};
use crate::support::{Link, Program, library, tool};
use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn the_program_shown_for_cpp_prints_the_images() {
    let Some(compiler) = tool("c++") else { return };
    let programs = programs("C++");
    let [program] = &programs[..] else { panic!("{} programs", programs.len()) };
    // As it stands, but for where the jobs are.
    let here = program.replacen(
        "mlab::client client;",
        "mlab::config config;\nconfig.set_endpoint(std::getenv(\"MLAB_TEST_HTTP\"));\nmlab::client client(config);",
        1,
    );
    assert_ne!(&here, program);
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("shown.cpp");
    fs::write(&file, here).expect("a file");
    let program = Program {
        name: "shown-cpp",
        compiler: compiler.into(),
        flags: &["-std=c++11"],
        sources: &[file.to_str().expect("UTF-8")],
        link: Link::Shared,
    };
    let servers = Servers::start();
    let mut command = Command::new(library().compile(&program).unwrap_or_else(|why| panic!("{why}")));
    servers.describe(&mut command);
    let done = command.env("API_KEY", KEY).output().expect("it runs");
    let links = String::from_utf8_lossy(&done.stdout);
    assert_eq!((done.status.code(), links.lines().count()), (Some(0), 4), "{done:?}");
}
