//! A setgid copy of this binary: whoever starts it has no say in its proxy and its roots.

#![cfg(target_os = "linux")]

use super::call::{READY, fetch, settings};
use super::child;
use super::tool::skip;
use mlab_core::net::{Names, ProxySetting, RootCertificates};
use mlab_standin::{Authority, Leaf, RawServer, Step};
use std::env;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

const ENDPOINT: &str = "MLAB_TEST_PRIVILEGED";

/// A group that is not ours, `daemon` on every Linux.
const OTHER_GROUP: u32 = 1;

/// This binary again; with rights of its own or without. None where nobody gives it any.
///
/// Written by another process: a child that a test beside this one starts would get a copy that is open here, and what
/// somebody has open for writing cannot be run.
fn copy(setgid: bool) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("privileged-{setgid}"));
    let copied = Command::new("cp").arg(env::current_exe().expect("this binary")).arg(&path).status();
    assert!(copied.expect("cp").success(), "a copy");
    if setgid {
        if chown(&path, None, Some(OTHER_GROUP)).is_err() {
            skip("only root can make a setgid program of another group");
            return None;
        }
        fs::set_permissions(&path, Permissions::from_mode(0o2755)).expect("our own file");
        assert_eq!(fs::metadata(&path).expect("there").mode() & 0o2000, 0o2000, "the bit was taken");
    }
    Some(path)
}

/// The statuses of a call with roots that the environment names, and of one with the environment's proxy.
fn statuses(setgid: bool) -> Option<String> {
    let authority = Authority::new().expect("a root");
    let identity = authority.issue(Leaf::WrongName).expect("a certificate");
    let server = RawServer::tls(identity, vec![Step::ReadRequest, Step::json(200, READY)]).expect("a server");
    let roots = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("privileged-{setgid}.pem"));
    fs::write(&roots, authority.ca_pem()).expect("a file");
    let program = copy(setgid)?;
    let mut command = Command::new(&program);
    command.env(ENDPOINT, server.url("").replace("localhost", "elsewhere.invalid"));
    command.env("SSL_CERT_FILE", &roots).env("https_proxy", "socks5://127.0.0.1:1").env_remove("no_proxy");
    let said = child::said(child::run(&mut command, "privileged::calls_twice"));
    for file in [program, roots] {
        fs::remove_file(file).expect("still there");
    }
    Some(said)
}

#[test]
fn a_setgid_program_believes_the_environment_neither_proxy_nor_roots() {
    // As anybody's program: its roots are taken, its proxy cannot be.
    assert_eq!(statuses(false).as_deref(), Some("Ok Proxy"));
    let Some(said) = statuses(true) else { return };
    assert_eq!(said, "Tls Tls", "its roots are not taken, and there is no proxy");
}

#[test]
#[ignore = "the child of another test"]
fn calls_twice() {
    let Ok(origin) = env::var(ENDPOINT) else { return };
    let mut settings = settings(&format!("{origin}/{{id}}"));
    settings.net.names = Names::with(|_| Ok(vec![[127, 0, 0, 1].into()]));
    settings.net.roots = RootCertificates::System;
    settings.net.proxy = ProxySetting::None;
    let roots = fetch(&settings).status;
    settings.net.proxy = ProxySetting::Environment;
    child::say(format_args!("{roots:?} {:?}", fetch(&settings).status));
}
