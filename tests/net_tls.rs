//! TLS: who is trusted, who is refused before a byte of the request, and sessions that one-shot calls take up again.

#[path = "net_call/mod.rs"]
mod call;
#[path = "net_failures/child.rs"]
#[allow(dead_code, reason = "this binary uses its part")]
mod child;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use call::{KEY, READY, authority, fetch, settings, settings_trusting};
use mlab_core::engine::Report;
use mlab_core::error::Status;
use mlab_core::net::{Names, ProxySetting, RootCertificates};
use mlab_standin::{Authority, Identity, Leaf, RawOptions, RawServer, Step, Versions};
use std::env;
use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::thread;
use std::time::Duration;

/// How long a server may take to notice the end of a handshake, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is said of a root that is not trusted.
const UNKNOWN: &str = "signed by nobody who is trusted (unknown issuer)";

fn answers() -> Vec<Step> {
    vec![Step::ReadRequest, Step::json(200, READY)]
}

fn is_refusal(report: &Report, port: u16, says: &str) -> bool {
    report.status == Status::Tls
        && !report.retryable
        && report.message.contains(&format!("localhost:{port}"))
        && report.message.contains(says)
        && report.message.contains("check the clock, the CA settings and for an intercepting proxy")
        && report.urls.is_empty()
        && report.http_status == 0
}

#[test]
fn a_certificate_that_proves_nothing_is_refused_before_a_byte_of_the_request() {
    let authority = Authority::new().expect("a root");
    let own = RootCertificates::from_pem("pem", authority.ca_pem().as_bytes()).expect("a root");
    let issue = |leaf| authority.issue(leaf).expect("a certificate");
    let stranger = || Authority::new().and_then(|a| a.issue(Leaf::Valid)).expect("a certificate");
    let self_signed = || Identity::self_signed().expect("a certificate");
    let rows: [(&str, Identity, &RootCertificates, &str); 9] = [
        ("an unknown root", stranger(), &own, UNKNOWN),
        ("self-signed", self_signed(), &own, UNKNOWN),
        ("another name", issue(Leaf::WrongName), &own, "for another name: elsewhere.invalid"),
        ("expired", issue(Leaf::Expired), &own, "has expired, "),
        ("not yet valid", issue(Leaf::NotYetValid), &own, "not valid yet"),
        ("unknown to the built-in roots", issue(Leaf::Valid), &RootCertificates::Bundled, UNKNOWN),
        ("self-signed, with the built-in roots", self_signed(), &RootCertificates::Bundled, UNKNOWN),
        ("unknown to the system", issue(Leaf::Valid), &RootCertificates::System, "MLAB_ROOTS_BUNDLED"),
        (
            "a CA's own",
            authority.own_identity().expect("a certificate"),
            &own,
            "the certificate is a CA's own, used by the server itself",
        ),
    ];
    for (name, identity, trust, says) in rows {
        let server = RawServer::tls(identity, answers()).expect("a server");
        let mut settings = settings(&server.endpoint());
        settings.net.roots = trust.clone();
        // Twice: a failed handshake must leave nothing behind that makes the next one succeed.
        for _ in 0..2 {
            let report = fetch(&settings);
            assert!(is_refusal(&report, server.address().port(), says), "{name}: {report:?}");
        }
        assert!(server.wait_until(|counts| counts.failed_handshakes == 2, PATIENCE), "{name}");
        assert_eq!((server.bytes_seen(), server.counts().requests), (0, 0), "{name}");
    }
}

#[test]
fn what_speaks_no_tls_is_refused_and_sees_no_byte_of_the_request() {
    let (authority, _) = authority();
    let rows: [(&str, &[u8]); 6] = [
        ("plain HTTP", b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nplain HTTP request expected"),
        (
            "a ready answer in plain HTTP",
            b"HTTP/1.1 200 OK\r\n\r\n{\"status\":\"success\",\"output\":[\"x\"]}",
        ),
        ("another protocol", b"SSH-2.0-OpenSSH_9.2\r\n"),
        // RFC 8446, section 6: fatal, handshake_failure and protocol_version.
        ("a server that agrees to nothing", b"\x15\x03\x03\x00\x02\x02\x28"),
        ("a server of another version", b"\x15\x03\x03\x00\x02\x02\x46"),
        ("zeros", &[0; 64]),
    ];
    for (name, bytes) in rows {
        let server = RawServer::plain(vec![Step::Send(bytes.into()), Step::Stall]).expect("a server");
        let port = server.address().port();
        let settings =
            settings_trusting(&format!("https://localhost:{port}/fetch/{{id}}"), authority.ca_pem());
        let report = fetch(&settings);
        assert!(is_refusal(&report, port, ""), "{name}: {report:?}");
        assert!(!server.saw(KEY.as_bytes()) && !server.saw(b"POST"), "{name}");
        assert_eq!(server.counts().requests, 0, "{name}");
    }
}

/// Their last label is a number, which rustls keeps apart from addresses.
#[test]
fn a_host_that_no_certificate_can_name_is_told_so_before_a_handshake() {
    for host in ["service.7", "127.1"] {
        let server = RawServer::plain(vec![Step::Stall]).expect("a server");
        let port = server.address().port();
        let mut settings = settings(&format!("https://{host}:{port}/fetch/{{id}}"));
        settings.net.proxy = ProxySetting::None;
        settings.net.names = Names::with(|_| Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]));
        let report = fetch(&settings);
        assert_eq!((report.status, report.retryable), (Status::Tls, false), "{}", report.message);
        let says = format!("{host}:{port}: the host name cannot stand in a certificate");
        assert!(report.message.contains(&says), "{}", report.message);
        assert_eq!(server.bytes_seen(), 0, "{host}");
    }
}

#[test]
fn a_handshake_that_breaks_off_is_a_retryable_failure_of_the_network() {
    let part_of_a_record = Step::Send(b"\x16\x03\x03\x00\x7a\x02\x00".into());
    let closed = [Status::Network].as_slice();
    // A reset can come before the connect was seen to succeed, and is then how that ended.
    let reset = [Status::Network, Status::Connect].as_slice();
    let rows = [
        ("closed at once", closed, vec![Step::Close]),
        ("closed in a record", closed, vec![part_of_a_record.clone(), Step::Close]),
        ("reset at once", reset, vec![Step::Reset]),
        ("reset in a record", reset, vec![part_of_a_record, Step::Reset]),
    ];
    for (name, statuses, script) in rows {
        let server = RawServer::plain(script).expect("a server");
        let port = server.address().port();
        let report = fetch(&settings(&format!("https://localhost:{port}/fetch/{{id}}")));
        assert!(statuses.contains(&report.status) && report.retryable, "{name}: {report:?}");
        let in_phase = report.status == Status::Connect || report.message.contains("in the TLS handshake");
        assert!(in_phase && report.message.contains(&format!("localhost:{port}")), "{name}: {report:?}");
        assert!(!server.saw(KEY.as_bytes()), "{name}");
    }
}

fn server_of(versions: Versions, identity: Identity) -> RawServer {
    let options = RawOptions { identity: Some(identity), tls: versions, ..RawOptions::default() };
    RawServer::start(options, answers()).expect("a server")
}

#[test]
fn tls_1_2_and_1_3_both_serve_and_the_next_call_takes_the_session_up_again() {
    let authority = Authority::new().expect("a root");
    for versions in [Versions::Only12, Versions::Only13, Versions::Both] {
        let server = server_of(versions, authority.issue(Leaf::Valid).expect("a certificate"));
        let settings = settings_trusting(&server.endpoint(), authority.ca_pem());
        let copy = settings.clone();
        let mut other_timeouts = copy.clone();
        other_timeouts.set_request_timeout_ms(9_999).expect("a valid timeout");
        for (call, settings) in [&settings, &settings, &copy, &other_timeouts].into_iter().enumerate() {
            let report = fetch(settings);
            assert_eq!(report.status, Status::Ok, "{versions:?}: {}", report.message);
            let counts = server.counts();
            let seen = (counts.connections, counts.handshakes, counts.resumed);
            let call = call as u64;
            assert_eq!(seen, (call + 1, call + 1, call), "{versions:?}: connections, handshakes, resumed");
        }
        // The same root read anew is another configuration.
        let report = fetch(&settings_trusting(&server.endpoint(), authority.ca_pem()));
        assert_eq!((report.status, server.counts().resumed), (Status::Ok, 3), "{versions:?}");
    }
}

#[test]
fn a_session_of_one_server_vouches_for_no_other_of_the_same_name() {
    let authority = Authority::new().expect("a root");
    let server = |leaf| server_of(Versions::Both, authority.issue(leaf).expect("a certificate"));
    let (first, second, expired) = (server(Leaf::Valid), server(Leaf::Valid), server(Leaf::Expired));
    let settings = settings_trusting(&first.endpoint(), authority.ca_pem());
    let at = |server: &RawServer| {
        let mut settings = settings.clone();
        settings.endpoint = mlab_core::wire::Endpoint::new(&server.endpoint()).expect("an endpoint");
        settings
    };
    assert_eq!(fetch(&settings).status, Status::Ok);
    assert_eq!(fetch(&at(&second)).status, Status::Ok);
    assert_eq!(second.counts().resumed, 0);
    assert_eq!(fetch(&at(&expired)).status, Status::Tls);
    assert_eq!(expired.bytes_seen(), 0);
    assert_eq!(fetch(&settings).status, Status::Ok);
}

#[test]
fn a_certificate_for_an_address_serves_that_address() {
    let (authority, identity) = authority();
    let server = RawServer::tls(identity, answers()).expect("a server");
    let endpoint = server.endpoint().replace("localhost", "127.0.0.1");
    let report = fetch(&settings_trusting(&endpoint, authority.ca_pem()));
    assert_eq!(report.status, Status::Ok, "{}", report.message);
}

#[test]
fn roots_that_cannot_be_used_are_refused_at_once() {
    let (authority, _) = authority();
    let pem = authority.ca_pem();
    let begin = "-----BEGIN CERTIFICATE-----";
    let key = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n";
    let lines: Vec<&str> = pem.lines().collect();
    let without_line = [&lines[..2], &lines[3..]].concat().join("\n");
    let cut_short = [&lines[..3], &lines[lines.len() - 1..]].concat().join("\n");
    let no_certificate = format!("{begin}\nAAAA\n-----END CERTIFICATE-----\n");
    let rows: [(&str, String, &str); 11] = [
        ("nothing", String::new(), "no PEM certificate"),
        ("white space", " \n\n".into(), "no PEM certificate"),
        ("no PEM", "not a certificate".into(), "no PEM certificate"),
        ("a path", "/etc/ssl/certs/ca-certificates.crt".into(), "no PEM certificate"),
        ("a key alone", key.into(), "no PEM certificate"),
        ("PEM without its end", pem.replace("-----END", "-----FIN"), "cannot be decoded"),
        ("PEM that is no Base64", pem.replacen(lines[1], "*** no Base64 ***", 1), "cannot be decoded"),
        ("a certificate without its second line", without_line, "unusable certificate"),
        ("a certificate cut short", cut_short, "unusable certificate"),
        ("bytes that are no certificate", no_certificate.clone(), "unusable certificate"),
        ("a good certificate and a bad one", pem.to_owned() + &no_certificate, "unusable certificate"),
    ];
    for (name, pem, says) in rows {
        let refused = RootCertificates::from_pem("ca_pem", pem.as_bytes()).expect_err(name);
        assert_eq!(refused.status(), Status::InvalidArgument, "{name}");
        let text = refused.to_string();
        assert!(text.starts_with("ca_pem holds ") && text.contains(says), "{name}: {text}");
    }
    assert!(RootCertificates::from_pem("ca_pem", &[0x30, 0x82, 0x01, 0xff]).is_err(), "DER");
}

#[test]
fn each_of_several_roots_is_trusted_whatever_stands_between_them() {
    let ((first, one), (second, two)) = (authority(), authority());
    let own = Identity::self_signed().expect("a certificate");
    let key = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n";
    let bundle = ["# a comment\n", first.ca_pem(), key, second.ca_pem(), "\n \n", own.ca_pem()].concat();
    for bundle in [bundle.clone(), bundle.replace('\n', "\r\n")] {
        assert!(RootCertificates::from_pem("ca_pem", bundle.as_bytes()).is_ok());
    }
    for (name, identity) in [("the first", one), ("the second", two), ("a certificate's own", own)] {
        let server = RawServer::tls(identity, answers()).expect("a server");
        let report = fetch(&settings_trusting(&server.endpoint(), &bundle));
        assert_eq!(report.status, Status::Ok, "{name}: {}", report.message);
    }
}

/// Under TLS 1.3 a server says after the handshake, and after the request, that it wants a certificate. It closes at
/// once, so that the request may find the connection closed.
#[test]
fn a_server_that_wants_a_certificate_of_the_client_is_a_failure_of_tls_whenever_it_says_so() {
    let authority = Authority::new().expect("a root");
    for (tls, says) in [
        (Versions::Only12, "wants a certificate of the client"),
        (Versions::Only13, "it wants a certificate of the client, and this library has none (TLS alert 116)"),
    ] {
        let identity = Some(authority.issue(Leaf::Valid).expect("a certificate"));
        let options = RawOptions { identity, tls, wants_client_certificate: true, ..RawOptions::default() };
        let server = RawServer::start(options, answers()).expect("a server");
        let settings = settings_trusting(&server.endpoint(), authority.ca_pem());
        for _ in 0..20 {
            let report = fetch(&settings);
            assert!(is_refusal(&report, server.address().port(), says), "{tls:?}: {report:?}");
        }
    }
}

#[test]
fn pem_is_read_as_editors_and_openssl_write_it() {
    let (authority, identity) = authority();
    let pem = authority.ca_pem();
    let relabelled = |label: &str, pem: &str| pem.replace("CERTIFICATE-----", &format!("{label}-----"));
    // OpenSSL's `x509 -trustout` puts what the certificate is trusted for behind it.
    let text: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let mut der = STANDARD.decode(text).expect("Base64");
    der.extend_from_slice(&[0x30, 0x02, 0x30, 0x00]);
    let body = STANDARD.encode(der);
    let trusted = format!("-----BEGIN TRUSTED CERTIFICATE-----\n{body}\n-----END TRUSTED CERTIFICATE-----\n");
    let (other, _) = self::authority();
    let rows = [
        ("with a byte order mark", format!("\u{feff}{pem}")),
        ("with a byte order mark before a comment", format!("\u{feff}# ours\n{pem}")),
        ("two files with byte order marks", format!("\u{feff}{}\u{feff}{pem}", other.ca_pem())),
        ("as X509 CERTIFICATE", relabelled("X509 CERTIFICATE", pem)),
        ("as TRUSTED CERTIFICATE", relabelled("TRUSTED CERTIFICATE", pem)),
        ("as TRUSTED CERTIFICATE with what it is trusted for", trusted),
    ];
    let server = RawServer::tls(identity, answers()).expect("a server");
    for (name, pem) in rows {
        for pem in [pem.clone(), pem.replace('\n', "\r\n")] {
            let report = fetch(&settings_trusting(&server.endpoint(), &pem));
            assert_eq!(report.status, Status::Ok, "{name}: {}", report.message);
        }
    }
}

/// The variables are the process's, hence a child.
#[test]
#[cfg(target_os = "linux")]
fn a_system_without_roots_is_told_of_with_what_to_do() {
    let (_, identity) = authority();
    let server = RawServer::tls(identity, answers()).expect("a server");
    let mut command = Command::new(env::current_exe().expect("this binary"));
    command.env("MLAB_TEST_WITHOUT_ROOTS", server.endpoint()).env("SSL_CERT_FILE", "/dev/null");
    let said = child::said(child::run(command.env_remove("SSL_CERT_DIR"), "fetches_with_the_systems_roots"));
    let wanted = "the system has no CA certificates; use mlab_config_set_ca_file() or MLAB_ROOTS_BUNDLED";
    assert!(said.starts_with("Tls ") && said.contains(wanted), "{said}");
}

#[test]
#[ignore = "the child of another test"]
fn fetches_with_the_systems_roots() {
    let Ok(endpoint) = env::var("MLAB_TEST_WITHOUT_ROOTS") else { return };
    let mut settings = settings(&endpoint);
    settings.net.roots = RootCertificates::System;
    let report = fetch(&settings);
    child::say(format_args!("{:?} {}", report.status, report.message));
}

/// Hands on what one client and the server say to each other, with one bit changed in each record of what is the
/// application's, as TLS 1.2 shows (RFC 5246, section 6.2.1).
fn relay_that_changes(target: SocketAddr) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let serve = move || -> io::Result<()> {
        let (mut client, _) = listener.accept()?;
        let mut server = TcpStream::connect(target)?;
        let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
        thread::spawn(move || io::copy(&mut from_client, &mut to_server));
        let mut bytes = [0; 16 * 1024];
        loop {
            let length = server.read(&mut bytes)?;
            if length == 0 {
                return Ok(());
            }
            if bytes[..length].starts_with(b"\x17") {
                bytes[length - 1] ^= 1;
            }
            client.write_all(&bytes[..length])?;
        }
    };
    thread::spawn(serve);
    port
}

#[test]
fn a_reply_that_was_changed_on_its_way_is_a_retryable_failure_of_the_network() {
    let (authority, identity) = authority();
    let server = server_of(Versions::Only12, identity);
    let port = relay_that_changes(server.address());
    let endpoint = format!("https://localhost:{port}/fetch/{{id}}");
    let report = fetch(&settings_trusting(&endpoint, authority.ca_pem()));
    assert_eq!((report.status, report.retryable), (Status::Network, true), "{}", report.message);
    assert!(report.message.contains("what came was changed on its way"), "{}", report.message);
    assert!(report.body.is_empty() && server.counts().requests == 1);
}
