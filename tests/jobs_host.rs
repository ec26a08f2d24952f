//! Jobs as a C program sees them: what a frame costs, and that nothing happens to the host's process: plainly, under
//! sanitizers and valgrind, through unloading and exit.
#![cfg(target_os = "linux")] // Threads and descriptors are counted through /proc.

#[path = "jobs_host/frame.rs"]
mod frame;
#[path = "jobs_host/process.rs"]
mod process;
#[path = "jobs_host/programs.rs"]
mod programs;
mod support;
