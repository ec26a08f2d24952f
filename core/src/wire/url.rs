//! Absolute http and https URLs, just enough to know an origin and to follow a redirect within it (RFC 3986).
//!
//! A general URL library would bring tables for international names that nothing here needs: a host that is not plain
//! ASCII is refused. In the path and the query of a server's link such letters are percent-encoded, as browsers do.

use std::borrow::Cow;
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The longest URL accepted, in bytes.
const MAX_URL: usize = 4096;

/// Scheme, host and port: what may share the key (RFC 6454, section 4).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    /// Whether the scheme is https.
    pub https: bool,
    /// In lower case; an IPv6 address keeps its brackets.
    pub host: String,
    /// Always set, also where the URL left it out.
    pub port: u16,
}

impl Origin {
    /// Whether the host names this machine itself, so that plain http gives nothing away.
    pub fn is_loopback(&self) -> bool {
        let bare = without_brackets(&self.host);
        bare == "localhost"
            || bare.parse::<Ipv4Addr>().is_ok_and(|a| a.is_loopback())
            || bare.parse::<Ipv6Addr>().is_ok_and(|a| a.is_loopback())
    }

    /// `host:port`, for messages.
    pub(crate) fn host_and_port(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.https { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.host)?;
        if self.port != default_port(self.https) { write!(f, ":{}", self.port) } else { Ok(()) }
    }
}

/// The port of a URL that leaves it out.
pub(crate) fn default_port(https: bool) -> u16 {
    if https { 443 } else { 80 }
}

/// A host as it is looked up: an IPv6 address has no brackets there.
pub(crate) fn without_brackets(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
}

/// An absolute URL without user, password and fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    origin: Origin,
    /// Path and query, from the first `/` on.
    target: String,
}

impl Url {
    /// Reads an absolute http or https URL; the error says what is wrong with it, without its name.
    pub fn parse(text: &str) -> Result<Url, String> {
        if text.len() > MAX_URL {
            return Err(format!("is longer than {MAX_URL} bytes"));
        }
        if let Some((at, bad)) = text.char_indices().find(|(_, c)| is_foreign(*c)) {
            let in_host = authority_end(text).is_some_and(|end| at < end);
            return Err(match (in_host, bad.is_ascii()) {
                (false, _) => format!("holds {bad:?}, which must be percent-encoded in a URL"),
                (true, true) => format!("holds {bad:?}, which no host name may"),
                (true, false) => format!(
                    "has a host name with {bad:?} in it; international names must be written in ASCII (xn--…)"
                ),
            });
        }
        let (scheme, rest) =
            text.split_once("://").ok_or("is no absolute URL; it must start with https://")?;
        let https = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err(format!("has the scheme {scheme}; it must start with https://")),
        };
        let rest = rest.split('#').next().unwrap_or_default();
        let (authority, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let origin = parse_authority(https, authority)?;
        let slash = if target.starts_with('/') { "" } else { "/" };
        Ok(Url { origin, target: format!("{slash}{target}") })
    }

    /// Reads a URL as a server lists it. What browsers percent-encode before they send it, such as spaces and letters
    /// outside ASCII, may stand in path and query.
    pub fn parse_link(text: &str) -> Result<Url, String> {
        Url::parse(&percent_encode(text))
    }

    /// A URL of parts that were read before: `target` begins with a slash, and nothing in it needs an encoding.
    pub(super) fn at(origin: Origin, target: String) -> Url {
        Url { origin, target }
    }

    /// Path and query.
    pub(super) fn target(&self) -> &str {
        &self.target
    }

    /// Where the URL leads.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The URL that a `Location` on this one means (RFC 3986, section 5.2), percent-encoded as a link is.
    pub fn join(&self, location: &str) -> Result<Url, String> {
        let location = &*percent_encode(location);
        let scheme = if self.origin.https { "https" } else { "http" };
        let path = self.target.split('?').next().unwrap_or_default();
        if has_scheme(location) {
            Url::parse(location)
        } else if location.starts_with("//") {
            Url::parse(&format!("{scheme}:{location}"))
        } else {
            let reference = location.split('#').next().unwrap_or_default();
            let target = match reference.chars().next() {
                None => self.target.clone(),
                Some('/') => remove_dots(reference),
                Some('?') => format!("{path}{reference}"),
                Some(_) => remove_dots(&format!("{}/{reference}", path.rsplit_once('/').map_or("", |p| p.0))),
            };
            Url::parse(&format!("{}{target}", self.origin))
        }
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.target)
    }
}

/// Whether a character may stand nowhere in a URL (RFC 3986, section 2).
fn is_foreign(c: char) -> bool {
    !c.is_ascii_graphic() || "\"<>\\^`{}|".contains(c)
}

/// Where the authority of a reference ends; nothing if it has none.
fn authority_end(reference: &str) -> Option<usize> {
    let start = if reference.starts_with("//") { 2 } else { reference.find("://")? + 3 };
    // A backslash ends it for browsers, and so could hide another host from us: it counts as part of it.
    let length = reference[start..].find(['/', '?', '#']).unwrap_or(reference.len() - start);
    // Before the path there is nothing but scheme and authority.
    let before = &reference[..start];
    (!before[..before.len() - 2].contains(['/', '?', '#'])).then_some(start + length)
}

/// Writes what may stand nowhere in a URL as UTF-8 bytes with a `%`, behind the authority, and leaves the fragment out
/// (the URL standard's path and query percent-encode sets, and what RFC 3986 forbids besides). Control characters and
/// backslashes, which browsers drop or turn into slashes, stay, and are refused later.
fn percent_encode(reference: &str) -> Cow<'_, str> {
    let is_encoded = |c: char| is_foreign(c) && !c.is_ascii_control() && c != '\\';
    let reference = reference.split('#').next().unwrap_or_default();
    let (before, rest) = reference.split_at(authority_end(reference).unwrap_or(0));
    if !rest.contains(is_encoded) {
        return Cow::Borrowed(reference);
    }
    let mut encoded = before.to_owned();
    for c in rest.chars() {
        if is_encoded(c) {
            let mut utf8 = [0; 4];
            encoded.extend(c.encode_utf8(&mut utf8).bytes().map(|byte| format!("%{byte:02X}")));
        } else {
            encoded.push(c);
        }
    }
    Cow::Owned(encoded)
}

/// Whether a reference begins with a scheme, and so is absolute.
fn has_scheme(reference: &str) -> bool {
    reference.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

/// RFC 3986, section 5.2.4, on the path of `target`; its query stays.
fn remove_dots(target: &str) -> String {
    let (path, query) = target.split_at(target.find('?').unwrap_or(target.len()));
    let mut kept: Vec<&str> = Vec::new();
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    for (i, segment) in segments.iter().enumerate() {
        let last = i + 1 == segments.len();
        match *segment {
            "." | ".." => {
                if *segment == ".." {
                    kept.pop();
                }
                if last {
                    kept.push("");
                }
            }
            other => kept.push(other),
        }
    }
    format!("/{}{query}", kept.join("/"))
}

/// One part of a host name, in lower case (RFC 1123, section 2.1), with the underscore that some names have all the same.
fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

fn parse_authority(https: bool, authority: &str) -> Result<Origin, String> {
    if authority.contains('@') {
        return Err("holds a user name or password; remove everything before the @".into());
    }
    let host_len = if authority.starts_with('[') {
        authority.find(']').ok_or("has an IPv6 address without its closing bracket")? + 1
    } else {
        authority.find(':').unwrap_or(authority.len())
    };
    let (host, port) = authority.split_at(host_len);
    let port = match port.strip_prefix(':') {
        None if port.is_empty() => None,
        Some("") => None,
        Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {
            Some(digits.parse::<u16>().ok().filter(|p| *p != 0).ok_or("has a port outside 1 to 65535")?)
        }
        _ => return Err("has a port that is no number".into()),
    };
    let host = host.to_ascii_lowercase();
    let valid = match host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        // A dot at the end is the root's, which makes a name absolute (RFC 1034, section 3.1).
        None => host.len() <= 253 && host.strip_suffix('.').unwrap_or(&host).split('.').all(is_label),
    };
    if !valid {
        return Err("has no usable host name".into());
    }
    Ok(Origin { https, host, port: port.unwrap_or(default_port(https)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_resolved_as_rfc_3986_says() {
        let base = Url::parse("https://h.example/api/v1/fetch/7?x=1").expect("a valid URL");
        for (location, wanted) in [
            ("https://h.example:443/other", "https://h.example/other"),
            ("//H.Example/p", "https://h.example/p"),
            ("/root?q#frag", "https://h.example/root?q"),
            ("sibling", "https://h.example/api/v1/fetch/sibling"),
            ("../v2/./8", "https://h.example/api/v1/v2/8"),
            ("../../../../up", "https://h.example/up"),
            ("?y=2", "https://h.example/api/v1/fetch/7?y=2"),
            ("", "https://h.example/api/v1/fetch/7?x=1"),
            ("a?u=https://x/", "https://h.example/api/v1/fetch/a?u=https://x/"),
            ("/a b", "https://h.example/a%20b"),
            ("café?q=é#é", "https://h.example/api/v1/fetch/caf%C3%A9?q=%C3%A9"),
        ] {
            assert_eq!(base.join(location).map(|u| u.to_string()), Ok(wanted.into()), "{location}");
        }
        for hostile in [
            "ftp://h.example/",
            "https://u:p@h.example/",
            "https:///x",
            "https://h.example:0/",
            "/a\tb",
            "//é/",
        ] {
            assert!(base.join(hostile).is_err(), "{hostile}");
        }
    }

    #[test]
    fn a_link_is_percent_encoded_as_browsers_do() {
        for (link, wanted) in [
            ("https://h.example/my image.png", "https://h.example/my%20image.png"),
            ("https://h.example/café/絵.png", "https://h.example/caf%C3%A9/%E7%B5%B5.png"),
            ("https://h.example?q=a b&r=é", "https://h.example/?q=a%20b&r=%C3%A9"),
            ("https://h.example/a%20b%zz?x=%2F", "https://h.example/a%20b%zz?x=%2F"),
            ("https://h.example/<\"^`{|}>", "https://h.example/%3C%22%5E%60%7B%7C%7D%3E"),
            ("https://h.example/x#é ü", "https://h.example/x"),
            ("https://h.example/http://é/", "https://h.example/http://%C3%A9/"),
        ] {
            assert_eq!(Url::parse_link(link).map(|u| u.to_string()), Ok(wanted.into()), "{link}");
        }
        for (link, says) in [
            ("https://café.example/x.png", "has a host name with 'é' in it"),
            ("https://h。example/x.png", "has a host name with '。' in it"),
            ("https://h.example@é/", "has a host name with 'é' in it"),
            ("https://h ost.example/", "holds ' ', which no host name may"),
            ("https://h.example\\@127.0.0.1/é", "holds '\\\\', which no host name may"),
            ("https://h.example/a\\b", "holds '\\\\', which must be percent-encoded"),
            ("https://h.example/é\r\nHost: x", "holds '\\r', which must be percent-encoded"),
            ("https://h.example/\u{85}x\t", "holds '\\t', which must be percent-encoded"),
        ] {
            let refused = Url::parse_link(link).expect_err(link);
            assert!(refused.contains(says), "{link}: {refused}");
        }
        // An endpoint is written by its caller, who is told.
        assert!(Url::parse("https://h.example/a b").is_err_and(|reason| reason.contains("percent-encoded")));
    }

    #[test]
    fn a_host_is_a_name_that_can_be_looked_up_or_an_address() {
        let long = "a".repeat(63);
        for host in ["a", "h.example", "h.example.", "a--b.example", "my_bucket.example", "127.0.0.1", &long]
        {
            assert!(Url::parse(&format!("https://{host}/")).is_ok(), "{host}");
        }
        let too_long = long + "a";
        for host in ["-", ".", "..", "a..b", ".a", "a..", "-a.b", "a-.b", "a.-b", "a.b-", &too_long] {
            let refused = Url::parse(&format!("https://{host}/"));
            assert_eq!(refused, Err("has no usable host name".into()), "{host}");
        }
    }

    #[test]
    fn only_names_and_addresses_of_this_machine_are_loopback() {
        for (url, wanted) in [
            ("http://localhost:1/", true),
            ("http://127.9.9.9/", true),
            ("http://[::1]:8080/", true),
            ("http://localhost.example/", false),
            ("http://127.0.0.1.example/", false),
            ("http://10.0.0.1/", false),
        ] {
            assert_eq!(Url::parse(url).map(|u| u.origin().is_loopback()), Ok(wanted), "{url}");
        }
    }
}
