//! The jitter's source: splitmix64, a generator of a few lines whose whole state is its seed.
//!
//! Jitter only spreads requests in time, so it need not be unpredictable; it must be repeatable in a test. Where the
//! seed comes from is the driver's affair. (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.)

/// A stream of numbers that its seed determines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rng {
    state: u64,
}

impl Rng {
    /// The stream of this seed. Neighbouring seeds give unrelated streams.
    pub const fn new(seed: u64) -> Rng {
        Rng { state: seed }
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Evenly from `low` up to, not including, `high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        // 53 bits are what an f64 holds exactly.
        low + (high - low) * ((self.bits() >> 11) as f64 / (1u64 << 53) as f64)
    }
}
