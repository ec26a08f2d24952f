//! What ureq makes at its own first use is made in a moment without forks.
//!
//! It has one static that is made lazily, in each run of a request (`ACCEPTS`). A child forked while another thread was
//! making it would wait for that thread, which it does not have.

use super::dial::NoLookup;
use crate::process::Global;
use ureq::unversioned::transport::{ConnectionDetails, Connector, Either, Transport};
use ureq::{Agent, Error as UreqError};

static TOUCHED: Global<()> = Global::new(|| {
    // Comes past the static, and ends at the connector; nothing is sent.
    let agent = Agent::with_parts(Agent::config_builder().proxy(None).build(), NoConnection, NoLookup);
    let _ = agent.get("http://127.0.0.1/").call();
});

/// Made before the first request of the process.
pub(super) fn touch() {
    *TOUCHED;
}

#[derive(Debug)]
struct NoConnection;

impl<In: Transport> Connector<In> for NoConnection {
    type Out = Either<In, Box<dyn Transport>>;

    fn connect(&self, _: &ConnectionDetails, _: Option<In>) -> Result<Option<Self::Out>, UreqError> {
        Err(UreqError::ConnectionFailed)
    }
}
