//! Where a body ends, said rightly, wrongly or not at all.

use crate::call::{Folder, OLD, bytes, chunks, download, local, picture, reply, whole};
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

fn rows(picture: &[u8]) -> Vec<Row> {
    let row = |name, reply: Vec<Step>, status, retryable| {
        let script = [vec![Step::ReadRequest], reply].concat();
        Row { name, script, status, retryable }
    };
    let half = &picture[..picture.len() / 2];
    let length = |length: usize| format!("200 OK\r\nContent-Length: {length}");
    let chunked = |bytes: &[u8]| reply("200 OK\r\nTransfer-Encoding: chunked", bytes);
    let html = b"<!DOCTYPE html><html><body>Please log in</body></html>";
    let junk = [picture, b"some bytes behind it"].concat();
    vec![
        row("a length", vec![whole(picture)], Status::Ok, false),
        row("chunks", vec![chunked(&chunks(picture, true))], Status::Ok, false),
        row("no length", vec![reply("200 OK", picture), Step::Close], Status::Ok, false),
        row("no length, no FIN handshake", vec![reply("200 OK", picture), Step::HangUp], Status::Ok, false),
        row("something behind the picture", vec![whole(&junk)], Status::Ok, false),
        row(
            "a wrong content type",
            vec![reply(&format!("{}\r\nContent-Type: text/html", length(picture.len())), picture)],
            Status::Ok,
            false,
        ),
        row(
            "cut, with a length",
            vec![reply(&length(picture.len()), half), Step::Close],
            Status::Protocol,
            true,
        ),
        row(
            "reset, with a length",
            vec![reply(&length(picture.len()), half), Step::Reset],
            Status::Network,
            true,
        ),
        row("cut, in chunks", vec![chunked(&chunks(half, false)), Step::Close], Status::Protocol, true),
        row("cut, without a length", vec![reply("200 OK", half), Step::Close], Status::BadImage, true),
        row(
            "one byte short, without a length",
            vec![reply("200 OK", &picture[..picture.len() - 1]), Step::Close],
            Status::BadImage,
            true,
        ),
        row(
            "a length that is too large",
            vec![reply(&length(picture.len() + 1), picture), Step::Close],
            Status::Protocol,
            true,
        ),
        row(
            "a length that is too small",
            vec![reply(&length(picture.len() - 1), picture), Step::Stall],
            Status::BadImage,
            true,
        ),
        row("chunks that end too soon", vec![chunked(&chunks(half, true))], Status::BadImage, true),
        row(
            "two lengths",
            vec![reply(&format!("{}\r\nContent-Length: 5", length(picture.len())), picture)],
            Status::Protocol,
            false,
        ),
        row("nothing", vec![whole(b"")], Status::BadImage, true),
        row("nothing, without a length", vec![reply("200 OK", b""), Step::Close], Status::BadImage, true),
        row("a page", vec![whole(html)], Status::BadImage, true),
        row(
            "a page called a picture",
            vec![reply(&format!("{}\r\nContent-Type: image/png", length(html.len())), html)],
            Status::BadImage,
            true,
        ),
        row("JSON", vec![whole(b"{\"status\":\"error\"}")], Status::BadImage, false),
        row(
            "a part of the picture",
            vec![reply(
                &format!(
                    "206 Partial Content\r\nContent-Range: bytes 0-9/99\r\nContent-Length: {}",
                    picture.len()
                ),
                picture,
            )],
            Status::Protocol,
            false,
        ),
        row(
            "changed by a proxy",
            vec![reply(&format!("203 OK\r\nContent-Length: {}", picture.len()), picture)],
            Status::Ok,
            false,
        ),
        row(
            "all of it as a part",
            vec![reply(
                &format!(
                    "206 Partial Content\r\nContent-Range: bytes 0-{}/{}\r\nContent-Length: {}",
                    picture.len() - 1,
                    picture.len(),
                    picture.len()
                ),
                picture,
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
fn a_picture_arrives_whole_or_not_at_all() {
    let picture = picture("framing");
    let mut failed = Vec::new();
    for row in rows(&picture) {
        let server = RawServer::plain(row.script).expect("a server");
        let folder = Folder::new();
        let target = folder.old("x.png");
        let file = download(local(), &server.url("/x.png"), Destination::File(target.clone()));
        let memory = download(local(), &server.url("/x.png"), Destination::Memory { most: 1 << 20 });
        let held = fs::read(&target).expect("the old file or the new one");
        let saved = row.status == Status::Ok;
        let right = [&file, &memory].iter().all(|r| (r.status, r.retryable) == (row.status, row.retryable))
            && folder.names() == ["x.png"]
            && if saved { held.starts_with(&picture) } else { held == OLD }
            && bytes(&memory).is_some_and(|got| got.starts_with(&picture)) == saved;
        if !right {
            failed.push(format!("{}: {file:?}\n{:?}", row.name, memory.status));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn a_picture_is_taken_up_to_the_limit_and_not_one_byte_more() {
    let picture = picture("limit");
    let size = picture.len() as u64;
    let chunked = reply("200 OK\r\nTransfer-Encoding: chunked", &chunks(&picture, true));
    for (framing, answer) in
        [("length", whole(&picture)), ("chunks", chunked), ("none", reply("200 OK", &picture))]
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
