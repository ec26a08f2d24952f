//! Clients that download, servers that lie, and folders to look into: what the tests of downloads have in common.
//!
//! Knows no case.

#![allow(dead_code, reason = "each test binary uses its part")]

use mlab_core::download::Destination;
use mlab_core::engine::{Client, ImageRequest, Report, Settings};
use mlab_core::net::{CancelToken, ProxySetting, RootCertificates};
use mlab_core::wire::{Endpoint, Key};
use mlab_standin::{ImageKind, Step};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// An obviously false key.
pub(crate) const KEY: &str = "test-key-not-real";

/// An endpoint on this machine; nothing listens there, and no test of a link asks it.
pub(crate) const LOCAL: &str = "http://127.0.0.1:9/fetch/{id}";

/// How long a call may take that is not about time; a busy machine stays far below it.
const PATIENCE_MS: u32 = 20_000;

/// What a target holds before a download, so that a failed one can be seen to have left it alone.
pub(crate) const OLD: &[u8] = b"the old file";

/// Settings for an endpoint, without retries and without patience for links that do not work yet.
pub(crate) fn settings(endpoint: &str) -> Settings {
    let mut settings = Settings::with_endpoint(Endpoint::new(endpoint).expect(endpoint));
    settings.set_connect_timeout_ms(PATIENCE_MS).expect("a valid timeout");
    settings.set_request_timeout_ms(PATIENCE_MS).expect("a valid timeout");
    settings.net.proxy = ProxySetting::None;
    settings.link_grace = Duration::ZERO;
    trying(settings, 0)
}

/// The same with so many retries.
pub(crate) fn trying(mut settings: Settings, retries: u32) -> Settings {
    settings.set_retries(retries).expect("in range");
    settings
}

/// The same with so much patience for links that do not work yet.
pub(crate) fn patient(mut settings: Settings, link_grace: Duration) -> Settings {
    settings.link_grace = link_grace;
    settings
}

/// The same for an endpoint on this machine.
pub(crate) fn local() -> Settings {
    settings(LOCAL)
}

/// The same, with a root of one's own.
pub(crate) fn trusting(mut settings: Settings, ca_pem: &str) -> Settings {
    settings.net.roots = RootCertificates::from_pem("pem", ca_pem.as_bytes()).expect("a root");
    settings
}

pub(crate) fn client(settings: Settings) -> Client {
    Client::new(Key::new(KEY).expect("a valid key"), settings)
}

/// A download that may take a minute.
pub(crate) fn link(url: &str, destination: Destination) -> ImageRequest {
    ImageRequest { url: url.to_owned(), destination, deadline: Duration::from_secs(60) }
}

/// One download that nobody cancels.
pub(crate) fn download(settings: Settings, url: &str, destination: Destination) -> Report {
    client(settings).download(&link(url, destination), &CancelToken::new())
}

/// A download into memory, at most a MiB.
pub(crate) fn into_memory(settings: Settings, url: &str) -> Report {
    download(settings, url, Destination::Memory { most: 1024 * 1024 })
}

/// The bytes of a report's only image.
pub(crate) fn bytes(report: &Report) -> Option<&[u8]> {
    report.images.first()?.as_ref()?.bytes.as_deref()
}

/// A small real image, another one for each name.
pub(crate) fn test_image(name: &str) -> Vec<u8> {
    ImageKind::Png.encode(name, (64, 48)).expect("an image")
}

/// A reply of this head, without the empty line, and body.
pub(crate) fn reply(head: &str, body: &[u8]) -> Step {
    Step::Send([format!("HTTP/1.1 {head}\r\n\r\n").as_bytes(), body].concat())
}

/// A whole image with its length.
pub(crate) fn whole(body: &[u8]) -> Step {
    reply(&format!("200 OK\r\nContent-Length: {}", body.len()), body)
}

/// In chunks of a few hundred bytes, with the last one or without.
pub(crate) fn chunks(body: &[u8], ended: bool) -> Vec<u8> {
    let mut out: Vec<u8> = body
        .chunks(300)
        .flat_map(|part| [format!("{:x}\r\n", part.len()).as_bytes(), part, b"\r\n"].concat())
        .collect();
    if ended {
        out.extend_from_slice(b"0\r\n\r\n");
    }
    out
}

/// A folder of a test's own, gone with it.
#[derive(Debug)]
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Folder {
        static LAST: AtomicU32 = AtomicU32::new(0);
        let number = LAST.fetch_add(1, Ordering::Relaxed);
        let name = format!("download-{}-{number}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).expect("a folder in the target folder");
        Folder(path)
    }

    /// The path of a file in it.
    pub(crate) fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("a UTF-8 path").to_owned()
    }

    /// The same, with the old file there.
    pub(crate) fn old(&self, name: &str) -> String {
        let path = self.path(name);
        fs::write(&path, OLD).expect("a file");
        path
    }

    /// The names in it, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).expect("a folder");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
