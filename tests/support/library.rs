//! Builds the C library as a user would, and C programs against it. Shared by the tests that need C and the quickstart.
#![allow(dead_code, reason = "each of its users needs a part")]

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a program must be linked with beside the static library, by how the target's name ends.
const SYSTEM_LIBRARIES: &str = include_str!("../../packaging/system-libraries.txt");

/// The built library.
#[derive(Debug, Clone)]
pub(crate) struct Library {
    /// The shared library.
    pub(crate) shared: PathBuf,
    /// The static library.
    pub(crate) archive: PathBuf,
    /// Where `mlab.h` is.
    pub(crate) include: PathBuf,
    /// Where programs are put, beside the shared library under its SONAME.
    pub(crate) programs: PathBuf,
}

/// How a program gets the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// The shared library, which it finds beside itself.
    Shared,
    /// The static library and what that needs of the system.
    Static,
}

/// A C or C++ program to compile.
#[derive(Debug, Clone)]
pub(crate) struct Program<'a> {
    /// The name of its file, unique among all programs.
    pub(crate) name: &'a str,
    /// The compiler's command.
    pub(crate) compiler: OsString,
    /// The language standard and whatever else.
    pub(crate) flags: &'a [&'a str],
    /// Source files, relative to the repository.
    pub(crate) sources: &'a [&'a str],
    /// How it gets the library.
    pub(crate) link: Link,
}

impl<'a> Program<'a> {
    /// A C99 program with the shared library, by the system's C compiler.
    pub(crate) fn c99(name: &'a str, sources: &'a [&'a str]) -> Program<'a> {
        let compiler = env::var_os("CC").unwrap_or_else(|| "cc".into());
        Program { name, compiler, flags: &["-std=c99", "-O1"], sources, link: Link::Shared }
    }
}

impl Library {
    /// Builds the library in the profile of this program; at once if it is built already.
    pub(crate) fn build() -> Result<Library, String> {
        let own = own_folder()?;
        let profile = match own.file_name().and_then(|name| name.to_str()) {
            Some("debug") | None => "dev",
            Some(profile) => profile,
        };
        run(cargo("build").args(["--profile", profile, "--target-dir"]).arg(own.parent().unwrap_or(&own)))?;
        Library::of_folder(&own)
    }

    /// Builds the library with `mlab_test_plant_panic`, in a folder of its own, so that it replaces no other.
    pub(crate) fn build_with_faults() -> Result<Library, String> {
        let folder = own_folder()?.with_file_name("fault-injection");
        // Without debug information, which nobody reads here, this second build takes half the time.
        let lean = ["--features", "fault-injection", "--config", "profile.dev.debug=0", "--target-dir"];
        run(cargo("build").args(lean).arg(&folder))?;
        Library::of_folder(&folder.join("debug"))
    }

    /// Builds the library without HTTP of its own, in a folder of its own, so that it replaces no other.
    pub(crate) fn build_without_http() -> Result<Library, String> {
        let folder = own_folder()?.with_file_name("without-http");
        let lean = ["--no-default-features", "--config", "profile.dev.debug=0", "--target-dir"];
        run(cargo("build").args(lean).arg(&folder))?;
        Library::of_folder(&folder.join("debug"))
    }

    /// `libmlab_decode`, which the same command builds: it is of every default member of the workspace.
    pub(crate) fn decoder(&self) -> PathBuf {
        self.shared.with_file_name(SHARED_NAME.replace("mlab", "mlab_decode"))
    }

    fn of_folder(built: &Path) -> Result<Library, String> {
        let programs = built.join("c-programs");
        fs::create_dir_all(&programs).map_err(|e| format!("{}: {e}", programs.display()))?;
        let library = Library {
            shared: built.join(SHARED_NAME),
            archive: built.join(ARCHIVE_NAME),
            include: Path::new(env!("CARGO_MANIFEST_DIR")).join("include"),
            programs,
        };
        library.put_beside_programs()?;
        Ok(library)
    }

    /// The loader looks for the SONAME, which cargo does not make.
    fn put_beside_programs(&self) -> Result<(), String> {
        let name = match env::consts::OS {
            "linux" => "libmlab.so.0",
            "macos" => "libmlab.0.dylib",
            _ => SHARED_NAME,
        };
        // Several programs may do this at once: a copy that is renamed into place is never seen half.
        let (made, wanted) =
            (self.programs.join(format!("{name}.{}", std::process::id())), self.programs.join(name));
        fs::copy(&self.shared, &made)
            .and_then(|_| fs::rename(&made, &wanted))
            .map_err(|e| format!("{}: {e}", wanted.display()))
    }

    /// A folder for generated headers alone: a program called `memory` beside them would be taken for a header of C++.
    pub(crate) fn generated(&self) -> PathBuf {
        self.programs.join("generated")
    }

    /// Compiles a C99 program against the header and the shared library, which it finds beside itself.
    pub(crate) fn compile_c(&self, name: &str, sources: &[&str]) -> Result<PathBuf, String> {
        self.compile(&Program::c99(name, sources))
    }

    /// Compiles a program against the header and the library, every warning an error.
    pub(crate) fn compile(&self, program: &Program<'_>) -> Result<PathBuf, String> {
        let path = self.programs.join(format!("{}{}", program.name, env::consts::EXE_SUFFIX));
        let mut compiler = Command::new(&program.compiler);
        compiler.args(program.flags).args(["-g", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I"]);
        compiler.arg(&self.include).arg("-I").arg(self.generated()).args(program.sources);
        match program.link {
            Link::Shared => compiler.arg(&self.shared).args([RPATH, "-pthread"]),
            Link::Static => compiler.arg(&self.archive).args(system_libraries()),
        };
        run(compiler.arg("-o").arg(&path).current_dir(env!("CARGO_MANIFEST_DIR")))?;
        Ok(path)
    }
}

/// Those of this machine.
fn system_libraries() -> impl Iterator<Item = &'static str> {
    let target = match (env::consts::OS, cfg!(target_env = "musl"), cfg!(target_env = "msvc")) {
        ("linux", false, _) => "linux-gnu",
        ("linux", true, _) => "linux-musl",
        ("windows", _, false) => "windows-gnu",
        ("windows", _, true) => "windows-msvc",
        _ => "apple-darwin",
    };
    let mut lines = SYSTEM_LIBRARIES.lines().filter_map(|line| line.split_once(' '));
    lines.find(|(end, _)| *end == target).into_iter().flat_map(|(_, list)| list.split(' '))
}

/// The folder of the target folder that this program was built into: `target/debug` for one.
fn own_folder() -> Result<PathBuf, String> {
    let this = env::current_exe().map_err(|e| e.to_string())?;
    let folder = this.ancestors().find(|folder| folder.join("deps").is_dir());
    folder.map(Path::to_owned).ok_or_else(|| "this program does not stand in a target folder".into())
}

/// Lets the build script write both headers, into a folder that holds nothing else.
pub(crate) fn generate_headers() -> Result<PathBuf, String> {
    let target = own_folder()?.with_file_name("generate-header");
    let folder = target.join("include");
    fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut cargo = cargo("check");
    cargo.args(["--features", "generate-header", "--target-dir"]).arg(&target);
    run(cargo.env("MLAB_HEADER_DIR", &folder))?;
    Ok(folder)
}

fn cargo(command: &str) -> Command {
    let mut cargo = as_a_user_has_it();
    cargo.args([command, "--quiet", "--lib"]).current_dir(env!("CARGO_MANIFEST_DIR"));
    cargo
}

/// cargo, and nothing of the one that runs us.
pub(crate) fn as_a_user_has_it() -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    // Left by the cargo that runs us. To build scripts such as ring's these, OUT_DIR above all, look like changed
    // settings: ring and all above it would be built anew, here and again by the next cargo.
    for (name, _) in env::vars_os() {
        let left = ["OUT_DIR", "CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_PRIMARY_PACKAGE"];
        if left.iter().any(|start| name.to_string_lossy().starts_with(start)) {
            cargo.env_remove(name);
        }
    }
    cargo
}

#[cfg(windows)]
const SHARED_NAME: &str = "mlab.dll";
#[cfg(target_vendor = "apple")]
const SHARED_NAME: &str = "libmlab.dylib";
#[cfg(not(any(windows, target_vendor = "apple")))]
const SHARED_NAME: &str = "libmlab.so";

#[cfg(target_env = "msvc")]
const ARCHIVE_NAME: &str = "mlab.lib";
#[cfg(not(target_env = "msvc"))]
const ARCHIVE_NAME: &str = "libmlab.a";

#[cfg(target_vendor = "apple")]
const RPATH: &str = "-Wl,-rpath,@loader_path";
#[cfg(not(target_vendor = "apple"))]
const RPATH: &str = "-Wl,-rpath,$ORIGIN";

/// Runs a command; the error holds what it printed.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|e| format!("{:?} cannot be run: {e}", command.get_program()))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    Err(format!("{:?} failed ({}):\n{said}", command.get_program(), output.status))
}
