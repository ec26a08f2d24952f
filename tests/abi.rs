//! The ABI as it is written down, in the header, the list of symbols and the manuals, against the library that is built.
#![cfg(target_os = "linux")] // It reads ELF.

#[path = "abi/comments.rs"]
mod comments;
#[path = "abi/compile.rs"]
mod compile;
#[path = "abi/constants.rs"]
mod constants;
#[path = "abi/declared.rs"]
mod declared;
#[path = "abi/described.rs"]
mod described;
#[path = "abi/doxygen.rs"]
mod doxygen;
#[path = "abi/generated.rs"]
mod generated;
#[path = "abi/old_program.rs"]
mod old_program;
#[path = "abi/programs.rs"]
mod programs;
#[path = "abi/released.rs"]
mod released;
#[path = "c_abi/server.rs"]
mod server;
mod support;
#[path = "abi/symbols.rs"]
mod symbols;
