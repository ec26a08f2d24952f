//! What hosts do to the process that a client lives in: the C programs of tests/c_client, run against servers of their own.
//!
//! What the host sees is checked in C; what the server saw is checked here.

// Descriptors, forks and signals as Linux has them; timer_create is not everywhere.
#![cfg(target_os = "linux")]

#[path = "client_host/first_call.rs"]
mod first_call;
#[path = "client_host/hosts.rs"]
mod hosts;
#[path = "client_host/proxies.rs"]
mod proxies;
#[path = "client_host/slow_disk.rs"]
mod slow_disk;
mod support;
#[path = "client_host/tunnel.rs"]
mod tunnel;
