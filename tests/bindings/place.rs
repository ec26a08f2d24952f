//! Where a language's package is installed, and how its programs are run.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A folder of the repository.
pub(crate) fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// An empty folder for one language.
pub(crate) fn fresh(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bindings").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    folder
}

/// Runs a command that must succeed; the failure shows what it said.
pub(crate) fn run(command: &mut Command) -> Output {
    let done = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{command:?} ended with {}:\n{said}", done.status);
    done
}

/// What a registry hands on stands alone: the texts of the licences are in it.
pub(crate) fn has_licences(package: &Path) {
    for name in ["LICENSE-APACHE", "LICENSE-MIT"] {
        let text =
            |path: PathBuf| fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert!(text(package.join(name)) == text(source(name)), "{}: {name} is another", package.display());
    }
}

/// The programs of a page in one language, in order.
pub(crate) fn snippets(page: impl AsRef<Path>, language: &str) -> Vec<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let text = fs::read_to_string(&page).unwrap_or_else(|e| panic!("{}: {e}", page.display()));
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).map(|rest| rest.split("```").next().expect("its end").to_owned()).collect()
}

/// Undoes what a shell without job control does to what it leaves in the background: interrupts are ignored, and children
/// inherit that.
#[allow(unsafe_code, reason = "std has no way to set a child's signals")]
fn hearing_interrupts(command: &mut Command) -> &mut Command {
    // SAFETY: signal() is async-signal-safe, and this constant is a valid disposition.
    unsafe {
        command.pre_exec(|| {
            libc::signal(libc::SIGINT, libc::SIG_DFL);
            Ok(())
        })
    }
}

/// Starts a command, sends it the terminal's interrupt soon after its first line, on whichever stream, and tells how long
/// it took to end.
pub(crate) fn interrupted(command: &mut Command) -> (Duration, Output) {
    let mut child =
        hearing_interrupts(command).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    let mut streams: [Box<dyn Read + Send>; 2] =
        [Box::new(child.stdout.take().expect("piped")), Box::new(child.stderr.take().expect("piped"))];
    let (tell, told) = std::sync::mpsc::channel();
    let read = |mut stream: Box<dyn Read + Send>| {
        let tell = tell.clone();
        std::thread::spawn(move || {
            let (mut reader, mut all) = (BufReader::new(&mut stream), Vec::new());
            if reader.read_until(b'\n', &mut all).is_ok_and(|count| count > 0) {
                let _ = tell.send(());
            }
            reader.read_to_end(&mut all).expect("its output");
            all
        })
    };
    let readers =
        streams.each_mut().map(|stream| read(std::mem::replace(stream, Box::new(std::io::empty()))));
    told.recv_timeout(Duration::from_secs(60)).expect("a line");
    // What follows the line is the call that is to be interrupted; a little later it is inside.
    std::thread::sleep(Duration::from_millis(100));
    let at = Instant::now();
    run(Command::new("kill").args(["-INT", &child.id().to_string()]));
    let status = child.wait().expect("it ends");
    let took = at.elapsed();
    let [stdout, stderr] = readers.map(|reader| reader.join().expect("no panic"));
    (took, Output { status, stdout, stderr })
}

/// Tries something that takes less than 300 ms. Whatever else the machine does may hold up a process that could run; so the
/// best of three tries counts.
pub(crate) fn at_once(once: impl Fn() -> Duration) {
    let limit = Duration::from_millis(300);
    let mut took = Vec::new();
    while took.len() < 3 && took.iter().all(|took| *took >= limit) {
        took.push(once());
    }
    assert!(took.iter().any(|took| *took < limit), "{took:?}");
}
