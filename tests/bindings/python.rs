//! bindings/python: a wheel is built without a network, installed into a fresh virtual environment, and run from there by
//! its own tests.

use crate::example;
use crate::place::{fresh, run, source};
use crate::readme::{install, page, programs};
use crate::server::{KEY, Servers};
use crate::support::{library, skip, tool};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Python with what makes packages and environments, which Debian has as packages of their own; `None` where one is missing.
fn complete_python() -> Option<PathBuf> {
    let python = tool("python3")?;
    let has_all =
        Command::new(&python).args(["-c", "import ensurepip, pip, venv"]).output().expect("it runs");
    if !has_all.status.success() {
        let missing = String::from_utf8_lossy(&has_all.stderr);
        let missing = missing.lines().last().unwrap_or_default();
        skip(&format!("python3: {missing}: on Debian and Ubuntu, apt install python3-pip python3-venv"));
        return None;
    }
    Some(python)
}

/// The interpreter of an environment with nothing but the wheel in it; `None` where there is no Python.
fn installed() -> Option<&'static Path> {
    static INTERPRETER: OnceLock<Option<PathBuf>> = OnceLock::new();
    let make = || {
        let python = complete_python()?;
        let place = fresh("python");
        let (wheels, environment) = (place.join("wheels"), place.join("environment"));
        // The backend is in the sources and needs nothing: pip has no index to ask.
        run(Command::new(&python)
            .args(["-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps", "--wheel-dir"])
            .arg(&wheels)
            .arg(source("bindings/python"))
            .env("MLAB_LIBRARY", &library().shared));
        let wheel = fs::read_dir(&wheels).expect("wheels").next().expect("a wheel").expect("it").path();
        let name = wheel.file_name().and_then(|name| name.to_str()).expect("UTF-8");
        // It holds a library: pip must not take it for another platform's.
        assert!(name.starts_with("mlab_client-") && !name.ends_with("-any.whl"), "{name}");
        run(Command::new(&python).args(["-m", "venv"]).arg(&environment));
        let mut line = install("Python", &environment.join("bin/pip"));
        run(line.args(["--quiet", "--no-index", "--find-links"]).arg(&wheels));
        Some(environment.join("bin/python"))
    };
    INTERPRETER.get_or_init(make).as_deref()
}

/// Python in that environment, far from the sources: what is imported is what was installed.
fn python(interpreter: &Path, servers: &Servers) -> Command {
    let mut command = Command::new(interpreter);
    servers.describe(&mut command);
    command.env("PYTHONDONTWRITEBYTECODE", "1").env_remove("PYTHONPATH");
    command.current_dir(interpreter.parent().expect("a folder"));
    command
}

#[test]
fn the_wheel_works_where_it_was_installed() {
    let Some(interpreter) = installed() else { return };
    let servers = Servers::start();
    let mut tests = python(interpreter, &servers);
    tests.args(["-m", "unittest", "discover", "--start-directory"]).arg(source("bindings/python/tests"));
    let done = run(&mut tests);
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(said.trim_end().ends_with("OK"), "{said}");
}

#[test]
fn the_wheel_brings_its_licences_and_those_of_what_is_inside() {
    let Some(interpreter) = installed() else { return };
    let program = "import importlib.metadata as m\n\
                   for f in m.files('mlab-client'): print(f.name, f.locate())";
    let said = run(Command::new(interpreter).args(["-c", program]));
    let files = String::from_utf8_lossy(&said.stdout).into_owned();
    for name in ["LICENSE-APACHE", "LICENSE-MIT", "NOTICE"] {
        let brought = files.lines().find_map(|line| line.strip_prefix(&format!("{name} ")));
        let brought =
            fs::read(brought.unwrap_or_else(|| panic!("no {name} among:\n{files}"))).expect("a file");
        assert!(brought == fs::read(source(name)).expect("a file"), "{name}");
    }
}

#[cfg(target_os = "linux")] // The page names the library as Linux systems do.
#[test]
fn a_clone_installs_as_the_page_says_and_an_editable_install_leads_to_the_sources() {
    let Some(python) = complete_python() else { return };
    let place = fresh("python-clone");
    let clone = crate::clone::Checkout::new("Python", place.join("clone"), &[]);
    let environment = place.join("environment");
    run(Command::new(&python).args(["-m", "venv"]).arg(&environment));
    let path = std::env::var("PATH").expect("a path");
    let path = format!("{}:{path}", environment.join("bin").display());
    let program = "import mlab; print(mlab.version(), mlab.__file__)";
    let loaded = || {
        let done = run(python_of(&environment).args(["-c", program]));
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        said.strip_prefix(concat!(env!("CARGO_PKG_VERSION"), " ")).expect(&said).trim_end().to_owned()
    };
    let active = |lines: &mut Command| {
        run(lines.env("PATH", &path).env("PIP_NO_INDEX", "1").env_remove("MLAB_LIBRARY"));
    };
    active(&mut clone.block(0, &clone.root, &[]));
    assert!(Path::new(&loaded()).starts_with(environment.join("lib")), "{}", loaded());

    let line = "pip install --editable ./bindings/python";
    assert!(fs::read_to_string(page("Python")).expect("the page").contains(line));
    active(Command::new("sh").args(["-c", line]).current_dir(&clone.root));
    assert_eq!(Path::new(&loaded()), clone.root.join("bindings/python/src/mlab/__init__.py"));
}

/// The interpreter of an environment, far from the sources.
fn python_of(environment: &Path) -> Command {
    let mut command = Command::new(environment.join("bin/python"));
    command.env("PYTHONDONTWRITEBYTECODE", "1").env_remove("PYTHONPATH").current_dir(environment);
    command
}

#[test]
fn the_programs_shown_for_python_print_the_images() {
    let Some(interpreter) = installed() else { return };
    let servers = Servers::start();
    // The last goes on from one before.
    let [whole @ .., many] = &programs("Python")[..] else { panic!("no programs") };
    assert_eq!(whole.len(), 3);
    let begin = "import mlab\nclient, ids = mlab.Client(), ['12202888', 'fail-1']\n";
    let here = fresh("python-shown");
    let shown = |program: &str| {
        // As it stands, but for where the jobs are.
        let program = program.to_owned();
        let there =
            program.replacen("Client()", "Client(endpoint=__import__('os').environ['MLAB_TEST_HTTP'])", 1);
        assert_ne!(there, program);
        let mut command = python(interpreter, &servers);
        command.env("API_KEY", KEY).current_dir(&here).args(["-W", "error", "-c", &there]);
        command
    };
    for program in whole {
        let done = run(&mut shown(program));
        let said = String::from_utf8_lossy(&done.stdout);
        assert!(said.contains("/generations/12202888-0.png"), "{said}");
    }
    example::saves(&mut shown(&format!("{begin}{many}")), &here);
}

#[test]
fn the_example_of_python_waits_and_stops_at_once_on_an_interrupt() {
    let Some(interpreter) = installed() else { return };
    let servers = Servers::start();
    example::waits_and_stops(&servers, || {
        let mut command = python(interpreter, &servers);
        command.arg(source("bindings/python/examples/wait.py"));
        command
    });
}
