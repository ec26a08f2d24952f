//! What is sent for an image, and how connections are used.

use crate::call::{KEY, client, into_memory, link, local, test_image, trusting, whole};
use mlab_core::download::Destination;
use mlab_core::download::image::Kind;
use mlab_core::error::Status;
use mlab_core::net::CancelToken;
use mlab_standin::{ImageKind, Job, Options, RawServer, Standin, Step};

#[test]
fn neither_key_nor_any_header_of_the_client_is_sent() {
    let server = RawServer::plain(vec![Step::ReadRequest, whole(&test_image("bare"))]).expect("a server");
    let mut settings = local();
    settings.set_user_agent_suffix("MyGame/1.2").expect("a suffix");
    let report = into_memory(settings, &server.url("/a%20b.png?X-Sig=1%2F2"));
    assert_eq!(report.status, Status::Ok, "{}", report.message);
    let sent = String::from_utf8(server.received()[0].clone()).expect("text");
    let wanted =
        format!("GET /a%20b.png?X-Sig=1%2F2 HTTP/1.1\r\naccept: */*\r\nhost: {}\r\n\r\n", server.address());
    assert_eq!(sent.to_ascii_lowercase(), wanted.to_ascii_lowercase());
    assert!(!server.saw(KEY.as_bytes()));
}

#[test]
fn spaces_and_letters_outside_ascii_are_percent_encoded_on_their_way() {
    let image = test_image("encoded");
    for (path, sent) in [
        ("/my image.png", "/my%20image.png"),
        ("/café.png", "/caf%C3%A9.png"),
        ("/絵.png?name=my café", "/%E7%B5%B5.png?name=my%20caf%C3%A9"),
        ("/already%20encoded.png?sig=a%2Fb", "/already%20encoded.png?sig=a%2Fb"),
    ] {
        let server = RawServer::plain(vec![Step::ReadRequest, whole(&image)]).expect("a server");
        let report = into_memory(local(), &server.url(path));
        assert_eq!(report.status, Status::Ok, "{path}: {}", report.message);
        let request = String::from_utf8(server.received()[0].clone()).expect("text");
        assert!(request.starts_with(&format!("GET {sent} HTTP/1.1\r\n")), "{request}");
    }
    let report = into_memory(local(), "https://bücher.example.org/x.png");
    assert_eq!(report.status, Status::UnsafeUrl, "{}", report.message);
    assert!(report.message.contains("a host name with 'ü' in it"), "{}", report.message);
}

#[test]
fn images_of_every_kind_come_over_tls_on_one_kept_connection() {
    let server = Standin::start(Options::default()).expect("free ports");
    server.add_job(Job { images: ImageKind::ALL.to_vec(), ..Job::new("7") });
    let client = client(trusting(local(), server.ca_pem()));
    for (index, (made, kind)) in
        ImageKind::ALL.iter().zip([Kind::Png, Kind::Jpeg, Kind::WebP, Kind::Gif]).enumerate()
    {
        let name = format!("7-{index}.{}", made.extension());
        let url = server.https_url(&format!("/generations/{name}"));
        let report = client.download(&link(&url, Destination::Memory { most: 1 << 20 }), &CancelToken::new());
        assert_eq!((report.status, report.attempts), (Status::Ok, 1), "{}", report.message);
        let image = report.images[0].as_ref().expect("an image");
        assert_eq!((image.kind, image.width, image.height), (kind, 64, 48));
        assert_eq!(image.bytes.as_deref(), Some(&made.encode(&name, (64, 48)).expect("an image")[..]));
        assert_eq!(report.urls.iter().collect::<Vec<_>>(), [url.as_bytes()]);
        assert_eq!((report.http_status, report.id.as_str()), (200, ""));
    }
    assert_eq!(server.counts().connections, 1);
}

#[test]
fn an_image_that_stands_in_the_text_is_decoded_and_nothing_is_sent() {
    use base64::Engine;
    let image = test_image("inline");
    let text = base64::engine::general_purpose::STANDARD.encode(&image);
    for entry in [text.clone(), format!("data:image/png;base64,{text}"), format!("data:;base64,{}\n", &text)]
    {
        let report = into_memory(local(), &entry);
        assert_eq!(
            (report.status, report.attempts, report.http_status),
            (Status::Ok, 0, 0),
            "{}",
            report.message
        );
        assert_eq!(report.images[0].as_ref().and_then(|i| i.bytes.as_deref()), Some(&image[..]));
    }
    for (entry, says) in [
        (format!("data:image/png;base64,{}", &text[..text.len() / 2]), "stops before its own end"),
        ("data:image/png;base64,!!!!".into(), "base64 is broken"),
        ("data:text/html;base64,PGh0bWw+PGJvZHk+aGVsbG88L2JvZHk+".into(), "HTML"),
        ("data:image/svg+xml,<svg/>".into(), "no base64"),
    ] {
        let report = into_memory(local(), &entry);
        assert_eq!(report.status, Status::BadImage, "{entry}: {}", report.message);
        assert!(report.message.contains(says), "{entry}: {}", report.message);
    }
    let too_large = format!(
        "data:image/png;base64,{}",
        base64::engine::general_purpose::STANDARD.encode(
            vec![
                0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0,
                0, 0, 1, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, b'I', b'D', b'A', b'T',
            ]
            .into_iter()
            .chain(std::iter::repeat_n(0, 2 << 20))
            .collect::<Vec<u8>>()
        )
    );
    assert_eq!(into_memory(local(), &too_large).status, Status::TooLarge);
}
