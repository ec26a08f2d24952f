//! The ABI as it is written down, in the header, the list of symbols and the manuals, against the library that is
//! built.
#![cfg(target_os = "linux")] // It reads ELF.

mod built;
mod support;

#[path = "abi/compile.rs"]
mod compile;
#[path = "abi/page.rs"]
mod page;
#[path = "abi/programs.rs"]
mod programs;
#[path = "abi/symbols.rs"]
mod symbols;
