//! The report: every number, the ratios, and whether each bar holds.

use crate::case::Case;
use crate::compare::{Compared, Times};
use crate::size::{self, Sizes};

pub(crate) fn open() {
    println!(
        "Medians over all rounds. A ratio is that of mlab to the other: of both in the same round, and what four of five\n\
         rounds keep within; in the first column, of the shortest times of all."
    );
    println!("\n{:26}{:>10}{:>10}{:>10}{:>10}{:>10}", "", "min", "median", "mean", "p90", "CPU");
}

pub(crate) fn case(case: &Case, compared: &Compared) {
    println!("\n{}, {} rounds", case.name, compared.rounds);
    row(case.ours.name, &compared.ours);
    row(case.theirs.name, &compared.theirs);
    if let (Some(side), Some(times)) = (&case.floor, &compared.floor) {
        row(side.name, times);
    }
    let [least, ratio, most] = compared.ratio;
    let spread = format!("({least:.2} to {most:.2})");
    println!(
        "  {:24}{:>10.2}{ratio:>10.2}  {spread:18}{:>10.2}",
        "ratio", compared.min_ratio, compared.cpu_ratio
    );
    if let (Some(bar), Some(holds)) = (case.bar, compared.holds(case)) {
        println!("  bar: at most {bar:.2}: {}", verdict(holds));
    }
    if let (Some(bar), Some(holds)) = (case.cpu_bar, compared.cpu_holds(case)) {
        println!("  bar of CPU: at most {bar:.2}: {}", verdict(holds));
    }
}

fn row(name: &str, times: &Times) {
    let Times { min, median, mean, p90, cpu } = *times;
    let [min, median, mean, p90, cpu] = [min, median, mean, p90, cpu].map(duration);
    println!("  {name:24}{min:>10}{median:>10}{mean:>10}{p90:>10}{cpu:>10}");
}

/// Three significant digits, with a unit.
fn duration(ns: f64) -> String {
    let (number, unit) = match ns {
        1e6.. => (ns / 1e6, "ms"),
        1e3.. => (ns / 1e3, "µs"),
        _ => (ns, "ns"),
    };
    let digits = if number < 10.0 { 2 } else { usize::from(number < 100.0) };
    format!("{number:.digits$} {unit}")
}

pub(crate) fn sizes(sizes: &Sizes) {
    let Sizes { library, beside, libcurl } = sizes;
    println!("\nsize");
    println!("  the stripped shared library: {library} bytes");
    println!("  bar: under {}: {}", size::BAR, verdict(*library < size::BAR));
    let list = if beside.is_empty() { "nothing".into() } else { beside.join(", ") };
    println!("  needed beside the C library and its kin: {list}");
    println!("  bar: nothing: {}", verdict(beside.is_empty()));
    let ratio = *library as f64 / libcurl.bytes as f64;
    println!(
        "  libcurl with all it needs beside the C library: {} files, {} bytes; ratio {ratio:.2}",
        libcurl.libraries, libcurl.bytes
    );
}

fn verdict(holds: bool) -> &'static str {
    if holds { "holds" } else { "DOES NOT HOLD" }
}
