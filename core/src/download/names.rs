//! What the file of an image is called: by id, index and kind. Nothing in a name is the server's.

use super::image::Kind;
use crate::wire::JobId;

/// `12202888-0`. An id has no character that means something in a path, on any platform.
pub fn stem(id: &JobId, index: usize) -> String {
    format!("{}-{index}", id.as_str())
}

/// `12202888-0.png`.
pub(super) fn file_name(stem: &str, kind: Kind) -> String {
    format!("{stem}.{}", kind.extension())
}
