//! The examples of jobs, as a reader runs them: examples/c/game_loop.c and examples/c/many.c against the stand-in.
#![cfg(target_os = "linux")] // `script` for a terminal.

mod support;

use mlab_standin::{Clock, Job, Options, RawServer, Standin, Step};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use support::{Program, library, tool};

/// Compiles each example once: one that runs cannot be replaced.
fn example(name: &str) -> PathBuf {
    static BUILT: Mutex<BTreeMap<String, PathBuf>> = Mutex::new(BTreeMap::new());
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    let compile = || {
        let (program, source) = (format!("example-{name}"), format!("examples/c/{name}.c"));
        library().compile(&Program::c99(&program, &[&source])).unwrap_or_else(|why| panic!("{why}"))
    };
    built.entry(name.to_owned()).or_insert_with(compile).clone()
}

fn standin() -> Standin {
    let server = Standin::start(Options { rich_processing: true, ..Options::default() }).expect("free ports");
    server.add_job(Job::new("12202888"));
    let later = Duration::from_secs(1);
    server.add_job(Job { ready_after: later, clock: Clock::AtFirstLook, ..Job::new("12202889") });
    server
}

fn against(endpoint: &str, command: &mut Command) {
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    command.env("MODELSLAB_API_KEY", "test-key-not-real").env("MLAB_ENDPOINT", endpoint);
}

fn output(endpoint: &str, command: &mut Command) -> Output {
    against(endpoint, command);
    command.output().expect("it runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// Feeds ids to `many` and gives its exit code and its lines.
fn many(endpoint: &str, ids: &[u8]) -> (Option<i32>, Vec<Value>) {
    let mut command = Command::new(example("many"));
    against(endpoint, &mut command);
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().expect("it runs");
    child.stdin.take().expect("piped").write_all(ids).expect("it reads");
    let done = child.wait_with_output().expect("it ends");
    let lines = text(&done.stdout);
    let values =
        lines.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{line}: {e}")));
    (done.status.code(), values.collect())
}

#[test]
fn the_game_loop_tells_each_change_where_there_is_no_terminal() {
    let server = standin();
    let mut command = Command::new(example("game_loop"));
    command.args(["12202888", "12202889"]).env("MLAB_CA_FILE", server.ca_file());
    let done = output(&server.https_endpoint(), &mut command);
    let lines = text(&done.stdout);
    assert_eq!(done.status.code(), Some(0), "{lines}{}", text(&done.stderr));
    assert!(lines.contains("12202889: not ready, poll 1\n"), "{lines}");
    for id in ["12202888", "12202889"] {
        assert!(lines.contains(&format!("{id}: https://")), "{lines}");
    }
    let frames: usize = lines
        .lines()
        .find_map(|line| line.split_once(" frames;"))
        .and_then(|(frames, _)| frames.parse().ok())
        .expect("a line with the frames");
    // The second job needs a second poll, some two seconds later: at sixty frames a second, more than a hundred.
    assert!(frames > 60, "{lines}");
    assert!(lines.contains("of that in the library: "), "{lines}");
}

#[test]
fn the_game_loop_draws_in_place_on_a_terminal() {
    let Some(script) = tool("script") else { return };
    let server = standin();
    let game = format!("{} 12202888", example("game_loop").display());
    let done = output(
        &server.http_endpoint(),
        Command::new(script).args(["--quiet", "--return", "--command", &game, "/dev/null"]),
    );
    let screen = text(&done.stdout);
    assert_eq!(done.status.code(), Some(0), "{screen}");
    assert!(screen.contains("\x1b[1A") && screen.contains("* 12202888: http://"), "{screen:?}");
}

#[test]
fn the_game_loop_ends_with_what_went_wrong() {
    let server = standin();
    let done = output(&server.http_endpoint(), Command::new(example("game_loop")).arg("not/an/id"));
    assert_eq!(done.status.code(), Some(2));
    assert!(text(&done.stderr).starts_with("not/an/id: MLAB_E_INVALID_ARGUMENT: id holds '/'"));
    let done = output(&server.http_endpoint(), &mut Command::new(example("game_loop")));
    assert_eq!((done.status.code(), text(&done.stderr).starts_with("usage: ")), (Some(2), true));
}

#[test]
fn many_prints_a_line_of_json_an_id() {
    let options = Options { auto: true, ..Options::default() };
    let server = Standin::start(options).expect("free ports");
    let ids: String = (0..500).map(|n| format!("{n}\n")).chain(["fail-1\r\n\n  12345  ".into()]).collect();
    let (code, lines) = many(&server.http_endpoint(), ids.as_bytes());
    assert_eq!((code, lines.len()), (Some(1), 502), "one of them fails");
    let line =
        |id: &str| lines.iter().find(|line| line["id"] == id).unwrap_or_else(|| panic!("no line for {id}"));
    for id in ["0", "499", "12345"] {
        let line = line(id);
        assert_eq!((&line["status"], &line["polls"]), (&json!("MLAB_OK"), &json!(1)));
        assert!(line["urls"][0].as_str().is_some_and(|url| url.starts_with("http://")), "{line}");
    }
    assert_eq!(line("fail-1")["status"], "MLAB_E_JOB_FAILED");
    assert_eq!(line("fail-1")["urls"], json!([]));
}

#[test]
fn many_reads_a_file() {
    let server = standin();
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ids.txt");
    std::fs::write(&file, "12202888\n").expect("a file");
    let done = output(&server.http_endpoint(), Command::new(example("many")).arg(&file));
    assert_eq!((done.status.code(), text(&done.stderr).as_str()), (Some(0), "1 ids, 1 with images\n"));
    let done = output(&server.http_endpoint(), Command::new(example("many")).arg("/nowhere/ids"));
    assert_eq!(done.status.code(), Some(2));
}

#[test]
fn many_escapes_whatever_comes() {
    // Quotes, backslashes, control characters and text beyond ASCII, in the ids that are read and in the reply.
    let reply =
        r#"{"status":"success","output":["data:\"quoted\"\\\u0001é","https://images.example/\ud83d\ude00"]}"#;
    let server = RawServer::plain(vec![Step::Repeat(vec![Step::ReadRequest, Step::json(200, reply)])])
        .expect("a free port");
    let odd = ["1\n", "\"quoted\"\\\x01\n", "caf\u{e9}\n", &"long".repeat(1000), "\n2\n"].concat();
    let odd = [odd.as_bytes(), b"\xff\xfe\n"].concat();
    let (code, lines) = many(&server.endpoint(), &odd);
    assert_eq!((code, lines.len()), (Some(1), 6));
    let of =
        |id: &str| lines.iter().find(|line| line["id"] == id).unwrap_or_else(|| panic!("{id}: {lines:?}"));
    for id in ["1", "2"] {
        let urls = json!(["data:\"quoted\"\\\u{1}é", "https://images.example/😀"]);
        assert_eq!((&of(id)["urls"], &of(id)["status"]), (&urls, &json!("MLAB_OK")));
    }
    for id in ["\"quoted\"\\\u{1}", "caf\u{fffd}\u{fffd}", "\u{fffd}\u{fffd}"] {
        assert_eq!(of(id)["status"], "MLAB_E_INVALID_ARGUMENT");
        assert_ne!(of(id)["message"], "");
    }
}
