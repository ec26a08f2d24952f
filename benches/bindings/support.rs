//! What finds C# and Java for the tests finds them here.
#![allow(dead_code, reason = "a benchmark needs a part")]

#[path = "../../tests/support/dotnet.rs"]
pub(crate) mod dotnet;
#[path = "../../tests/support/jdk.rs"]
pub(crate) mod jdk;
#[path = "../../tests/support/tool.rs"]
mod tool;

pub(crate) use tool::{skip, tool};
