//! Calls of a client that are stopped: at every step, in every phase of the network, by a cancel and by the client's end.

// /proc shows what was left behind.
#![cfg(target_os = "linux")]

#[path = "client_cancel/before.rs"]
mod before;
#[path = "client_call/mod.rs"]
mod call;
#[path = "net_deadlines/gate.rs"]
#[allow(dead_code, reason = "what waits for a scene does so in one way for all")]
mod gate;
#[path = "net_deadlines/left.rs"]
mod left;
#[path = "client_cancel/moments.rs"]
mod moments;
#[path = "support/quickest.rs"]
mod quickest;
#[path = "client_cancel/steps.rs"]
mod steps;
#[path = "client_cancel/success.rs"]
mod success;
