//! Builds the C library as a user would, and C programs against it. Shared by the tests that need C and the quickstart.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What rustc says a program must be linked with beside the static library.
#[cfg(target_os = "linux")]
#[allow(dead_code, reason = "not every user links statically")]
pub(crate) const SYSTEM_LIBRARIES: &[&str] =
    &["-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl", "-lc"];

/// The built library.
#[derive(Debug, Clone)]
pub(crate) struct Library {
    /// The shared library.
    pub(crate) shared: PathBuf,
    /// The static library.
    #[allow(dead_code, reason = "not every user links statically")]
    pub(crate) archive: PathBuf,
    /// Where `mlab.h` is.
    pub(crate) include: PathBuf,
    /// Where programs are put, beside the shared library under its SONAME.
    pub(crate) programs: PathBuf,
}

impl Library {
    /// Builds the library in the profile of this program; at once if it is built already.
    pub(crate) fn build() -> Result<Library, String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let target = env::current_exe()
            .ok()
            .and_then(|exe| exe.ancestors().find(|dir| dir.join("deps").is_dir()).map(Path::to_owned))
            .ok_or("this program does not stand in a target folder")?;
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--lib", "--target-dir"]).arg(target.parent().unwrap_or(&target));
        if target.file_name().is_some_and(|profile| profile == "release") {
            cargo.arg("--release");
        }
        // Left by the cargo that runs us; they would make the build differ, and so begin anew.
        cargo.env_remove("CARGO_MANIFEST_DIR").env_remove("RUSTFLAGS").current_dir(root);
        run(&mut cargo)?;
        let programs = target.join("c-programs");
        fs::create_dir_all(&programs).map_err(|e| format!("{}: {e}", programs.display()))?;
        let library = Library {
            shared: target.join(SHARED_NAME),
            archive: target.join(ARCHIVE_NAME),
            include: root.join("include"),
            programs,
        };
        library.put_beside_programs()?;
        Ok(library)
    }

    /// The loader looks for the SONAME, which cargo does not make.
    fn put_beside_programs(&self) -> Result<(), String> {
        let name = if cfg!(target_os = "linux") { "libmlab.so.0" } else { SHARED_NAME };
        // Several programs may do this at once: a copy that is renamed into place is never seen half.
        let (made, wanted) =
            (self.programs.join(format!("{name}.{}", std::process::id())), self.programs.join(name));
        fs::copy(&self.shared, &made)
            .and_then(|_| fs::rename(&made, &wanted))
            .map_err(|e| format!("{}: {e}", wanted.display()))
    }

    /// Compiles a C99 program against the header and the shared library, which it finds beside itself.
    pub(crate) fn compile_c(&self, name: &str, sources: &[&str]) -> Result<PathBuf, String> {
        let program = self.programs.join(format!("{name}{}", env::consts::EXE_SUFFIX));
        let mut cc = Command::new(env::var_os("CC").unwrap_or_else(|| "cc".into()));
        cc.args(["-std=c99", "-O1", "-g", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I"])
            .arg(&self.include);
        cc.args(sources).arg(&self.shared).arg(RPATH).arg("-pthread").arg("-o").arg(&program);
        run(cc.current_dir(env!("CARGO_MANIFEST_DIR")))?;
        Ok(program)
    }
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
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{:?} failed ({}):\n{said}", command.get_program(), output.status))
}
