//! The curves of a soak as an SVG, one below the other.

use crate::curve::{Curve, Sample};
use std::fmt::Write as _;

const WIDTH: f64 = 800.0;
const HEIGHT: f64 = 120.0;
const MARGIN: f64 = 30.0;

pub(crate) fn draw(samples: &[Sample]) -> String {
    let last = samples.last().map_or(1.0, |sample| sample.seconds).max(1.0);
    let (width, height) = (WIDTH + 2.0 * MARGIN, (HEIGHT + 2.0 * MARGIN) * Curve::ALL.len() as f64);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    for (place, curve) in Curve::ALL.iter().enumerate() {
        let top = place as f64 * (HEIGHT + 2.0 * MARGIN) + MARGIN;
        let most = samples.iter().map(curve.value).fold(1.0, f64::max);
        let points: String = samples
            .iter()
            .map(|sample| {
                let x = MARGIN + WIDTH * sample.seconds / last;
                let y = top + HEIGHT * (1.0 - (curve.value)(sample) / most);
                format!("{x:.1},{y:.1} ")
            })
            .collect();
        let (name, bottom) = (curve.name, top + HEIGHT);
        writeln!(
            svg,
            "<text x=\"{MARGIN}\" y=\"{}\">{name}: at most {most} in {last} s</text>\n\
             <path d=\"M{MARGIN},{top} V{bottom} H{}\" fill=\"none\" stroke=\"silver\"/>\n\
             <polyline points=\"{}\" fill=\"none\" stroke=\"steelblue\"/>",
            top - 8.0,
            MARGIN + WIDTH,
            points.trim_end()
        )
        .expect("a String takes all");
    }
    svg + "</svg>\n"
}

#[test]
fn a_picture_has_every_curve() {
    let samples = [1.0, 2.0].map(|seconds| Sample { seconds, threads: 3.0, ..Sample::default() });
    let svg = draw(&samples);
    assert!(Curve::ALL.iter().all(|curve| svg.contains(curve.name)), "{svg}");
    assert_eq!(svg.matches("<polyline").count(), Curve::ALL.len());
}
