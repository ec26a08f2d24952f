//! The proxy variables of the environment, for a host that only the proxy could find.

use crate::hosts::{KEY, host, must_hold};
use crate::tunnel::Tunnel;
use mlab_standin::{Authority, Job, Leaf, Options, RawServer, Reply, Standin, Step};
use std::fs;

/// Only names that are not of this machine go through a proxy.
const HOST: &str = "elsewhere.invalid";

fn endpoint() -> String {
    format!("https://{HOST}/api/v1/enterprise/flux/fetch/{{id}}")
}

#[test]
fn rubbish_in_a_proxy_variable_is_refused_and_nothing_is_sent() {
    let server = Standin::start(Options::default()).expect("free ports");
    server.add_job(Job::new("1"));
    // Of two variables the first counts, also if it is rubbish: the second would be a way around it.
    let second = RawServer::plain(vec![Step::ReadRequest]).expect("a server");
    for (variable, rubbish) in
        [("https_proxy", "http://user:secret@"), ("HTTPS_PROXY", "socks5://user:secret@h:1")]
    {
        let mut command = host("proxy-rubbish");
        command.env(variable, rubbish).env("all_proxy", format!("http://{}", second.address()));
        command.env("MLAB_TEST_ENDPOINT", endpoint()).env("MLAB_TEST_HTTP", server.http_endpoint());
        must_hold(command.env("MLAB_TEST_VARIABLE", variable));
    }
    assert_eq!(second.counts().connections, 0);
}

#[test]
fn a_proxy_that_refuses_is_told_of_and_learns_nothing() {
    let refusal = Reply::html(407, "Proxy Authentication Required").with("Proxy-Authenticate", "Basic");
    let proxy =
        RawServer::plain(vec![Step::ReadRequest, Step::reply(&refusal), Step::Close]).expect("a server");
    let mut command = host("proxy-refuses");
    command.env("https_proxy", format!("http://{}", proxy.address()));
    must_hold(command.env("MLAB_TEST_ENDPOINT", endpoint()));
    assert_eq!(proxy.counts().requests, 1);
    assert!(proxy.saw(format!("CONNECT {HOST}:443 HTTP/1.1\r\n").as_bytes()), "{:?}", proxy.received());
    assert!(!proxy.saw(KEY.as_bytes()) && !proxy.saw(b"enterprise"));
}

#[test]
fn a_proxy_that_tunnels_serves_all_calls_by_one_tunnel_and_sees_no_key() {
    let authority = Authority::new().expect("a root");
    let ready = r#"{"status":"success","id":1,"output":["https://images.example/0.png"]}"#;
    let script = vec![Step::Repeat(vec![Step::ReadRequest, Step::json(200, ready)])];
    let server =
        RawServer::tls(authority.issue(Leaf::WrongName).expect("a certificate"), script).expect("a server");
    let proxy = Tunnel::to(server.address());
    let roots = std::env::temp_dir().join(format!("mlab-client-host-{}.pem", std::process::id()));
    fs::write(&roots, authority.ca_pem()).expect("a temporary file");
    let mut command = host("proxy-tunnels");
    command.env("https_proxy", format!("http://user:word@{}", proxy.address));
    must_hold(command.env("MLAB_TEST_ENDPOINT", endpoint()).env("MLAB_TEST_CA_FILE", &roots));
    fs::remove_file(&roots).expect("still there");
    let heads = proxy.heads();
    assert_eq!(heads.len(), 1, "{heads:?}");
    assert!(heads[0].starts_with(&format!("CONNECT {HOST}:443 HTTP/1.1\r\n")), "{heads:?}");
    // "user:word" in base64 (RFC 7617, section 2).
    assert!(heads[0].to_lowercase().contains("proxy-authorization: basic dxnlcjp3b3jk"), "{heads:?}");
    assert!(!heads[0].contains(KEY) && !heads[0].contains("enterprise"), "{heads:?}");
    assert_eq!((server.counts().handshakes, server.counts().requests), (1, 10));
}
