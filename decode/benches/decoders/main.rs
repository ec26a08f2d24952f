//! `cargo bench -p mlab-decode`: the library as it is shipped beside libpng, libjpeg-turbo, libwebp and stb_image,
//! from the bytes of a file to RGBA pixels.
//!
//! Both sides of a row run in turn, round after round, so that a machine that is busy is so for both. The exit code
//! is 1 if a bar does not hold. `-- --quick` only shows that everything runs: its figures say nothing and bars do not
//! count.

mod images;
mod programs;

use images::{Scene, Stored};
use jpeg_encoder::SamplingFactor;
use programs::{Folder, Peer, numbers, skip};
use std::collections::HashMap;
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// One image, and whom it is decoded beside.
struct Row {
    name: &'static str,
    scene: Scene,
    stored: Stored,
    /// Each with the largest ratio of our median time to theirs; none where the row only informs.
    peers: &'static [(Peer, Option<f64>)],
    /// How far the means of a channel may be apart: 0 where every decoder must give the same.
    apart: f64,
}

const PNG: &[(Peer, Option<f64>)] = &[(Peer::Libpng, Some(1.0)), (Peer::Stb, None)];
const JPEG: &[(Peer, Option<f64>)] = &[(Peer::LibjpegTurbo, Some(1.3)), (Peer::Stb, None)];
const WEBP: &[(Peer, Option<f64>)] = &[(Peer::Libwebp, None)];

const fn png(name: &'static str, scene: Scene, alpha: bool) -> Row {
    Row { name, scene, stored: Stored::Png { alpha }, peers: PNG, apart: 0.0 }
}

const fn jpeg(name: &'static str, sampling: SamplingFactor, progressive: bool) -> Row {
    Row { name, scene: Scene::Soft, stored: Stored::Jpeg { sampling, progressive }, peers: JPEG, apart: 0.6 }
}

const fn webp(name: &'static str, stored: Stored, apart: f64) -> Row {
    Row { name, scene: Scene::Soft, stored, peers: WEBP, apart }
}

const ROWS: [Row; 9] = [
    png("PNG, RGB, soft with grain", Scene::Soft, false),
    png("PNG, RGBA, soft with grain", Scene::Soft, true),
    png("PNG, RGB, drawing", Scene::Drawing, false),
    jpeg("JPEG 4:2:0", SamplingFactor::F_2_2, false),
    jpeg("JPEG 4:4:4", SamplingFactor::F_1_1, false),
    jpeg("JPEG 4:2:0, progressive", SamplingFactor::F_2_2, true),
    webp("WebP, lossy", Stored::LossyWebp { alpha: false }, 0.6),
    webp("WebP, lossy with alpha", Stored::LossyWebp { alpha: true }, 0.6),
    webp("WebP, lossless", Stored::LosslessWebp, 0.0),
];

fn main() -> ExitCode {
    let quick = std::env::args().any(|argument| argument == "--quick");
    match run(quick) {
        Ok(broken) if broken.is_empty() => ExitCode::SUCCESS,
        Ok(broken) => {
            println!("\nbars that do not hold: {}", broken.join("; "));
            if quick { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(quick: bool) -> Outcome<Vec<String>> {
    let (rounds, samples) = if quick { (2, 1) } else { (31, 5) };
    let folder = Folder::new()?;
    let side = images::SIDE;
    println!(
        "{side} x {side} pixels; processor time, medians of {rounds} rounds of {samples}; a ratio is the median of the rounds'"
    );
    println!("(in brackets what four of five rounds keep within), ours to theirs.\n");
    let mut broken = Vec::new();
    for row in &ROWS {
        println!("{}", row.name);
        let Some(file) = images::write(row.scene, row.stored, &folder)? else {
            skip(Peer::Libwebp, row.name);
            continue;
        };
        for &(peer, bar) in row.peers {
            let Some(theirs) = folder.peer(peer)? else {
                skip(peer, peer.name());
                continue;
            };
            let compared = compare(row, &folder.ours, &theirs, &file, (rounds, samples))?;
            let [least, ratio, most] = compared.ratio;
            let verdict = match bar {
                Some(bar) if ratio <= bar => format!("bar {bar:.2}: holds"),
                Some(bar) => format!("bar {bar:.2}: DOES NOT HOLD"),
                None => String::new(),
            };
            println!(
                "  ours {:7.2} ms, {:13} {:7.2} ms, ratio {ratio:.2} ({least:.2} to {most:.2}) {verdict}",
                compared.ours / 1e6,
                peer.name(),
                compared.theirs / 1e6
            );
            if bar.is_some_and(|bar| ratio > bar) {
                broken.push(format!("{} beside {}", row.name, peer.name()));
            }
        }
    }
    Ok(broken)
}

struct Compared {
    /// Nanoseconds: the median of the rounds' medians.
    ours: f64,
    theirs: f64,
    /// Of the rounds' ratios: a tenth is below the first, half below the second, a tenth above the third.
    ratio: [f64; 3],
}

fn compare(
    row: &Row,
    ours: &Path,
    theirs: &Path,
    file: &Path,
    (rounds, samples): (usize, usize),
) -> Outcome<Compared> {
    let (mut our, mut their, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..rounds {
        // Whoever comes second finds a warmer machine: take turns in that too.
        let (a, b) = if round % 2 == 0 {
            let a = numbers(ours, file, samples)?;
            (a, numbers(theirs, file, samples)?)
        } else {
            let b = numbers(theirs, file, samples)?;
            (numbers(ours, file, samples)?, b)
        };
        check_same_picture(row, &a, &b)?;
        ratios.push(a["median"] / b["median"]);
        our.push(a["median"]);
        their.push(b["median"]);
    }
    for times in [&mut our, &mut their, &mut ratios] {
        times.sort_by(f64::total_cmp);
    }
    Ok(Compared {
        ours: our[rounds / 2],
        theirs: their[rounds / 2],
        ratio: [ratios[rounds / 10], ratios[rounds / 2], ratios[rounds - 1 - rounds / 10]],
    })
}

fn check_same_picture(row: &Row, ours: &HashMap<String, f64>, theirs: &HashMap<String, f64>) -> Outcome<()> {
    for name in ["width", "height", "r", "g", "b", "a"] {
        if (ours[name] - theirs[name]).abs() > row.apart {
            let (a, b) = (ours[name], theirs[name]);
            return Err(format!("{}: the decoders differ in {name}: {a}, {b}", row.name).into());
        }
    }
    Ok(())
}
