//! One poll: what to send, and what to make of each reply, redirects included (contract, section 3, rule 5).
//!
//! Must never know sockets or clocks: a driver sends what it is told and hands the reply in.

use super::redirects::MAX_REDIRECTS;
use crate::error::Error;
use crate::wire::{RawReply, Request, Url};

/// What a driver does next.
#[derive(Debug)]
pub enum Step {
    /// Send the poll's request again, to the place it now names.
    Send,
    /// The reply is final: it is for the ruling.
    Rule,
    /// The server points where the key may not go.
    Refuse(Error),
}

/// The state of one poll: its request, and where it has been.
#[derive(Debug)]
pub struct Poll {
    request: Request,
    seen: Vec<Url>,
}

impl Poll {
    /// A poll that begins with `request`.
    pub fn new(request: Request) -> Poll {
        Poll { seen: vec![request.url.clone()], request }
    }

    /// What to send now.
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// Takes a reply in and says what comes next.
    pub fn reply(&mut self, reply: &RawReply<'_>) -> Step {
        if !(300..400).contains(&reply.http_status) {
            return Step::Rule;
        }
        match self.target(reply) {
            Ok(url) => {
                self.seen.push(url.clone());
                self.request.url = url;
                Step::Send
            }
            Err(reason) => Step::Refuse(Error::Redirect(reason)),
        }
    }

    /// The place a redirect leads to, if the same method, body and key may go there.
    fn target(&self, reply: &RawReply<'_>) -> Result<Url, String> {
        let code = reply.http_status;
        // The target itself is not quoted: it is the server's text and could hold anything; its origin is checked.
        let target = reply.location.as_deref().map(|location| self.request.url.join(location.trim()));
        if !matches!(code, 301 | 302 | 307 | 308) {
            let points = match target {
                Some(Ok(target)) => format!(", and points to {}", target.origin()),
                Some(Err(reason)) => format!(", and points to a URL that {reason}"),
                None => String::new(),
            };
            return Err(format!(
                "the server answered HTTP {code}, which is no redirect of this call{points}"
            ));
        }
        let target = target
            .ok_or_else(|| format!("the server answered HTTP {code} without a Location"))?
            .map_err(|reason| format!("the server redirects (HTTP {code}) to a URL that {reason}"))?;
        if target.origin() != self.request.url.origin() {
            return Err(format!(
                "the server redirects (HTTP {code}) to another origin, {}, and the key is sent to {} only",
                target.origin(),
                self.request.url.origin()
            ));
        }
        if self.seen.contains(&target) {
            return Err(format!("the server redirects (HTTP {code}) in a circle, to {}", target.origin()));
        }
        if self.seen.len() > MAX_REDIRECTS {
            let origin = target.origin();
            return Err(format!("the server redirects more than {MAX_REDIRECTS} times, now to {origin}"));
        }
        Ok(target)
    }
}
