//! The schedule of a wait in virtual time: nothing here sleeps, polls a clock or opens a socket.
//!
//! `driver.rs` runs the machine against a scripted server and checks at every step what must hold always: no two polls
//! closer than the least gap, none at or past the deadline, no more of them than the stated bound.

#[path = "schedule/driver.rs"]
mod driver;
#[path = "schedule/ends.rs"]
mod ends;
#[path = "schedule/eta_accuracy.rs"]
mod eta_accuracy;
#[path = "schedule/etas.rs"]
mod etas;
#[path = "schedule/failures.rs"]
mod failures;
#[path = "schedule/links.rs"]
mod links;
#[path = "schedule/plans.rs"]
mod plans;
#[path = "support/quickest.rs"]
mod quickest;
#[path = "schedule/retry_after.rs"]
mod retry_after;
#[path = "schedule/single_fetch.rs"]
mod single_fetch;
