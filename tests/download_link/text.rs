//! Links whose body is the image as base64 text: jobs generated with `base64: true` have them.

use crate::call::{Folder, bytes, chunks, download, into_memory, local, reply, test_image, trying, whole};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use mlab_core::download::Destination;
use mlab_core::error::Status;
use mlab_standin::{RawServer, Step};
use std::fs;

/// Lines of 76 letters, as mail programs and Python's `encodebytes` wrap them.
fn wrapped(text: &str, end: &str) -> String {
    let lines: Vec<&str> = (0..text.len()).step_by(76).map(|at| &text[at..text.len().min(at + 76)]).collect();
    lines.join(end) + end
}

fn server(answer: Step) -> RawServer {
    RawServer::plain(vec![Step::ReadRequest, answer]).expect("a server")
}

#[test]
fn a_link_that_serves_base64_text_gives_the_image() {
    let image = test_image("text");
    let text = STANDARD.encode(&image);
    for (name, body) in [
        ("bare", text.clone()),
        ("with a line end", format!("{text}\n")),
        ("wrapped", wrapped(&text, "\r\n")),
        ("wrapped by Unix", wrapped(&text, "\n")),
        ("URL-safe", URL_SAFE_NO_PAD.encode(&image)),
        ("behind a byte order mark", format!("\u{feff}{text}")),
        ("a data URL", format!("data:image/png;base64,{text}")),
        ("a wrapped data URL", format!("data:image/png;base64,\r\n{}", wrapped(&text, "\r\n"))),
        ("a data URL of another kind", format!("DATA:text/plain;charset=utf-8;BASE64,{text}")),
    ] {
        let chunked = reply("200 OK\r\nTransfer-Encoding: chunked", &chunks(body.as_bytes(), true));
        for answer in [whole(body.as_bytes()), chunked] {
            let server = server(answer);
            let report = into_memory(local(), &server.url("/x.base64"));
            assert_eq!(report.status, Status::Ok, "{name}: {}", report.message);
            assert!(bytes(&report) == Some(&image), "{name}: other bytes than were encoded");
            let folder = Folder::new();
            let target = Destination::Folder(folder.path(""));
            let report = download(local(), &server.url("/x.base64"), target);
            assert_eq!(report.status, Status::Ok, "{name}: {}", report.message);
            assert_eq!(folder.names(), ["image.png"], "{name}");
            assert!(fs::read(folder.path("image.png")).expect("a file") == image, "{name}");
        }
    }
}

#[test]
fn a_text_that_is_no_image_is_named() {
    for (body, says, retryable) in [
        (STANDARD.encode("<!DOCTYPE html><html><body>Please log in"), "no format that is taken", false),
        ("data:text/html;base64,PGh0bWw+PGJvZHk+aGVsbG88L2JvZHk+".into(), "HTML", true),
        ("data:image/svg+xml,<svg/>".into(), "holds no base64", false),
        (format!("{}!!", STANDARD.encode(test_image("broken"))), "base64 is broken", false),
        (STANDARD.encode(test_image("cut"))[..201].to_owned(), "stops before its own end", true),
    ] {
        let report = into_memory(local(), &server(whole(body.as_bytes())).url("/x"));
        assert_eq!(report.status, Status::BadImage, "{body}: {}", report.message);
        assert!(report.message.contains(says), "{says}: {}", report.message);
        assert_eq!(report.retryable, retryable, "{says}");
    }
}

/// The text is a third larger than the image, and the limit is the image's.
#[test]
fn the_limit_counts_the_bytes_of_the_image_and_not_those_of_its_text() {
    let image = test_image("limit");
    let size = image.len() as u64;
    let server = server(whole(wrapped(&STANDARD.encode(&image), "\r\n").as_bytes()));
    for (most, wanted) in [(size - 1, Status::TooLarge), (size, Status::Ok)] {
        let report = download(local(), &server.url("/x"), Destination::Memory { most });
        assert_eq!(report.status, wanted, "limit {most} for {size}: {}", report.message);
    }
    // Nothing but white space: no image comes, and the text must not go on for ever.
    let blank = vec![b'\n'; 64 * 1024];
    let endless = RawServer::plain(vec![Step::ReadRequest, reply("200 OK", &blank), Step::Stall]);
    let report = download(local(), &endless.expect("a server").url("/x"), Destination::Memory { most: 1000 });
    assert_eq!(report.status, Status::TooLarge, "{}", report.message);
}

/// The letters that came before the connection broke stand for no whole number of bytes.
#[test]
fn a_text_that_broke_off_goes_on_where_it_broke_off() {
    let image = test_image("resumed");
    let text = STANDARD.encode(&image);
    for at in [201, 202, 203] {
        let (first, rest) = text.as_bytes().split_at(at);
        let head = format!("200 OK\r\nContent-Length: {}\r\nETag: \"t\"", text.len());
        let range = format!("Content-Range: bytes {at}-{}/{}", text.len() - 1, text.len());
        let scripts = vec![
            vec![Step::ReadRequest, reply(&head, first), Step::Reset],
            vec![
                Step::ReadRequest,
                reply(&format!("206 Partial Content\r\n{range}\r\nContent-Length: {}", rest.len()), rest),
            ],
        ];
        let server = RawServer::plain(scripts).expect("a server");
        let report = into_memory(trying(local(), 1), &server.url("/x"));
        assert_eq!((report.status, report.attempts), (Status::Ok, 2), "{at}: {}", report.message);
        assert!(bytes(&report) == Some(&image), "{at}: other bytes than were encoded");
    }
}

/// Without a length only the image can tell that it was cut; the last letters were taken for the end.
#[test]
fn a_text_that_was_cut_without_a_length_is_asked_for_anew() {
    let image = test_image("anew");
    let text = STANDARD.encode(&image);
    let scripts = vec![
        vec![Step::ReadRequest, reply("200 OK\r\nETag: \"t\"", &text.as_bytes()[..202]), Step::Close],
        vec![Step::ReadRequest, whole(text.as_bytes())],
    ];
    let server = RawServer::plain(scripts).expect("a server");
    let report = into_memory(trying(local(), 1), &server.url("/x"));
    assert_eq!((report.status, report.attempts), (Status::Ok, 2), "{}", report.message);
    assert!(bytes(&report) == Some(&image), "other bytes than were encoded");
    assert!(!String::from_utf8_lossy(&server.received()[1]).to_ascii_lowercase().contains("range"));
}
