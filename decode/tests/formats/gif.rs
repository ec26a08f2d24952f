//! GIF: the first frame on its canvas.

use crate::support::decode;
use crate::support::samples::gif;
use gif::Frame;

const PALETTE: [u8; 12] = [10, 20, 30, 40, 50, 60, 70, 80, 90, 1, 1, 1];
const COLOURS: [[u8; 4]; 3] = [[10, 20, 30, 255], [40, 50, 60, 255], [70, 80, 90, 255]];
const FREE: [u8; 4] = [0; 4];

fn frame(left: u16, top: u16, width: u16, height: u16) -> Frame<'static> {
    let buffer = (0..usize::from(width) * usize::from(height)).map(|i| (i % 3) as u8).collect();
    Frame { left, top, width, height, buffer, ..Frame::default() }
}

/// Asserts that the frame's colours stand where the frame does, and nothing anywhere else.
#[track_caller]
fn check(canvas: (u16, u16), frame: &Frame<'_>, file: &[u8]) {
    let image = decode(file, 0).whole();
    assert_eq!((image.width, image.height), (canvas.0.into(), canvas.1.into()));
    for (x, y) in (0..canvas.1).flat_map(|y| (0..canvas.0).map(move |x| (x, y))) {
        let within = (frame.left..frame.left + frame.width).contains(&x)
            && (frame.top..frame.top + frame.height).contains(&y);
        let index = || usize::from(y - frame.top) * usize::from(frame.width) + usize::from(x - frame.left);
        let transparent = within && frame.transparent == Some((index() % 3) as u8);
        let wanted = if within && !transparent { COLOURS[index() % 3] } else { FREE };
        assert_eq!(image.at(x.into(), y.into()), wanted, "at {x}, {y}");
    }
}

#[test]
fn a_frame_stands_where_it_says_and_the_rest_is_free() {
    let rows = [
        ((9, 8), frame(0, 0, 9, 8)),
        ((20, 12), frame(5, 3, 9, 8)),
        ((20, 12), frame(11, 4, 9, 8)),
        ((20, 12), Frame { transparent: Some(1), ..frame(5, 3, 9, 8) }),
        ((9, 8), Frame { transparent: Some(0), ..frame(0, 0, 9, 8) }),
        // Over the edge, beside it, and larger than the canvas.
        ((20, 12), frame(15, 8, 9, 8)),
        ((4, 4), frame(4, 0, 2, 2)),
        ((4, 4), frame(0, 4, 2, 2)),
        ((4, 4), frame(60000, 60000, 2, 2)),
        ((3, 2), frame(0, 0, 9, 8)),
    ];
    for (canvas, frame) in rows {
        check(canvas, &frame, &gif(canvas.0, canvas.1, &PALETTE, std::slice::from_ref(&frame)));
    }
}

#[test]
fn interlaced_rows_come_out_in_order_whatever_the_size() {
    for (width, height) in
        [1, 5, 11, 12, 24].into_iter().flat_map(|width| (1..=40).map(move |height| (width, height)))
    {
        let plain = frame(2, 1, width, height);
        let rows: Vec<&[u8]> = plain.buffer.chunks(width.into()).collect();
        let passes = [(0, 8), (4, 8), (2, 4), (1, 2)];
        let order = passes.into_iter().flat_map(|(from, step)| (from..height.into()).step_by(step));
        let buffer: Vec<u8> = order.flat_map(|row: usize| rows[row].to_vec()).collect();
        let interlaced = Frame { interlaced: true, buffer: buffer.into(), ..plain.clone() };
        let canvas = (width + 3, height + 2);
        check(canvas, &plain, &gif(canvas.0, canvas.1, &PALETTE, &[interlaced]));
    }
}

#[test]
fn the_frame_s_own_palette_goes_before_the_file_s() {
    let own = Frame { palette: Some(PALETTE.to_vec()), ..frame(0, 0, 6, 6) };
    check((6, 6), &own, &gif(6, 6, &[9; 12], std::slice::from_ref(&own)));
}

#[test]
fn only_the_first_frame_is_seen() {
    let first = frame(0, 0, 6, 6);
    let second = Frame { buffer: vec![1; 36].into(), ..frame(0, 0, 6, 6) };
    check((6, 6), &first, &gif(6, 6, &PALETTE, &[first.clone(), second]));
}
