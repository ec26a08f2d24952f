//! Proxies that work, proxies that do not, and when none is used.

use super::call::{KEY, READY, authority, fetch, settings, settings_trusting};
use super::child;
use super::tunnel::Tunnel;
use mlab_core::engine::Settings;
use mlab_core::error::Status;
use mlab_core::net::{Names, ProxySetting};
use mlab_standin::{Authority, Leaf, RawServer, Step};
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// Stands in proxy URLs, and nowhere else.
const PASSWORD: &str = "pa55word";

/// `user:pa55word` in Base64 (RFC 7617, section 2).
const CREDENTIALS: &str = "dXNlcjpwYTU1d29yZA==";

fn through(mut settings: Settings, proxy_url: &str) -> Settings {
    settings.net.proxy = ProxySetting::parse(proxy_url).expect("a proxy URL");
    settings
}

fn answers() -> Vec<Step> {
    vec![Step::ReadRequest, Step::json(200, READY)]
}

#[test]
fn a_proxy_that_is_set_is_used_also_for_this_machine_and_sees_no_key() {
    let (authority, identity) = authority();
    let server = RawServer::tls(identity, answers()).expect("a server");
    let tunnel = Tunnel::to(server.address());
    let settings = settings_trusting(&server.endpoint(), authority.ca_pem());
    let report = fetch(&through(settings, &tunnel.url(&format!("user:{PASSWORD}@"))));
    assert_eq!(report.status, Status::Ok, "{}", report.message);
    assert!(server.saw(KEY.split('"').next().expect("its start").as_bytes()));
    let [head] = &tunnel.heads()[..] else { panic!("one tunnel, not {:?}", tunnel.heads()) };
    let target = server.url("").split_once("://").expect("a URL").1.to_owned();
    assert!(head.starts_with(&format!("CONNECT {target} HTTP/1.1\r\n")), "{head}");
    assert!(head.contains(&format!("Proxy-Authorization: Basic {CREDENTIALS}\r\n")), "{head}");
    assert!(!head.contains("test-key") && !head.contains("/fetch/"), "{head}");
}

/// A proxy would read the key.
#[test]
fn plain_http_goes_to_this_machine_directly_whatever_proxy_is_set() {
    let server = RawServer::plain(answers()).expect("a server");
    let proxy = RawServer::plain(answers()).expect("a proxy");
    let report = fetch(&through(settings(&server.endpoint()), &format!("http://{}", proxy.address())));
    assert_eq!(report.status, Status::Ok, "{}", report.message);
    assert_eq!((server.counts().requests, proxy.counts().connections), (1, 0));
}

/// Proxies that read once, and take what came for the whole request.
#[test]
fn what_a_proxy_is_asked_leaves_in_one_write() {
    const CALLS: usize = 40;
    let proxy = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = proxy.local_addr().expect("its address");
    let asked = thread::spawn(move || {
        let ask = |mut client: TcpStream| {
            let mut head = vec![0; 4096];
            let length = client.read(&mut head).expect("a request");
            client.write_all(b"HTTP/1.1 502 Bad Gateway\r\n\r\n").expect("there");
            String::from_utf8_lossy(&head[..length]).into_owned()
        };
        proxy.incoming().take(CALLS).map(|client| ask(client.expect("a client"))).collect::<Vec<_>>()
    });
    let settings =
        through(settings("https://elsewhere.invalid/{id}"), &format!("http://user:{PASSWORD}@{address}"));
    for _ in 0..CALLS {
        assert!(fetch(&settings).message.contains("the proxy responded 502 Bad Gateway"));
    }
    for head in asked.join().expect("no panic") {
        assert!(head.starts_with("CONNECT ") && head.ends_with("\r\n\r\n"), "{head}");
    }
}

/// It does not wait for what it is asked, and so closes with something unread: the request finds the connection reset.
#[test]
fn the_status_of_a_refusal_that_comes_early_is_told() {
    let refusal = Step::Send(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n".into());
    for end in [Step::Close, Step::HangUp] {
        let proxy = RawServer::plain(vec![refusal.clone(), end]).expect("a proxy");
        let settings =
            through(settings("https://elsewhere.invalid/{id}"), &format!("http://{}", proxy.address()));
        for _ in 0..50 {
            let report = fetch(&settings);
            assert_eq!(report.status, Status::Proxy, "{}", report.message);
            assert!(report.message.contains("the proxy responded 403 Forbidden"), "{}", report.message);
        }
    }
}

#[test]
fn every_2xx_is_a_tunnel_and_interim_replies_before_it_are_skipped() {
    let authority = Authority::new().expect("a root");
    let server = RawServer::tls(authority.issue(Leaf::WrongName).expect("a certificate"), answers());
    let server = server.expect("a server");
    for answer in [
        "HTTP/1.1 200 Connection established\r\n\r\n",
        "HTTP/1.0 200 OK\r\n\r\n",
        "HTTP/1.1 200\n\n",
        "HTTP/1.1 201 Created\r\nContent-Length: 7\r\n\r\n",
        "HTTP/1.1 299 Fine\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 103 Hints\n\nHTTP/1.1 200 OK\r\n\r\n",
    ] {
        let tunnel = Tunnel::answering(server.address(), answer);
        let settings = settings_trusting("https://elsewhere.invalid/{id}", authority.ca_pem());
        let report = fetch(&through(settings, &tunnel.url("")));
        assert_eq!(report.status, Status::Ok, "{answer:?}: {}", report.message);
    }
}

#[test]
fn a_name_behind_a_proxy_is_not_looked_up_here() {
    let authority = Authority::new().expect("a root");
    let server = RawServer::tls(authority.issue(Leaf::WrongName).expect("a certificate"), answers());
    let server = server.expect("a server");
    let tunnel = Tunnel::to(server.address());
    let settings = settings_trusting("https://elsewhere.invalid/{id}", authority.ca_pem());
    let mut settings = through(settings, &tunnel.url(""));
    settings.net.names = Names::with(|name| panic!("{name} was looked up"));
    let report = fetch(&settings);
    assert_eq!(report.status, Status::Ok, "{}", report.message);
    assert!(tunnel.heads()[0].starts_with("CONNECT elsewhere.invalid:443 "), "{:?}", tunnel.heads());
    assert!(!tunnel.heads()[0].contains("Authorization"), "{:?}", tunnel.heads());
}

#[test]
fn a_server_behind_a_proxy_must_prove_who_it_is_all_the_same() {
    let (authority, identity) = authority();
    let server = RawServer::tls(identity, answers()).expect("a server");
    let tunnel = Tunnel::to(server.address());
    let settings = settings_trusting("https://elsewhere.invalid/{id}", authority.ca_pem());
    let report = fetch(&through(settings, &tunnel.url("")));
    assert_eq!(report.status, Status::Tls, "{}", report.message);
    assert!(report.message.contains("elsewhere.invalid:443"), "{}", report.message);
    assert_eq!(server.bytes_seen(), 0);
}

#[test]
fn each_way_a_proxy_fails_is_the_proxys_failure_and_shows_no_password() {
    let head = |line: &str| Step::Send(format!("HTTP/1.1 {line}\r\nContent-Length: 0\r\n\r\n").into());
    let echo = Step::Send(format!("HTTP/1.1 407 {PASSWORD}\r\nX: {CREDENTIALS}\r\n\r\n").into());
    let huge = Step::Send(format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(100_000)).into());
    let rows = [
        (
            "wants a password",
            vec![head("407 Proxy Authentication Required"), Step::Stall],
            "no tunnel to elsewhere.invalid:443: the proxy responded 407 Proxy Authentication Required; check",
        ),
        ("says the password", vec![echo, Step::Stall], "responded 407 Proxy Authentication Required; check"),
        ("forbids", vec![head("403 Forbidden"), Step::Stall], "responded 403 Forbidden; check"),
        (
            "cannot reach the server",
            vec![head("502 Bad Gateway"), Step::Stall],
            "responded 502 Bad Gateway; check",
        ),
        ("redirects", vec![head("302 Found"), Step::Stall], "responded 302 Found; check"),
        ("has a code of its own", vec![head("599 Nope"), Step::Stall], "responded 599; check"),
        ("closes at once", vec![Step::Close], "the proxy closed the connection"),
        (
            "closes in its answer",
            vec![Step::Send(b"HTTP/1.1 20".into()), Step::Close],
            "the proxy closed the connection",
        ),
        (
            "only ever says to wait",
            vec![Step::Send(b"HTTP/1.1 100 Continue\r\n\r\n".into()), Step::Close],
            "the proxy closed the connection",
        ),
        ("resets", vec![Step::Reset], "the proxy is out of reach"),
        (
            "speaks another protocol",
            vec![Step::Send(b"SSH-2.0-OpenSSH_9.2\r\n".into()), Step::Stall],
            "the proxy speaks no HTTP",
        ),
        (
            "speaks what looks like HTTP",
            vec![Step::Send(b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n".into()), Step::Stall],
            "the proxy speaks no HTTP",
        ),
        (
            "speaks TLS",
            vec![Step::Send(b"\x15\x03\x03\x00\x02\x02\x46".into()), Step::Close],
            "the proxy closed the connection",
        ),
        ("answers without end", vec![huge, Step::Stall], "the proxy's answer is larger than 32 KiB"),
    ];
    for (name, script, says) in rows {
        let proxy = RawServer::plain(script).expect("a proxy");
        let url = format!("http://user:{PASSWORD}@{}", proxy.address());
        let report = fetch(&through(settings("https://elsewhere.invalid/{id}"), &url));
        let case = format!("{name}: {:?} {}", report.status, report.message);
        assert_eq!(report.status, Status::Proxy, "{case}");
        assert!(
            report.message.contains(says) && report.message.contains("check the proxy setting"),
            "{case}"
        );
        assert!(!report.retryable && report.urls.is_empty() && report.http_status == 0, "{case}");
        assert!(!format!("{report:?}").contains(PASSWORD), "{case}");
        assert!(!format!("{report:?}").contains(CREDENTIALS), "{case}");
        assert!(!proxy.saw(b"test-key"), "{case}");
    }
}

#[test]
fn a_proxy_out_of_reach_is_the_proxys_failure() {
    let unknown: fn(&str) -> io::Result<_> = |_| Err(io::Error::other("no such name"));
    let rows = [
        ("nobody listens", "127.0.0.1:1", "cannot connect to 127.0.0.1:1: Connection refused"),
        ("its name is unknown", "proxy.invalid:3128", "cannot look up proxy.invalid: no such name"),
    ];
    for scheme in ["http", "https"] {
        for (name, proxy, says) in rows {
            let url = format!("{scheme}://user:{PASSWORD}@{proxy}");
            let mut settings = through(settings("https://elsewhere.invalid/{id}"), &url);
            settings.net.names = Names::with(unknown);
            let report = fetch(&settings);
            let case = format!("{name} ({scheme}): {:?} {}", report.status, report.message);
            assert_eq!(report.status, Status::Proxy, "{case}");
            assert!(report.message.contains(says), "{case}");
            assert!(!report.message.contains(PASSWORD), "{case}");
        }
    }
}

#[test]
fn a_proxy_over_tls_must_prove_who_it_is() {
    let (_, identity) = authority();
    let proxy = RawServer::tls(identity, vec![Step::Stall]).expect("a proxy");
    let (stranger, _) = authority();
    let settings = settings_trusting("https://elsewhere.invalid/{id}", stranger.ca_pem());
    let url = format!("https://user:{PASSWORD}@localhost:{}", proxy.address().port());
    let report = fetch(&through(settings, &url));
    assert_eq!(report.status, Status::Proxy, "{}", report.message);
    assert!(report.message.contains("signed by nobody who is trusted"), "{}", report.message);
    assert_eq!(proxy.bytes_seen(), 0, "not even the password");
}

#[test]
fn a_tunnel_that_breaks_is_a_failure_of_the_network() {
    let (authority, _) = authority();
    let opened = Step::Send(b"HTTP/1.1 200 OK\r\n\r\n".into());
    let proxy = RawServer::plain(vec![opened, Step::Close]).expect("a proxy");
    let settings = settings_trusting("https://elsewhere.invalid/{id}", authority.ca_pem());
    let report = fetch(&through(settings, &format!("http://{}", proxy.address())));
    assert_eq!(report.status, Status::Network, "{}", report.message);
    assert!(report.retryable);
}

/// The variables are the process's, hence a child for each setting of them.
#[test]
fn the_environments_proxy_is_used_for_other_machines_and_never_for_this_one() {
    let authority = Authority::new().expect("a root");
    let issue = |leaf| authority.issue(leaf).expect("a certificate");
    let here = RawServer::tls(issue(Leaf::Valid), answers()).expect("a server");
    let plain = RawServer::plain(answers()).expect("a server");
    let there = RawServer::tls(issue(Leaf::WrongName), answers()).expect("a server");
    let tunnel = Tunnel::to(there.address());
    let proxy = tunnel.url("");
    let variables =
        |names: &[&str]| names.iter().map(|name| (name.to_string(), proxy.clone())).collect::<Vec<_>>();
    let every =
        variables(&["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]);
    for endpoint in [here.endpoint(), plain.endpoint()] {
        assert_eq!(child::fetch(&endpoint, authority.ca_pem(), &every), "Ok", "{endpoint}");
    }
    assert_eq!(tunnel.heads().len(), 0, "none for this machine");
    for (tunnels, name) in ["https_proxy", "HTTPS_PROXY", "all_proxy"].into_iter().enumerate() {
        let outcome = child::fetch("https://elsewhere.invalid/{id}", authority.ca_pem(), &variables(&[name]));
        assert_eq!((outcome.as_str(), tunnel.heads().len()), ("Ok", tunnels + 1), "{name}");
    }
    let rubbish = [("https_proxy".to_owned(), format!("socks5://user:{PASSWORD}@{}", plain.address()))];
    assert_eq!(child::fetch("https://elsewhere.invalid/{id}", authority.ca_pem(), &rubbish), "Proxy");
}
