//! What to do next, as values: a reply, a failure or the time in; send, sleep or done out.
//!
//! Must never know I/O, threads or a clock of its own: the time is handed in, so ten minutes pass in a test's millisecond.

mod look;

pub use look::{Look, Step};
