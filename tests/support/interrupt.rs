//! Programs that are interrupted as by Ctrl-C, and what must happen at once.
//!
//! Also part of the packages' tests (packaging/builder), which allow no unsafe code: so there is none here.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// A program that does not outlive the test, whose end may be a panic.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        // To no effect on one that has ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a command, sends it the terminal's interrupt soon after its first line, on whichever stream, and tells how long
/// it took to end.
pub(crate) fn interrupted(command: &mut Command) -> (Duration, Output) {
    ended_by("INT", command)
}

/// The same by another signal.
pub(crate) fn ended_by(signal: &str, command: &mut Command) -> (Duration, Output) {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    let mut running = Running(child);
    let child = &mut running.0;
    let (tell, told) = mpsc::channel();
    let stdout = read(child.stdout.take().expect("piped"), tell.clone());
    let stderr = read(child.stderr.take().expect("piped"), tell);
    told.recv_timeout(Duration::from_secs(60)).expect("a line");
    // What follows the line is the call that is to be interrupted; a little later it is inside.
    thread::sleep(Duration::from_millis(100));
    let at = Instant::now();
    let killed =
        Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().expect("kill");
    assert!(killed.success());
    let status = child.wait().expect("it ends");
    let took = at.elapsed();
    let [stdout, stderr] = [stdout, stderr].map(|reader| reader.join().expect("no panic"));
    (took, Output { status, stdout, stderr })
}

/// Reads all on a thread of its own, and tells of the first line.
fn read(stream: impl Read + Send + 'static, tell: mpsc::Sender<()>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let (mut reader, mut all) = (BufReader::new(stream), Vec::new());
        if reader.read_until(b'\n', &mut all).is_ok_and(|count| count > 0) {
            let _ = tell.send(());
        }
        reader.read_to_end(&mut all).expect("its output");
        all
    })
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
