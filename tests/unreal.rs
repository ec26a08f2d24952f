//! The Unreal plugin, without Unreal: compiled as the engine compiles, against stand-ins of the types that it uses, and run
//! against the stand-in server. What those stand-ins play is what Unreal's documentation says of 5.4.
#![cfg(target_os = "linux")]

#[path = "unreal/descriptors.rs"]
mod descriptors;
mod support;

use mlab_standin::{Clock, ClosedPort, ImageKind, Job, Options, RawServer, Reply, Standin, Step};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;
use support::{has_libcurl, library, run, tool};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const MODULE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/engines/unreal/Plugins/Mlab/Source/Mlab");

/// Unreal's own flags, and what it counts as an error.
const FLAGS: &[&str] = &[
    "-O0",
    "-g1",
    "-fno-exceptions",
    "-fno-rtti",
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Wshadow",
    "-Wconversion",
    "-Werror",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
];

/// Where the decoder lies: `libmlab_decode.so.0`, and a link for the linker.
fn decoder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        // Where the library of the tests was built.
        let folder = library().shared.parent().expect("its folder").to_owned();
        let mut build = Command::new(env!("CARGO"));
        build
            .args(["build", "--quiet", "-p", "mlab-decode", "--target-dir"])
            .arg(folder.parent().expect("its parent"));
        run(build.current_dir(ROOT)).unwrap_or_else(|why| panic!("{why}"));
        let soname = folder.join("libmlab_decode.so.0");
        if !soname.exists() {
            std::os::unix::fs::symlink("libmlab_decode.so", &soname).expect("a link");
        }
        folder
    })
}

fn sources() -> Vec<PathBuf> {
    let entries = fs::read_dir(format!("{MODULE}/Private")).expect("a folder");
    let files = entries.map(|entry| entry.expect("an entry").path());
    files.filter(|file| file.extension().is_some_and(|ending| ending == "cpp")).collect()
}

fn compiler_for_the_plugin(compiler: &Path, standard: &str) -> Command {
    let mut command = Command::new(compiler);
    command.args(FLAGS).arg(format!("-std={standard}")).current_dir(ROOT);
    command.args(["-isystem", "tests/unreal/stubs", "-isystem", "include", "-isystem", "decode/include"]);
    command.arg(format!("-I{MODULE}/Public")).arg(format!("-I{MODULE}/Private"));
    command
}

/// Compiles the plugin with one of the programs beside this file.
fn compile(compiler: &Path, standard: &str, program: &str) -> PathBuf {
    let library = library();
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("unreal-{program}-{standard}"));
    let mut command = compiler_for_the_plugin(compiler, standard);
    command
        .args(sources())
        .arg(format!("tests/unreal/{program}.cpp"))
        .arg("tests/unreal/stubs/HttpModule.cpp");
    command.arg(&library.shared).arg(decoder().join("libmlab_decode.so")).args(["-lcurl", "-lpthread"]);
    command.arg(format!("-Wl,-rpath,{}", library.programs.display()));
    command.arg(format!("-Wl,-rpath,{}", decoder().display())).arg("-o").arg(&out);
    run(&mut command).unwrap_or_else(|why| panic!("{why}"));
    out
}

fn program(name: &'static str, standard: &str) -> Option<PathBuf> {
    // The engine's HTTP is libcurl's here.
    tool("g++").filter(|_| has_libcurl()).map(|compiler| compile(&compiler, standard, name))
}

/// A server whose jobs have an image of each kind, and are ready so long after their first poll.
fn standin(ready_after: Duration) -> Standin {
    let images = ImageKind::ALL.to_vec();
    let clock = Clock::AtFirstLook;
    let template = Job { images, size: (64, 48), ready_after, clock, ..Job::new("") };
    let keys = vec!["test-key-not-real".into()];
    Standin::start(Options { auto: true, template, keys, ..Options::default() }).expect("free ports")
}

fn must_pass(command: &mut Command, server: &Standin) {
    command.env("MLAB_TEST_ENDPOINT", server.http_endpoint());
    for variable in ["MLAB_ENDPOINT", "MODELSLAB_API_KEY"] {
        command.env_remove(variable);
    }
    must_succeed(command);
}

fn must_succeed(command: &mut Command) {
    let output = command.output().expect("it runs");
    let said = String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned();
    assert!(output.status.success(), "{}:\n{said}", output.status);
    print!("{said}");
}

/// Each case by the library's HTTP and by the engine's.
fn both_ways(case: &str) {
    let Some(program) = jobs() else { return };
    for way in ["library", "engine"] {
        let server = standin(Duration::ZERO);
        let closed = ClosedPort::open().expect("a free port");
        let endpoint = format!("http://{}/{{id}}", closed.addr());
        must_pass(Command::new(program).args([case, way]).env("MLAB_TEST_CLOSED", endpoint), &server);
    }
}

fn jobs() -> Option<&'static PathBuf> {
    static PROGRAM: OnceLock<Option<PathBuf>> = OnceLock::new();
    PROGRAM.get_or_init(|| program("jobs", "c++17")).as_ref()
}

#[test]
fn images_come_decoded_or_as_bytes() {
    both_ways("images");
}

#[test]
fn each_failure_is_one_end_that_says_what_to_do() {
    both_ways("failures");
}

#[test]
fn a_cancelled_job_ends_once_and_the_others_go_on() {
    both_ways("cancel");
}

#[test]
fn a_callback_may_open_jobs_and_end_everything() {
    both_ways("inside");
}

#[test]
fn what_the_engine_got_by_a_redirect_is_refused() {
    let Some(program) = jobs() else { return };
    let server = standin(Duration::ZERO);
    let target = server.http_endpoint().replace("{id}", "1");
    let redirect = Reply::json(307, "{}").with("Location", target);
    let raw = RawServer::plain(vec![Step::reply(&redirect)]).expect("a port");
    must_pass(Command::new(program).arg("redirect").env("MLAB_TEST_REDIRECT", raw.endpoint()), &server);
}

#[test]
fn ten_thousand_waiting_jobs_leave_the_frames_alone() {
    let Some(program) = jobs() else { return };
    must_pass(Command::new(program).arg("many"), &standin(Duration::ZERO));
}

#[test]
fn the_subsystem_signals_and_the_latent_node_ends_with_textures() {
    let Some(program) = program("subsystem", "c++20") else { return };
    let server = standin(Duration::from_millis(200));
    let images = Path::new(env!("CARGO_TARGET_TMPDIR")).join("unreal-images");
    fs::create_dir_all(&images).expect("a folder");
    for (index, kind) in ImageKind::ALL.iter().enumerate() {
        let name = format!("1-a-{index}.{}", kind.extension());
        fs::write(images.join(&name), kind.encode(&name, (64, 48)).expect("a size")).expect("a file");
    }
    let mut command = Command::new(program);
    command.env("MLAB_ENDPOINT", server.http_endpoint()).env("MODELSLAB_API_KEY", "test-key-not-real");
    must_succeed(command.env("MLAB_TEST_IMAGES", images));
}

/// The programs above are g++'s, one in each standard.
#[test]
fn the_plugin_compiles_with_clang_in_both_standards() {
    let Some(compiler) = tool("clang++") else { return };
    for standard in ["c++17", "c++20"] {
        let mut command = compiler_for_the_plugin(&compiler, standard);
        run(command.arg("-fsyntax-only").args(sources())).unwrap_or_else(|why| panic!("{why}"));
    }
}
