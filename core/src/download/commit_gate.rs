//! Whether a file is still wanted at the moment it takes its target's place.
//!
//! A file system can hang for minutes, and nothing ends a call that does. So file work is done on a thread that nobody
//! has to wait for: whoever gives it up says so here, and what it brings later is thrown away.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// The work goes on.
const OPEN: u8 = 0;
/// The rename has begun, or is over: nothing stops it.
const COMMITTED: u8 = 1;
/// Nobody wants it any more.
const ABANDONED: u8 = 2;

/// See the module's text. Clones are the same gate; any thread may hold one. The default is open.
#[derive(Debug, Clone, Default)]
pub struct CommitGate(Arc<AtomicU8>);

impl CommitGate {
    /// Gives the work up, unless the rename has begun: that may land yet, and the target is the old file or the whole new
    /// one. Never blocks.
    pub fn abandon(&self) {
        self.pass_to(ABANDONED);
    }

    /// Whether the work was given up in time: nothing will appear at the target, now or later, and a temporary file goes
    /// away as soon as the file system lets it.
    pub fn is_abandoned(&self) -> bool {
        self.0.load(Ordering::Acquire) == ABANDONED
    }

    /// The file is whole and about to take its place. False: it must not.
    pub(super) fn commit(&self) -> bool {
        self.pass_to(COMMITTED)
    }

    /// Whoever comes first decides; a second time says the same.
    fn pass_to(&self, state: u8) -> bool {
        match self.0.compare_exchange(OPEN, state, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => true,
            Err(decided) => decided == state,
        }
    }
}
