//! The stack that calls need, as the header states it.

use crate::declarations::introduction;

/// The numbers of its paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stated {
    /// KiB that a call that blocks needs.
    pub blocking_kib: u32,
    /// KiB that any other needs.
    pub other_kib: u32,
    /// How many times as much a debug build needs.
    pub debug_times: u32,
}

/// Reads the paragraph.
pub fn stated() -> Stated {
    let introduction = introduction();
    let paragraph = introduction.split_once("STACK. ").and_then(|(_, rest)| rest.split("\n\n").next());
    let words: Vec<&str> = paragraph.expect("a paragraph about the stack").split([' ', '\n', ',']).collect();
    let before = |word: &str| -> Vec<&str> {
        words.windows(2).filter(|pair| pair[1] == word).map(|pair| pair[0]).collect()
    };
    let kib: Vec<u32> = before("KiB").iter().map(|number| number.parse().expect("a number")).collect();
    assert_eq!((kib.len(), &before("times")[..]), (2, &["three"][..]), "{words:?}");
    Stated { blocking_kib: kib[0], other_kib: kib[1], debug_times: 3 }
}
