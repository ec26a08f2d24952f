//! Which of the images that a reply lists are fetched: each once, and no more than were allowed. A value.
//!
//! A reply of a few hundred kilobytes can list thousands of links, or the same one thousands of times (contract,
//! section 4).

use crate::error::Error;
use std::collections::BTreeMap;

/// What is done about one entry of a reply's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listed {
    /// It is fetched, or decoded.
    Fetched,
    /// It is the same as the entry of this index, which is fetched: what comes of that one comes of both.
    SameAs(usize),
    /// It is one too many; see [`too_many_images`].
    Refused,
}

/// Goes through a list of which at most `most` entries are taken, copies counted.
pub(crate) fn list_images<'a>(entries: impl IntoIterator<Item = &'a [u8]>, most: usize) -> Vec<Listed> {
    let mut first = BTreeMap::new();
    let listed = |(index, entry): (usize, &'a [u8])| match index {
        index if index >= most => Listed::Refused,
        // White space around an entry means nothing.
        index => match *first.entry(entry.trim_ascii()).or_insert(index) {
            earlier if earlier == index => Listed::Fetched,
            earlier => Listed::SameAs(earlier),
        },
    };
    entries.into_iter().enumerate().map(listed).collect()
}

/// What comes of an entry that is one too many.
pub(crate) fn too_many_images(listed: usize, most: usize) -> Error {
    Error::TooLarge(format!(
        "the reply lists {listed} images, of which max_images lets {most} through; raise it"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Listed::{Fetched, Refused, SameAs};

    fn listed(entries: &[&str], most: usize) -> Vec<Listed> {
        list_images(entries.iter().map(|entry| entry.as_bytes()), most)
    }

    #[test]
    fn equal_links_are_fetched_once() {
        assert_eq!(
            listed(&["a", "b", "a", "c", "b", " a\n"], 64),
            [Fetched, Fetched, SameAs(0), Fetched, SameAs(1), SameAs(0)]
        );
        assert_eq!(listed(&["a", "A", "a?", "a/"], 64), [Fetched; 4], "nobody knows that these are the same");
        assert_eq!(listed(&[], 64), []);
    }

    /// Each costs a place in the result, whatever it costs to fetch.
    #[test]
    fn copies_count_among_the_images_that_are_allowed() {
        assert_eq!(listed(&["a", "a", "b", "a"], 3), [Fetched, SameAs(0), Fetched, Refused]);
        let flood = vec!["https://images.example/0.png"; 50_000];
        let listed = listed(&flood, 64);
        assert_eq!(listed.iter().filter(|entry| **entry == Refused).count(), 50_000 - 64);
        let refused = too_many_images(50_000, 64).to_string();
        assert!(refused.contains("50000") && refused.contains("max_images lets 64"), "{refused}");
    }
}
