//! bindings/csharp: the NuGet package is made without the SDK, unpacked into a fresh folder, and laid out from there as an
//! SDK lays out a program. No variable helps to find the library.

use crate::clone::Checkout;
use crate::example;
use crate::place::{before_library, fresh, run, source, without_threads};
use crate::readme::{install as install_line, programs};
use crate::server::{KEY, Servers};
use crate::support::dotnet::{Runtime, compile};
use crate::support::{Running, at_once, interrupted, tool};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The platform as NuGet names it.
const PLATFORM: &str = if cfg!(target_arch = "aarch64") { "linux-arm64" } else { "linux-x64" };

/// The package, unpacked; `None` where a tool is missing.
fn package() -> Option<&'static Path> {
    static FOLDER: OnceLock<Option<PathBuf>> = OnceLock::new();
    let make = || {
        let (_, python, Runtime::CoreClr(_, framework)) =
            (tool("mcs")?, tool("python3")?, Runtime::coreclr()?)
        else {
            return None;
        };
        let place = fresh("csharp");
        let unpacked = place.join("package");
        let clone = Checkout::new("C#", place.join("clone"), &["engines/unity"]);
        let with_both = format!("target/release/libmlab.so --coreclr {}", framework.display());
        let words: [(&str, &Path); 2] =
            [("linux-x64", Path::new(PLATFORM)), ("target/release/libmlab.so", Path::new(&with_both))];
        run(&mut clone.block(0, &clone.root, &words));
        let file = clone.root.join("target/mlab-client.nupkg");
        run(Command::new(&python).args(["-m", "zipfile", "-e"]).arg(&file).arg(&unpacked));
        Some(unpacked)
    };
    FOLDER.get_or_init(make).as_deref()
}

/// Where the library is in the package.
fn packaged() -> PathBuf {
    Path::new("runtimes").join(PLATFORM).join("native/libmlab.so")
}

/// Where a runtime looks for it in the folder of a program.
fn installed(runtime: &Runtime, folder: &Path) -> PathBuf {
    folder.join(if runtime.is_mono() { "libmlab.so".into() } else { packaged() })
}

/// A program of these sources with the package, in a folder of its own.
fn install(runtime: &Runtime, framework: &str, purpose: &str, sources: &[PathBuf]) -> Option<PathBuf> {
    let (package, mcs) = (package()?, tool("mcs")?);
    let folder = fresh(&format!("csharp-{purpose}-{}", runtime.name()));
    let native = packaged();
    fs::copy(package.join("lib").join(framework).join("Mlab.dll"), folder.join("Mlab.dll"))
        .expect("the assembly");
    let place = installed(runtime, &folder);
    fs::create_dir_all(place.parent().expect("a folder")).expect("folders");
    fs::copy(package.join(&native), place).expect("the library");
    if !runtime.is_mono() {
        let assets = format!(
            r#"{{"runtimeTarget":{{"name":".NETCoreApp,Version=v3.1"}},
                "targets":{{".NETCoreApp,Version=v3.1":{{
                    "{purpose}/1.0.0":{{"dependencies":{{"mlab-client":"0.1.0"}},"runtime":{{"{purpose}.exe":{{}}}}}},
                    "mlab-client/0.1.0":{{"runtime":{{"lib/{framework}/Mlab.dll":{{}}}},
                        "runtimeTargets":{{"{}":{{"rid":"{PLATFORM}","assetType":"native"}}}}}}}}}},
                "libraries":{{"{purpose}/1.0.0":{{"type":"project","serviceable":false,"sha512":""}},
                    "mlab-client/0.1.0":{{"type":"package","serviceable":true,"sha512":""}}}}}}"#,
            native.display()
        );
        fs::write(folder.join(format!("{purpose}.deps.json")), assets).expect("a file");
    }
    let program = folder.join(format!("{purpose}.exe"));
    // What was compiled by Mono runs under both.
    let mut arguments = if framework == "netstandard2.0" { Vec::new() } else { runtime.references() };
    arguments.push(format!("-r:{}", folder.join("Mlab.dll").display()));
    compile(&mcs, &program, sources, &arguments);
    Some(program)
}

/// Programs of the tests in C#.
fn tests<const N: usize>(names: [&str; N]) -> [PathBuf; N] {
    names.map(|name| source(&format!("tests/bindings/csharp/{name}.cs")))
}

fn checks() -> [PathBuf; 4] {
    tests(["Checks", "Ends", "Harness", "Leftovers"])
}

/// The assembly that NuGet would take for a runtime.
fn framework(runtime: &Runtime) -> &'static str {
    if runtime.is_mono() { "netstandard2.0" } else { "netstandard2.1" }
}

fn command(runtime: &Runtime, program: &Path, servers: &Servers) -> Command {
    let mut command = runtime.command(program);
    servers.describe(&mut command);
    command.env("MLAB_TEST_FOLDER", program.parent().expect("a folder"));
    command
}

/// Runs the checks whose names hold `filter`.
fn check(runtime: &Runtime, framework: &str, purpose: &str, filter: Option<&str>) {
    let Some(program) = install(runtime, framework, purpose, &checks()) else { return };
    let servers = Servers::start(); // Anew, since a job is ready some time after its first poll.
    passes(runtime, command(runtime, &program, &servers).args(filter));
}

/// Runs a program of checks.
fn passes(runtime: &Runtime, command: &mut Command) {
    let done = command.output().expect("it runs");
    let said = String::from_utf8_lossy(&done.stderr);
    let is_good = done.status.success() && said.starts_with("ok ") && said.ends_with("\n0 failures\n");
    assert!(is_good, "{}: {}\n{said}", runtime.name(), done.status);
}

#[test]
fn the_package_of_csharp_has_what_nuget_wants() {
    let Some(package) = package() else { return };
    for (file, needles) in [
        (
            "mlab-client.nuspec",
            &[
                "<id>mlab-client</id>",
                "<version>0.1.0</version>",
                "<authors>",
                "<projectUrl>",
                "<readme>README.md",
            ][..],
        ),
        ("_rels/.rels", &["Target=\"/mlab-client.nuspec\""]),
        (
            "[Content_Types].xml",
            &["Extension=\"dll\"", "Extension=\"rels\"", "PartName=\"/LICENSE-MIT\"", "PartName=\"/NOTICE\""],
        ),
        ("lib/netstandard2.1/Mlab.xml", &["M:Mlab.Client.Wait("]),
        ("README.md", &["# mlab-client for C#"]),
        ("NOTICE", &["Inside libmlab:"]),
        ("LICENSE-MIT", &["Permission is hereby granted"]),
        ("LICENSE-APACHE", &["Apache License"]),
    ] {
        let text = fs::read_to_string(package.join(file)).unwrap_or_else(|e| panic!("{file}: {e}"));
        for needle in needles {
            assert!(text.contains(needle), "{file} lacks {needle}:\n{text}");
        }
    }
    assert_eq!(
        fs::read(package.join(packaged())).expect("the library"),
        fs::read(package.with_file_name("clone").join("target/release/libmlab.so")).expect("the library")
    );
    let text = |framework: &str| {
        let assembly = fs::read(package.join("lib").join(framework).join("Mlab.dll")).expect("an assembly");
        String::from_utf8_lossy(&assembly).into_owned()
    };
    // What a compiler knows by its promised name, and the interface that only the newer one has.
    let newer = text("netstandard2.1");
    assert!(newer.contains("netstandard") && !newer.contains("System.Private.CoreLib"));
    assert!(newer.contains("IAsyncEnumerable") && !text("netstandard2.0").contains("IAsyncEnumerable"));
}

#[test]
fn the_package_works_under_mono() {
    let Some(runtime) = Runtime::mono() else { return };
    check(&runtime, framework(&runtime), "checks", None);
}

#[test]
fn the_package_works_under_coreclr() {
    let Some(runtime) = Runtime::coreclr() else { return };
    check(&runtime, framework(&runtime), "checks", None);
}

#[test]
fn the_assembly_for_older_runtimes_works_under_coreclr_too() {
    let Some(runtime) = Runtime::coreclr() else { return };
    check(&runtime, "netstandard2.0", "older", Some("E")); // Events, exceptions, every reference and more.
}

#[test]
fn an_image_that_csharp_cannot_copy_ends_its_job_alone() {
    for runtime in Runtime::all() {
        let Some(program) = install(&runtime, framework(&runtime), "large", &tests(["Scarce", "Harness"]))
        else {
            return;
        };
        let before = before_library("large-images", "tests/bindings/csharp/large_images.c");
        fs::copy(before, installed(&runtime, program.parent().expect("a folder"))).expect("the library");
        passes(&runtime, command(&runtime, &program, &Servers::start()).arg("TooLarge"));
    }
}

#[test]
fn csharp_waits_again_once_the_system_has_threads() {
    for runtime in Runtime::all() {
        let Some(program) = install(&runtime, framework(&runtime), "scarce", &tests(["Scarce", "Harness"]))
        else {
            return;
        };
        let servers = Servers::start();
        let mut command = command(&runtime, &program, &servers);
        passes(&runtime, without_threads(&mut command, program.parent().expect("a folder")).arg("Thread"));
    }
}

#[test]
fn a_process_of_csharp_with_open_jobs_ends_at_once() {
    for runtime in Runtime::all() {
        let Some(program) = install(&runtime, framework(&runtime), "exit", &checks()) else { return };
        let servers = Servers::start();
        let at = Instant::now();
        let done = command(&runtime, &program, &servers).arg("exit").output().expect("it runs");
        assert_eq!(done.status.code(), Some(7), "{}: {done:?}", runtime.name());
        // Starting a runtime takes most of it; a call that is waited for would take 30 s.
        assert!(at.elapsed() < Duration::from_secs(20), "{}: {:?}", runtime.name(), at.elapsed());
    }
}

#[test]
fn the_example_of_csharp_waits_and_stops_at_once_on_an_interrupt() {
    for runtime in Runtime::all() {
        let example = source("bindings/csharp/examples/Wait.cs");
        let Some(program) = install(&runtime, framework(&runtime), "wait", &[example]) else { return };
        let servers = Servers::start();
        let example = || command(&runtime, &program, &servers);
        example::waits(&servers, example);
        let never = || example::command(&servers, example, &["never-1"]);
        at_once(|| {
            let (took, done) = interrupted(&mut never());
            if runtime.is_mono() {
                // Without a terminal it raises no CancelKeyPress: the signal itself ends the program.
                assert_eq!(done.status.signal(), Some(2), "{done:?}");
            } else {
                assert_eq!(done.status.code(), Some(130), "{done:?}");
            }
            took
        });
        let Some(script) = tool("script") else { return };
        at_once(|| {
            let (took, code) = interrupted_at_a_terminal(&script, &never());
            assert_eq!(code, Some(130), "{}", runtime.name());
            took
        });
    }
}

/// Runs a command at a terminal of its own, and presses Ctrl-C there soon after its first line.
fn interrupted_at_a_terminal(script: &Path, command: &Command) -> (Duration, Option<i32>) {
    let words = [command.get_program()].into_iter().chain(command.get_args());
    let words: Vec<_> = words.map(|word| format!("'{}'", word.to_str().expect("UTF-8"))).collect();
    let mut terminal = Command::new(script);
    terminal.args(["--quiet", "--return", "--command", &words.join(" "), "/dev/null"]);
    terminal.env("TERM", "xterm").env("SHELL", "/bin/sh");
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => terminal.env(name, value),
            None => terminal.env_remove(name),
        };
    }
    let mut running =
        Running(terminal.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("script runs"));
    let running = &mut running.0;
    let mut said = BufReader::new(running.stdout.take().expect("piped"));
    said.read_line(&mut String::new()).expect("a line after the first poll");
    let at = Instant::now();
    running.stdin.as_ref().expect("piped").write_all(b"\x03").expect("a key");
    let status = running.wait().expect("it ends");
    let took = at.elapsed();
    said.read_to_end(&mut Vec::new()).expect("the rest");
    (took, status.code())
}

#[test]
fn the_program_that_times_csharp_runs() {
    for runtime in Runtime::all() {
        let bench = source("bindings/csharp/bench/Bench.cs");
        let Some(program) = install(&runtime, framework(&runtime), "bench", &[bench]) else { return };
        let servers = Servers::start();
        let mut command = command(&runtime, &program, &servers);
        let done = run(command.args(["fetch", "3", "2", &servers.endpoint()]));
        let said = String::from_utf8_lossy(&done.stdout);
        assert!(said.starts_with("bytes=") && said.contains(" median="), "{said}");
    }
}

#[test]
fn the_line_that_installs_the_package_of_csharp_names_it() {
    // Nothing more, since it takes the SDK.
    let line = install_line("C#", Path::new("dotnet"));
    let project = fs::read_to_string(source("bindings/csharp/mlab-client.csproj")).expect("the project");
    let words: Vec<_> = line.get_args().map(|word| word.to_str().expect("UTF-8")).collect();
    let ["add", "package", name] = words[..] else { panic!("{words:?}") };
    assert!(project.contains(&format!("<PackageId>{name}</PackageId>")), "{name}");
}

#[test]
fn the_programs_shown_for_csharp_print_the_images() {
    let programs = programs("C#");
    assert_eq!(programs.len(), 2);
    for (number, program) in programs.into_iter().enumerate() {
        // As it stands, but for where the jobs are; the page's asks the environment itself.
        let here = "new Client(options: new ClientOptions { Endpoint = \
                    Environment.GetEnvironmentVariable(\"MLAB_ENDPOINT\") })";
        let program = program.replace("new Client()", here);
        assert!(program.contains("MLAB_ENDPOINT"), "{program}");
        for runtime in Runtime::all() {
            let file = fresh(&format!("csharp-shown-{number}-{}", runtime.name())).join("Shown.cs");
            fs::write(&file, &program).expect("a file");
            let Some(program) = install(&runtime, framework(&runtime), "shown", &[file]) else { return };
            let servers = Servers::start();
            let mut command = command(&runtime, &program, &servers);
            let done = run(command.env("MODELSLAB_API_KEY", KEY).env("MLAB_ENDPOINT", servers.endpoint()));
            let links = String::from_utf8_lossy(&done.stdout);
            assert_eq!(links.lines().count(), 4, "{done:?}");
        }
    }
}
