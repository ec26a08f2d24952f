//! One poll a server of the test's own, over real sockets: what the tests of the net have in common.
//!
//! Knows no case and no status.

#![allow(dead_code, reason = "each test binary uses its part")]

use mlab_core::engine::{Report, Settings, fetch_once};
use mlab_core::net::{CancelToken, RootCertificates};
use mlab_core::wire::{Endpoint, JobId, Key};
use mlab_standin::{Authority, Identity, Leaf};

/// An obviously false key. Slash, quote and `é` make its JSON-escaped, PHP-escaped and raw forms differ.
pub(crate) const KEY: &str = "test-key-not-real/\"é";

/// The id that is asked for.
pub(crate) const ID: &str = "12202888";

/// The body of a job that is ready.
pub(crate) const READY: &str =
    r#"{"status":"success","id":12202888,"output":["https://images.example/0.png"]}"#;

/// How long a call may take that is not about time; a busy machine stays far below it.
pub(crate) const PATIENCE_MS: u32 = 20_000;

/// Settings for this endpoint, with patience and no proxy but what the environment says (never, for this machine).
pub(crate) fn settings(endpoint: &str) -> Settings {
    let mut settings = Settings::with_endpoint(Endpoint::new(endpoint).expect(endpoint));
    settings.set_connect_timeout_ms(PATIENCE_MS).expect("a valid timeout");
    settings.set_request_timeout_ms(PATIENCE_MS).expect("a valid timeout");
    settings
}

/// The same, with a root of one's own.
pub(crate) fn settings_trusting(endpoint: &str, ca_pem: &str) -> Settings {
    let mut settings = settings(endpoint);
    settings.net.roots = RootCertificates::from_pem("pem", ca_pem.as_bytes()).expect("a root");
    settings
}

/// One poll with a token that nobody triggers.
pub(crate) fn fetch(settings: &Settings) -> Report {
    fetch_until(settings, &CancelToken::new())
}

/// One poll.
pub(crate) fn fetch_until(settings: &Settings, token: &CancelToken) -> Report {
    fetch_once(&Key::new(KEY).expect("a valid key"), &JobId::new(ID).expect("a valid id"), settings, token)
}

/// The links of a report as text.
pub(crate) fn links(report: &Report) -> Vec<String> {
    report.urls.iter().map(|url| String::from_utf8_lossy(url).into()).collect()
}

/// A root, and a certificate of it that is right in everything.
pub(crate) fn authority() -> (Authority, Identity) {
    let authority = Authority::new().expect("a root");
    let identity = authority.issue(Leaf::Valid).expect("a certificate");
    (authority, identity)
}
