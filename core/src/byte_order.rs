//! Numbers in the byte order of a format: of images, and of certificates.

/// A big-endian number of at most four bytes.
pub(crate) fn big_endian(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// A little-endian number of at most four bytes.
pub(crate) fn little_endian(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte))
}
