//! The languages: what each is called, its bar, and how its program is made ready with the library as it is shipped.
//!
//! Must never know what is measured.

use crate::Outcome;
use crate::managed::{coreclr, foreign, jna, mono};
use crate::rust;
use crate::tools::{Built, output};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What of C a binding's fetch is measured beside.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peer {
    /// The call on the thread that wants the result.
    Call = 0,
    /// The call on another thread, which hands it over: where the language's own thread must go on hearing of signals, or
    /// running its loop.
    HandedOver = 1,
}

/// A binding.
pub(crate) struct Language {
    pub(crate) name: &'static str,
    pub(crate) peer: Peer,
    /// The longest that parsing a reply and copying everything out may take, in microseconds, on a machine where C takes
    /// [`C_PARSE`](crate::compare::C_PARSE).
    pub(crate) parse_bar: f64,
    /// Makes its program; what is not installed where that cannot be.
    pub(crate) make: fn(&Built) -> Outcome<Result<Program, &'static str>>,
}

/// How a program is started, but for its four arguments.
#[derive(Clone)]
pub(crate) struct Program {
    words: Vec<OsString>,
    variables: Vec<(&'static str, OsString)>,
    folder: PathBuf,
}

impl Program {
    pub(crate) fn new(program: impl Into<OsString>) -> Program {
        Program { words: vec![program.into()], variables: Vec::new(), folder: root("") }
    }

    /// The program and its first arguments.
    pub(crate) fn of_words(words: impl IntoIterator<Item = OsString>) -> Program {
        Program { words: words.into_iter().collect(), ..Program::new("") }
    }

    fn of<const N: usize>(words: [&str; N]) -> Program {
        Program::of_words(words.map(OsString::from))
    }

    fn with(mut self, name: &'static str, value: impl Into<OsString>) -> Program {
        self.variables.push((name, value.into()));
        self
    }

    fn inside(self, folder: impl Into<PathBuf>) -> Program {
        Program { folder: folder.into(), ..self }
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.words[0]);
        command.args(&self.words[1..]).envs(self.variables.iter().cloned()).current_dir(&self.folder);
        command
    }
}

/// All of them. For one more, add a row here and its program to its folder.
pub(crate) fn all() -> Vec<Language> {
    let language = |name, parse_bar, make| Language { name, peer: Peer::Call, parse_bar, make };
    let handed_over = |name, parse_bar, make| Language { name, peer: Peer::HandedOver, parse_bar, make };
    vec![
        language("Rust", 1.0, rust),
        handed_over("LuaJIT", 1.0, lua),
        language("C#, CoreCLR", 1.0, coreclr),
        language("Go", 3.0, go),
        handed_over("Node", 3.0, node),
        handed_over("PHP", 3.0, php),
        handed_over("Ruby", 3.0, ruby),
        language("C#, Mono", 3.0, mono),
        language("Python", 9.0, python),
        language("Java, JNA", 12.0, jna),
        language("Java, FFM", 12.0, foreign),
    ]
}

pub(crate) fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Whether each of these can be run.
fn are_there(tools: &[&str]) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    tools.iter().all(|tool| std::env::split_paths(&path).any(|folder| folder.join(tool).is_file()))
}

fn rust(_: &Built) -> Outcome<Result<Program, &'static str>> {
    let mut program = Program::new(std::env::current_exe()?);
    program.words.push(rust::MARK.into());
    Ok(Ok(program))
}

fn lua(built: &Built) -> Outcome<Result<Program, &'static str>> {
    if !are_there(&["luajit"]) {
        return Ok(Err("luajit"));
    }
    let program = Program::of(["luajit", "bench.lua"]).inside(root("bindings/lua"));
    Ok(Ok(program.with("LUA_PATH", "./?.lua").with("LD_LIBRARY_PATH", &built.folder)))
}

fn go(built: &Built) -> Outcome<Result<Program, &'static str>> {
    if !are_there(&["go", "pkg-config"]) {
        return Ok(Err("go with pkg-config"));
    }
    let program = built.folder.join("bindings-go");
    let pc = format!(
        "Name: mlab\nDescription: the library as it is shipped\nVersion: 0.1.0\nCflags: -I{}\nLibs: {} -Wl,-rpath,{}\n",
        root("include").display(),
        built.library.display(),
        built.folder.display(),
    );
    fs::write(built.folder.join("mlab.pc"), pc)?;
    let mut command = Command::new("go");
    command.args(["build", "-o"]).arg(&program).arg("./bench").current_dir(root("bindings/go"));
    command.env("PKG_CONFIG_PATH", &built.folder).env("GOPROXY", "off");
    command.env("GOCACHE", built.folder.join("go-cache"));
    output(command.env("CGO_LDFLAGS_ALLOW", "-Wl,-rpath.*|/.*\\.so\\.0"))?;
    Ok(Ok(Program::new(program)))
}

fn node(built: &Built) -> Outcome<Result<Program, &'static str>> {
    if !are_there(&["node", "npm"]) {
        return Ok(Err("node with npm"));
    }
    let folder = built.folder.join("node");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("package.json"), r#"{"private": true}"#)?;
    // What it depends on, from npm's own cache if it is there.
    let koffi = ["install", "--prefer-offline", "--no-audit", "--no-fund", "koffi@3"];
    output(Command::new("npm").args(koffi).current_dir(&folder))?;
    let package = folder.join("node_modules/mlab-client");
    fs::create_dir_all(package.join("lib"))?;
    let sources = fs::read_dir(root("bindings/node/lib"))?.collect::<Result<Vec<_>, _>>()?;
    for source in sources {
        fs::copy(source.path(), package.join("lib").join(source.file_name()))?;
    }
    fs::copy(root("bindings/node/package.json"), package.join("package.json"))?;
    fs::copy(root("bindings/node/bench.mjs"), folder.join("bench.mjs"))?;
    Ok(Ok(Program::of(["node", "bench.mjs"]).inside(folder).with("MLAB_LIBRARY", &built.library)))
}

fn php(built: &Built) -> Outcome<Result<Program, &'static str>> {
    if !are_there(&["php"]) {
        return Ok(Err("php"));
    }
    let program = Program::of(["php", "bench.php"]).inside(root("bindings/php"));
    Ok(Ok(program.with("MLAB_LIBRARY", &built.library)))
}

fn ruby(built: &Built) -> Outcome<Result<Program, &'static str>> {
    if !are_there(&["ruby"]) {
        return Ok(Err("ruby"));
    }
    let program = Program::of(["ruby", "-Ilib", "bench.rb"]).inside(root("bindings/ruby"));
    Ok(Ok(program.with("MLAB_LIBRARY", &built.library)))
}

fn python(built: &Built) -> Outcome<Result<Program, &'static str>> {
    if !are_there(&["python3"]) {
        return Ok(Err("python3"));
    }
    let program = Program::of(["python3", "-B", "bench.py"]).inside(root("bindings/python"));
    Ok(Ok(program.with("PYTHONPATH", "src").with("LD_LIBRARY_PATH", &built.folder)))
}
