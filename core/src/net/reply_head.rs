//! The head of a reply, looked at before anything parses it: which one it is, and where it ends.
//!
//! Knows as much of HTTP as it takes to tell an interim reply from the real one. Both line ends count (RFC 9112,
//! section 2.2).

/// What a reply begins with.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum HeadSeen<'a> {
    /// Too little to say.
    Unknown,
    /// An interim one (1xx), as long as this.
    Interim(usize),
    /// The beginning of an interim one.
    InterimPart,
    /// The one that counts.
    Whole(&'a [u8]),
    /// The beginning of the one that counts, or no HTTP.
    Part,
}

/// `HTTP/1.1 200`: nothing less says which one it is.
const STATUS: usize = 12;

/// Looks at what came so far.
pub(super) fn look_at(input: &[u8]) -> HeadSeen<'_> {
    let blank = input.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let reply = &input[blank..];
    if reply.len() < STATUS {
        return HeadSeen::Unknown;
    }
    let end = end(reply).map(|end| blank + end);
    // 101 is no interim reply: what follows is another protocol.
    let is_interim = status(reply).is_some_and(|status| (100..200).contains(&status) && status != 101);
    match (is_interim, end) {
        (true, Some(end)) => HeadSeen::Interim(end),
        (true, None) => HeadSeen::InterimPart,
        (false, Some(end)) => HeadSeen::Whole(&input[..end]),
        (false, None) => HeadSeen::Part,
    }
}

/// The code of a status line.
pub(super) fn status(head: &[u8]) -> Option<u16> {
    // Of no other version: ureq's parser takes none, and which of the two saw it first would be chance.
    let code =
        [b"HTTP/1.1 ", b"HTTP/1.0 "].iter().find_map(|version| head.strip_prefix(*version))?.get(..3)?;
    let code = std::str::from_utf8(code).ok().filter(|code| code.bytes().all(|b| b.is_ascii_digit()))?;
    code.parse().ok()
}

/// Whether a body behind this head is in chunks. They are of HTTP/1.1 (RFC 9112, section 6.1).
pub(super) fn is_chunked(head: &[u8]) -> bool {
    let is_coding = |line: &[u8]| {
        let colon = memchr::memchr(b':', line);
        colon.is_some_and(|at| {
            line[..at].eq_ignore_ascii_case(b"transfer-encoding")
                && line[at..].to_ascii_lowercase().windows(7).any(|part| part == b"chunked")
        })
    };
    head.starts_with(b"HTTP/1.1") && head.split(|byte| *byte == b'\n').any(is_coding)
}

/// The length up to and with the blank line.
fn end(head: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'\n', head).find_map(|at| match head[at + 1..] {
        [b'\n', ..] => Some(at + 2),
        [b'\r', b'\n', ..] => Some(at + 3),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interim_replies_are_told_from_the_one_that_counts() {
        let rows: [(&str, HeadSeen<'_>); 12] = [
            ("", HeadSeen::Unknown),
            ("HTTP/1.1 10", HeadSeen::Unknown),
            ("HTTP/1.1 100 Continue\r\n", HeadSeen::InterimPart),
            ("HTTP/1.1 100 Continue\r\nServer: IIS\r\n\r\nHTTP", HeadSeen::Interim(38)),
            ("HTTP/1.1 103 Early Hints\nLink: x\n\n", HeadSeen::Interim(34)),
            ("\r\nHTTP/1.0 199 \r\n\r\n", HeadSeen::Interim(19)),
            ("HTTP/1.1 101 Switching Protocols\r\n\r\n", HeadSeen::Whole(&[0; 36])),
            ("HTTP/1.x 103 Early Hints\r\n\r\n", HeadSeen::Whole(&[0; 28])),
            ("HTTP/1.1 200 OK\r\n\r\nbody", HeadSeen::Whole(&[0; 19])),
            ("HTTP/1.1 200 OK\n\nbody", HeadSeen::Whole(&[0; 17])),
            ("HTTP/1.1 200 OK\r\nA: b\r\n", HeadSeen::Part),
            ("SSH-2.0-OpenSSH_9.2\r\n", HeadSeen::Part),
        ];
        for (input, expected) in rows {
            let head = look_at(input.as_bytes());
            // How long, and not what.
            match (&head, &expected) {
                (HeadSeen::Whole(head), HeadSeen::Whole(expected)) => {
                    assert_eq!(head.len(), expected.len(), "{input:?}")
                }
                _ => assert_eq!(head, expected, "{input:?}"),
            }
        }
    }

    #[test]
    fn chunks_are_seen_in_any_spelling_and_only_where_they_can_be() {
        for (head, chunked) in [
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", true),
            ("HTTP/1.1 200 OK\ntransfer-encoding:gzip, Chunked\n\n", true),
            ("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", false),
            ("HTTP/1.1 200 OK\r\nX-Transfer-Encoding: chunked\r\n\r\n", false),
            ("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", false),
        ] {
            assert_eq!(is_chunked(head.as_bytes()), chunked, "{head}");
        }
    }
}
