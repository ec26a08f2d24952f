//! Tells an event loop of the host's that `next_event` has something to do: a descriptor that is readable then.
//!
//! A pair of sockets, since Node takes no eventfd; made when it is first asked for, so that a game's frames cost nothing.
//! The host may close what it does not know: neither end is used any more once one of them is not ours.

use crate::error::Error;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// See the module's text.
#[derive(Debug, Default)]
pub(super) struct Readiness {
    /// Whether there is a pair, to be asked without a lock.
    made: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    pair: Option<pair::Pair>,
    /// A byte was sent and not taken back; the host may have read it.
    raised: bool,
    /// An end was closed by somebody else, or could not be made: there will be none any more.
    lost: bool,
}

impl Readiness {
    /// The descriptor to wait on, made at the first call and readable at once if `ready`.
    pub(super) fn descriptor(&self, ready: bool) -> Result<i32, Error> {
        let none = Error::NoResources { what: "descriptors" };
        let mut state = self.state();
        if state.pair.is_none() && !state.lost {
            state.pair = pair::Pair::new().ok();
            self.made.store(state.pair.is_some(), Ordering::Release);
            if ready {
                state.raise();
            }
        }
        state.check();
        state.pair.as_ref().map(pair::Pair::descriptor).ok_or(none)
    }

    /// There is something to pull. Costs nothing where nobody has asked for the descriptor.
    pub(super) fn raise(&self) {
        if self.made.load(Ordering::Acquire) {
            self.state().raise();
        }
    }

    /// Somebody has pulled. Raised anew if there is `more`, since the host may have read the byte; asked once it is lowered,
    /// so that what comes meanwhile is not lost.
    pub(super) fn settle(&self, more: impl FnOnce() -> bool) {
        if self.made.load(Ordering::Acquire) {
            let mut state = self.state();
            state.clear();
            if more() {
                state.raise();
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Gives the pair up if an end of it is not ours any more.
    fn check(&mut self) {
        if self.pair.as_ref().is_some_and(|pair| !pair.is_ours()) {
            self.pair = None;
            self.lost = true;
        }
    }

    fn raise(&mut self) {
        if !self.raised {
            self.check();
            if let Some(pair) = &self.pair {
                pair.send();
                self.raised = true;
            }
        }
    }

    fn clear(&mut self) {
        if std::mem::replace(&mut self.raised, false) {
            self.check();
            if let Some(pair) = &self.pair {
                pair.drain();
            }
        }
    }
}

#[cfg(unix)]
mod pair {
    use rustix::fs::fstat;
    use rustix::net::{RecvFlags, SendFlags, recv, send};
    use std::io;
    use std::os::fd::{AsFd, AsRawFd};
    use std::os::unix::net::UnixStream;

    /// What tells an open file from all others: device, inode and kind.
    type Mark = (u64, u64, u32);

    #[allow(clippy::unnecessary_cast, reason = "the types differ between systems")]
    fn mark(end: impl AsFd) -> io::Result<Mark> {
        let about = fstat(end)?;
        Ok((about.st_dev as u64, about.st_ino as u64, about.st_mode as u32))
    }

    /// One end, closed only as long as it is ours.
    #[derive(Debug)]
    struct End {
        /// `None` only in `drop`.
        stream: Option<UnixStream>,
        mark: Mark,
    }

    impl End {
        fn new(stream: UnixStream) -> io::Result<End> {
            stream.set_nonblocking(true)?;
            Ok(End { mark: mark(&stream)?, stream: Some(stream) })
        }

        fn stream(&self) -> &UnixStream {
            self.stream.as_ref().expect("there until the drop")
        }

        fn is_ours(&self) -> bool {
            mark(self.stream()).is_ok_and(|mark| mark == self.mark)
        }
    }

    impl Drop for End {
        fn drop(&mut self) {
            if !self.is_ours() {
                // The number is the host's now, or nobody's.
                std::mem::forget(self.stream.take());
            }
        }
    }

    /// Two ends: a byte sent into one makes the other readable.
    #[derive(Debug)]
    pub(super) struct Pair {
        inner: End,
        outer: End,
    }

    impl Pair {
        pub(super) fn new() -> io::Result<Pair> {
            let (inner, outer) = UnixStream::pair()?;
            Ok(Pair { inner: End::new(inner)?, outer: End::new(outer)? })
        }

        pub(super) fn descriptor(&self) -> i32 {
            self.outer.stream().as_raw_fd()
        }

        pub(super) fn is_ours(&self) -> bool {
            self.inner.is_ours() && self.outer.is_ours()
        }

        /// A full buffer is as good: it is readable then.
        pub(super) fn send(&self) {
            // Its own constant is missing on macOS, where the system has the flag.
            let flags = SendFlags::from_bits_retain(libc::MSG_NOSIGNAL as _);
            let _ = send(self.inner.stream(), &[1], flags);
        }

        pub(super) fn drain(&self) {
            let mut bytes = [0; 16];
            let mut read = || recv(self.outer.stream(), &mut bytes, RecvFlags::DONTWAIT);
            while read().is_ok_and(|(read, _)| read == 16) {}
        }
    }
}

/// No descriptors that an event loop of another kind could wait on.
#[cfg(not(unix))]
mod pair {
    use std::io;

    #[derive(Debug)]
    pub(super) struct Pair(std::convert::Infallible);

    impl Pair {
        pub(super) fn new() -> io::Result<Pair> {
            Err(io::ErrorKind::Unsupported.into())
        }

        pub(super) fn descriptor(&self) -> i32 {
            match self.0 {}
        }

        pub(super) fn is_ours(&self) -> bool {
            match self.0 {}
        }

        pub(super) fn send(&self) {}

        pub(super) fn drain(&self) {}
    }
}
