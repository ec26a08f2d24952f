//! The program `mlab`, which the packages install: what it prints, where, and how it ends.

use crate::support::{at_once, ended_by, interrupted, tool};
use crate::{KEY, against, outcome, program, standin};
use mlab_standin::{ClosedPort, Job, Outcome, Standin};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

fn mlab(server: &Standin) -> Command {
    against(server, program(&["mlab", "show"], &[]))
}

fn run(server: &Standin, arguments: &[&str]) -> (Option<i32>, String, String) {
    outcome(&mlab(server).args(arguments).output().expect("it runs"))
}

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("mlab-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

#[test]
fn it_waits_for_several_ids_and_prints_their_links() {
    let server = standin();
    let (code, links, said) = run(&server, &["wait", "2", "1", "--eta", "1.0"]);
    assert_eq!(code, Some(0), "{said}");
    let links: BTreeSet<&str> = links.lines().collect();
    let wanted = ["/generations/1-0.png", "/generations/2-0.png"].map(|path| server.https_url(path));
    assert_eq!(links, wanted.iter().map(String::as_str).collect());
    assert!(said.contains("1: ready after ") && said.contains("2: ready after "), "{said}");
    // There is no terminal, and so no line that is drawn anew.
    assert!(!said.contains('\r'), "{said:?}");
}

#[test]
fn it_saves_the_images_and_prints_their_files() {
    let server = standin();
    let folder = folder("out");
    let out = folder.to_str().expect("UTF-8");
    let (code, files, said) = run(&server, &["wait", "1", "--out", out]);
    assert_eq!((code, files), (Some(0), format!("{out}/1-0.png\n")), "{said}");
    assert!(fs::read(folder.join("1-0.png")).expect("saved").starts_with(b"\x89PNG"));
}

#[test]
fn images_that_could_not_be_saved_leave_standard_output_empty() {
    let server = standin();
    server.add_job(Job { outcome: Outcome::ImagesLate(Duration::MAX), ..Job::new("5") });
    let out = folder("late");
    let out = out.to_str().expect("UTF-8");
    for arguments in
        [&["wait", "5", "--deadline", "2", "--out", out][..], &["wait", "1", "--out", "/nowhere/at/all"]]
    {
        let (code, files, said) = run(&server, arguments);
        assert!(code.is_some_and(|code| code != 0), "{said}");
        assert_eq!(files, "", "{said}");
    }
    let (_, _, said) = run(&server, &["wait", "5", "--deadline", "2", "--out", out]);
    let link = server.https_url("/generations/5-0.png");
    assert!(said.contains(&format!("5: its URL: {link}\n")), "{said}");
}

#[test]
fn it_prints_a_line_of_json_an_event() {
    let server = standin();
    let (code, lines, said) = run(&server, &["wait", "--json", "2", "4"]);
    assert_eq!((code, said.as_str()), (Some(6), ""), "{lines}");
    let events: Vec<Value> =
        lines.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{l}: {e}"))).collect();
    let of = |event: &str, id: &str| events.iter().find(|e| e["event"] == event && e["id"] == id);
    let progress = of("progress", "2").expect("a poll that came too early");
    assert_eq!((&progress["status"], &progress["polls"]), (&json!("MLAB_PROCESSING"), &json!(1)));
    let done = of("done", "2").expect("its end");
    assert_eq!((&done["status"], &done["files"]), (&json!("MLAB_OK"), &json!([])));
    assert_eq!(done["urls"], json!([server.https_url("/generations/2-0.png")]));
    assert_eq!(of("done", "4").expect("its end")["status"], "MLAB_E_JOB_FAILED");
    assert_eq!(events.iter().filter(|e| e["event"] == "done").count(), 2);
}

#[test]
fn an_id_that_is_refused_has_its_end_and_the_others_are_waited_for() {
    let server = standin();
    let (code, lines, said) = run(&server, &["wait", "1", "../5", "2", "--json"]);
    assert_eq!((code, said.as_str()), (Some(1), ""), "{lines}");
    let events = lines.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{l}: {e}")));
    let done: Vec<Value> = events.filter(|event: &Value| event["event"] == "done").collect();
    let of = |id: &str| done.iter().find(|event| event["id"] == id).expect("its end");
    assert_eq!(done.len(), 3, "{lines}");
    assert_eq!((&of("1")["status"], &of("2")["status"]), (&json!("MLAB_OK"), &json!("MLAB_OK")));
    let refused = of("../5");
    assert_eq!((&refused["status"], &refused["polls"]), (&json!("MLAB_E_INVALID_ARGUMENT"), &json!(0)));
    assert_eq!((&refused["urls"], &refused["files"]), (&json!([]), &json!([])));
    assert!(refused["message"].as_str().is_some_and(|message| message.starts_with("id ")), "{refused}");

    // An argument may be any bytes; a line of JSON may not.
    let mut odd = mlab(&server);
    let odd = odd.args(["wait", "--json"]).arg(OsStr::from_bytes(b"\xff")).output().expect("it runs");
    let line: Value = serde_json::from_slice(&odd.stdout).expect("a line of JSON");
    assert_eq!((&line["id"], &line["status"]), (&json!("\u{fffd}"), &json!("MLAB_E_INVALID_ARGUMENT")));

    let (code, links, said) = run(&server, &["wait", "../5", "1"]);
    assert_eq!((code, links), (Some(1), format!("{}\n", server.https_url("/generations/1-0.png"))), "{said}");
    assert!(said.contains("../5: MLAB_E_INVALID_ARGUMENT: id "), "{said}");
}

#[test]
fn a_terminal_gets_a_live_line_with_what_is_left() {
    let Some(script) = tool("script") else { return };
    let server = standin();
    let line = format!("{} wait 2 --eta 3", program(&["mlab", "show"], &[]).display());
    let mut command = against(&server, script);
    command.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
    let (code, screen, _) = outcome(&command.output().expect("it runs"));
    assert_eq!(code, Some(0), "{screen:?}");
    for wanted in ["] 0 of 1 ready, ", "about 3 s left", "about 2 s left", "[####", "\r\x1b[K"] {
        assert!(screen.contains(wanted), "{wanted:?}: {screen:?}");
    }
    assert!(screen.contains(&server.https_url("/generations/2-0.png")), "{screen:?}");
}

#[test]
fn the_live_line_tells_the_bytes_of_images() {
    let Some(script) = tool("script") else { return };
    let server = standin();
    let folder = folder("bytes");
    let line = format!("{} wait 1 --out {}", program(&["mlab", "show"], &[]).display(), folder.display());
    let mut command = against(&server, script);
    command.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
    let (code, screen, _) = outcome(&command.output().expect("it runs"));
    assert_eq!(code, Some(0), "{screen:?}");
    assert!(screen.contains("] 1 of 1 ready, ") && screen.contains(" MB"), "{screen:?}");
}

#[test]
fn the_live_line_counts_what_is_ready() {
    let Some(script) = tool("script") else { return };
    let server = standin();
    let line = format!("{} wait 1 3 4 --deadline 2", program(&["mlab", "show"], &[]).display());
    let mut command = against(&server, script);
    command.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
    let (code, screen, _) = outcome(&command.output().expect("it runs"));
    assert_eq!(code, Some(2), "{screen:?}");
    // Of three jobs one is ready, one failed, and one is given up at the deadline.
    assert!(screen.contains("] 1 of 3 ready, "), "{screen:?}");
    assert!(!screen.contains("2 of 3") && !screen.contains("3 of 3"), "{screen:?}");
}

#[test]
fn a_server_that_cannot_be_reached_is_told_before_the_deadline() {
    let server = standin();
    let closed = ClosedPort::open().expect("a free port");
    let endpoint = format!("http://{}/{{id}}", closed.addr());
    let line = ["wait", "1", "2", "--deadline", "3", "--endpoint", &endpoint];
    let reason = format!("polling again after: cannot connect to {}: ", closed.addr());
    for arguments in [&line[..], &[&line[..], &["--json"]].concat()] {
        let (code, printed, said) = run(&server, arguments);
        assert_eq!(code, Some(2), "{said}");
        assert!(!printed.contains("polling again"), "{printed}");
        assert_eq!(said.matches(&reason).count(), 1, "once for both ids: {said}");
    }
    let Some(script) = tool("script") else { return };
    let line = format!("{} {}", program(&["mlab", "show"], &[]).display(), line.join(" "));
    let mut command = against(&server, script);
    command.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
    let (_, screen, _) = outcome(&command.output().expect("it runs"));
    let told = screen.find(&reason).unwrap_or_else(|| panic!("{screen:?}"));
    assert!(screen[told..].contains("] 0 of 2 ready, "), "before the end: {screen:?}");
}

#[test]
fn an_interrupt_ends_it_at_once() {
    let server = standin();
    at_once(|| {
        let (took, done) = interrupted(mlab(&server).args(["wait", "3"]));
        assert_eq!(done.status.code(), Some(130), "{done:?}");
        took
    });
    let (_, done) = ended_by("TERM", mlab(&server).args(["wait", "3"]));
    assert_eq!(done.status.code(), Some(143), "{done:?}");
}

#[test]
fn the_exit_code_says_what_kind_of_trouble_there_was() {
    let server = standin();
    let rows: [(&[&str], i32, &str); 17] = [
        (&["wait", "1", "../5"], 1, "../5: MLAB_E_INVALID_ARGUMENT: id "),
        (&["wait", "1", "3", "--deadline", "1"], 2, "3: MLAB_E_DEADLINE: "),
        (&["wait", "4", "1"], 6, "4: MLAB_E_JOB_FAILED: "),
        (&["wait", "1", "--out", "/nowhere/at/all"], 7, "1: MLAB_E_FILE: "),
        (&["wait"], 64, "which id?"),
        (&["fetch", "1"], 64, "usage: mlab wait"),
        (&["wait", "1", "--key", KEY], 64, "--key is no option"),
        (&["wait", "1", "-j"], 64, "-j is no option"),
        (&["wait", "-"], 64, "- is no option"),
        (&["wait", "--", "-j"], 6, "-j: MLAB_E_NOT_FOUND: "),
        (&["wait", "1", "--eta", "soon"], 64, "\"soon\" is no number of seconds"),
        (&["wait", "1", "--out"], 64, "--out needs a value"),
        (&["wait", "1", "3", "--deadline=1"], 2, "3: MLAB_E_DEADLINE: "),
        (&["wait", "1", "--deadline=0"], 64, "\"0\" is no number of seconds from 0.001"),
        (&["wait", "1", "--eta="], 64, "--eta: \"\" is no number of seconds from 0 "),
        (&["wait", "1", "--outer=x"], 64, "--outer=x is no option"),
        (
            &["wait", "1", "--key-file", "/nowhere/at/all"],
            64,
            "mlab: --key-file: /nowhere/at/all: No such file",
        ),
    ];
    for (arguments, wanted, text) in rows {
        let (code, _, said) = run(&server, arguments);
        assert_eq!(code, Some(wanted), "{arguments:?}: {said}");
        assert!(said.contains(text) && !said.contains("test-key"), "{arguments:?}: {said}");
    }
}

#[test]
fn the_key_comes_from_the_environment_or_a_file_in_their_order() {
    let server = standin();
    let file = folder("key").join("key");
    fs::write(&file, format!("{KEY}\n")).expect("written");
    let file = file.to_str().expect("UTF-8");
    type Row<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str], i32);
    let rows: [Row<'_>; 6] = [
        (&[("MODELSLAB_API_KEY", KEY), ("API_KEY", "wrong")], &[], 0),
        (&[("API_KEY", KEY)], &[], 0),
        (&[("MODELSLAB_API_KEY", ""), ("API_KEY", KEY)], &[], 0),
        (&[("MODELSLAB_API_KEY", "wrong"), ("API_KEY", KEY)], &[], 5),
        (&[("MODELSLAB_API_KEY", "wrong")], &["--key-file", file], 0),
        (&[], &["--key-file", "/nowhere/at/all"], 64),
    ];
    for (variables, arguments, wanted) in rows {
        let mut command = mlab(&server);
        command.env_remove("MODELSLAB_API_KEY").envs(variables.iter().copied()).args(["wait", "1"]);
        let (code, _, said) = outcome(&command.args(arguments).output().expect("it runs"));
        assert_eq!(code, Some(wanted), "{variables:?} {arguments:?}: {said}");
    }
    let (code, _, said) = outcome(
        &mlab(&server).env_remove("MODELSLAB_API_KEY").args(["wait", "1"]).output().expect("it runs"),
    );
    assert_eq!((code, said.contains("set MODELSLAB_API_KEY")), (Some(64), true), "{said}");
}

#[test]
fn output_that_is_lost_is_no_success() {
    let Some(shell) = tool("sh") else { return };
    let server = standin();
    let program = program(&["mlab", "show"], &[]);
    let folder = folder("lost");
    let out = format!("wait 1 --out {}", folder.display());
    for arguments in ["wait 1", "wait 1 --json", &out, "wait 4 --json", "--help", "--version"] {
        // Linux alone has the device that is always full.
        let full = Path::new("/dev/full").exists().then_some(">/dev/full");
        for lost in full.into_iter().chain([">&-", "<&- >&-"]) {
            let line = format!("{} {arguments} {lost}", program.display());
            let done = against(&server, shell.clone()).args(["-c", &line]).output().expect("it runs");
            let (code, _, said) = outcome(&done);
            assert_eq!(code, Some(74), "{line}: {said}");
            assert!(said.contains("mlab: standard output could not be written"), "{line}: {said}");
        }
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let mut command = against(&server, program.clone());
        let done = command.args(arguments.split(' ')).stdout(writer).output().expect("it runs");
        assert_eq!(done.status.code(), Some(74), "{arguments}, read by nobody: {done:?}");
    }
    assert!(fs::read(folder.join("1-0.png")).expect("saved all the same").starts_with(b"\x89PNG"));
}

#[test]
fn a_key_file_is_read_as_editors_write_it_and_refused_without_a_key() {
    let server = standin();
    let file = folder("key-file").join("key");
    let path = file.to_str().expect("UTF-8");
    let (mark, blank) = ("\u{feff}", " \t");
    let rows = [
        (format!("{mark}{KEY}\r\n"), 0),
        (format!("{blank}{KEY}{blank}\nmore\n"), 0),
        (String::new(), 64),
        (format!("\n{KEY}\n"), 64),
        (format!("{blank}\r\n"), 64),
        (format!("{mark}\n"), 64),
    ];
    for (text, wanted) in rows {
        fs::write(&file, &text).expect("written");
        let (code, _, said) = run(&server, &["wait", "1", "--key-file", path]);
        assert_eq!(code, Some(wanted), "{text:?}: {said}");
        assert!(wanted == 0 || said.contains("there is no key in its first line"), "{text:?}: {said}");
    }
}

/// The words of a text that look like options.
fn options(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    words.filter(|word| word.starts_with("--") && word.len() > 2).map(str::to_owned).collect()
}

#[test]
fn the_help_and_the_man_page_have_the_same_options() {
    let server = standin();
    let (code, help, said) = run(&server, &["wait", "--help"]);
    assert_eq!((code, said.as_str()), (Some(0), ""));
    assert_eq!(run(&server, &["-h"]), (Some(0), help.clone(), String::new()));
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/mlab.1"));
    let page = page.expect("the man page").replace("\\-", "-");
    assert_eq!(options(&help), options(&page));
    assert!(options(&help).len() >= 9, "{help}");
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(run(&server, &["--version"]).1, format!("mlab {version}\n"));
    assert!(page.contains(&format!("\"mlab {version}\"")), "the man page's version");
}
