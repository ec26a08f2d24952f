//! Redirects over real sockets: followed within the origin, refused everywhere else, and the key goes nowhere.

#[path = "net_call/mod.rs"]
mod call;
#[path = "net_redirects/echoes.rs"]
mod echoes;
#[path = "net_redirects/refused.rs"]
mod refused;

use call::{ID, KEY, READY, fetch, links, settings, settings_trusting};
use mlab_core::engine::{Report, Settings, fetch_once};
use mlab_core::error::Status;
use mlab_core::net::{CancelToken, Connection, Deadline};
use mlab_core::wire::{JobId, Key, Request};
use mlab_standin::{Authority, Leaf, RawServer, Scripts, Step};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// How long a connection that must not come is waited for, once for all cases.
const SILENCE: Duration = Duration::from_millis(150);

/// A server that redirects its first connections, and is ready on the next.
struct Redirector {
    server: RawServer,
    settings: Settings,
}

impl Redirector {
    /// `heads` are status line and headers, one a connection; `{authority}` and `{port}` in them become the server's own.
    fn start(authority: Option<&Authority>, heads: Vec<String>) -> Redirector {
        let own = Arc::new(OnceLock::<String>::new());
        let name = Arc::clone(&own);
        let scripts = Scripts::choose(move |n| {
            let own = name.get().expect("set before the first call");
            let reply = match heads.get(n as usize - 1) {
                Some(head) => {
                    let port = own.rsplit_once(':').expect("a port").1;
                    let head = head.replace("{authority}", own).replace("{port}", port);
                    Step::Send(format!("{head}\r\nContent-Length: 2\r\n\r\n{{}}").into())
                }
                None => Step::json(200, READY),
            };
            vec![Step::ReadRequest, reply]
        });
        let (server, settings) = match authority {
            None => {
                let server = RawServer::plain(scripts).expect("a server");
                let settings = settings(&server.endpoint());
                (server, settings)
            }
            Some(authority) => {
                let identity = authority.issue(Leaf::Valid).expect("a certificate");
                let server = RawServer::tls(identity, scripts).expect("a server");
                let settings = settings_trusting(&server.endpoint(), authority.ca_pem());
                (server, settings)
            }
        };
        own.set(server.url("").split_once("://").expect("a URL").1.to_owned()).expect("set once");
        Redirector { server, settings }
    }

    fn fetch(&self) -> Report {
        fetch(&self.settings)
    }
}

/// What a message calls the redirecting server.
fn origin(redirector: &Redirector) -> String {
    redirector.server.url("").trim_end_matches('/').to_owned()
}

/// Status line and `Location`.
fn head(code: u16, location: &str) -> String {
    format!("HTTP/1.1 {code} Moved\r\nLocation: {location}")
}

/// The request's target, and all that follows its first line.
fn parts(request: &[u8]) -> (String, String) {
    let text = String::from_utf8_lossy(request).into_owned();
    let (line, rest) = text.split_once("\r\n").expect("a request");
    let target = line.strip_prefix("POST ").and_then(|l| l.strip_suffix(" HTTP/1.1")).expect(line);
    (target.to_owned(), rest.to_owned())
}

#[test]
fn a_redirect_within_the_origin_is_followed_with_the_same_method_headers_and_body() {
    let here = format!("/api/v1/enterprise/flux/fetch/{ID}");
    let places = [
        ("http://{authority}/v2/fetch", "/v2/fetch".to_owned()),
        ("HTTP://{authority}/v2/fetch", "/v2/fetch".to_owned()),
        ("//{authority}/v2/fetch", "/v2/fetch".to_owned()),
        ("http://{authority}", "/".to_owned()),
        ("/v2/fetch?x=1&y=%2f", "/v2/fetch?x=1&y=%2f".to_owned()),
        ("/v2/fetch#part", "/v2/fetch".to_owned()),
        ("/v2/a b?x=|", "/v2/a%20b?x=%7C".to_owned()),
        ("other", here.replace(ID, "other")),
        ("../../v7/./x/../y", here.replace(&format!("flux/fetch/{ID}"), "v7/y")),
        ("?page=2", format!("{here}?page=2")),
    ];
    for code in [301, 302, 307, 308] {
        for (location, wanted) in &places {
            let redirector = Redirector::start(None, vec![head(code, location)]);
            let report = redirector.fetch();
            let case = format!("{code} to {location}");
            assert_eq!(report.status, Status::Ok, "{case}: {}", report.message);
            assert_eq!((links(&report).len(), report.attempts), (1, 1), "{case}");
            let received = redirector.server.received();
            let [(first, rest), (second, same)] = [parts(&received[0]), parts(&received[1])];
            assert_eq!((&first, &second), (&here, wanted), "{case}");
            assert_eq!(rest, same, "{case}");
            let body = serde_json::json!({ "key": KEY }).to_string();
            assert!(rest.ends_with(&format!("\r\n\r\n{body}")), "{case}: {rest}");
        }
    }
}

#[test]
fn a_redirect_over_tls_is_followed_within_its_origin() {
    let authority = Authority::new().expect("a root");
    for location in ["https://{authority}/v2", "https://LocalHost:{port}/v2", "/v2"] {
        let redirector = Redirector::start(Some(&authority), vec![head(307, location)]);
        let report = redirector.fetch();
        assert_eq!(report.status, Status::Ok, "{location}: {}", report.message);
        assert_eq!(redirector.server.counts().requests, 2, "{location}");
    }
}

#[test]
fn five_redirects_are_followed_and_the_sixth_is_refused() {
    let hops = |count: usize| (1..=count).map(|n| head(302, &format!("/hop/{n}"))).collect();
    let five = Redirector::start(None, hops(5));
    assert_eq!(five.fetch().status, Status::Ok);
    assert_eq!(five.server.counts().requests, 6);

    let six = Redirector::start(None, hops(6));
    let report = six.fetch();
    assert_eq!(report.status, Status::Redirect);
    let says = format!("more than 5 times, now to {};", origin(&six));
    assert!(report.message.contains(&says) && !report.retryable, "{}", report.message);
    assert_eq!((report.http_status, six.server.counts().requests), (302, 6));
}

#[test]
fn redirects_in_a_circle_are_refused_at_the_second_visit() {
    let here = format!("/api/v1/enterprise/flux/fetch/{ID}");
    for (round, requests) in
        [(vec![here.as_str()], 1), (vec!["/a", &here], 2), (vec!["/a", "/b", "/a"], 3), (vec![""], 1)]
    {
        let redirector = Redirector::start(None, round.iter().map(|place| head(307, place)).collect());
        let report = redirector.fetch();
        assert_eq!(report.status, Status::Redirect, "{round:?}: {}", report.message);
        let says = format!("in a circle, to {};", origin(&redirector));
        assert!(report.message.contains(&says), "{round:?}: {}", report.message);
        assert_eq!(redirector.server.counts().requests, requests, "{round:?}");
    }
}

#[test]
fn a_redirect_that_leaves_the_origin_is_refused_and_the_key_stays() {
    let authority = Authority::new().expect("a root");
    // It would answer, and has a certificate that the client trusts.
    let other = RawServer::tls(
        authority.issue(Leaf::Valid).expect("a certificate"),
        vec![Step::ReadRequest, Step::json(200, READY)],
    )
    .expect("a server");
    let plain_other = RawServer::plain(vec![Step::ReadRequest, Step::json(200, READY)]).expect("a server");
    let mut failed = Vec::new();
    for row in refused::rows(other.address().port(), plain_other.address().port()) {
        for secure in row.from {
            let redirector = Redirector::start(secure.then_some(&authority), vec![row.head.clone()]);
            let report = redirector.fetch();
            let right = report.status == Status::Redirect
                && report.message.contains(&row.says)
                && report.message.ends_with("; correct the endpoint")
                && !report.retryable
                && report.urls.is_empty()
                && redirector.server.counts().connections == 1;
            if !right {
                failed.push(format!("{} (TLS: {secure}): {report:?}", row.name));
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    for server in [&other, &plain_other] {
        assert!(!server.wait_until(|counts| counts.connections > 0, SILENCE), "the other origin was called");
        assert_eq!(server.bytes_seen(), 0);
    }
}

#[test]
fn the_key_is_in_nothing_that_is_handed_out_wherever_the_server_echoes_it() {
    for echo in echoes::rows() {
        let server =
            RawServer::plain(vec![Step::ReadRequest, Step::Send(echo.reply.clone())]).expect("a server");
        let report = fetch(&settings(&server.endpoint()));
        assert_eq!(report.status, echo.status, "{}: {}", echo.name, report.message);
        let body = String::from_utf8_lossy(&report.body).into_owned();
        assert!(
            !echo.body_is_kept || body.contains("***"),
            "{}: the body lacks the place of the key: {body}",
            echo.name
        );
        let texts = [("message", &report.message), ("id", &report.id), ("body", &body)];
        for (what, text) in texts {
            for part in echoes::spellings().iter().map(String::as_str).chain(["test-key"]) {
                assert!(!text.contains(part), "{}: {what} holds {part}: {text}", echo.name);
            }
        }
    }
}

/// Unlike [`KEY`], this one can be a scheme and a host name. Those are shown in lower case, however they were spelled.
#[test]
fn a_key_that_a_redirect_names_as_its_origin_is_not_shown() {
    let key = Key::new("Test-Key-not-real").expect("a valid key");
    for (code, location) in [
        (302, "https://Test-Key-not-real/"),
        (302, "https://test-key-not-real/"),
        (302, "https://a.TEST-KEY-NOT-REAL.invalid/"),
        (302, "Test-Key-not-real://a.invalid/"),
        (303, "https://Test-Key-not-real/"),
        (303, "TEST-key-not-real://a.invalid/"),
    ] {
        let redirector = Redirector::start(None, vec![head(code, location)]);
        let id = JobId::new(ID).expect("a valid id");
        let report = fetch_once(&key, &id, &redirector.settings, &CancelToken::new());
        assert_eq!(report.status, Status::Redirect, "{location}");
        assert!(report.message.contains("***"), "{location}: {}", report.message);
        assert!(!report.message.to_lowercase().contains("test-key"), "{location}: {}", report.message);
    }
}

/// What a `Location` says is for others to judge; it must come to them whole.
#[test]
fn a_location_that_is_no_ascii_is_handed_on() {
    let rows: [(&[u8], &str); 3] = [
        ("/caf\u{e9}.png?\u{fc}".as_bytes(), "/caf\u{e9}.png?\u{fc}"),
        ("https://h\u{f6}st.invalid/\u{e9}".as_bytes(), "https://h\u{f6}st.invalid/\u{e9}"),
        (b"/caf\xe9.png", "/caf%E9.png"),
    ];
    for (location, wanted) in rows {
        let reply =
            [b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: ", location, b"\r\n\r\n"].concat();
        let server = RawServer::plain(vec![Step::ReadRequest, Step::Send(reply)]).expect("a server");
        let settings = settings(&server.endpoint());
        let origin = settings.endpoint.origin();
        let mut connection = Connection::new(&settings.net, origin, false).expect("a connection");
        let id = JobId::new(ID).expect("a valid id");
        let request = Request::fetch(&settings.endpoint, &id, &Key::new(KEY).expect("a valid key"));
        let deadline = Deadline::start(settings.net.limits(), &CancelToken::new());
        let reply = connection.exchange(&request, &deadline).expect("a reply");
        assert_eq!(reply.location.as_deref(), Some(wanted));
    }
}
