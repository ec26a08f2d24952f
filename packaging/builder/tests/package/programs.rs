//! The programs that every way of building must bring to run.

use crate::fixture::{outcome, package, run};
use crate::machine::{machine, runnable};
use crate::server;
use mlab_standin::{Job, Options, Standin};
use std::fs;
use std::path::{Path, PathBuf};

/// Puts the sources into a folder: README's complete program, the same as C++, and the example that fetches.
pub(crate) fn put_sources(folder: &Path) {
    let readme = fs::read_to_string(package().prefix.join("share/doc/mlab/README.md")).expect("README.md");
    let program = readme.split("```c\n").nth(1).and_then(|rest| rest.split("```").next());
    let program = program.expect("README.md has a program in C");
    assert!(program.contains("int main("), "README's first program in C is complete");
    fs::write(folder.join("readme.c"), program).expect("written");
    fs::write(folder.join("readme.cpp"), program).expect("written");
    let fetch = package().project.root().join("examples/c/fetch.c");
    fs::copy(fetch, folder.join("fetch.c")).expect("copied");
}

/// README's program has no key here, and must say so: the library was found, loaded and called. Where nothing runs it, it was
/// built, as those below.
pub(crate) fn check_readme(program: &Path) {
    if !machine().runs {
        return assert!(program.is_file());
    }
    let (done, said) = outcome(runnable(program).arg("12202888"));
    assert_eq!(done.status.code(), Some(1), "{}: {said}", program.display());
    assert!(said.contains("MLAB_E_INVALID_ARGUMENT: "), "{}: {said}", program.display());
}

/// The example fetches from the stand-in, over TLS.
pub(crate) fn check_fetch(program: &Path) {
    if !machine().runs {
        return assert!(program.is_file());
    }
    let server = Standin::start(Options::default()).expect("free ports");
    server.add_job(Job::new("1"));
    let mut fetch = runnable(program);
    fetch.env("MODELSLAB_API_KEY", "test-key-not-real").env("MLAB_ENDPOINT", server.https_endpoint());
    let links = run(fetch.env("MLAB_CA_FILE", server.ca_file()).arg("1"));
    assert_eq!(links.trim_end(), server.https_url("/generations/1-0.png"));
}

/// The whole suite of the C ABI.
pub(crate) fn check_suite(program: &Path) {
    if !machine().runs {
        return assert!(program.is_file());
    }
    let server = server::start();
    let mut suite = runnable(program);
    server::describe(&mut suite, &server);
    run(&mut suite);
}

/// Puts the header of all functions that the suite includes into a folder, as tests/support/library.rs does.
pub(crate) fn put_list_of_functions(folder: &Path) {
    let symbols = package().project.symbols().expect("the list");
    let rows: String = symbols.iter().map(|name| format!(" \\\n    X({name})")).collect();
    let header = format!("#define EXPORTED_FUNCTIONS(X){rows}\n");
    fs::write(folder.join("exported_functions.h"), header).expect("written");
}

/// The sources of the suite.
pub(crate) fn suite_sources() -> Vec<PathBuf> {
    crate::suite_sources::SOURCES.iter().map(|source| package().project.root().join(source)).collect()
}
