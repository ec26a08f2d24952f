//! The protocol, pure: a request out, bytes in, a ruling. Also the secret key type, since only the wire may spell a key.
//!
//! Must never know sockets, clocks, threads, the C ABI or ureq. All of it follows the wire contract: what the server
//! was seen to send, and what each case means (the numbers in comments are the contract's sections).
//!
//! ```text
//! reply.rs         a request and a reply as values; endpoint.rs and url.rs where to; key.rs the key
//! ruling.rs        what a reply means
//! answer.rs        what a body says: fields.rs, output.rs its links, strings.rs many of them, seconds.rs times,
//!                  text_fields.rs words
//! nesting.rs       what is done before that: too deep a body refused, slashes.rs unescaped, repair.rs made JSON; escapes.rs
//! server_text.rs   which words are in the server's text; text.rs made fit to be handed out, key_matcher.rs without the key
//! ```

mod answer;
mod endpoint;
mod escapes;
mod fields;
mod key;
mod key_matcher;
mod nesting;
mod output;
mod repair;
mod reply;
mod ruling;
mod seconds;
mod server_text;
mod slashes;
mod strings;
mod text;
mod text_fields;
mod url;

pub use endpoint::{Endpoint, JobId};
pub use key::Key;
pub use reply::{RawReply, Request, Secret};
pub use ruling::{Outcome, Ruling, rule};
pub use seconds::header_retry_after_ms;
pub use strings::Strings;
pub use text::{MAX_TEXT, clean, cut};
pub use url::{Origin, Url};
#[cfg(feature = "http")]
pub(crate) use url::{default_port, without_brackets};
