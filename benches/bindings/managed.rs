//! C# and Java: their packages made ready with the library as it is shipped, each for its two ways into C.
//!
//! Must never know what is measured.

use crate::Outcome;
use crate::languages::{Program, root};
use crate::support::dotnet::{Runtime, compile};
use crate::support::jdk::{JNA, new_jdk};
use crate::support::tool;
use crate::tools::{Built, output};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

type Made = Outcome<Result<Program, &'static str>>;

pub(crate) fn mono(built: &Built) -> Made {
    csharp(built, Runtime::mono(), "netstandard2.0")
}

pub(crate) fn coreclr(built: &Built) -> Made {
    csharp(built, Runtime::coreclr(), "netstandard2.1")
}

fn csharp(built: &Built, runtime: Option<Runtime>, framework: &str) -> Made {
    let (Some(runtime), Some(mcs), Some(python)) = (runtime, tool("mcs"), tool("python3")) else {
        return Ok(Err("what its package needs"));
    };
    let folder = built.folder.join("csharp").join(runtime.name());
    fs::create_dir_all(&folder)?;
    let file = folder.join("mlab-client.nupkg");
    let mut pack = Command::new(&python);
    pack.arg(root("bindings/csharp/pack.py")).arg(&file);
    pack.arg(format!("linux-x64={}", built.library.display()));
    if let Runtime::CoreClr(_, framework) = &runtime {
        pack.arg("--coreclr").arg(framework);
    }
    output(&mut pack)?;
    output(Command::new(&python).args(["-m", "zipfile", "-e"]).arg(&file).arg(folder.join("package")))?;
    let assembly = folder.join("Mlab.dll");
    fs::copy(folder.join("package/lib").join(framework).join("Mlab.dll"), &assembly)?;
    fs::copy(&built.library, folder.join("libmlab.so"))?;
    let program = folder.join("Bench.exe");
    let references = runtime.references().into_iter().chain([format!("-r:{}", assembly.display())]);
    let source = root("bindings/csharp/bench/Bench.cs");
    compile(&mcs, &program, &[source], &references.collect::<Vec<_>>());
    Ok(Ok(words(&runtime.command(&program))))
}

/// A command as a user gives it, without the variables that the tests add.
fn words(command: &Command) -> Program {
    let all = [command.get_program()].into_iter().chain(command.get_args());
    Program::of_words(all.map(OsString::from))
}

pub(crate) fn jna(built: &Built) -> Made {
    java(built, &["-Dmlab.bridge=jna"], JNA)
}

pub(crate) fn foreign(built: &Built) -> Made {
    java(built, &[], "")
}

/// Both on one runtime, so that nothing but the way into C differs.
fn java(built: &Built, options: &[&str], more: &str) -> Made {
    let (Some(home), true) = (new_jdk(), Path::new(JNA).is_file()) else {
        return Ok(Err("a JDK of 22 or later, or JNA,"));
    };
    let jar = jar(built, &home)?;
    let mut command = Command::new(home.join("bin/java"));
    command.args(["--enable-native-access=ALL-UNNAMED", "-cp"]);
    command.arg(format!("{}:{}:{more}", jar.display(), built.folder.join("java").display()));
    Ok(Ok(words(command.args(options).arg("Bench"))))
}

/// The jar, and the program beside it.
fn jar(built: &Built, home: &Path) -> Outcome<PathBuf> {
    let folder = built.folder.join("java");
    fs::create_dir_all(&folder)?;
    // The jar keeps the name, which is the one in C's folder without its version.
    let library = folder.join("libmlab.so");
    fs::copy(&built.library, &library)?;
    let jar = folder.join("mlab-client.jar");
    let mut build = Command::new(root("bindings/java/build.sh"));
    output(build.arg(&library).arg(&jar).env("JAVA_HOME", home).env("JNA", JNA))?;
    let mut javac = Command::new(home.join("bin/javac"));
    javac.arg("-d").arg(&folder).arg("-cp").arg(&jar).arg(root("bindings/java/bench/Bench.java"));
    output(&mut javac)?;
    Ok(jar)
}
