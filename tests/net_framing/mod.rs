//! Replies as data: what a server sends, byte by byte, and the outcome wanted.

mod bounds;
mod cut;
mod malformed;
mod row;
mod whole;

pub(crate) use row::{Carrier, Row};

/// The whole table.
pub(crate) fn rows() -> Vec<Row> {
    [whole::rows(), cut::rows(), malformed::rows(), bounds::rows()].concat()
}

/// A reply with this body, framed in each way.
pub(crate) fn framings_of(body: &str) -> [String; 3] {
    [row::with_length(body), row::chunked(body), row::without_length(body)]
}
