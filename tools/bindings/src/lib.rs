//! `include/mlab.h` as data, and the raw layers of the bindings written from it.
//!
//! ```text
//! declarations.rs  the reader: functions, constants and comments as they stand; the tests of the ABI use it too
//! header.rs        the same with types understood, callbacks, objects and enumerations
//! ctype.rs         what crosses the ABI, as a language has to know it
//! statuses.rs      the statuses that the comment of a function lists
//! stack.rs         the stack that calls need
//! names.rs         how constants and enumerations are called where they need no prefix
//! write/           one file a language; write.rs lists which file each of them writes
//! ```
//!
//! `cargo run -p mlab-bindings` writes them. They are committed, and a test compares, so that no binding can drift from
//! the header.

pub mod ctype;
pub mod declarations;
pub mod header;
mod names;
pub mod stack;
pub mod statuses;
pub mod write;
