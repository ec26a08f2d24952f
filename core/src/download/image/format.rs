//! What a container format is to the walk through it, and how its numbers are read.

/// The most bytes that a format may want to read at once: a track header of the second version.
pub(super) const MOST_READ: usize = 96;

/// What a format wants next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    /// So many bytes to read, at most [`MOST_READ`].
    Read(usize),
    /// So many bytes to pass over.
    Skip(u64),
    /// To pass over all bytes up to and with this one.
    Past(u8),
    /// Nothing: the format's own end is reached. What follows is no part of the image.
    End,
    /// Nothing: this is not how the format goes on.
    Broken,
}

/// A format's side of the walk. It never sees where the pieces of a download begin.
pub(super) trait Format: std::fmt::Debug + Send {
    /// What is wanted after this. `read` holds what [`Want::Read`] asked for, and is empty after a skip and at the start.
    fn next(&mut self, read: &[u8]) -> Want;

    /// Width and height; zeros while they are not known.
    fn size(&self) -> (u32, u32);

    /// Whether a file whose end somebody announced may end here: where the current want begins, or, if some of its bytes
    /// came (`begun`), within it.
    fn may_end(&self, want: Want, begun: bool) -> bool {
        let _ = (want, begun);
        false
    }
}
