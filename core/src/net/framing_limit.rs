//! A stage above TLS: sees a reply before ureq's parser does, and bounds what the parser does not.
//!
//! ureq limits a head and we limit the body, but interim replies, chunk framing and trailers belong to neither.

use super::fault;
use super::transfer::Transfer;
use crate::error::Phase;
use std::sync::Arc;
use ureq::Error as UreqError;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, Either, NextTimeout, Transport};

/// Puts a meter on connections to the server; one to a proxy carries no reply of the server yet.
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
        Ok(Some(Either::B(FramingLimited { inner, transfer: Arc::clone(&self.transfer) })))
    }
}

/// A connection whose replies are counted.
#[derive(Debug)]
pub(super) struct FramingLimited<In> {
    inner: In,
    transfer: Arc<Transfer>,
}

impl<In: Transport> Transport for FramingLimited<In> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), UreqError> {
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, UreqError> {
        self.transfer.await_reply();
        let before = self.inner.buffers().input().len();
        if self.inner.buffers().input_append_buf().is_empty() {
            // A line of chunk framing as long as the whole buffer. Without room a read looks like the end.
            return Err(self.transfer.fail(fault::no_valid_http()));
        }
        let progress = self.inner.await_input(timeout)?;
        let received = self.inner.buffers().input().len() - before;
        self.transfer.count_received(received).map_err(|e| self.transfer.fail(e))?;
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
