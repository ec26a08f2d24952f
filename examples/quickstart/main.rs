//! From nothing to images on the disk: builds the library, compiles the C examples against it, and runs them.
//!
//! Without a key it runs against the stand-in server on loopback. With `MODELSLAB_API_KEY` set and ids given it runs
//! against the real service: `MODELSLAB_API_KEY=… cargo run --example quickstart -- 12202888`

#[path = "../../tests/support/library.rs"]
mod library;

use library::Library;
use mlab_standin::{ImageKind, Job, Options, Standin};
use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

/// Obviously no key: the stand-in takes any.
const STANDIN_KEY: &str = "test-key-not-real";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(why) => {
            eprintln!("quickstart: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode, String> {
    let ids: Vec<String> = env::args().skip(1).collect();
    step("build the shared library");
    let library = Library::build()?;
    println!("  {}", shown(&library.shared));
    step("compile examples/c/fetch.c, and mlab.c with show.c, against include/mlab.h and the library");
    let fetch = library.compile_c("fetch", &["examples/c/fetch.c"])?;
    let mlab = library.compile_c("mlab", &["examples/c/mlab.c", "examples/c/show.c"])?;
    println!("  {}\n  {}", shown(&fetch), shown(&mlab));
    let images = library.programs.join("images");
    fs::create_dir_all(&images).map_err(|e| format!("{}: {e}", images.display()))?;
    match env::var("MODELSLAB_API_KEY") {
        Ok(_) if !ids.is_empty() => {
            step("wait for the jobs at the real service, and save their images");
            let folder = images.to_string_lossy();
            let words = ["wait"].into_iter().chain(ids.iter().map(String::as_str)).chain(["--out", &*folder]);
            let code = run_program(&mut Command::new(&mlab), &words.collect::<Vec<_>>())?;
            println!("\nThe images are in {}", images.display());
            Ok(exit_code(code))
        }
        Ok(_) => {
            Err("MODELSLAB_API_KEY is set: give the ids to fetch, or unset it to use the stand-in server"
                .into())
        }
        Err(_) if !ids.is_empty() => Err("set MODELSLAB_API_KEY to fetch ids from the real service".into()),
        Err(_) => against_the_standin(&fetch, &mlab, &images),
    }
}

fn against_the_standin(fetch: &Path, mlab: &Path, images: &Path) -> Result<ExitCode, String> {
    step("start the stand-in server on loopback, with a job that takes 5 seconds");
    let server = Standin::start(Options { rich_processing: true, ..Options::default() })
        .map_err(|e| format!("the stand-in does not start: {e}"))?;
    server.add_job(Job {
        ready_after: Duration::from_secs(5),
        images: ImageKind::ALL.to_vec(),
        ..Job::new("12202888")
    });
    println!("  {}", server.https_endpoint());
    let against = |program: &Path, arguments: &[&str]| {
        let mut command = Command::new(program);
        command.env("MODELSLAB_API_KEY", STANDIN_KEY);
        command.env("MLAB_ENDPOINT", server.https_endpoint()).env("MLAB_CA_FILE", server.ca_file());
        run_program(&mut command, arguments)
    };
    step("one poll: the job is still queued");
    against(fetch, &["12202888"])?;
    step("wait for it: it goes from queued to ready, and its images are saved");
    let code = against(mlab, &["wait", "12202888", "--out", &images.to_string_lossy()])?;
    step("one poll a job that does not exist, to see an error");
    against(fetch, &["404"])?;
    println!("\nThe images are in {}", images.display());
    println!("That is all a program needs: a call, its result, a free. The header is the manual.");
    Ok(exit_code(code))
}

/// Runs the program with its output shown, and gives its exit code.
fn run_program(command: &mut Command, words: &[&str]) -> Result<Option<i32>, String> {
    let name = Path::new(command.get_program()).file_stem().unwrap_or_default().to_owned();
    println!("  $ {} {}", name.display(), words.join(" "));
    let status = command.args(words).status().map_err(|e| format!("the program does not run: {e}"))?;
    Ok(status.code())
}

fn exit_code(code: Option<i32>) -> ExitCode {
    code.and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
}

fn step(what: &str) {
    println!("\n== {what}");
}

fn shown(path: &Path) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}
