//! The table of replies: what a server can send, row by row, and the ruling that is wanted for each.
//!
//! It is written from the contract (sections 2 and 3), not from the code, and must never know how the wire layer
//! comes to its ruling. What the contract leaves open is said in a comment at the row that chose. Redirects and the
//! body limit are tested elsewhere.

mod codes;
mod hostile;
mod ready;
mod refusals;
pub(crate) mod row;
mod texts;
mod times;
mod varies;
mod waiting;

pub(crate) use row::{KEY, Row};

/// Every row, with names that are unique.
pub(crate) fn rows() -> Vec<Row> {
    [
        ready::rows(),
        waiting::rows(),
        refusals::rows(),
        codes::rows(),
        varies::rows(),
        hostile::rows(),
        times::rows(),
        texts::rows(),
    ]
    .concat()
}
