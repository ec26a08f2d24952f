//! Inputs made from a corpus by small changes, the same ones for the same seed.

/// Longer inputs find nothing that these do not, and take longer.
const LONGEST: usize = 8 * 1024;

/// A source of inputs.
pub(crate) struct Mutator<'c> {
    state: u64,
    corpus: &'c [Vec<u8>],
    words: Vec<Vec<u8>>,
}

impl<'c> Mutator<'c> {
    /// Of a corpus that has an input at least, and the text of a dictionary in libFuzzer's form.
    pub(crate) fn new(seed: u64, corpus: &'c [Vec<u8>], dictionary: &str) -> Mutator<'c> {
        assert!(!corpus.is_empty(), "an empty corpus");
        let words = dictionary.lines().filter_map(word).collect();
        Mutator { state: seed, corpus, words }
    }

    /// One input with one to eight changes.
    pub(crate) fn input(&mut self) -> Vec<u8> {
        let mut input = self.other().to_vec();
        for _ in 0..=self.below(8) {
            self.change(&mut input);
        }
        input.truncate(LONGEST);
        input
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let at = self.below(input.len() + 1);
        let some = 1 + self.below(16);
        let end = (at + some).min(input.len());
        match self.below(8) {
            0 if at < input.len() => input[at] ^= 1 << self.below(8),
            1 if at < input.len() => input[at] = self.below(256) as u8,
            2 => drop(input.drain(at..end)),
            3 => input.truncate(at),
            4 => {
                // A part said again, once or many times.
                let part = input[at..end].repeat(1 + self.below(some * some));
                input.splice(at..at, part);
            }
            5 => {
                let other = self.other();
                let from = self.below(other.len() + 1);
                input.splice(at.., other[from..].iter().copied());
            }
            6 | 7 if !self.words.is_empty() => {
                let index = self.below(self.words.len());
                let word = self.words[index].clone();
                let replaced = if self.below(2) == 0 { at } else { (at + word.len()).min(input.len()) };
                input.splice(at..replaced, word);
            }
            _ => input.insert(at, self.below(256) as u8),
        }
    }

    fn other(&mut self) -> &'c [u8] {
        &self.corpus[self.below(self.corpus.len())]
    }

    /// SplitMix64.
    fn below(&mut self, most: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ mixed >> 31) % most.max(1) as u64) as usize
    }
}

/// The word of a line: in quotes, with `\\`, `\"` and `\xAB`. None for a comment.
fn word(line: &str) -> Option<Vec<u8>> {
    let quoted = line.trim().strip_prefix('"')?.strip_suffix('"')?;
    let (mut word, mut rest) = (Vec::new(), quoted.bytes());
    while let Some(byte) = rest.next() {
        match byte {
            b'\\' => match rest.next()? {
                b'x' => {
                    let digits = [rest.next()?, rest.next()?];
                    word.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
                }
                escaped => word.push(escaped),
            },
            other => word.push(other),
        }
    }
    Some(word)
}
