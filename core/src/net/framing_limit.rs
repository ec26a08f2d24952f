//! A stage above TLS: sees a reply before ureq's parser does, and bounds what the parser does not.
//!
//! ureq limits a head and we limit the body, but interim replies, chunk framing and trailers belong to neither. Interim
//! replies are left out here, since ureq refuses those that have fields; so are chunk sizes with a sign, which it takes.

use super::chunk_sizes::ChunkSizes;
use super::fault;
use super::reply_head::{HeadSeen, is_chunked, look_at};
use super::transfer::Transfer;
use crate::error::Phase;
use std::sync::Arc;
use ureq::Error as UreqError;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, Either, NextTimeout, Transport};

/// Counts what comes over connections to the server; one to a proxy carries no reply of the server yet.
#[derive(Debug)]
pub(super) struct FramingLimit {
    pub(super) transfer: Arc<Transfer>,
}

impl<In: Transport> Connector<In> for FramingLimit {
    type Out = Either<In, FramingLimited<In>>;

    fn connect(&self, _: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, UreqError> {
        let Some(inner) = chained else { return Ok(None) };
        if self.transfer.phase() == Phase::Proxy {
            return Ok(Some(Either::A(inner)));
        }
        self.transfer.connected();
        let transfer = Arc::clone(&self.transfer);
        Ok(Some(Either::B(FramingLimited { inner, transfer, part: Part::Head })))
    }
}

/// A connection whose replies are counted.
#[derive(Debug)]
pub(super) struct FramingLimited<In> {
    inner: In,
    transfer: Arc<Transfer>,
    part: Part,
}

/// Which part of a reply comes next.
#[derive(Debug)]
enum Part {
    Head,
    Body,
    Chunks(ChunkSizes),
}

impl<In: Transport> FramingLimited<In> {
    /// Reads once, and counts.
    fn read(&mut self, timeout: NextTimeout) -> Result<bool, UreqError> {
        let before = self.inner.buffers().input().len();
        if self.inner.buffers().input_append_buf().is_empty() {
            // Without room a read looks like the end.
            return Err(self.transfer.fail(match self.part {
                Part::Head => fault::too_large_head(),
                // A line of chunk framing as long as the whole buffer.
                Part::Body | Part::Chunks(_) => fault::no_valid_http(),
            }));
        }
        let progress = self.inner.await_input(timeout)?;
        let received = self.inner.buffers().input().len() - before;
        self.transfer.count_received(received).map_err(|e| self.transfer.fail(e))?;
        Ok(progress)
    }

    /// Leaves interim replies out; whether the reply that counts may be there.
    fn skip_interim_replies(&mut self) -> bool {
        loop {
            match look_at(self.inner.buffers().input()) {
                HeadSeen::Interim(length) => self.inner.buffers().input_consume(length),
                HeadSeen::InterimPart => return false,
                HeadSeen::Unknown => return !self.inner.buffers().input().is_empty(),
                HeadSeen::Part => return true,
                HeadSeen::Whole(head) => {
                    self.part = match is_chunked(head) {
                        true => Part::Chunks(ChunkSizes::new()),
                        false => Part::Body,
                    };
                    return true;
                }
            }
        }
    }
}

impl<In: Transport> Transport for FramingLimited<In> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), UreqError> {
        self.part = Part::Head;
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, UreqError> {
        self.transfer.await_reply();
        let mut known = self.inner.buffers().input().len();
        let mut progress = self.read(timeout)?;
        if matches!(self.part, Part::Head) {
            while !self.skip_interim_replies() && progress {
                progress = self.read(timeout)?;
            }
            let HeadSeen::Whole(head) = look_at(self.inner.buffers().input()) else { return Ok(progress) };
            known = head.len();
        }
        if let Part::Chunks(sizes) = &mut self.part
            && !sizes.take(&self.inner.buffers().input()[known..])
        {
            return Err(self.transfer.fail(fault::no_valid_http()));
        }
        Ok(progress)
    }

    fn is_open(&mut self) -> bool {
        // ureq asks after each reply, and again before the next request: then is soon enough.
        self.transfer.has_received() || self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}
