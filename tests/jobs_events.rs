//! Jobs and events over real sockets and threads: each job ends once, waits end when they should, and nothing is left.
//!
//! What the scheduler decides is tested in virtual time, in core/src/engine/scheduler; what a C program sees, by the C
//! programs of tests/c_jobs.

#[path = "jobs_events/beside.rs"]
mod beside;
#[path = "jobs_events/crowd.rs"]
mod crowd;
#[path = "jobs_events/host.rs"]
mod host;
#[path = "jobs_events/sharing.rs"]
mod sharing;
#[path = "jobs_events/shutdown.rs"]
mod shutdown;
#[path = "jobs_events/waits.rs"]
mod waits;
