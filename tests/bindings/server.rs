//! The servers that the other languages' tests call, and the environment that tells them where these are.
//!
//! Every language has the same jobs: `12202888` is ready with four images, `18446744073709551615` with one; `fail-…`,
//! `auth-…`, `never-…`, `slow-30-…` and their like are the stand-in's; any other id is ready half a second after its first
//! poll.

use mlab_standin::{Clock, ClosedPort, ImageKind, Job, Options, RawServer, Reply, Standin, Step};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// The only key that the stand-in takes.
pub(crate) const KEY: &str = "test-key-not-real";

/// One link and a message beyond ASCII.
const UTF8: &str =
    r#"{"status":"success","id":1,"message":"fertig: 日本","output":["https://images.example/é/😀"]}"#;

/// A refusal whose body no string holds whole: NULs at its ends and within, and a byte that is not UTF-8.
const BINARY: &[u8] = b"\0a\0\xffb\0";

/// An image that begins to come, and does not go on.
const BEGINNING: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 4096\r\n\r\n\x89PNG\r\n\x1a\n";

/// All of them; they end with it.
pub(crate) struct Servers {
    standin: Standin,
    utf8: RawServer,
    binary: RawServer,
    stalled: RawServer,
    closed: ClosedPort,
}

impl Servers {
    pub(crate) fn start() -> Servers {
        let template = Job {
            ready_after: Duration::from_millis(500),
            clock: Clock::AtFirstLook,
            images: vec![ImageKind::Png],
            ..Job::new("")
        };
        let options = Options { keys: vec![KEY.into()], auto: true, template, ..Options::default() };
        let standin = Standin::start(options).expect("free ports");
        standin.add_job(Job { images: ImageKind::ALL.to_vec(), ..Job::new("12202888") });
        standin.add_job(Job::new(u64::MAX.to_string()));
        let always = |reply| RawServer::plain(vec![Step::Repeat(vec![Step::ReadRequest, reply])]);
        let utf8 = always(Step::json(200, UTF8)).expect("a free port");
        let refusal = Reply::new(401, "application/octet-stream", BINARY.to_vec());
        let binary = always(Step::reply(&refusal)).expect("a free port");
        let stalled = vec![Step::ReadRequest, Step::Send(BEGINNING.to_vec()), Step::Stall];
        let stalled = RawServer::plain(stalled).expect("a free port");
        let closed = ClosedPort::open().expect("a free port");
        Servers { standin, utf8, binary, stalled, closed }
    }

    /// Where jobs are asked for.
    pub(crate) fn endpoint(&self) -> String {
        self.standin.http_endpoint()
    }

    /// The same by https, for whoever trusts [`Servers::ca_file`].
    pub(crate) fn https_endpoint(&self) -> String {
        self.standin.https_endpoint()
    }

    /// The certificate of the server's authority.
    pub(crate) fn ca_file(&self) -> &Path {
        self.standin.ca_file()
    }

    /// Tells a program where the servers are. A proxy or a key of the machine at hand has no part in a test.
    pub(crate) fn describe(&self, command: &mut Command) {
        for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
            command.env_remove(name).env_remove(name.to_uppercase());
        }
        command.env_remove("MODELSLAB_API_KEY").env_remove("API_KEY").env_remove("LD_LIBRARY_PATH");
        command
            .env("MLAB_TEST_HTTP", self.standin.http_endpoint())
            .env("MLAB_TEST_HTTPS", self.standin.https_endpoint())
            .env("MLAB_TEST_CA_FILE", self.standin.ca_file())
            .env("MLAB_TEST_UTF8", self.utf8.endpoint())
            .env("MLAB_TEST_BINARY", self.binary.endpoint())
            .env("MLAB_TEST_STALLED", self.stalled.url("/1.png"))
            .env("MLAB_TEST_UNREACHABLE", format!("http://{}/fetch/{{id}}", self.closed.addr()));
    }
}
