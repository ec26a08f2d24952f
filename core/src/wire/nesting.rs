//! How deep JSON is nested, before it is parsed: a parser's stack must not depend on a server, and serde_json's own limit
//! does not hold for what it skips.

/// Arrays and objects nested deeper than this are refused.
pub(super) const MAX_NESTING: usize = 128;

/// Whether any place is nested deeper than [`MAX_NESTING`].
pub(super) fn is_too_deep(body: &[u8]) -> bool {
    // A whole one is at least so long.
    if body.len() <= 2 * MAX_NESTING || openings(body) <= MAX_NESTING {
        return false;
    }
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in body {
        match (in_string, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_string = !in_string,
            (false, b'[' | b'{') => {
                depth += 1;
                if depth > MAX_NESTING {
                    return true;
                }
            }
            (false, b']' | b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// How many `[` and `{` there are. Every reply is looked through: written so that the compiler does 16 bytes at a time.
fn openings(body: &[u8]) -> usize {
    // The two differ in one bit. A chunk's count fits a byte.
    let of_chunk = |chunk: &[u8]| chunk.iter().map(|b| u8::from(b | 0x20 == b'{')).sum::<u8>();
    body.chunks(240).map(|chunk| usize::from(of_chunk(chunk))).sum()
}
