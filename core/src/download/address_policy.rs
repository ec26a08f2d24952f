//! Which links may be followed. A link is the server's text, and this machine, inside its own network, would follow it.
//!
//! The policy is applied twice: to the URL before anything is sent, and to each address before a connection is made to
//! it. Every redirect passes both again.

use super::addresses::{is_loopback, special};
use crate::error::Error;
use crate::wire::{Origin, Url};
use std::net::{IpAddr, Ipv4Addr};

/// The port of every image seen.
const HTTPS_PORT: u16 = 443;

/// Last labels of names that only have a meaning in some private network (RFC 6761, RFC 6762, RFC 8375, and by use).
const PRIVATE_ENDINGS: &[&str] = &[
    "localhost",
    "local",
    "internal",
    "intranet",
    "private",
    "corp",
    "home",
    "lan",
    "localdomain",
    "arpa",
    "onion",
    "test",
    "invalid",
    "example",
    "alt",
];

/// Where links may lead. A value; which one applies depends on the endpoint alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressPolicy {
    /// To public names that lead to public addresses, over https, at its own port. An address in place of a name is refused.
    Public,
    /// Also to this machine by its own names and addresses, over http too and at any port: the endpoint is on it.
    Local,
}

impl AddressPolicy {
    /// The policy for images of jobs polled at this endpoint.
    pub fn of(endpoint: &Origin) -> AddressPolicy {
        if endpoint.is_loopback() { AddressPolicy::Local } else { AddressPolicy::Public }
    }

    /// Reads a link, if it may be followed. E_UNSAFE_URL otherwise.
    pub fn check(self, link: &str) -> Result<Url, Error> {
        let url = Url::parse_link(link).map_err(refuse)?;
        self.check_url(&url)?;
        Ok(url)
    }

    /// The same for a link already read.
    pub fn check_url(self, url: &Url) -> Result<(), Error> {
        let origin = url.origin();
        if self == AddressPolicy::Local && origin.is_loopback() {
            return Ok(());
        }
        if !origin.https {
            return Err(refuse("is plain http; images are fetched over https only".into()));
        }
        check_host(&origin.host).map_err(refuse)?;
        if origin.port != HTTPS_PORT {
            return Err(refuse(format!("has the port {}; images come from port {HTTPS_PORT}", origin.port)));
        }
        let ending = origin.host.rsplit('.').next().unwrap_or_default();
        if !origin.host.contains('.') || PRIVATE_ENDINGS.contains(&ending) {
            return Err(refuse(format!("leads to {}, which is no public name", origin.host)));
        }
        Ok(())
    }

    /// The policy for the addresses of one host: the endpoint's place excepts this machine's own names, and no foreign name
    /// that leads here.
    pub fn of_host(self, origin: &Origin) -> AddressPolicy {
        if origin.is_loopback() { self } else { AddressPolicy::Public }
    }

    /// Why an address may not be connected to; nothing if it may.
    pub fn forbidden_reason(self, address: IpAddr) -> Option<&'static str> {
        if self == AddressPolicy::Local && is_loopback(address) { None } else { special(address) }
    }
}

/// A host must be a name that a lookup turns into addresses, spelled in the usual way: an address in place of a name has
/// spellings (`2130706433`, `0x7f.1`) that each system reads in its own way.
fn check_host(host: &str) -> Result<(), String> {
    let last = host.rsplit('.').next().unwrap_or_default();
    let numeric = |label: &str| {
        let hex = label.strip_prefix("0x").is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        hex || (!label.is_empty() && label.bytes().all(|b| b.is_ascii_digit()))
    };
    if host.starts_with('[') || host.parse::<Ipv4Addr>().is_ok() || numeric(last) {
        return Err("leads to a bare address; images come from names".into());
    }
    // The URL has judged its labels. A dot at the end is another spelling of the same name, which a certificate does not have.
    if host.ends_with('.') { Err("has a dot behind its host name".into()) } else { Ok(()) }
}

fn refuse(reason: String) -> Error {
    // The link itself is not quoted: it may hold what lets others in.
    Error::UnsafeUrl(format!("the image's URL {reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Status;

    #[test]
    fn public_https_links_may_be_followed() {
        for link in [
            "https://pub-8b49af329fae499aa563997f5d4068a4.r2.dev/generations/e5cd-0.png",
            "https://cdn2.stablediffusionapi.com//double/slash.png?X-Amz-Signature=ab%2Fcd",
            "HTTPS://Assets.Modelslab.com:443/x.webp",
            "https://d_1.s3.amazonaws.com/x",
            "https://bucket.example.org/my image.png?name=café",
            "https://bucket.example.org/\u{202e}gnp.exe",
        ] {
            for policy in [AddressPolicy::Public, AddressPolicy::Local] {
                assert!(policy.check(link).is_ok(), "{link}");
            }
        }
    }

    #[test]
    fn hostile_links_may_not() {
        for link in HOSTILE {
            let refused = AddressPolicy::Public.check(link).expect_err(link);
            assert_eq!(refused.status(), Status::UnsafeUrl, "{link}");
            assert!(!refused.to_string().contains("secret"), "{link}: {refused}");
        }
    }

    const HOSTILE: &[&str] = &[
        "",
        "x.png",
        "//cdn.modelslab.com/x.png",
        "/etc/passwd",
        "file:///etc/passwd",
        "ftp://cdn.modelslab.com/x.png",
        "gopher://cdn.modelslab.com/",
        "javascript:alert(1)",
        "https:cdn.modelslab.com",
        "https:///x.png",
        "http://cdn.modelslab.com/x.png",
        "https://user:secret@cdn.modelslab.com/x.png",
        "https://cdn.modelslab.com@127.0.0.1/",
        "https://cdn.modelslab.com:8443/x.png",
        "https://cdn.modelslab.com:22/",
        "https://cdn.modelslab.com:0/",
        "https://cdn.modelslab.com:65536/",
        "https://localhost/",
        "https://LOCALHOST/",
        "https://localhost./",
        "https://a.localhost/",
        "https://intranet/",
        "https://printer.local/",
        "https://metadata.google.internal/",
        "https://x.home.arpa/",
        "https://x.onion/",
        "https://127.0.0.1/",
        "https://1.1.1.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://0/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fe80::1%25eth0]/",
        "https://[fd00::1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2606:4700::1111]/",
        "https://a..b.com/",
        "https://.com/",
        "https://-a.com/",
        "https://a-.com/",
        "https://cdn.modelslab.com./",
        "https://cdn.modelslab.com\\@127.0.0.1/",
        "https://cdn.modelslab.com\r\nHost: x/",
        "https://ⓔⓧⓐⓜⓟⓛⓔ.com/",
        "https://cdn。modelslab。com/",
        "https://cdn.modelslab.com/x\ty",
        "https://cdn.modelslab.com /x.png",
        "https://%6c%6f/",
    ];

    #[test]
    fn with_an_endpoint_on_this_machine_links_may_lead_to_it_and_to_no_other_special_place() {
        for link in ["http://127.0.0.1:8080/x.png", "http://localhost:1/", "https://[::1]:8443/"] {
            assert!(AddressPolicy::Local.check(link).is_ok(), "{link}");
        }
        for link in [
            "http://10.0.0.1/",
            "http://a.test/",
            "https://10.0.0.1/",
            "http://u:p@127.0.0.1/",
            "file:///x",
            "https://example.com:8443/x",
            "https://foo/",
            "https://router.local/",
            "https://a.localhost/",
            "https://a.test:9/",
        ] {
            assert!(AddressPolicy::Local.check(link).is_err(), "{link}");
        }
        for (address, local, public) in [
            ("127.0.0.1", true, false),
            ("::1", true, false),
            ("::ffff:127.0.0.1", true, false),
            ("10.0.0.1", false, false),
            ("169.254.169.254", false, false),
            ("::ffff:10.0.0.1", false, false),
            ("0.0.0.0", false, false),
            ("1.1.1.1", true, true),
        ] {
            let address = address.parse().expect("an address");
            for (policy, allowed) in [(AddressPolicy::Local, local), (AddressPolicy::Public, public)] {
                assert_eq!(policy.forbidden_reason(address).is_none(), allowed, "{address}");
            }
            for (url, allowed) in [("https://localhost:1/", local), ("https://a.example.com/", public)] {
                let url = Url::parse(url).expect(url);
                let reason = AddressPolicy::Local.of_host(url.origin()).forbidden_reason(address);
                assert_eq!(reason.is_none(), allowed, "{url}: {address}");
            }
        }
    }
}
