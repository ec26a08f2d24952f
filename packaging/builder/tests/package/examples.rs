//! Every example, linked with the shared library, against the stand-in; and the program `mlab` of the archive.

use crate::fixture::{outcome, package, run, scratch};
use crate::interrupt::interrupted;
use crate::machine::{command, is_windows, machine, runnable};
use mlab_standin::{Clock, Job, Options, Outcome, Standin};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// The only key that the stand-in takes.
const KEY: &str = "test-key-not-real";

/// What an example takes: its sources, and arguments for the jobs 1 and 2.
const EXAMPLES: [(&[&str], &[&str]); 6] = [
    (&["c/fetch.c"], &["1"]),
    (&["c/game_loop.c"], &["1", "2"]),
    (&["c/event_loop.c"], &["1", "2"]),
    (&["c/many.c"], &["ids.txt"]),
    (&["c/mlab.c", "c/show.c"], &["wait", "1", "2"]),
    (&["cpp/wait.cpp"], &["1"]),
];

/// They bring libcurl, which a cross compiler seldom has; tests/examples.rs runs them.
const WITH_LIBCURL: [&str; 3] = ["c/curl_http.c", "c/host_transport.c", "c/host_transport_pull.c"];

/// A server with a job that is ready, one that takes a second, one that takes for ever, and one that fails.
fn standin() -> Standin {
    let server =
        Standin::start(Options { keys: vec![KEY.into()], ..Options::default() }).expect("free ports");
    server.add_job(Job::new("1"));
    let later = Duration::from_secs(1);
    server.add_job(Job { ready_after: later, clock: Clock::AtFirstLook, ..Job::new("2") });
    server.add_job(Job { ready_after: Duration::MAX, ..Job::new("3") });
    server.add_job(Job { outcome: Outcome::Failed, ..Job::new("4") });
    server
}

/// Compiles an example into the folder; every warning is an error.
fn compiled(sources: &[&str], folder: &Path) -> PathBuf {
    let name = Path::new(sources[0]).file_stem().expect("a name").to_string_lossy();
    let program = folder.join(format!("{name}-example{}", machine().exe));
    let is_cpp = sources[0].ends_with(".cpp");
    let mut compiler = command(if is_cpp { machine().cpp } else { machine().c });
    compiler.arg(if is_cpp { "-std=c++11" } else { "-std=c99" });
    compiler.args(["-O1", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]);
    for source in sources {
        compiler.arg(package().project.root().join("examples").join(source));
    }
    run(compiler.args(crate::by_hand::shared_flags()).arg("-pthread").arg("-o").arg(&program));
    program
}

fn against(server: &Standin, program: &Path) -> Command {
    let mut command = runnable(program);
    for variable in ["MODELSLAB_API_KEY", "API_KEY", "MLAB_IMAGES"] {
        command.env_remove(variable);
    }
    command.env("MODELSLAB_API_KEY", KEY);
    command.env("MLAB_ENDPOINT", server.https_endpoint()).env("MLAB_CA_FILE", server.ca_file());
    command
}

/// The program of the archive, in a folder of its own: on Windows beside what Wine lacks.
fn mlab(purpose: &str) -> PathBuf {
    let installed = package().prefix.join("bin").join(format!("mlab{}", machine().exe));
    if !is_windows() {
        return installed;
    }
    let own = scratch(purpose).join("mlab.exe");
    fs::copy(installed, &own).expect("copied");
    own
}

/// The exit code, what was printed with the line ends of Unix, and what was complained of.
fn said(command: &mut Command) -> (Option<i32>, String, String) {
    let (done, _) = outcome(command);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    (done.status.code(), text(&done.stdout), text(&done.stderr))
}

#[test]
fn every_example_is_here() {
    let examples = package().project.root().join("examples");
    let known: BTreeSet<&str> =
        EXAMPLES.iter().flat_map(|(sources, _)| *sources).chain(&WITH_LIBCURL).copied().collect();
    for folder in ["c", "cpp"] {
        for entry in fs::read_dir(examples.join(folder)).expect("the examples") {
            let name = entry.expect("readable").file_name().into_string().expect("UTF-8");
            let path = format!("{folder}/{name}");
            assert!(name.ends_with(".h") || known.contains(path.as_str()), "{path} is run nowhere");
        }
    }
}

#[test]
fn every_example_prints_links() {
    let server = standin();
    let folder = scratch("examples");
    fs::write(folder.join("ids.txt"), "1\n2\n").expect("written");
    for (sources, arguments) in EXAMPLES {
        let program = compiled(sources, &folder);
        if !machine().runs {
            continue; // It was built, and nothing here runs it; so in the tests below, which need more than that.
        }
        let mut command = against(&server, &program);
        command.env("MODELSLAB_API_KEY", KEY).args(arguments).current_dir(&folder);
        let (code, links, complaints) = said(&mut command);
        let link = server.https_url("/generations/1-0.png");
        assert!(code == Some(0) && links.contains(&link), "{sources:?} {code:?}: {links}{complaints}");
    }
}

/// A loop that does not sleep between its frames would make thousands.
#[test]
fn a_game_that_waits_leaves_the_processor_alone() {
    if !machine().runs {
        return;
    }
    let server = standin();
    let program = compiled(&["c/game_loop.c"], &scratch("frames"));
    let at = Instant::now();
    let (code, printed, complaints) = said(against(&server, &program).arg("2"));
    assert_eq!(code, Some(0), "{printed}{complaints}");
    let frames = printed.lines().find_map(|line| line.split_once(" frames; ")).expect("the number of frames");
    let frames: f64 = frames.0.parse().expect("a number");
    // Windows sleeps some milliseconds less or more than it is told.
    assert!(frames > 10.0 && frames < 2.0 * 60.0 * at.elapsed().as_secs_f64(), "{printed}");
}

/// Its output is a pipe, and its arguments are in UTF-8, as its output is.
#[test]
fn the_program_mlab_saves_images_under_any_name() {
    if !machine().runs {
        return;
    }
    let server = standin();
    let program = mlab("mlab-saves");
    let folder = scratch("mlab-images");
    fs::create_dir(folder.join("télé-图")).expect("a folder");
    let mut command = against(&server, &program);
    command.args(["wait", "2", "1", "--out", "télé-图"]).current_dir(&folder);
    let (code, files, complaints) = said(&mut command);
    assert_eq!(code, Some(0), "{files}{complaints}");
    let files: BTreeSet<String> = files.lines().map(|line| line.replace('\\', "/")).collect();
    assert_eq!(files, ["télé-图/1-0.png", "télé-图/2-0.png"].map(String::from).into());
    assert!(fs::read(folder.join("télé-图/1-0.png")).expect("saved").starts_with(b"\x89PNG"));
    // No line that is drawn anew.
    assert!(complaints.contains("1: ready after ") && !complaints.contains('\r'), "{complaints:?}");
}

#[test]
fn the_program_mlab_says_in_its_exit_code_what_went_wrong() {
    if !machine().runs {
        return;
    }
    let server = standin();
    let program = mlab("mlab-codes");
    for (arguments, wanted, text) in [
        (&["wait", "1", "../5"][..], 1, "../5: MLAB_E_INVALID_ARGUMENT: id "),
        (&["wait", "4"], 6, "4: MLAB_E_JOB_FAILED: "),
        (&["wait", "1", "--out", "not/there"], 7, "; make the folder first"),
        (&["wait"], 64, "which id?"),
    ] {
        let (code, _, complaints) = said(against(&server, &program).args(arguments));
        assert_eq!(code, Some(wanted), "{arguments:?}: {complaints}");
        assert!(complaints.contains(text) && !complaints.contains(".;"), "{arguments:?}: {complaints}");
    }
}

#[test]
fn ctrl_c_ends_programs_that_wait() {
    if !machine().runs {
        return;
    }
    let server = standin();
    let folder = scratch("ctrl-c");
    let event_loop = compiled(&["c/event_loop.c"], &folder);
    let cpp = compiled(&["cpp/wait.cpp"], &folder);
    // The failed job tells that the loop is at work; the other one would last for ever.
    for (program, arguments) in
        [(mlab("mlab-ctrl-c"), &["wait", "3"][..]), (event_loop, &["3", "4"]), (cpp, &["3"])]
    {
        let (code, took) =
            pressed(against(&server, &program).env("MODELSLAB_API_KEY", KEY).args(arguments), &program);
        assert_eq!(code, 130, "{}", program.display());
        assert!(took < Duration::from_secs(2), "{}: {took:?}", program.display());
    }
}

/// Presses Ctrl-C once the program has complained of something; gives its exit code, and how long it took to end.
fn pressed(waiting: &mut Command, program: &Path) -> (i32, Duration) {
    if is_windows() {
        return pressed_at_a_console(waiting, program);
    }
    let (took, done) = interrupted(waiting);
    (done.status.code().unwrap_or(-1), took)
}

/// The same by tests/consumer/ctrl_c.c.
fn pressed_at_a_console(waiting: &Command, program: &Path) -> (i32, Duration) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/consumer/ctrl_c.c");
    let helper = program.with_file_name("ctrl_c.exe");
    let mut compiler = command(machine().c);
    run(compiler.args(["-std=c99", "-Wall", "-Wextra", "-Werror"]).arg(source).arg("-o").arg(&helper));
    let mut command = runnable(&helper);
    command.envs(waiting.get_envs().filter_map(|(name, value)| Some((name, value?))));
    // Behind the runner.
    let printed = run(command.arg(program).args(waiting.get_args().skip(1)));
    let (code, rest) = printed.trim().split_once(" after ").expect("a code and a time");
    let ms = rest.strip_suffix(" ms").and_then(|ms| ms.parse().ok()).expect("milliseconds");
    (code.parse().expect("a code"), Duration::from_millis(ms))
}
