//! Bytes that mean harm: damaged at random, but the same at every run. No panic, no more memory than was asked for,
//! only statuses of the list.

mod support;

#[path = "hostile/memory.rs"]
mod memory;
#[path = "hostile/mutate.rs"]
mod mutate;

use mutate::{Random, mutated};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use support::library::image::memory::asked;
use support::{decode, samples};

/// Mutated images a format: for so many, tests take seconds.
const ROUNDS: usize = 3000;
/// What the mutated images may have at most; the samples have 24 x 18.
const MAX_PIXELS: u64 = 40 * 40;

#[test]
fn damaged_images_end_in_a_status_of_the_list_and_within_the_bounds() {
    let seeds = samples::all();
    for format in ["png", "jpg", "webp", "gif"] {
        let of_format: Vec<&Vec<u8>> =
            seeds.iter().filter(|(name, _)| name.ends_with(format)).map(|(_, bytes)| bytes).collect();
        let mut random = Random::new(format.len() as u64 + u64::from(format.as_bytes()[0]));
        let mut seen = BTreeMap::new();
        for round in 0..ROUNDS {
            let bytes = mutated(&of_format, format == "png", &mut random);
            let image = decode(&bytes, MAX_PIXELS);
            let at = || format!("{format}, round {round}: {} {}", image.status_name, image.message);
            assert!(
                [
                    "MLAB_DECODE_OK",
                    "MLAB_DECODE_E_TOO_LARGE",
                    "MLAB_DECODE_E_BAD_IMAGE",
                    "MLAB_DECODE_E_UNSUPPORTED"
                ]
                .contains(&image.status_name.as_str()),
                "{}\n{bytes:02x?}",
                at()
            );
            assert_eq!(
                image.pixels.len() as u64,
                u64::from(image.width) * u64::from(image.height),
                "{}",
                at()
            );
            assert!(image.pixels.len() as u64 <= MAX_PIXELS, "{}", at());
            *seen.entry(image.status_name).or_insert(0) += 1;
        }
        // Else the damage is so great that only the first check is tested, or so small that none is.
        for status in ["MLAB_DECODE_OK", "MLAB_DECODE_E_BAD_IMAGE", "MLAB_DECODE_E_TOO_LARGE"] {
            assert!(seen.get(status).is_some_and(|count| *count >= ROUNDS / 200), "{format}: {seen:?}");
        }
    }
}

/// What the fuzz target holds of any bytes.
fn is_ruled_on(bytes: &[u8], what: &str) {
    const MOST: u64 = 256 * 256;
    let image = decode(bytes, MOST);
    assert!([0, -27, -62, -80].contains(&image.status), "{what}: {}", image.status);
    assert_eq!(image.pixels.is_empty(), image.status != 0, "{what}");
    assert!(image.pixels.len() as u64 <= MOST, "{what}");
}

/// The corpus of the fuzz target, and then what comes of it within `MLAB_FUZZ_SECONDS` (2 unless set).
#[test]
fn the_corpus_of_the_fuzz_target_and_what_it_turns_into_end_in_a_status_of_the_list() {
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/decode");
    let mut paths: Vec<_> = std::fs::read_dir(&corpus)
        .expect("the corpus")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    assert!(paths.len() >= 20, "{paths:?}");
    let files: Vec<Vec<u8>> = paths.iter().map(|path| std::fs::read(path).expect("a file")).collect();
    for (path, file) in paths.iter().zip(&files) {
        is_ruled_on(file, &path.display().to_string());
    }
    let seconds = std::env::var("MLAB_FUZZ_SECONDS").map_or(2, |text| text.parse().expect("a number"));
    let end = Instant::now() + Duration::from_secs(seconds);
    let (seeds, mut random): (Vec<&Vec<u8>>, _) = (files.iter().collect(), Random::new(7));
    for round in 0_u64.. {
        if Instant::now() > end {
            break;
        }
        let bytes = mutated(&seeds, round.is_multiple_of(2), &mut random);
        is_ruled_on(&bytes, &format!("round {round}: {}", bytes.escape_ascii()));
    }
}

/// What a codec takes before it knows the size.
const SMALL: usize = 128 << 10;

/// Decodes, and gives what was asked for at once, and the most that was there beside pixels of ours.
fn measured(bytes: &[u8], max_pixels: u64) -> (usize, usize) {
    asked::LAST.set(Some(0));
    let (pixels, most) = memory::most(|| {
        support::library::image::decode(bytes, max_pixels).map_or(0, |image| image.pixels.len())
    });
    let asked = asked::LAST.take().expect("set above");
    // A GIF's indices, a byte each, are ours as well.
    let indices = if bytes.starts_with(b"GIF") { pixels / 4 } else { 0 };
    (asked, most.saturating_sub(pixels + indices))
}

#[test]
fn codecs_take_no_more_memory_than_was_asked_for() {
    for (name, bytes) in
        samples::all().into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).chain(samples::large())
    {
        let (asked, taken) = measured(&bytes, 0);
        assert!(taken <= asked && asked > 0, "{name}: {taken} bytes, asked for {asked}");
    }
}

#[test]
fn damaged_images_take_no_more_memory_than_was_asked_for() {
    let seeds = samples::all();
    let all: Vec<&Vec<u8>> = seeds.iter().map(|(_, bytes)| bytes).collect();
    let mut random = Random::new(99);
    for round in 0..ROUNDS {
        let bytes = mutated(&all, round % 2 == 0, &mut random);
        let (asked, taken) = measured(&bytes, MAX_PIXELS);
        // Where it fails, pixels of ours are among what was taken: those of a canvas, and of a frame.
        let ours = MAX_PIXELS as usize * 5;
        assert!(
            taken <= asked.max(SMALL) + ours,
            "round {round}: {taken} bytes, asked for {asked}\n{bytes:02x?}"
        );
    }
}

#[test]
fn a_header_that_names_a_giant_costs_nothing() {
    for (name, bytes) in samples::giants() {
        let ((), most) = memory::most(|| {
            let image = decode(&bytes, 0);
            assert_eq!(image.status_name, "MLAB_DECODE_E_TOO_LARGE", "{name}: {}", image.message);
        });
        assert!(most < SMALL, "{name}: {most} bytes");
    }
}
