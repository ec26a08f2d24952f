//! The Godot plugin in a Godot without a window, against the stand-in. Each test runs one case of `engines/godot/tests`.
//!
//! Godot comes from `MLAB_TEST_GODOT`, or is unpacked once into the target folder. Where it cannot be had, the tests say so
//! aloud and pass, under CI too: the repository it comes from moves.
#![cfg(target_os = "linux")]

mod support;

use mlab_standin::{Clock, ImageKind, Job, Options, Standin};
use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write, pipe, stderr};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Output};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use support::{library, run};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/engines/godot");

/// A case that hangs is ended after so many seconds, with the exit code 137.
const PATIENCE: &str = "300";

/// Godot, and a project with the plugin and all cases.
struct Godot {
    program: PathBuf,
    project: PathBuf,
}

impl Godot {
    /// Built once; `None` after saying aloud why there is none.
    fn get() -> Option<&'static Godot> {
        static GODOT: OnceLock<Option<Godot>> = OnceLock::new();
        GODOT.get_or_init(|| program().map(Godot::new)).as_ref()
    }

    fn new(program: PathBuf) -> Godot {
        let project = folder("godot-project");
        copy("tests/project/.", &project);
        copy("demo", &project);
        let godot = Godot { program, project };
        godot.install_plugin(&godot.project);
        godot
    }

    /// Builds the plugin into a project, and lets Godot know without an import run.
    fn install_plugin(&self, project: &Path) {
        let mut build = Command::new(format!("{FOLDER}/build.sh"));
        build.arg(&library().shared).arg(project.join("addons/mlab")).env("GODOT", &self.program);
        run(&mut build).unwrap_or_else(|why| panic!("{why}"));
        fs::create_dir_all(project.join(".godot")).expect("a folder");
        fs::write(project.join(".godot/extension_list.cfg"), "res://addons/mlab/mlab.gdextension\n")
            .expect("a file");
    }

    fn command(&self, project: &Path, server: &Standin) -> Command {
        let mut command = Command::new("timeout");
        command.args(["--signal=KILL", PATIENCE]).arg(&self.program).args(["--headless", "--path"]);
        command.arg(project).env("MLAB_TEST_ENDPOINT", server.http_endpoint());
        for variable in ["MLAB_ENDPOINT", "MODELSLAB_API_KEY"] {
            command.env_remove(variable);
        }
        command
    }

    fn case(&self, name: &str, server: &Standin) -> Command {
        let mut command = self.command(&self.project, server);
        command.args(["--script", &format!("res://{name}.gd")]);
        command
    }
}

/// Where Godot is; `None` after saying aloud why it is nowhere.
fn program() -> Option<PathBuf> {
    if let Some(given) = env::var_os("MLAB_TEST_GODOT") {
        return Some(given.into());
    }
    let mut get = Command::new(format!("{FOLDER}/tests/get_godot.sh"));
    let got = get.arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("godot")).output().expect("it runs");
    let said = text(&got);
    if got.status.success() {
        return Some(said.trim_end().into());
    }
    // Past the test harness, which would keep what a passing test prints to itself.
    let _ = writeln!(stderr(), "SKIPPED: the Godot plugin: {}", said.trim_end());
    None
}

/// An empty folder in the target folder.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn copy(from: &str, to: &Path) {
    let mut copy = Command::new("cp");
    copy.arg("-R").arg(format!("{FOLDER}/{from}")).arg(to);
    run(&mut copy).unwrap_or_else(|why| panic!("{why}"));
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

/// Runs a case, which must succeed, and neither fail a check nor complain of anything. Gives what it printed.
fn must_pass(command: &mut Command) -> String {
    let output = command.output().expect("it runs");
    let said = text(&output);
    must_have_passed(output.status, &said);
    said
}

fn must_have_passed(status: ExitStatus, said: &str) {
    assert!(status.success(), "{status}:\n{said}");
    for complaint in ["does not hold", "ERROR", "WARNING", "leaked", "test-key-not-real"] {
        assert!(!said.contains(complaint), "{complaint}:\n{said}");
    }
}

/// A server that makes jobs of all ids, ready at once.
fn standin() -> Standin {
    let template = Job { images: vec![ImageKind::Png], ..Job::new("") };
    let options =
        Options { auto: true, template, keys: vec!["test-key-not-real".into()], ..Options::default() };
    Standin::start(options).expect("free ports")
}

/// The same with an image of each kind.
fn standin_with_all_kinds() -> Standin {
    let template = Job { images: ImageKind::ALL.to_vec(), ..Job::new("") };
    Standin::start(Options { auto: true, template, ..Options::default() }).expect("free ports")
}

#[test]
fn images_become_textures_that_equal_their_files() {
    let Some(godot) = Godot::get() else { return };
    let server = standin_with_all_kinds();
    let images = folder("godot-images");
    for id in ["1-a", "1-b"] {
        for (index, kind) in ImageKind::ALL.iter().enumerate() {
            let name = format!("{id}-{index}.{}", kind.extension());
            fs::write(images.join(&name), kind.encode(&name, (64, 48)).expect("a size")).expect("a file");
        }
    }
    must_pass(godot.case("textures", &server).env("MLAB_TEST_IMAGES", &images));
}

#[test]
fn each_failure_is_one_signal_that_says_what_to_do() {
    let Some(godot) = Godot::get() else { return };
    must_pass(&mut godot.case("failures", &standin()));
}

#[test]
fn a_cancelled_job_ends_once_and_the_others_go_on() {
    let Some(godot) = Godot::get() else { return };
    let server = standin();
    must_pass(&mut godot.case("cancel", &server));
    assert_eq!(server.polls("never-unsent"), 0, "a job cancelled in the frame that opened it is not sent");
}

#[test]
fn settings_come_from_the_node_the_project_and_the_environment() {
    let Some(godot) = Godot::get() else { return };
    let server = standin();
    server.add_job(Job {
        ready_after: Duration::from_millis(1500),
        clock: Clock::AtFirstLook,
        ..Job::new("before")
    });
    let output = godot.case("settings", &server).output().expect("it runs");
    let said = text(&output);
    assert!(output.status.success() && !said.contains("does not hold"), "{said}");
    let warnings: Vec<&str> = said.lines().filter(|line| line.contains("WARNING")).collect();
    assert!(
        matches!(warnings[..], [only] if only.contains("mlab/key") && only.contains("public")),
        "one warning of a key that ships:\n{said}"
    );
    assert!(!said.contains("test-key-not-real"), "{said}");
}

#[test]
fn jobs_leave_no_memory_behind() {
    let Some(godot) = Godot::get() else { return };
    must_pass(&mut godot.case("memory", &standin_with_all_kinds()));
}

#[test]
fn ten_thousand_waiting_jobs_leave_the_frames_alone() {
    let Some(godot) = Godot::get() else { return };
    let options = r#"{"deadline": 7200.0, "poll_min": 3600.0, "poll_max": 3600.0}"#;
    must_pass(godot.case("many", &standin()).env("MLAB_TEST_OPTIONS", options));
}

#[test]
fn the_game_ends_at_once_with_two_hundred_open_jobs() {
    let Some(godot) = Godot::get() else { return };
    let server = standin();
    let began = Instant::now();
    must_pass(godot.case("exit", &server).arg("--verbose"));
    // Some of the replies take a minute.
    assert!(began.elapsed() < Duration::from_secs(40), "{:?}", began.elapsed());
}

#[test]
fn a_lookup_that_hangs_holds_up_nothing() {
    let Some(godot) = Godot::get() else { return };
    let hang = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hang.so");
    let mut compile = Command::new("cc");
    compile.args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o"]).arg(&hang);
    run(compile.arg(format!("{FOLDER}/tests/hang.c"))).unwrap_or_else(|why| panic!("{why}"));
    let server = standin();
    let preload = if env::var_os("MLAB_TEST_GODOT").is_some() { "LD_PRELOAD" } else { "MLAB_TEST_PRELOAD" };
    must_pass(godot.case("hang", &server).env(preload, &hang));
}

#[test]
fn jobs_outlive_five_hot_reloads_in_the_editor() {
    let Some(godot) = Godot::get() else { return };
    let server = standin();
    let ids: Vec<String> = (0..40).map(|number| format!("1-{number}")).collect();
    for id in &ids {
        server.add_job(Job { ready_after: Duration::MAX, ..Job::new(id) });
    }
    // The editor writes into its project.
    let project = folder("godot-reload");
    copy("tests/project/.", &project);
    godot.install_plugin(&project);
    let settings = project.join("project.godot");
    let enabled =
        "\n[editor_plugins]\n\nenabled=PackedStringArray(\"res://addons/reload_test/plugin.cfg\")\n";
    let rows = fs::read_to_string(&settings).expect("a file") + enabled;
    fs::write(&settings, rows).expect("a file");
    let (reader, writer) = pipe().expect("a pipe");
    let mut editor = godot.command(&project, &server);
    editor.arg("--editor").stdout(writer.try_clone().expect("its copy")).stderr(writer);
    let mut running = editor.spawn().expect("it runs");
    // Our own ends of the pipe, or it would never end.
    drop(editor);
    let mut said = String::new();
    for line in BufReader::new(reader).lines().map_while(Result::ok) {
        if line == "reloads are over" {
            assert!(ids.iter().all(|id| server.finish_job(id)));
        }
        said += &(line + "\n");
    }
    let status = running.wait().expect("it ends");
    assert!(said.contains("reloads are over"), "{status}:\n{said}");
    must_have_passed(status, &said);
}

#[test]
fn the_editors_help_has_every_part_of_the_class() {
    let Some(godot) = Godot::get() else { return };
    let help = format!("{FOLDER}/src/MlabClient.xml");
    must_pass(godot.case("help", &standin()).env("MLAB_TEST_HELP", help));
}

#[test]
fn the_demo_shows_pictures() {
    let Some(godot) = Godot::get() else { return };
    let server = standin_with_all_kinds();
    let mut case = godot.case("demo_case", &server);
    case.env("MLAB_ENDPOINT", server.http_endpoint()).env("MODELSLAB_API_KEY", "test-key-not-real");
    must_pass(&mut case);
}
