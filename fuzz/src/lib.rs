//! What is promised of bytes from outside, as one function a target: it takes any bytes and panics where a promise is
//! broken.
//!
//! Plain functions that know no libFuzzer, so that `tests/fuzz.rs` can take this file in, replay the corpora and mutate
//! them in every run of the tests. Where a promise says "the same as", a second and simple way stands here beside the
//! library's quick one.

pub mod calls;
pub mod http;
pub mod image;
pub mod inline;
pub mod proxy;
pub mod reply;
pub mod seconds;
pub mod spelling;
pub mod url;

/// The C ABI, which no Rust library has: taken in as source.
#[path = "../../src/lib.rs"]
#[allow(dead_code, missing_docs, unreachable_pub, clippy::all, reason = "a library of its own")]
mod c_abi;

/// One target.
pub type Target = fn(&[u8]);

/// All targets by name: the name of a binary, of a corpus, of a dictionary.
pub const TARGETS: &[(&str, Target)] = &[
    ("reply", reply::run),
    ("image", image::run),
    ("inline", inline::run),
    ("url", url::run),
    ("seconds", seconds::run),
    ("proxy", proxy::run),
    ("http", http::run),
    ("calls", calls::run),
];

/// The lines of an input whose parts are texts; what is missing is empty.
fn lines<const N: usize>(data: &[u8]) -> [String; N] {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.splitn(N, '\n');
    std::array::from_fn(|_| lines.next().unwrap_or_default().to_owned())
}

/// Numbers that follow from an input, so that the same input is always cut in the same places.
struct Cuts(u64);

impl Cuts {
    fn of(data: &[u8]) -> Cuts {
        // FNV-1a.
        Cuts(data.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
        }))
    }

    /// 1 up to `most`, short ones more often.
    fn next(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let random = (self.0 >> 33) as usize;
        let most = if random.is_multiple_of(4) { most } else { most.min(16) };
        1 + (random >> 2) % most.max(1)
    }
}
