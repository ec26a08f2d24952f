//! The outermost stage: a request's head waits for its body, so that both leave in one TLS record and one system call.
//!
//! ureq passes the head on as soon as it is written. A record and a call of the system each cost more than all that
//! is done to so small a request otherwise.

use super::transfer::Transfer;
use crate::error::Phase;
use std::sync::Arc;
use ureq::Error as UreqError;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, Either, NextTimeout, Transport};

/// Gathers on connections to the server; what goes to a proxy is a head alone.
#[derive(Debug)]
pub(super) struct WriteCoalescer {
    pub(super) transfer: Arc<Transfer>,
}

impl<In: Transport> Connector<In> for WriteCoalescer {
    type Out = Either<In, Coalescing<In>>;

    fn connect(&self, _: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, UreqError> {
        let Some(inner) = chained else { return Ok(None) };
        if self.transfer.phase() == Phase::Proxy {
            return Ok(Some(Either::A(inner)));
        }
        Ok(Some(Either::B(Coalescing { inner, head: Vec::new(), begun: false })))
    }
}

/// A connection whose requests begin with one write.
#[derive(Debug)]
pub(super) struct Coalescing<In> {
    inner: In,
    /// What waits for more. Empty when nothing does.
    head: Vec<u8>,
    /// Whether the first bytes of this request came.
    begun: bool,
}

impl<In: Transport> Coalescing<In> {
    /// Sends what waits, and behind it the first `amount` bytes of the output.
    fn send(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), UreqError> {
        let head = self.head.len();
        let output = self.inner.buffers().output();
        if head + amount <= output.len() {
            output.copy_within(..amount, head);
            output[..head].copy_from_slice(&self.head);
            self.head.clear();
            return self.inner.transmit_output(head + amount, timeout);
        }
        let more = output[..amount].to_vec();
        self.send(0, timeout)?;
        self.inner.buffers().output()[..amount].copy_from_slice(&more);
        self.inner.transmit_output(amount, timeout)
    }
}

impl<In: Transport> Transport for Coalescing<In> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), UreqError> {
        if self.begun {
            return self.send(amount, timeout);
        }
        self.begun = true;
        self.head.extend_from_slice(&self.inner.buffers().output()[..amount]);
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, UreqError> {
        self.begun = false;
        if !self.head.is_empty() {
            // A request without a body.
            self.send(0, timeout)?;
        }
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ureq::Timeout;
    use ureq::unversioned::transport::LazyBuffers;
    use ureq::unversioned::transport::time::Duration;

    const ROOM: usize = 64;

    /// Keeps each write; a reply is always there.
    #[derive(Debug)]
    struct Writes {
        buffers: LazyBuffers,
        done: Vec<String>,
    }

    impl Transport for Writes {
        fn buffers(&mut self) -> &mut dyn Buffers {
            &mut self.buffers
        }

        fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), UreqError> {
            self.done.push(String::from_utf8_lossy(&self.buffers.output()[..amount]).into_owned());
            Ok(())
        }

        fn await_input(&mut self, _: NextTimeout) -> Result<bool, UreqError> {
            self.done.push("(read)".to_owned());
            Ok(true)
        }

        fn is_open(&mut self) -> bool {
            true
        }
    }

    /// What leaves when these are handed on; an empty one stands for a read.
    fn written(parts: &[&str]) -> Vec<String> {
        let never = NextTimeout {
            after: Duration::NotHappening,
            reason: Timeout::Global,
            per_read: None,
            per_write: None,
        };
        let inner = Writes { buffers: LazyBuffers::new(ROOM, ROOM), done: Vec::new() };
        let mut gathered = Coalescing { inner, head: Vec::new(), begun: false };
        for part in parts {
            if part.is_empty() {
                gathered.await_input(never).expect("a reply");
            } else {
                gathered.buffers().output()[..part.len()].copy_from_slice(part.as_bytes());
                gathered.transmit_output(part.len(), never).expect("written");
            }
        }
        assert!(gathered.is_open(), "as what it writes to");
        gathered.inner.done
    }

    #[test]
    fn head_and_body_leave_together_in_each_request() {
        let parts = ["head ", "body", "", "", "next ", "one", ""];
        assert_eq!(written(&parts), ["head body", "(read)", "(read)", "next one", "(read)"]);
    }

    #[test]
    fn a_head_alone_leaves_when_its_reply_is_awaited() {
        assert_eq!(written(&["head", ""]), ["head", "(read)"]);
    }

    #[test]
    fn a_body_in_pieces_leaves_piece_by_piece_after_the_first() {
        assert_eq!(written(&["head ", "a", "b", "c", ""]), ["head a", "b", "c", "(read)"]);
    }

    #[test]
    fn what_does_not_fit_together_leaves_in_turn_and_whole() {
        let (head, body) = ("h".repeat(ROOM / 2), "b".repeat(ROOM));
        assert_eq!(written(&[&head, &body, "b", ""]), [&head[..], &body, "b", "(read)"]);
        assert_eq!(written(&[&head, &body[..ROOM / 2], ""]), [head + &body[..ROOM / 2], "(read)".into()]);
    }
}
