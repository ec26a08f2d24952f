//! TLS: good and bad certificates, sessions taken up again, ends with and without close_notify.

use crate::client::{Client, FETCH, LINK_GRACE, trusting};
use mlab_standin::{Authority, Identity, Job, Leaf, Options, RawOptions, RawServer, Standin, Step, Versions};
use std::io::ErrorKind;
use std::net::TcpStream;

fn hello() -> Vec<Step> {
    vec![Step::ReadRequest, Step::json(200, "{}")]
}

#[test]
fn the_service_answers_over_tls_with_links_that_lead_back() {
    let standin = Standin::start(Options::default()).unwrap();
    standin.add_job(Job::new("1"));
    let mut client = Client::tls(standin.https_address(), &trusting(standin.ca_pem())).unwrap();
    assert_eq!(client.fetch("1").json()["output"][0], standin.https_url("/generations/1-0.png"));
    assert!(standin.requests()[0].secure);
    assert!(standin.https_endpoint().starts_with("https://localhost:"));
    assert!(standin.https_endpoint().ends_with(&format!("{FETCH}{{id}}")));
}

#[test]
fn a_second_handshake_of_the_same_client_is_counted_as_resumed() {
    for tls in [Versions::Only12, Versions::Only13, Versions::Both] {
        let standin = Standin::start(Options { tls, ..Options::default() }).unwrap();
        let config = trusting(standin.ca_pem());
        for expected in 0..3 {
            // The reply comes after the tickets of TLS 1.3, so that the next handshake has one.
            Client::tls(standin.https_address(), &config).unwrap().fetch("1");
            let counts = standin.counts();
            assert_eq!((counts.handshakes, counts.resumed), (expected + 1, expected), "{tls:?}");
        }
        Client::tls(standin.https_address(), &trusting(standin.ca_pem())).unwrap().fetch("1");
        assert_eq!(standin.counts().resumed, 2, "another client has no session to resume");
    }
}

#[test]
fn each_bad_certificate_is_bad_in_its_own_way() {
    let authority = Authority::new().unwrap();
    let issue = |leaf| authority.issue(leaf).unwrap();
    let other = Authority::new().unwrap();
    let cases = [
        ("not valid for name", issue(Leaf::WrongName)),
        ("certificate expired", issue(Leaf::Expired)),
        ("certificate not valid yet", issue(Leaf::NotYetValid)),
        ("UnknownIssuer", other.issue(Leaf::Valid).unwrap()),
        ("UnknownIssuer", Identity::self_signed().unwrap()),
    ];
    let config = trusting(authority.ca_pem());
    for (expected, identity) in cases {
        let server = RawServer::tls(identity, hello()).unwrap();
        let error = Client::tls(server.address(), &config).err().unwrap().to_string();
        assert!(error.contains(expected), "{expected}: {error}");
        assert!(server.wait_until(|counts| counts.failed_handshakes == 1, LINK_GRACE), "{expected}");
        assert_eq!(server.bytes_seen(), 0, "no request was sent");
    }
    let server = RawServer::tls(issue(Leaf::Valid), hello()).unwrap();
    assert_eq!(Client::tls(server.address(), &config).unwrap().get("/", "").text(), "{}");
}

#[test]
fn an_identity_carries_the_root_that_vouches_for_it() {
    let identity = Authority::new().unwrap().issue(Leaf::Valid).unwrap();
    let config = trusting(identity.ca_pem());
    let options = RawOptions { identity: Some(identity), tls: Versions::Only12, ..RawOptions::default() };
    let server = RawServer::start(options, hello()).unwrap();
    assert_eq!(Client::tls(server.address(), &config).unwrap().get("/", "").status, 200);
    assert!(server.endpoint().starts_with("https://localhost:"), "{}", server.endpoint());
}

#[test]
fn a_close_ends_a_reply_and_a_hang_up_cuts_it() {
    let authority = Authority::new().unwrap();
    let config = trusting(authority.ca_pem());
    let cases = [(Step::Close, None), (Step::HangUp, Some(ErrorKind::UnexpectedEof))];
    for (end, expected) in cases {
        let script =
            vec![Step::ReadRequest, Step::Send(b"HTTP/1.1 200 OK\r\n\r\nbody".to_vec()), end.clone()];
        let server = RawServer::tls(authority.issue(Leaf::Valid).unwrap(), script).unwrap();
        let mut client = Client::tls(server.address(), &config).unwrap();
        client.send(b"GET / HTTP/1.1\r\n\r\n");
        let (bytes, ended) = client.rest();
        assert!(bytes.ends_with(b"body"), "{end:?}");
        assert_eq!(ended.err().map(|error| error.kind()), expected, "{end:?}");
    }
}

#[test]
fn a_stalled_handshake_takes_the_hello_and_answers_nothing() {
    let server = RawServer::tls_stall().unwrap();
    let socket = TcpStream::connect(server.address()).unwrap();
    std::io::Write::write_all(&mut &socket, b"hello").unwrap();
    assert!(server.wait_until(|counts| counts.bytes == 5, LINK_GRACE));
    socket.set_nonblocking(true).unwrap();
    assert_eq!(socket.peek(&mut [0]).unwrap_err().kind(), ErrorKind::WouldBlock);
    assert!(server.url("/").starts_with("https://"));
}
