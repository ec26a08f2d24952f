//! Jobs and events over real sockets and threads: each job ends once, waits end when they should, and nothing is left.
//!
//! What the book of jobs decides is tested in virtual time, in src/drive/jobs/book; what a C program sees, by the C
//! programs of tests/c_jobs.

#[path = "jobs_events/crowd.rs"]
mod crowd;
#[path = "jobs_events/host.rs"]
mod host;
#[path = "jobs_events/shutdown.rs"]
mod shutdown;
#[path = "jobs_events/waits.rs"]
mod waits;
