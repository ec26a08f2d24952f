//! Damage at random from a seed.

use crate::support::png::mend_checksums;

/// xorshift64*, which needs no crate.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

/// Bytes at which readers go wrong: ends of ranges, and marks of formats.
const EDGES: [u8; 12] = [0, 1, 2, 8, 0x7f, 0x80, 0xfe, 0xff, 0xc0, 0xc4, 0xda, 0xd9];

/// One of the seeds with up to four changes; of a PNG mostly with checksums that are right again.
pub(crate) fn mutated(seeds: &[&Vec<u8>], mend: bool, random: &mut Random) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        // Headers are short and matter most.
        let at = if random.below(2) == 0 { at } else { at % 64 };
        let len = 1 + random.below(24);
        let end = (at + len).min(bytes.len());
        match random.below(7) {
            _ if at >= bytes.len() => {}
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = EDGES[random.below(EDGES.len())],
            2 => bytes[at] = random.next() as u8,
            3 => drop(bytes.drain(at..end)),
            4 => {
                let copy = bytes[at..end].to_vec();
                let to = random.below(bytes.len());
                bytes.splice(to..to, copy);
            }
            5 => {
                let other = seeds[random.below(seeds.len())];
                let from = random.below(other.len());
                let copy = other[from..(from + len).min(other.len())].to_vec();
                bytes.splice(at..end, copy);
            }
            _ => bytes.truncate(bytes.len() - random.below(8).min(bytes.len())),
        }
    }
    if mend && random.below(8) > 0 {
        mend_checksums(&mut bytes);
    }
    bytes
}
