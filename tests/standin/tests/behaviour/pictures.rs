//! The images: whole, right type, in parts.

use crate::client::Client;
use mlab_standin::{ImageKind, Job, Options, Standin};
use std::io::Cursor;

const SIZE: (u16, u16) = (37, 21);

/// Decodes a picture and gives its size and the first of its bytes decoded.
fn decode(kind: ImageKind, bytes: &[u8]) -> (usize, usize) {
    match kind {
        ImageKind::Png => {
            let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info().unwrap();
            let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
            let frame = reader.next_frame(&mut pixels).unwrap();
            (frame.width as usize, frame.height as usize)
        }
        ImageKind::Jpeg => {
            let mut decoder = zune_jpeg::JpegDecoder::new(Cursor::new(bytes));
            decoder.decode().unwrap();
            decoder.dimensions().unwrap()
        }
        ImageKind::WebP => {
            let mut decoder = image_webp::WebPDecoder::new(Cursor::new(bytes)).unwrap();
            let mut pixels = vec![0; decoder.output_buffer_size().unwrap()];
            decoder.read_image(&mut pixels).unwrap();
            let (width, height) = decoder.dimensions();
            (width as usize, height as usize)
        }
        ImageKind::Gif => {
            let mut decoder = gif::Decoder::new(Cursor::new(bytes)).unwrap();
            let frame = decoder.read_next_frame().unwrap().unwrap();
            (usize::from(frame.width), usize::from(frame.height))
        }
    }
}

fn start() -> (Standin, Client) {
    let standin = Standin::start(Options::default()).unwrap();
    standin.add_job(Job { images: ImageKind::ALL.to_vec(), size: SIZE, ..Job::new("a-1") });
    let client = Client::plain(standin.http_address());
    (standin, client)
}

#[test]
fn every_format_decodes_to_its_size() {
    let (_standin, mut client) = start();
    for (index, kind) in ImageKind::ALL.into_iter().enumerate() {
        let path = format!("/generations/a-1-{index}.{}", kind.extension());
        let response = client.get(&path, "");
        assert_eq!((response.status, response.header("Content-Type")), (200, Some(kind.content_type())));
        assert_eq!(decode(kind, &response.body), (usize::from(SIZE.0), usize::from(SIZE.1)), "{path}");
        let head = client.request("HEAD", &path, "", "").unwrap();
        assert_eq!(head.header("Content-Length"), Some(response.body.len().to_string().as_str()));
    }
}

#[test]
fn each_picture_is_its_own_and_always_the_same() {
    for kind in ImageKind::ALL {
        assert_eq!(kind.encode("1-0", SIZE).unwrap(), kind.encode("1-0", SIZE).unwrap());
        assert_ne!(kind.encode("1-0", SIZE).unwrap(), kind.encode("1-1", SIZE).unwrap(), "{kind:?}");
    }
}

#[test]
fn only_images_of_a_job_are_found() {
    let (standin, mut client) = start();
    standin.add_job(Job { ready_after: std::time::Duration::MAX, ..Job::new("later") });
    for name in ["a-1-0.jpg", "a-1-4.png", "a-0.png", "later-0.png", "a-1-0", ".png", ""] {
        assert_eq!(client.get(&format!("/generations/{name}"), "").status, 404, "{name}");
    }
    assert_eq!(client.post("/generations/a-1-0.png", "").status, 405);
}

#[test]
fn a_part_is_served_and_checked_against_the_etag() {
    let (_standin, mut client) = start();
    let path = "/generations/a-1-0.png";
    let whole = client.get(path, "");
    let (tag, length) = (whole.header("ETag").unwrap(), whole.body.len());
    assert!(tag.starts_with('"'), "strong: {tag}");

    let part = client.get(path, "Range: bytes=10-19\r\n");
    assert_eq!((part.status, part.body.as_slice()), (206, &whole.body[10..20]));
    assert_eq!(part.header("Content-Range"), Some(format!("bytes 10-19/{length}").as_str()));
    assert_eq!(part.header("ETag"), Some(tag));

    let resumed = client.get(path, &format!("Range: bytes=10-\r\nIf-Range: {tag}\r\n"));
    assert_eq!((resumed.status, resumed.body.as_slice()), (206, &whole.body[10..]));
    let changed = client.get(path, "Range: bytes=10-\r\nIf-Range: \"other\"\r\n");
    assert_eq!((changed.status, changed.body.len()), (200, length));
    let beyond = client.get(path, &format!("Range: bytes={length}-\r\n"));
    assert_eq!(beyond.status, 416);
    assert_eq!(beyond.header("Content-Range"), Some(format!("bytes */{length}").as_str()));
}
