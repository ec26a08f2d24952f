//! The figure: lag against requests a job, by hand-made SVG. One panel without an eta, one with etas of every kind.

use crate::Row;
use crate::simulate::Means;
use crate::traces::Eta;
use std::fmt::Write;

const PANEL: f64 = 380.0;
const MARGIN: f64 = 56.0;
/// The axes' ends: requests a job (logarithmic) and lag in seconds.
const REQUESTS: (f64, f64) = (1.5, 40.0);
const LAG: f64 = 8.0;

/// A client's colour, by its place in the legend: ours first, the others in the order of the table.
const COLOURS: [&str; 5] = ["#c2185b", "#90a4ae", "#5c6bc0", "#26a69a", "#8d6e63"];

/// The whole file.
pub(crate) fn draw(rows: &[Row]) -> String {
    let (width, height) = (2.0 * (PANEL + MARGIN) + MARGIN, PANEL + 2.0 * MARGIN + 30.0);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    panel(&mut svg, 0, "without an eta", rows, |eta| eta == Eta::Absent);
    panel(&mut svg, 1, "with an eta: exact, 30 % off, 25 % noise", rows, |eta| eta != Eta::Absent);
    legend(&mut svg, rows, height - 20.0);
    svg.push_str("</svg>\n");
    svg
}

fn panel(svg: &mut String, nth: u8, title: &str, rows: &[Row], wanted: impl Fn(Eta) -> bool) {
    let left = MARGIN + f64::from(nth) * (PANEL + MARGIN);
    axes(svg, left, title);
    for row in rows.iter().filter(|row| wanted(row.eta)) {
        for ((_, means), colour) in row.others.iter().zip(&COLOURS[1..]) {
            dot(svg, left, *means, colour, 3.5);
        }
    }
    // Last, so that nothing hides them.
    for row in rows.iter().filter(|row| wanted(row.eta)) {
        dot(svg, left, row.ours, COLOURS[0], 4.5);
    }
}

fn axes(svg: &mut String, left: f64, title: &str) {
    let bottom = MARGIN + PANEL;
    // Writing to a String cannot fail.
    let _ = writeln!(
        svg,
        "<text x=\"{left}\" y=\"{}\" font-weight=\"bold\">{title}</text>\n\
         <path d=\"M{left} {MARGIN}V{bottom}H{}\" fill=\"none\" stroke=\"#333\"/>",
        MARGIN - 16.0,
        left + PANEL
    );
    for requests in [2.0, 5.0, 10.0, 20.0, 40.0] {
        let x = left + across(requests);
        let _ = writeln!(svg, "<path d=\"M{x:.1} {MARGIN}V{bottom}\" stroke=\"#eee\"/>");
        let _ = writeln!(
            svg,
            "<text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{requests}</text>",
            bottom + 16.0
        );
    }
    for lag in [0.0, 2.0, 4.0, 6.0, 8.0] {
        let y = MARGIN + down(lag);
        let _ = writeln!(svg, "<path d=\"M{left} {y:.1}h{PANEL}\" stroke=\"#eee\"/>");
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{lag} s</text>",
            left - 6.0,
            y + 4.0
        );
    }
    let (middle, below) = (left + PANEL / 2.0, bottom + 34.0);
    let _ = writeln!(
        svg,
        "<text x=\"{middle}\" y=\"{below}\" text-anchor=\"middle\">requests a job; up: lag</text>"
    );
}

fn legend(svg: &mut String, rows: &[Row], y: f64) {
    let others = rows.iter().take(1).flat_map(|row| row.others.iter().map(|(client, _)| client.name()));
    for (place, (name, colour)) in std::iter::once("ours").chain(others).zip(COLOURS).enumerate() {
        let x = MARGIN + 150.0 * place as f64;
        let _ = writeln!(
            svg,
            "<circle cx=\"{x}\" cy=\"{}\" r=\"4.5\" fill=\"{colour}\"/><text x=\"{}\" y=\"{y}\">{name}</text>",
            y - 4.0,
            x + 10.0
        );
    }
}

fn dot(svg: &mut String, left: f64, means: Means, colour: &str, radius: f64) {
    let (x, y) = (left + across(means.polls), MARGIN + down(means.lag));
    let _ = writeln!(
        svg,
        "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\" fill=\"{colour}\" fill-opacity=\"0.8\"/>"
    );
}

fn across(requests: f64) -> f64 {
    PANEL * (requests / REQUESTS.0).ln() / (REQUESTS.1 / REQUESTS.0).ln()
}

fn down(lag: f64) -> f64 {
    PANEL * (1.0 - lag / LAG)
}
