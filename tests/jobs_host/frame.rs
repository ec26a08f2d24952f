//! A frame of a game with ten thousand waiting jobs: no system call.
//!
//! That it allocates nothing either is tested in tests/jobs_frame.rs, which needs an allocator of its own.

use crate::programs::{Servers, program};
use crate::support::tool;
use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn asking_for_events_once_a_frame_makes_no_system_call() {
    let Some(strace) = tool("strace") else { return };
    let trace = Path::new(env!("CARGO_TARGET_TMPDIR")).join("frame.strace");
    let mut command = Command::new(strace);
    // Only the main thread is traced; calls of the workers are none of the frame's.
    command.arg("-o").arg(&trace).arg(program("frame", &[], ""));
    Servers::start().run(&mut command);
    let trace = fs::read_to_string(&trace).expect("strace's output");
    let calls: Vec<&str> = trace.lines().collect();
    let marks: Vec<usize> = (0..calls.len()).filter(|call| calls[*call].starts_with("getpgid(")).collect();
    let [first, last] = marks[..] else { panic!("{} marks", marks.len()) };
    assert_eq!(calls[first + 1..last], [""; 0]);
}
