//! The programs of tests/c_jobs, and the servers that they call.

use crate::support::{Program, library, run};
use mlab_standin::{Options, RawServer, Standin, Step};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Compiles a program of tests/c_jobs.
pub(crate) fn program(name: &str, flags: &[&str], suffix: &str) -> PathBuf {
    let source = format!("tests/c_jobs/{name}.c");
    let sources = [source.as_str(), "tests/c_jobs/jobs.c"];
    let (name, flags) = (format!("jobs-{name}{suffix}"), [&["-std=c99", "-O1"], flags].concat());
    let program = Program { flags: &flags, ..Program::c99(&name, &sources) };
    library().compile(&program).unwrap_or_else(|why| panic!("{why}"))
}

/// The servers of these programs; they end when this is dropped.
pub(crate) struct Servers {
    pub(crate) service: Standin,
    pub(crate) silent: RawServer,
}

impl Servers {
    pub(crate) fn start() -> Servers {
        Servers {
            service: Standin::start(Options { auto: true, ..Options::default() }).expect("free ports"),
            silent: RawServer::plain(vec![Step::ReadRequest, Step::Stall]).expect("a free port"),
        }
    }

    /// Tells a program where the servers are, and keeps what the machine at hand has set away from it.
    pub(crate) fn describe(&self, command: &mut Command) {
        for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
            command.env_remove(name).env_remove(name.to_uppercase());
        }
        command
            .env("MLAB_TEST_ENDPOINT", self.service.http_endpoint())
            .env("MLAB_TEST_SECURE", self.service.https_endpoint())
            .env("MLAB_TEST_CA_FILE", self.service.ca_file())
            .env("MLAB_TEST_SILENT", self.silent.endpoint())
            .env("MLAB_TEST_FOLDER", env!("CARGO_TARGET_TMPDIR"))
            .env("MLAB_TEST_LIBRARY", &library().shared);
    }

    pub(crate) fn run(&self, command: &mut Command) {
        self.describe(command);
        run(command).unwrap_or_else(|why| panic!("{why}"));
    }
}

pub(crate) fn suppressions() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/c/valgrind.supp");
    format!("--suppressions={}", file.display())
}
