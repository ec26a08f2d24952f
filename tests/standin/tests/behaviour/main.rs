//! What the stand-in promises to the tests that rely on it.

mod client;
mod command_line;
mod pictures;
mod raw;
mod service;
mod tls;
