//! Builds what is compared, with the tools a C programmer has, and runs the programs.
//!
//! Must never know what is compared with what.

use crate::Outcome;
use crate::tools::{Built, compile, installed, numbers};
use std::collections::HashMap;
use std::path::PathBuf;
use std::process::Command;

/// Which program.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Which {
    Ours,
    Theirs,
    Floor,
}

/// The compiled programs and the library that ours is linked with.
pub(crate) struct Programs {
    /// Where everything that this benchmark makes is put.
    pub(crate) folder: PathBuf,
    pub(crate) library: PathBuf,
}

impl Programs {
    pub(crate) fn build() -> Outcome<Programs> {
        let libcurl = installed(&["libcurl", "libcjson"])?;
        let openssl = installed(&["openssl"])?;
        let built = Built::new()?;
        compile("benches/peer/ours.c", &built.folder.join("ours"), &built.flags())?;
        compile("benches/peer/peer.c", &built.folder.join("theirs"), &libcurl)?;
        compile("benches/peer/floor.c", &built.folder.join("floor"), &openssl)?;
        Ok(Programs { folder: built.folder, library: built.library })
    }

    pub(crate) fn path(&self, which: Which) -> PathBuf {
        self.folder.join(match which {
            Which::Ours => "ours",
            Which::Theirs => "theirs",
            Which::Floor => "floor",
        })
    }

    /// Runs a program to its end; gives what it printed, by name.
    pub(crate) fn run(&self, which: Which, arguments: &[String]) -> Outcome<HashMap<String, f64>> {
        let mut command = Command::new(self.path(which));
        command.args(arguments);
        numbers(&mut command)
    }
}
