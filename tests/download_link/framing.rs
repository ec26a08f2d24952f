//! Where a body ends, said rightly, wrongly or not at all.

use crate::call::{Folder, OLD, bytes, chunks, download, local, reply, test_image, whole};
use mlab_core::download::Destination;
use mlab_core::error::Status;
use mlab_standin::{RawServer, Step};
use std::fs;

struct Row {
    name: &'static str,
    script: Vec<Step>,
    status: Status,
    retryable: bool,
}

fn rows(image: &[u8]) -> Vec<Row> {
    let row = |name, reply: Vec<Step>, status, retryable| {
        let script = [vec![Step::ReadRequest], reply].concat();
        Row { name, script, status, retryable }
    };
    let half = &image[..image.len() / 2];
    let length = |length: usize| format!("200 OK\r\nContent-Length: {length}");
    let chunked = |bytes: &[u8]| reply("200 OK\r\nTransfer-Encoding: chunked", bytes);
    let html = b"<!DOCTYPE html><html><body>Please log in</body></html>";
    let junk = [image, b"some bytes behind it"].concat();
    vec![
        row("a length", vec![whole(image)], Status::Ok, false),
        row("chunks", vec![chunked(&chunks(image, true))], Status::Ok, false),
        row("no length", vec![reply("200 OK", image), Step::Close], Status::Ok, false),
        row("no length, no FIN handshake", vec![reply("200 OK", image), Step::HangUp], Status::Ok, false),
        row("something behind the image", vec![whole(&junk)], Status::Ok, false),
        row(
            "a wrong content type",
            vec![reply(&format!("{}\r\nContent-Type: text/html", length(image.len())), image)],
            Status::Ok,
            false,
        ),
        row(
            "cut, with a length",
            vec![reply(&length(image.len()), half), Step::Close],
            Status::Protocol,
            true,
        ),
        row(
            "reset, with a length",
            vec![reply(&length(image.len()), half), Step::Reset],
            Status::Network,
            true,
        ),
        row("cut, in chunks", vec![chunked(&chunks(half, false)), Step::Close], Status::Protocol, true),
        row("cut, without a length", vec![reply("200 OK", half), Step::Close], Status::BadImage, true),
        row(
            "one byte short, without a length",
            vec![reply("200 OK", &image[..image.len() - 1]), Step::Close],
            Status::BadImage,
            true,
        ),
        row(
            "a length that is too large",
            vec![reply(&length(image.len() + 1), image), Step::Close],
            Status::Protocol,
            true,
        ),
        row(
            "a length that is too small",
            vec![reply(&length(image.len() - 1), image), Step::Stall],
            Status::BadImage,
            true,
        ),
        row("chunks that end too soon", vec![chunked(&chunks(half, true))], Status::BadImage, true),
        row(
            "two lengths",
            vec![reply(&format!("{}\r\nContent-Length: 5", length(image.len())), image)],
            Status::Protocol,
            false,
        ),
        row("nothing", vec![whole(b"")], Status::BadImage, true),
        row("nothing, without a length", vec![reply("200 OK", b""), Step::Close], Status::BadImage, true),
        row("a page", vec![whole(html)], Status::BadImage, true),
        row(
            "a page called an image",
            vec![reply(&format!("{}\r\nContent-Type: image/png", length(html.len())), html)],
            Status::BadImage,
            true,
        ),
        row("JSON", vec![whole(b"{\"status\":\"error\"}")], Status::BadImage, false),
        row(
            "a part of the image",
            vec![reply(
                &format!(
                    "206 Partial Content\r\nContent-Range: bytes 0-9/99\r\nContent-Length: {}",
                    image.len()
                ),
                image,
            )],
            Status::Protocol,
            false,
        ),
        row(
            "changed by a proxy",
            vec![reply(&format!("203 OK\r\nContent-Length: {}", image.len()), image)],
            Status::Ok,
            false,
        ),
        row(
            "all of it as a part",
            vec![reply(
                &format!(
                    "206 Partial Content\r\nContent-Range: bytes 0-{}/{}\r\nContent-Length: {}",
                    image.len() - 1,
                    image.len(),
                    image.len()
                ),
                image,
            )],
            Status::Ok,
            false,
        ),
        row("accepted", vec![reply("202 Accepted\r\nContent-Length: 2", b"{}")], Status::BadImage, true),
        row("no content", vec![reply("204 No Content", b"")], Status::Protocol, false),
        row(
            "no HTTP",
            vec![Step::Send(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()), Step::Close],
            Status::Protocol,
            false,
        ),
    ]
}

#[test]
fn an_image_arrives_whole_or_not_at_all() {
    let image = test_image("framing");
    let mut failed = Vec::new();
    for row in rows(&image) {
        let server = RawServer::plain(row.script).expect("a server");
        let folder = Folder::new();
        let target = folder.old("x.png");
        let file = download(local(), &server.url("/x.png"), Destination::File(target.clone()));
        let memory = download(local(), &server.url("/x.png"), Destination::Memory { most: 1 << 20 });
        let held = fs::read(&target).expect("the old file or the new one");
        let saved = row.status == Status::Ok;
        let right = [&file, &memory].iter().all(|r| (r.status, r.retryable) == (row.status, row.retryable))
            && folder.names() == ["x.png"]
            && if saved { held.starts_with(&image) } else { held == OLD }
            && bytes(&memory).is_some_and(|got| got.starts_with(&image)) == saved;
        if !right {
            failed.push(format!("{}: {file:?}\n{:?}", row.name, memory.status));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn an_image_is_taken_up_to_the_limit_and_not_one_byte_more() {
    let image = test_image("limit");
    let size = image.len() as u64;
    let chunked = reply("200 OK\r\nTransfer-Encoding: chunked", &chunks(&image, true));
    for (framing, answer) in
        [("length", whole(&image)), ("chunks", chunked), ("none", reply("200 OK", &image))]
    {
        let server = RawServer::plain(vec![Step::ReadRequest, answer]).expect("a server");
        for (most, wanted) in [(size - 1, Status::TooLarge), (size, Status::Ok), (size + 1, Status::Ok)] {
            let memory = download(local(), &server.url("/x.png"), Destination::Memory { most });
            assert_eq!(memory.status, wanted, "{framing}, limit {most} for {size}: {}", memory.message);
            let mut settings = local();
            settings.set_image_limit(most).expect("a limit");
            let folder = Folder::new();
            let file = download(settings, &server.url("/x.png"), Destination::File(folder.path("x.png")));
            assert_eq!(file.status, wanted, "{framing}, limit {most} for {size}: {}", file.message);
            assert_eq!(folder.names().len(), usize::from(wanted == Status::Ok));
        }
    }
}

#[test]
fn a_length_over_the_limit_is_refused_before_its_bytes_come() {
    let head = reply("200 OK\r\nContent-Length: 99999999999", b"");
    let server = RawServer::plain(vec![Step::ReadRequest, head, Step::Stall]).expect("a server");
    let report = download(local(), &server.url("/x.png"), Destination::Memory { most: 1 << 20 });
    assert_eq!(report.status, Status::TooLarge, "{}", report.message);
    assert!(report.message.contains("1048576"), "{}", report.message);
}
