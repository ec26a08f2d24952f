//! Seeds for what must differ between calls, threads and processes: jitter, and names of temporary files. Not for secrets.

use super::{Global, PerProcess};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// An odd number, so that 2^64 seeds come before one comes again: the golden ratio's fraction, as splitmix64 has it.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// The next seed. A child does not go on with its parent's.
#[derive(Debug)]
struct NextSeed(AtomicU64);

static NEXT: Global<PerProcess<NextSeed>> = Global::new(PerProcess::default);

impl Default for NextSeed {
    fn default() -> NextSeed {
        let mut seed = [0; 8];
        // Without the system's random numbers the moment and the process must do: a seed need only differ.
        let seed = match getrandom::getrandom(&mut seed) {
            Ok(()) => u64::from_ne_bytes(seed),
            Err(_) => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                since.as_nanos() as u64 ^ u64::from(std::process::id()).rotate_left(40)
            }
        };
        NextSeed(AtomicU64::new(seed))
    }
}

/// A seed that no other call has, in this process or in a child or parent of it.
pub(crate) fn fresh_seed() -> u64 {
    NEXT.get().0.fetch_add(STEP, Ordering::Relaxed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_seeds_are_alike() {
        let seeds: HashSet<u64> = (0..1000).map(|_| fresh_seed()).collect();
        assert_eq!(seeds.len(), 1000);
    }
}
