//! A process that has no descriptor left, or no room for a thread.

// `ulimit` and /dev/null are of Unix; how many descriptors a call needs elsewhere is another matter.
#![cfg(unix)]

use super::call::{READY, authority, fetch, settings, settings_trusting};
use super::child;
use mlab_core::engine::Settings;
use mlab_core::error::Status;
use mlab_core::net::{Names, ProxySetting};
use mlab_core::wire::Endpoint;
use mlab_standin::{BlackHole, RawServer, Step};
use std::env;
use std::fs::File;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::process::Command;

/// How a child knows the servers of its parent; without them it is no child, and does nothing.
const PLAIN: &str = "MLAB_TEST_PLAIN";
const SECURE: &str = "MLAB_TEST_SECURE";
const CA_PEM: &str = "MLAB_TEST_CA_PEM";

/// What a child says in the end.
const ALL_RIGHT: &str = "all right";

/// This binary under a limit of the shell's `ulimit`.
fn limited(ulimit: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit {ulimit}; exec \"$0\" \"$@\"")]);
    command.arg(env::current_exe().expect("this binary"));
    command
}

/// What a name leads to.
type Lookup = fn(&str) -> io::Result<Vec<IpAddr>>;

/// A call that has a name to look up, and no proxy to leave that to.
fn with_a_name(names: Option<Lookup>) -> Settings {
    let mut settings = settings("https://elsewhere.invalid:1/{id}");
    settings.net.proxy = ProxySetting::None;
    if let Some(lookup) = names {
        settings.net.names = Names::with(lookup);
    }
    settings
}

#[test]
fn without_descriptors_a_call_says_so_and_with_one_it_succeeds() {
    let (authority, identity) = authority();
    let answers = vec![Step::ReadRequest, Step::json(200, READY)];
    let plain = RawServer::plain(answers.clone()).expect("a server");
    let secure = RawServer::tls(identity, answers).expect("a server");
    // Some for the child itself, the rest soon used up.
    let mut command = limited("-n 64");
    command.env(CA_PEM, authority.ca_pem()).env(PLAIN, plain.endpoint()).env(SECURE, secure.endpoint());
    assert_eq!(child::said(child::run(&mut command, "scarce::uses_up_its_descriptors")), ALL_RIGHT);
    assert_eq!((plain.counts().requests, secure.counts().requests), (2, 2));
}

/// Opens files until the system gives no more.
fn use_up() -> Vec<File> {
    let mut files = Vec::new();
    loop {
        match File::open("/dev/null") {
            Ok(file) => files.push(file),
            Err(e) if e.raw_os_error() == Some(libc::EMFILE) => return files,
            Err(e) => panic!("{e}"),
        }
    }
}

#[test]
#[ignore = "the child of another test"]
fn uses_up_its_descriptors() {
    let (Ok(plain), Ok(secure), Ok(pem)) = (env::var(PLAIN), env::var(SECURE), env::var(CA_PEM)) else {
        return;
    };
    let servers = [plain, secure].map(|endpoint| settings_trusting(&endpoint, &pem));
    let mut proxied = settings("https://elsewhere.invalid/{id}");
    proxied.net.proxy = ProxySetting::parse("http://127.0.0.1:1").expect("a proxy");

    let mut files = use_up();
    for settings in servers.iter().chain([&proxied]) {
        let report = fetch(settings);
        assert_eq!(report.status, Status::NoResources, "{}", report.message);
        assert!(report.message.contains("no more descriptors"), "{}", report.message);
    }
    // The system's lookup needs descriptors too, but does not say so when it finds none.
    let report = fetch(&with_a_name(None));
    assert_eq!(report.status, Status::NoResources, "{}", report.message);
    for settings in &servers {
        drop(files.pop());
        let report = fetch(settings);
        assert_eq!(report.status, Status::Ok, "with one descriptor: {}", report.message);
        files.extend(use_up());
    }
    // A second address finds no descriptor; the connect to the first one still waits, and is waited for.
    drop(files.split_off(files.len().saturating_sub(8)));
    let hole = BlackHole::open_at(SocketAddr::from(([127, 0, 0, 2], 0))).expect("a free port");
    files.extend(use_up());
    drop(files.pop());
    let mut waiting = with_a_name(Some(|_| Ok(vec![[127, 0, 0, 2].into(), [127, 0, 0, 3].into()])));
    let port = hole.addr().port();
    waiting.endpoint = Endpoint::new(&format!("https://elsewhere.invalid:{port}/{{id}}")).expect("one");
    waiting.set_connect_timeout_ms(600).expect("a valid timeout");
    let report = fetch(&waiting);
    assert_eq!(report.status, Status::Timeout, "{}", report.message);
    drop((hole, files));
    for settings in &servers {
        assert_eq!(fetch(settings).status, Status::Ok);
    }
    child::say(ALL_RIGHT);
}

#[test]
fn a_lookup_that_finds_no_descriptors_or_memory_says_so() {
    let lookups: [(Lookup, &str); 3] = [
        (|_| Err(io::Error::from_raw_os_error(libc::EMFILE)), "descriptors"),
        (|_| Err(io::Error::from_raw_os_error(libc::ENFILE)), "descriptors"),
        (|_| Err(io::Error::from_raw_os_error(libc::ENOMEM)), "memory"),
    ];
    for (lookup, says) in lookups {
        let report = fetch(&with_a_name(Some(lookup)));
        assert_eq!(report.status, Status::NoResources, "{}", report.message);
        assert!(report.message.contains(says), "{}", report.message);
    }
}

/// The limit on threads does not bind root, but a thread needs a stack: without room for one none starts. Only glibc
/// has set aside room for small allocations by then, so that the call itself does not run out first.
#[test]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn without_room_for_a_thread_a_call_says_so() {
    let mut command = limited("-v 1000000");
    command.env(PLAIN, "");
    assert_eq!(child::said(child::run(&mut command, "scarce::uses_up_its_room")), ALL_RIGHT);
}

#[test]
#[ignore = "the child of another test"]
fn uses_up_its_room() {
    if env::var(PLAIN).is_err() {
        return;
    }
    let found = with_a_name(Some(|_| Ok(vec![[127, 0, 0, 1].into()])));
    // No lookup before this one: glibc keeps the stack of a thread that ended for the next.
    let mut room = Vec::new();
    for size in [64 << 20, 1 << 20, 256 << 10] {
        loop {
            let mut block = Vec::<u8>::new();
            if block.try_reserve_exact(size).is_err() {
                break;
            }
            room.push(block);
        }
    }
    let report = fetch(&found);
    drop(room);
    assert_eq!(report.status, Status::NoResources, "{}", report.message);
    assert!(report.message.contains("no more threads"), "{}", report.message);
    assert_eq!(fetch(&found).status, Status::Connect, "with room again");
    child::say(ALL_RIGHT);
}
