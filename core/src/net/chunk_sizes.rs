//! The sizes of chunks, looked at before ureq parses them: it takes `+38` for a size, as Rust's integers do.
//!
//! Two readings of one size are how requests are smuggled past proxies (RFC 9112, section 11.2).

/// Where in a chunked body (RFC 9112, section 7.1) the next byte belongs.
#[derive(Debug, Clone, Copy)]
pub(super) enum ChunkSizes {
    /// In the digits of a size, of which this is what came so far.
    Size(u64),
    /// Behind the digits, in that line.
    Extension(u64),
    /// In a chunk, of which so much is to come.
    Data(u64),
    /// In the line end behind a chunk.
    DataEnd,
    /// Behind the last chunk.
    End,
}

impl ChunkSizes {
    pub(super) fn new() -> ChunkSizes {
        ChunkSizes::Size(0)
    }

    /// Takes what came next; false if a size has a sign. Whatever else is wrong with it, ureq refuses itself.
    pub(super) fn take(&mut self, mut bytes: &[u8]) -> bool {
        while let Some((&first, rest)) = bytes.split_first() {
            *self = match *self {
                ChunkSizes::End => return true,
                ChunkSizes::Data(left) => {
                    let here = left.min(bytes.len() as u64);
                    bytes = &bytes[here as usize..];
                    *self = if left == here { ChunkSizes::DataEnd } else { ChunkSizes::Data(left - here) };
                    continue;
                }
                ChunkSizes::DataEnd if first == b'\n' => ChunkSizes::Size(0),
                ChunkSizes::DataEnd => ChunkSizes::DataEnd,
                ChunkSizes::Size(0) | ChunkSizes::Extension(0) if first == b'\n' => ChunkSizes::End,
                ChunkSizes::Size(size) | ChunkSizes::Extension(size) if first == b'\n' => {
                    ChunkSizes::Data(size)
                }
                ChunkSizes::Size(_) if first == b'+' => return false,
                ChunkSizes::Size(size) => match char::from(first).to_digit(16) {
                    Some(digit) => ChunkSizes::Size(size.saturating_mul(16).saturating_add(digit.into())),
                    None => ChunkSizes::Extension(size),
                },
                ChunkSizes::Extension(size) => ChunkSizes::Extension(size),
            };
            bytes = rest;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_before_a_size_is_refused_however_the_bytes_come() {
        for (body, good) in [
            ("3\r\nabc\r\n0\r\n\r\n", true),
            ("3;a=+1\r\n+a+\r\n00A\r\n++++++++++\r\n0\r\nTrailer: +1\r\n\r\n+", true),
            ("+3\r\nabc\r\n0\r\n\r\n", false),
            ("3\r\nabc\r\n+0\r\n\r\n", false),
            ("a\r\n++++++++++\r\n+1\r\nb\r\n0\r\n\r\n", false),
        ] {
            for piece in 1..=body.len() {
                let mut sizes = ChunkSizes::new();
                let taken = body.as_bytes().chunks(piece).all(|piece| sizes.take(piece));
                assert_eq!(taken, good, "{body:?} in pieces of {piece}");
            }
        }
    }
}
