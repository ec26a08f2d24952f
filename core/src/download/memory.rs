//! An image kept in memory. Memory that is not there is an error, not an abort.

use crate::error::Error;

/// What grows at once, so that many small pieces cost few moves.
const STEP: usize = 256 * 1024;

#[derive(Debug, Default)]
pub(super) struct Memory(Vec<u8>);

impl Memory {
    /// So many bytes are said to come. What is said costs nothing until it comes: the system gives pages as they are used.
    pub(super) fn expect(&mut self, bytes: u64) -> Result<(), Error> {
        let more = usize::try_from(bytes).unwrap_or(usize::MAX).saturating_sub(self.0.len());
        self.0.try_reserve_exact(more).map_err(|_| none_left())
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if self.0.capacity() - self.0.len() < bytes.len() {
            self.0.try_reserve(bytes.len().max(STEP)).map_err(|_| none_left())?;
        }
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    pub(super) fn restart(&mut self) {
        self.0.clear();
    }

    pub(super) fn into_bytes(mut self) -> Vec<u8> {
        self.0.shrink_to_fit();
        self.0
    }
}

fn none_left() -> Error {
    Error::NoResources { what: "memory" }
}
