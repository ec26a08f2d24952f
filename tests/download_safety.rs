//! Where images are fetched from: nothing is sent to any place that is not the public internet.

#[path = "download_call/mod.rs"]
mod call;
#[path = "support/tool.rs"]
#[allow(dead_code, reason = "this binary looks for no program")]
mod tool;

use call::{Folder, into_memory, link, settings, test_image, trusting, whole};
use mlab_core::download::{AddressPolicy, Destination};
use mlab_core::engine::{Client, Settings};
use mlab_core::error::{Error, Status};
use mlab_core::net::{CancelToken, Connection, Deadline, Get, Head, Names, Receiver};
use mlab_core::wire::{Key, Url};
use mlab_standin::{Authority, Leaf, RawServer, Step};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// How long a connection that must not come is waited for, once for all cases.
const SILENCE: Duration = Duration::from_millis(150);

/// The name says the address, as a number: `a-7f000001.example.com`, or `b-` and 32 digits for IPv6.
fn by_the_name(host: &str) -> io::Result<Vec<IpAddr>> {
    let label = host.split('.').next().unwrap_or_default();
    let address: Option<IpAddr> = match label.split_at(2) {
        ("a-", digits) => u32::from_str_radix(digits, 16).ok().map(|n| Ipv4Addr::from_bits(n).into()),
        ("b-", digits) => u128::from_str_radix(digits, 16).ok().map(|n| Ipv6Addr::from_bits(n).into()),
        _ => None,
    };
    Ok(address.into_iter().collect())
}

fn public() -> Settings {
    let mut settings = settings("https://modelslab.com/api/v1/enterprise/flux/fetch/{id}");
    settings.net.names = Names::with(by_the_name);
    settings.set_retries(2).expect("in range");
    settings
}

/// An address of each special range, IPv4 as a name's own address and mapped into IPv6.
const SPECIAL_V4: &[&str] = &[
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.175.48.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
];
const SPECIAL_V6: &[&str] = &[
    "::",
    "::1",
    "::7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:a00:1::1",
    "2620:4f:8000::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "4000::1",
];

#[test]
fn a_host_that_leads_to_a_special_address_is_refused_and_nothing_is_sent() {
    let silent = listeners();
    let client = Client::new(Key::new(call::KEY).expect("a key"), public());
    let v6_name = |v6: Ipv6Addr| format!("b-{:032x}", v6.to_bits());
    let hosts = SPECIAL_V4.iter().flat_map(|text| {
        let v4: Ipv4Addr = text.parse().expect(text);
        [format!("a-{:x}", v4.to_bits()), v6_name(v4.to_ipv6_mapped())]
    });
    let hosts = hosts.chain(SPECIAL_V6.iter().map(|text| v6_name(text.parse().expect(text))));
    for host in hosts {
        let folder = Folder::new();
        let order =
            link(&format!("https://{host}.example.com/x.png"), Destination::File(folder.path("x.png")));
        let report = client.download(&order, &CancelToken::new());
        assert_eq!((report.status, report.attempts), (Status::UnsafeUrl, 1), "{host}: {}", report.message);
        assert!(report.message.contains("leads to") && !report.retryable, "{host}: {}", report.message);
        assert!(folder.names().is_empty());
    }
    assert_silence(&silent);
}

/// Listeners on this machine's https port, where that can be had; a client that dialled would reach them.
fn listeners() -> Vec<TcpListener> {
    let places: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    let bound: Vec<TcpListener> =
        places.into_iter().filter_map(|ip| TcpListener::bind((ip, 443)).ok()).collect();
    if bound.is_empty() {
        // The statuses above hold all the same: an attempt to connect would have been E_CONNECT.
        tool::skip("port 443 of this machine cannot be listened at");
    }
    for listener in &bound {
        listener.set_nonblocking(true).expect("a listener");
    }
    bound
}

fn assert_silence(listeners: &[TcpListener]) {
    std::thread::sleep(SILENCE);
    for listener in listeners {
        let came = listener.accept();
        assert!(came.is_err_and(|e| e.kind() == io::ErrorKind::WouldBlock), "somebody connected");
    }
}

#[test]
fn a_hostile_url_is_refused_before_anything_is_looked_up_or_sent() {
    static LOOKUPS: AtomicU32 = AtomicU32::new(0);
    fn counting(_: &str) -> io::Result<Vec<IpAddr>> {
        LOOKUPS.fetch_add(1, Ordering::Relaxed);
        Ok(vec![Ipv4Addr::LOCALHOST.into()])
    }
    let here = RawServer::plain(vec![Step::ReadRequest, whole(&test_image("here"))]).expect("a server");
    let port = here.address().port();
    let mut settings = public();
    settings.net.names = Names::with(counting);
    for url in [
        format!("http://127.0.0.1:{port}/x.png"),
        format!("https://127.0.0.1:{port}/x.png"),
        format!("https://localhost:{port}/x.png"),
        format!("https://cdn.example.com:{port}/x.png"),
        format!("https://user:pass@127.0.0.1:{port}/"),
        format!("https://cdn.example.com@127.0.0.1:{port}/"),
        format!("https://[::1]:{port}/"),
        format!("https://[::ffff:127.0.0.1]:{port}/"),
        format!("https://2130706433:{port}/"),
        format!("https://0x7f000001:{port}/"),
        format!("https://0177.0.0.1:{port}/"),
        format!("https://127.1:{port}/"),
        format!("https://127.0.0.1.:{port}/"),
        "http://cdn.example.com/x.png".into(),
        "https://intranet/x.png".into(),
        "https://printer.local/x.png".into(),
        "https://cdn.example.com\\@127.0.0.1/".into(),
        "https://cdn.example.com\r\nX: y/".into(),
        "https://169.254.169.254/latest/meta-data/".into(),
        "file:///etc/passwd".into(),
        "gopher://127.0.0.1:25/_HELO".into(),
        "//127.0.0.1/x.png".into(),
        "/etc/passwd".into(),
        String::new(),
    ] {
        let report = into_memory(settings.clone(), &url);
        assert_eq!(
            (report.status, report.attempts <= 1),
            (Status::UnsafeUrl, true),
            "{url}: {}",
            report.message
        );
        assert!(!report.message.contains("pass@"), "{url}: {}", report.message);
    }
    assert_eq!(LOOKUPS.load(Ordering::Relaxed), 0);
    assert!(!here.wait_until(|counts| counts.connections > 0, SILENCE));
}

/// What a GET ends with, where a foreign name may lead to this machine: what may be dialled is judged by the addresses alone.
fn get(
    server: &RawServer,
    authority: &Authority,
    lookup: fn(&str) -> io::Result<Vec<IpAddr>>,
) -> Result<Head, Error> {
    struct Ignore;
    impl Receiver for Ignore {
        fn head(&mut self, _: &Head) -> Result<bool, Error> {
            Ok(true)
        }
        fn bytes(&mut self, _: &[u8]) -> Result<(), Error> {
            Ok(())
        }
    }
    let mut net = trusting(call::local(), authority.ca_pem()).net;
    net.names = Names::with(lookup);
    let url = format!("https://elsewhere.invalid:{}/x.png", server.address().port());
    let url = Url::parse(&url).expect("a URL");
    let end = Instant::now() + Duration::from_secs(60);
    let deadline =
        Deadline::of_download(net.limits(), &CancelToken::new(), end, Arc::new(AddressPolicy::Local));
    Connection::new(&net, url.origin(), false)?.get(Get { url: &url, resume: None }, &deadline, &mut Ignore)
}

/// A server of that name with images.
fn elsewhere(authority: &Authority) -> RawServer {
    let identity = authority.issue(Leaf::WrongName).expect("a certificate for elsewhere.invalid");
    RawServer::tls(identity, vec![Step::ReadRequest, whole(&test_image("elsewhere"))]).expect("a server")
}

/// The name has an address that may be dialled when it is judged, and would have another one a moment later.
#[test]
fn the_address_judged_is_the_address_dialled() {
    static LOOKUPS: AtomicU32 = AtomicU32::new(0);
    fn rebinding(_: &str) -> io::Result<Vec<IpAddr>> {
        let first = LOOKUPS.fetch_add(1, Ordering::Relaxed) == 0;
        Ok(vec![if first { Ipv4Addr::LOCALHOST.into() } else { Ipv4Addr::new(10, 0, 0, 1).into() }])
    }
    let authority = Authority::new().expect("a root");
    let server = elsewhere(&authority);
    assert_eq!(get(&server, &authority, rebinding).map(|head| head.status), Ok(200));
    assert_eq!((LOOKUPS.load(Ordering::Relaxed), server.counts().connections), (1, 1));
    // A new connection is a new lookup, and judged anew.
    let refused = get(&server, &authority, rebinding).expect_err("a private address");
    assert_eq!(refused.status(), Status::UnsafeUrl, "{refused}");
    assert!(refused.to_string().contains("10.0.0.1"), "{refused}");
    assert_eq!((LOOKUPS.load(Ordering::Relaxed), server.counts().connections), (2, 1));
}

/// A stand-in on this machine opens this machine to its links, and nothing else.
#[test]
fn with_an_endpoint_on_this_machine_foreign_names_are_judged_as_with_any() {
    static LOOKUPS: AtomicU32 = AtomicU32::new(0);
    fn here(_: &str) -> io::Result<Vec<IpAddr>> {
        LOOKUPS.fetch_add(1, Ordering::Relaxed);
        Ok(vec![Ipv4Addr::LOCALHOST.into()])
    }
    let mut settings = call::local();
    settings.net.names = Names::with(here);
    for url in ["https://example.com:8443/x", "https://foo/", "https://router.local/"] {
        let report = into_memory(settings.clone(), url);
        assert_eq!(report.status, Status::UnsafeUrl, "{url}: {}", report.message);
    }
    assert_eq!(LOOKUPS.load(Ordering::Relaxed), 0);
    let report = into_memory(settings, "https://images.example.com/x");
    assert_eq!(
        (report.status, LOOKUPS.load(Ordering::Relaxed)),
        (Status::UnsafeUrl, 1),
        "{}",
        report.message
    );
    assert!(report.message.contains("127.0.0.1"), "{}", report.message);
}

/// The special one is left out, and the other is dialled.
#[test]
fn of_several_addresses_only_those_that_may_be_dialled_are() {
    fn both(_: &str) -> io::Result<Vec<IpAddr>> {
        Ok(vec![Ipv4Addr::new(10, 255, 255, 1).into(), Ipv4Addr::LOCALHOST.into()])
    }
    let authority = Authority::new().expect("a root");
    assert_eq!(get(&elsewhere(&authority), &authority, both).map(|head| head.status), Ok(200));
}
