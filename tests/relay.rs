//! The relay of `examples/relay`, between C programs and the stand-in server.
#![cfg(unix)] // The search for node.

mod support;

use mlab_standin::{Job, Options, RawServer, Standin, Step};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use support::{library, tool};

/// What the service wants, and players never see.
const KEY: &str = "test-key-not-real";
/// What players send in its place.
const ANN: &str = "test-token-of-ann";
const BOB: &str = "test-token-of-bob";

/// A running relay; dropped, it is ended.
struct Relay {
    process: Child,
    said: BufReader<ChildStdout>,
    endpoint: String,
}

impl Relay {
    /// Starts one in front of this endpoint; `None` after saying aloud that node is missing.
    fn start(upstream: &str, settings: &[(&str, &str)]) -> Option<Relay> {
        let mut process = command(upstream)?
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("node runs");
        let said = BufReader::new(process.stdout.take().expect("piped"));
        // It is ended also where its first line is not the one that is meant.
        let mut relay = Relay { process, said, endpoint: String::new() };
        let mut line = String::new();
        relay.said.read_line(&mut line).expect("a line");
        let endpoint = line.trim().strip_prefix("endpoint: ");
        endpoint.unwrap_or_else(|| panic!("{line:?}")).clone_into(&mut relay.endpoint);
        Some(relay)
    }

    /// Runs a C program as a player would.
    fn play(&self, program: &Path, token: &str, arguments: &[&str]) -> Output {
        let mut player = Command::new(program);
        player.env_clear().env("MODELSLAB_API_KEY", token).env("MLAB_ENDPOINT", &self.endpoint);
        player.args(arguments).output().expect("it runs")
    }

    /// Ends it; gives all that it said.
    fn end(mut self) -> String {
        let mut said = self.endpoint.clone();
        self.process.kill().expect("it runs still");
        self.said.read_to_string(&mut said).expect("text");
        let complaints = self.process.stderr.as_mut().expect("piped");
        complaints.read_to_string(&mut said).expect("text");
        said
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn command(upstream: &str) -> Option<Command> {
    let mut command = Command::new(tool("node")?);
    command.env_clear().arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/relay/relay.mjs"));
    command.env("MODELSLAB_API_KEY", KEY).env("RELAY_UPSTREAM", upstream).env("RELAY_PORT", "0");
    command.env("RELAY_TOKENS", format!("ann={ANN},bob={BOB}"));
    Some(command)
}

/// A server that takes the real key alone, with a job that is ready, one that takes a second, and one that never ends.
fn service() -> Standin {
    let server =
        Standin::start(Options { keys: vec![KEY.into()], ..Options::default() }).expect("free ports");
    server.add_job(Job::new("1"));
    server.add_job(Job { ready_after: Duration::from_secs(1), ..Job::new("2") });
    server.add_job(Job { ready_after: Duration::MAX, ..Job::new("3") });
    server
}

fn fetch() -> &'static Path {
    static COMPILED: OnceLock<PathBuf> = OnceLock::new();
    COMPILED.get_or_init(|| {
        library().compile_c("relay-fetch", &["examples/c/fetch.c"]).unwrap_or_else(|why| panic!("{why}"))
    })
}

/// The exit code, and all that was printed.
fn outcome(done: &Output) -> (Option<i32>, String) {
    (done.status.code(), String::from_utf8_lossy(&[&*done.stdout, &done.stderr].concat()).into_owned())
}

#[test]
fn a_player_with_a_token_gets_links_and_another_is_refused() {
    let server = service();
    let Some(relay) = Relay::start(&server.http_endpoint(), &[]) else { return };
    let (code, said) = outcome(&relay.play(fetch(), ANN, &["1"]));
    assert_eq!((code, said.trim()), (Some(0), &*server.http_url("/generations/1-0.png")));
    // The real key is no token either.
    for token in ["test-token-of-nobody", KEY] {
        let (code, said) = outcome(&relay.play(fetch(), token, &["1"]));
        assert_eq!((code, said.contains("MLAB_E_AUTH")), (Some(1), true), "{said}");
    }
    let (code, said) = outcome(&relay.play(fetch(), ANN, &["unknown"]));
    assert_eq!((code, said.contains("MLAB_E_NOT_FOUND")), (Some(1), true), "{said}");
}

#[test]
fn a_wait_through_the_relay_ends_with_the_job() {
    let server = service();
    let Some(relay) = Relay::start(&server.http_endpoint(), &[]) else { return };
    let sources = ["examples/c/mlab.c", "examples/c/show.c"];
    let mlab = library().compile_c("relay-mlab", &sources).unwrap_or_else(|why| panic!("{why}"));
    let (code, said) = outcome(&relay.play(&mlab, BOB, &["wait", "2", "--eta", "1.0"]));
    assert_eq!((code, said.contains("/generations/2-0.png")), (Some(0), true), "{said}");
}

#[test]
fn an_id_is_polled_once_a_second_however_often_players_ask() {
    let server = service();
    let Some(relay) = Relay::start(&server.http_endpoint(), &[]) else { return };
    let started = Instant::now();
    for token in [ANN, BOB] {
        let (code, said) = outcome(&relay.play(fetch(), token, &["3"; 20]));
        assert_eq!((code, said.matches("3: not ready: ").count()), (Some(3), 20), "{said}");
    }
    let allowed = started.elapsed().as_secs() + 1;
    assert!((1..=allowed).contains(&server.polls("3")), "{} polls, {allowed} allowed", server.polls("3"));
}

#[test]
fn a_token_that_asks_too_often_is_told_how_long_to_wait_and_others_are_not_held_up() {
    let server = service();
    let Some(relay) = Relay::start(&server.http_endpoint(), &[("RELAY_PER_MINUTE", "2")]) else { return };
    let (code, said) = outcome(&relay.play(fetch(), ANN, &["1", "1", "1"]));
    assert_eq!((code, said.matches("MLAB_E_RATE_LIMITED").count()), (Some(1), 1), "{said}");
    // A turn comes back every 30 s. The program prints what the library made of Retry-After.
    let pause =
        said.split("trying again in ").nth(1).and_then(|rest| rest.split('.').next()).expect("a time");
    assert!((20..=30).contains(&pause.parse::<u32>().expect("seconds")), "{said}");
    assert_eq!(outcome(&relay.play(fetch(), BOB, &["1"])).0, Some(0));
}

#[test]
fn a_service_that_limits_the_relay_is_left_alone_for_all_ids() {
    let body = r#"{"status":"error","message":"Rate limit exceeded.","retry_after":30}"#;
    let server = RawServer::plain(vec![Step::Repeat(vec![Step::ReadRequest, Step::json(429, body)])])
        .expect("a server");
    let Some(relay) = Relay::start(&server.endpoint(), &[]) else { return };
    let (code, said) = outcome(&relay.play(fetch(), ANN, &["1", "2", "3"]));
    assert_eq!((code, said.matches("MLAB_E_RATE_LIMITED").count()), (Some(1), 3), "{said}");
    assert_eq!(server.counts().requests, 1);
}

#[test]
fn neither_key_nor_token_is_in_the_log_or_in_what_players_get() {
    let quoting = format!(r#"{{"status":"error","message":"Invalid API key {KEY}"}}"#);
    let server = RawServer::plain(vec![Step::ReadRequest, Step::json(200, &quoting)]).expect("a server");
    let Some(relay) = Relay::start(&server.endpoint(), &[]) else { return };
    let (_, seen) = outcome(&relay.play(fetch(), ANN, &["1", "../2"]));
    assert!(seen.contains("***") && !seen.contains(KEY), "{seen}");
    outcome(&relay.play(fetch(), "test-token-of-nobody", &["1"]));
    let said = relay.end();
    assert!(said.contains(" ann 1 200") && said.contains(" - - 401"), "{said}");
    assert!(!said.contains("test-"), "{said}");
}

#[test]
fn a_redirect_of_the_service_is_not_followed() {
    let head = "HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n";
    let server = RawServer::plain(vec![Step::ReadRequest, Step::Send(head.into()), Step::ReadRequest])
        .expect("a server");
    let Some(relay) = Relay::start(&server.endpoint(), &[]) else { return };
    let (code, said) = outcome(&relay.play(fetch(), ANN, &["1"]));
    assert_eq!((code, said.contains("correct RELAY_UPSTREAM")), (Some(1), true), "{said}");
    assert_eq!(server.counts().requests, 1);
}

#[test]
fn a_relay_without_a_way_to_keep_the_key_secret_does_not_start() {
    let rows = [
        ("RELAY_UPSTREAM", "http://relay.invalid/fetch/{id}", "RELAY_UPSTREAM must be an https URL"),
        ("RELAY_UPSTREAM", "https://relay.invalid/fetch", "RELAY_UPSTREAM must be an https URL with {id}"),
        ("MODELSLAB_API_KEY", "", "set MODELSLAB_API_KEY"),
        ("RELAY_TOKENS", "", "set RELAY_TOKENS"),
        ("RELAY_TOKENS", "ann", "RELAY_TOKENS must be name=token"),
        ("RELAY_PER_MINUTE", "0", "RELAY_PER_MINUTE must be a number from 1"),
    ];
    for (name, value, wanted) in rows {
        let Some(mut command) = command("https://relay.invalid/fetch/{id}") else { return };
        let (code, said) = outcome(&command.env(name, value).output().expect("node runs"));
        assert_eq!((code, said.contains(wanted)), (Some(2), true), "{name}={value}: {said}");
    }
}
