//! Redirects: to other hosts too, each judged before it is followed.

use crate::call::{download, into_memory, local, reply, settings, test_image, trusting, whole};
use mlab_core::download::Destination;
use mlab_core::error::Status;
use mlab_standin::{Authority, Leaf, RawServer, Scripts, Step};
use std::time::Duration;

/// A server that redirects as often as there are places, and then has the image. `{port}` is its own.
fn redirector(places: Vec<String>, image: Vec<u8>) -> RawServer {
    let scripts = Scripts::choose(move |n| {
        let answer = match places.get(n as usize - 1) {
            Some(place) => reply(&format!("302 Found\r\nLocation: {place}\r\nContent-Length: 0"), b""),
            None => whole(&image),
        };
        vec![Step::ReadRequest, answer]
    });
    RawServer::plain(scripts).expect("a server")
}

#[test]
fn five_redirects_are_followed_and_the_sixth_is_refused() {
    let hops = |count: usize| (1..=count).map(|n| format!("/hop/{n}")).collect();
    let five = redirector(hops(5), test_image("redirected"));
    let report = into_memory(local(), &five.url("/x.png"));
    assert_eq!((report.status, report.attempts), (Status::Ok, 1), "{}", report.message);
    let six = redirector(hops(6), test_image("redirected"));
    let report = into_memory(local(), &six.url("/x.png"));
    assert_eq!(report.status, Status::Redirect, "{}", report.message);
    assert!(report.message.contains("more than 5 times") && !report.retryable, "{}", report.message);
    assert_eq!(six.counts().requests, 6);
}

#[test]
fn a_redirect_to_another_server_is_followed_from_http_to_https_too() {
    let authority = Authority::new().expect("a root");
    let image = test_image("elsewhere");
    let other = RawServer::tls(
        authority.issue(Leaf::Valid).expect("a certificate"),
        vec![Step::ReadRequest, whole(&image)],
    )
    .expect("a server");
    let first = redirector(vec![other.url("/y.png?sig=1")], image);
    let report = into_memory(trusting(local(), authority.ca_pem()), &first.url("/x.png"));
    assert_eq!(report.status, Status::Ok, "{}", report.message);
    assert_eq!((first.counts().requests, other.counts().requests), (1, 1));
    let request = String::from_utf8(other.received()[0].clone()).expect("text");
    assert!(request.starts_with("GET /y.png?sig=1 HTTP/1.1\r\n"), "{request}");
}

#[test]
fn a_redirect_is_percent_encoded_as_a_link_is() {
    let server = redirector(vec!["/my image.png?x=1 2#part".into()], test_image("encoded"));
    let report = into_memory(local(), &server.url("/x.png"));
    assert_eq!(report.status, Status::Ok, "{}", report.message);
    let request = String::from_utf8(server.received()[1].clone()).expect("text");
    assert!(request.starts_with("GET /my%20image.png?x=1%202 HTTP/1.1\r\n"), "{request}");
}

#[test]
fn redirects_in_a_circle_or_to_nowhere_are_refused() {
    for (places, wanted) in [
        (vec!["/a", "/x.png"], Status::Redirect),
        (vec!["/x.png"], Status::Redirect),
        (vec!["http://exa mple/"], Status::UnsafeUrl),
    ] {
        let server = redirector(places.iter().map(|p| p.to_string()).collect(), test_image("never"));
        let report = into_memory(local(), &server.url("/x.png"));
        assert_eq!((report.status, report.retryable), (wanted, false), "{places:?}: {}", report.message);
    }
}

#[test]
fn a_redirect_to_a_place_that_may_not_be_fetched_from_is_not_followed() {
    let target = RawServer::plain(vec![Step::ReadRequest, whole(&test_image("secret"))]).expect("a server");
    let port = target.address().port();
    for place in [
        "http://10.0.0.1/x.png".to_owned(),
        "http://169.254.169.254/latest/meta-data/".into(),
        "https://192.168.0.1/x.png".into(),
        "https://[fd00::1]/x.png".into(),
        format!("http://user:pass@127.0.0.1:{port}/x.png"),
        format!("http://2130706433:{port}/x.png"),
        format!("ftp://127.0.0.1:{port}/x.png"),
        "file:///etc/passwd".into(),
        "data:image/png;base64,iVBORw0KGgo=".into(),
    ] {
        let server = redirector(vec![place.clone()], Vec::new());
        let report = into_memory(local(), &server.url("/x.png"));
        assert_eq!(report.status, Status::UnsafeUrl, "{place}: {}", report.message);
        assert!(!report.message.contains("pass@"), "{}", report.message);
    }
    assert!(!target.wait_until(|counts| counts.connections > 0, Duration::from_millis(150)));
}

#[test]
fn with_an_endpoint_elsewhere_this_machine_is_out_of_reach() {
    let server = RawServer::plain(vec![Step::ReadRequest, whole(&test_image("here"))]).expect("a server");
    let public = settings("https://modelslab.com/fetch/{id}");
    for url in [server.url("/x.png"), server.url("/x.png").replace("http:", "https:")] {
        let report = download(public.clone(), &url, Destination::Memory { most: 1 << 20 });
        assert_eq!((report.status, report.attempts), (Status::UnsafeUrl, 0), "{url}: {}", report.message);
    }
    assert!(!server.wait_until(|counts| counts.connections > 0, Duration::from_millis(150)));
}
