//! What the file of a picture is called: by id, index and kind. Nothing in a name is the server's.

use super::image::Kind;
use crate::wire::JobId;

/// `12202888-0.png`. An id has no character that means something in a path, on any platform.
pub(super) fn file_name(id: &JobId, index: usize, kind: Kind) -> String {
    format!("{}-{index}.{}", id.as_str(), kind.extension())
}
