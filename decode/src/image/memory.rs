//! Large allocations that may fail.

use super::error::Error;
use std::hint::black_box;

/// Zeroed bytes.
pub(super) fn zeroed(len: usize) -> Result<Vec<u8>, Error> {
    let mut bytes = reserved(len)?;
    bytes.resize(len, 0);
    Ok(bytes)
}

/// Whether a codec can have this much, which it would abort without: reserved, and given back at once.
///
/// Another thread may take it in between. Nothing better can be had: the codecs allocate as Rust does by default.
pub(super) fn afford(bytes: usize) -> Result<(), Error> {
    #[cfg(test)]
    if asked::LAST.get().is_some() {
        asked::LAST.set(Some(bytes));
        return Ok(());
    }
    // Seen by `black_box`, or the compiler may leave the whole allocation out.
    reserved(bytes).map(|reserved| drop(black_box(reserved)))
}

fn reserved(len: usize) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(len).map_err(|_| Error::NoMemory { bytes: len })?;
    Ok(bytes)
}

/// What was asked for by [`afford`], for a test that compares it with what codecs take.
#[cfg(test)]
pub(crate) mod asked {
    use std::cell::Cell;

    thread_local! {
        /// The last amount; while it is set, [`super::afford`] notes and does not reserve.
        pub(crate) static LAST: Cell<Option<usize>> = const { Cell::new(None) };
    }
}
