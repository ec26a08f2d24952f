//! The wrapper at work: tests/cpp/wrapper.cpp in the oldest and the newest standards, with and without exceptions.

use crate::server::{KEY, Servers};
use crate::support::{Link, Program, Running, at_once, interrupted, library, tool};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Standards in which something differs, and every compiler with each mode.
const BUILDS: &[(&str, &[&str])] = &[
    ("g++", &["-std=c++11"]),
    ("g++", &["-std=c++17", "-fno-exceptions", "-fno-rtti"]),
    ("g++", &["-std=c++2b", "-fsanitize=address,undefined"]),
    ("clang++", &["-std=c++17"]),
    ("clang++", &["-std=c++11", "-fno-exceptions", "-fno-rtti"]),
    ("clang++", &["-std=c++20"]),
];

fn compile(compiler: &Path, name: &str, flags: &[&str], sources: &[&str]) -> PathBuf {
    let flags = [&["-O1", "-Wshadow", "-Wconversion"], flags].concat();
    let program = Program { name, compiler: compiler.into(), flags: &flags, sources, link: Link::Shared };
    library().compile(&program).unwrap_or_else(|why| panic!("{why}"))
}

#[test]
fn the_wrapper_does_what_the_header_says_in_every_language_mode() {
    for (number, (compiler, flags)) in BUILDS.iter().enumerate() {
        let Some(path) = tool(compiler) else { continue };
        let servers = Servers::start(); // Anew, since a job is ready some time after its first poll.
        let name = format!("wrapper-{number}");
        let program = compile(&path, &name, flags, &["tests/cpp/wrapper.cpp", "tests/cpp/errors.cpp"]);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bilder-é-{number}"));
        fs::create_dir_all(&folder).expect("a folder");
        let mut command = Command::new(program);
        servers.describe(&mut command);
        let done = command.env("MLAB_TEST_FOLDER", &folder).output().expect("it runs");
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success() && said.contains("0 failures"), "{compiler} {flags:?}:\n{said}");
    }
}

#[test]
fn many_waits_and_calls_take_no_more_than_they_may() {
    for (compiler, flags) in [BUILDS[0], BUILDS[4]] {
        let Some(path) = tool(compiler) else { continue };
        let servers = Servers::start();
        let program = compile(&path, &format!("many-{compiler}"), flags, &["tests/cpp/many.cpp"]);
        let mut command = Command::new(program);
        servers.describe(&mut command);
        let mut running = Running(command.stderr(Stdio::piped()).spawn().expect("it runs"));
        let mut lines = BufReader::new(running.0.stderr.take().expect("piped")).lines();
        let mut said = Vec::new();
        while said.last().is_none_or(|line: &String| !line.ends_with(" failures")) {
            said.push(lines.next().expect("a last line").expect("UTF-8"));
        }
        // Its last line is out, and jobs are open.
        let at = Instant::now();
        let status = running.0.wait().expect("it ends");
        assert!(at.elapsed() < Duration::from_secs(3), "{:?}", at.elapsed());
        assert!(
            status.success() && said.last().is_some_and(|line| line == "0 failures"),
            "{compiler} {flags:?}: {said:?}"
        );
    }
}

#[test]
fn files_of_different_standards_link_into_one_program() {
    let Some(compiler) = tool("g++") else { return };
    let objects: Vec<String> = ["c++11", "c++17", "c++20"]
        .iter()
        .enumerate()
        .map(|(number, standard)| {
            let object = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("part-{number}.o"));
            let done = Command::new(&compiler)
                .args([&format!("-std={standard}"), &format!("-DPART=part_{number}"), "-O0", "-c"])
                .args(["-I", "include", "tests/cpp/part.cpp", "-o"])
                .arg(&object)
                .current_dir(env!("CARGO_MANIFEST_DIR"))
                .output()
                .expect("it compiles");
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
            object.into_os_string().into_string().expect("UTF-8")
        })
        .collect();
    let inputs: Vec<&str> =
        [&["tests/cpp/parts.cpp"], &*objects.iter().map(String::as_str).collect::<Vec<_>>()].concat();
    let program = compile(&compiler, "parts", &["-std=c++11"], &inputs);
    let done = Command::new(program).output().expect("it runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn the_program_of_the_wrapper_works() {
    let Some(compiler) = tool("c++") else { return };
    let header =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("include/mlab.hpp")).expect("it");
    let opening = header.split("*/").next().expect("a comment");
    let lines = opening.lines().map(|line| line.strip_prefix(" *").unwrap_or(line));
    let program: Vec<&str> = lines
        .skip_while(|line| !line.contains("#include"))
        .take_while(|line| line.is_empty() || line.starts_with("     "))
        .collect();
    let command = program.iter().position(|line| line.contains("c++ -std=")).expect("how it is compiled");
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("program-of-wrapper.cpp");
    fs::write(&file, program[..command].join("\n") + "\n").expect("a file");
    let source = file.to_str().expect("UTF-8");
    let program = compile(&compiler, "program-of-wrapper", &["-std=c++17"], &[source]);
    let mut command = Command::new(program);
    let done = command.env_remove("MODELSLAB_API_KEY").env_remove("API_KEY").output().expect("it runs");
    let said = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(1), "{said}");
    assert!(said.starts_with("MLAB_E_INVALID_ARGUMENT: key: none was given"), "{said}");
}

#[test]
fn the_example_waits_and_stops_at_once_on_an_interrupt() {
    let Some(compiler) = tool("c++") else { return };
    let program = compile(&compiler, "example-cpp-wait", &["-std=c++11"], &["examples/cpp/wait.cpp"]);
    let servers = Servers::start();
    let wait = |id: &str| {
        let mut command = Command::new(&program);
        servers.describe(&mut command);
        command.env("MLAB_ENDPOINT", servers.endpoint()).env("MODELSLAB_API_KEY", KEY).arg(id);
        command
    };
    let done = wait("12202888").output().expect("it runs");
    let links = String::from_utf8_lossy(&done.stdout);
    assert_eq!((done.status.code(), links.lines().count()), (Some(0), 4), "{links}");
    assert_eq!(wait("fail-1").output().expect("it runs").status.code(), Some(1));

    at_once(|| {
        let (took, done) = interrupted(&mut wait("never-1"));
        assert_eq!(done.status.code(), Some(130), "{done:?}");
        took
    });
}
