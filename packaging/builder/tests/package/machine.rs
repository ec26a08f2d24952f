//! The compilers for a target, and what runs its programs here.

use crate::fixture::package;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// How programs for a target are made and run.
#[derive(Debug)]
pub(crate) struct Machine {
    pub(crate) c: &'static [&'static str],
    pub(crate) cpp: &'static [&'static str],
    /// Flags that make a program find nothing at run time, where the static library is for such programs.
    pub(crate) fully_static: &'static [&'static str],
    /// What stands before a program to run it.
    runner: &'static [&'static str],
    /// Whether anything here runs its programs; if not, they are built only.
    pub(crate) runs: bool,
    /// CMake's name of a system that is not this one.
    pub(crate) cmake_system: Option<&'static str>,
    pub(crate) exe: &'static str,
    /// Whether meson knows the compilers without a file that describes them.
    pub(crate) is_native: bool,
}

const NATIVE: Machine = Machine {
    c: &["cc"],
    cpp: &["c++"],
    fully_static: &[],
    runner: &[],
    runs: true,
    cmake_system: None,
    exe: "",
    is_native: true,
};

const AARCH64: Machine = Machine {
    c: &["aarch64-linux-gnu-gcc"],
    cpp: &["aarch64-linux-gnu-g++"],
    runner: &["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"],
    cmake_system: Some("Linux"),
    is_native: false,
    ..NATIVE
};

/// Whatever it does not optimise, zig checks for undefined behaviour: by a runtime of its own, which calls `statx` of its own
/// musl. Debian 12's is 1.2.3 and has none; these programs run with that one, as the library must.
const UNCHECKED: &str = "-fno-sanitize=undefined";

const MUSL: Machine = Machine {
    c: &["python3", "-m", "ziglang", "cc", "-target", "x86_64-linux-musl", "-dynamic", UNCHECKED],
    cpp: &["python3", "-m", "ziglang", "c++", "-target", "x86_64-linux-musl", "-dynamic", UNCHECKED],
    fully_static: &["-static"],
    cmake_system: Some("Linux"),
    is_native: false,
    ..NATIVE
};

const WINDOWS: Machine = Machine {
    c: &["x86_64-w64-mingw32-gcc"],
    cpp: &["x86_64-w64-mingw32-g++"],
    // Debian's place for it.
    runner: &["/usr/lib/wine/wine64"],
    cmake_system: Some("Windows"),
    exe: ".exe",
    is_native: false,
    ..NATIVE
};

/// Where the stubs lie that programs for a Mac are linked against on other machines.
const FRAMEWORKS: &str =
    concat!("-F", env!("CARGO_MANIFEST_DIR"), "/../apple-stubs/System/Library/Frameworks");
const LIBRARIES: &str = concat!("-L", env!("CARGO_MANIFEST_DIR"), "/../apple-stubs/usr/lib");

const ARM_MAC: Machine = Machine {
    c: &["python3", "-m", "ziglang", "cc", "-target", "aarch64-macos.11.0", FRAMEWORKS, LIBRARIES],
    cpp: &["python3", "-m", "ziglang", "c++", "-target", "aarch64-macos.11.0", FRAMEWORKS, LIBRARIES],
    runs: false,
    cmake_system: Some("Darwin"),
    is_native: false,
    ..NATIVE
};

const INTEL_MAC: Machine = Machine {
    c: &["python3", "-m", "ziglang", "cc", "-target", "x86_64-macos.11.0", FRAMEWORKS, LIBRARIES],
    cpp: &["python3", "-m", "ziglang", "c++", "-target", "x86_64-macos.11.0", FRAMEWORKS, LIBRARIES],
    ..ARM_MAC
};

/// That of the package under test.
pub(crate) fn machine() -> &'static Machine {
    match package().target.triple() {
        "x86_64-unknown-linux-gnu" => &NATIVE,
        "aarch64-unknown-linux-gnu" => &AARCH64,
        "x86_64-unknown-linux-musl" => &MUSL,
        "x86_64-pc-windows-gnu" => &WINDOWS,
        "aarch64-apple-darwin" => &ARM_MAC,
        "x86_64-apple-darwin" => &INTEL_MAC,
        other => panic!("{other}: nothing here builds its programs"),
    }
}

pub(crate) fn is_windows() -> bool {
    machine().exe == ".exe"
}

pub(crate) fn is_apple() -> bool {
    machine().cmake_system == Some("Darwin")
}

/// A command from its words.
pub(crate) fn command(words: &[&str]) -> Command {
    let mut command = Command::new(words[0]);
    command.args(&words[1..]);
    command
}

/// What runs a program of the target. Nothing of this machine's settings reaches it.
pub(crate) fn runnable(program: &Path) -> Command {
    assert!(machine().runs, "{}: nothing here runs it", program.display());
    let mut command = match machine().runner {
        [] => Command::new(program),
        runner => {
            let mut command = self::command(runner);
            command.arg(program);
            command
        }
    };
    for variable in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(variable).env_remove(variable.to_uppercase());
    }
    command.env_remove("LD_LIBRARY_PATH").env_remove("MODELSLAB_API_KEY");
    if is_windows() {
        put_beside(program.parent().expect("a program has a folder"));
        for (name, value) in wine() {
            command.env(name, value);
        }
    }
    command
}

/// The variables for Wine, which runs by then: its services would keep the output of a first program, and with it whoever
/// reads that, until they end.
fn wine() -> &'static [(&'static str, OsString)] {
    static STARTED: OnceLock<Vec<(&str, OsString)>> = OnceLock::new();
    STARTED.get_or_init(|| {
        let variables = vec![
            ("WINEPREFIX", crate::fixture::scratch("wine").into()),
            // Its own talk, and the windows it would open.
            ("WINEDEBUG", "-all".into()),
            ("WINEDLLOVERRIDES", "mscoree,mshtml=".into()),
            ("DISPLAY", "".into()),
        ];
        for words in
            [&["/usr/lib/wine/wineserver64", "--persistent=20"][..], &["/usr/lib/wine/wine64", "wineboot"]]
        {
            let mut first = self::command(words);
            first.envs(variables.clone()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            assert!(first.status().is_ok_and(|status| status.success()), "{words:?} cannot be run");
        }
        variables
    })
}

/// Windows looks for DLLs beside the program: ours, the compiler's, and one that every Windows has and Wine 8 lacks.
fn put_beside(folder: &Path) {
    put(&package().prefix.join("bin/mlab.dll"), &folder.join("mlab.dll"));
    for name in ["libwinpthread-1.dll", "libstdc++-6.dll", "libgcc_s_seh-1.dll"] {
        let said = crate::fixture::run(command(machine().cpp).arg(format!("--print-file-name={name}")));
        put(Path::new(said.trim()), &folder.join(name));
    }
    static STUB: OnceLock<PathBuf> = OnceLock::new();
    let stub = STUB.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/consumer/bcryptprimitives.c");
        let stub = crate::fixture::scratch("stub").join("bcryptprimitives.dll");
        let mut compiler = command(machine().c);
        compiler.args(["-shared", "-O2", "-o"]).arg(&stub).arg(source).arg("-ladvapi32");
        crate::fixture::run(&mut compiler);
        stub
    });
    put(stub, &folder.join("bcryptprimitives.dll"));
}

/// Copies a file, unless an earlier program of the folder has it already.
fn put(from: &Path, to: &Path) {
    if !to.exists() {
        std::fs::copy(from, to).unwrap_or_else(|e| panic!("{}: {e}", from.display()));
    }
}
