//! An image as base64 text: whatever pieces it comes in, what is kept of it is what a decoder makes of the whole.

use super::Cuts;
use super::image::{pieces, sunk};
use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use mlab_core::download::Image;
use mlab_core::download::image::{Ended, Scan};
use mlab_core::error::{Error, Status};

/// Letters enough for two blocks of those that are decoded at once.
const MANY: usize = 40 * 1024;

/// The input is the body of a link, or an entry of a reply's output.
pub fn run(data: &[u8]) {
    check(data);
    // Behind the end of an image anything may follow, and be it long.
    check(&[data, &[b'A'; MANY]].concat());
}

fn check(body: &[u8]) {
    for ended in [Ended::Framed, Ended::Closed] {
        let whole = sunk([body], ended);
        let again = sunk(pieces(body, &mut Cuts::of(body)), ended);
        assert_eq!(told(&again), told(&whole), "in pieces, {ended:?}");
        let Ok(image) = whole else { continue };
        let bytes = image.bytes.expect("an image in memory");
        assert!(
            bytes[..] == *body || naive(body).is_some_and(|naive| naive == bytes[..]),
            "not what was sent"
        );
        let mut scan = Scan::default();
        scan.feed(&bytes).expect("what was taken");
        assert_eq!(scan.finish(ended).map(|info| info.kind), Ok(image.kind), "{ended:?}");
    }
}

/// What must not depend on the pieces. Of two faults in one text they may tell which is met first.
fn told(image: &Result<Image, Error>) -> Result<&Image, (Status, bool)> {
    image.as_ref().map_err(|error| (error.status(), error.is_retryable()))
}

/// All that base64 knows of, decoded at once; a last letter of which no byte can be made is cut off.
fn naive(body: &[u8]) -> Option<Vec<u8>> {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
    let is_url = text.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"data:"));
    let from = if is_url { text.iter().position(|byte| *byte == b',')? + 1 } else { 0 };
    let mut letters = Vec::new();
    let mut rest = text[from..].iter().copied();
    while let Some(byte) = rest.next() {
        let byte = match byte {
            b'%' => {
                let (Some(high), Some(low)) = (rest.next(), rest.next()) else { break };
                let digit = |byte: u8| char::from(byte).to_digit(16);
                (digit(high)? << 4 | digit(low)?) as u8
            }
            other => other,
        };
        match byte {
            b'-' => letters.push(b'+'),
            b'_' => letters.push(b'/'),
            byte if byte.is_ascii_whitespace() => {}
            byte => letters.push(byte),
        }
    }
    if letters.len() % 4 == 1 {
        letters.pop();
    }
    let padding = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(&base64::alphabet::STANDARD, padding).decode(letters).ok()
}
