//! The host's own HTTP, played by a transport that answers in every order, early, late, twice and never.

#[path = "host_transport/calls.rs"]
mod calls;
#[path = "host_transport/host.rs"]
mod host;
#[path = "host_transport/jobs.rs"]
mod jobs;
#[path = "support/quickest.rs"]
mod quickest;
