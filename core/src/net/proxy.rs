//! Which proxy a connection goes through: the caller's, the environment's, or none.

use super::no_proxy::is_exempt;
use crate::error::Error;
use crate::process::is_privileged;
use crate::wire::Origin;
use std::env;
use ureq::http::uri::Authority;
use ureq::{Proxy, ProxyProtocol};

/// The proxy setting.
#[derive(Debug, Clone, Default)]
pub enum ProxySetting {
    /// The proxy variables, as curl reads them; never for this machine itself, and not in a setuid program.
    #[default]
    Environment,
    /// No proxy, whatever the environment says.
    None,
    /// This one, for every https origin.
    Fixed(Proxy),
}

impl ProxySetting {
    /// Reads `http://[user:password@]host[:port]`, or https; the empty string means none.
    pub fn parse(url: &str) -> Result<ProxySetting, Error> {
        if url.is_empty() {
            return Ok(ProxySetting::None);
        }
        let refuse = |reason| Error::argument("proxy_url", format!("{reason}; pass \"\" for no proxy"));
        usable(url).map(ProxySetting::Fixed).map_err(refuse)
    }

    /// The proxy for this origin, if any.
    pub(super) fn choose(&self, origin: &Origin) -> Result<Option<Proxy>, Error> {
        match self {
            // Allowed for this machine alone, where nobody listens in; a proxy would read the key.
            _ if !origin.https => Ok(None),
            ProxySetting::None => Ok(None),
            ProxySetting::Fixed(proxy) => Ok(Some(proxy.clone())),
            // The environment of a setuid program is set by those whom it must not trust.
            ProxySetting::Environment if is_privileged() => Ok(None),
            ProxySetting::Environment => from_variables(origin, |name| env::var_os(name)?.into_string().ok()),
        }
    }
}

/// The proxy that a URL means; what is wrong with it, otherwise. Nothing of it is quoted: it may hold a password.
fn usable(url: &str) -> Result<Proxy, String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let userinfo = rest.rfind('@').map_or("", |at| &rest[..at]);
    if let Some((bad, code)) = unencoded(userinfo) {
        return Err(format!("has a {bad} in its user name or password; percent-encode {bad} as {code}"));
    }
    // ureq takes one without a host.
    let leads_somewhere = |a: &Authority| !a.host().is_empty() && has_usable_port(a);
    let usable = |proxy: &Proxy| {
        let known = matches!(proxy.protocol(), ProxyProtocol::Http | ProxyProtocol::Https);
        known && proxy.uri().authority().is_some_and(leads_somewhere)
    };
    let wrong = "is no http or https proxy URL (http://[user:password@]host[:port])";
    Proxy::new(url).ok().filter(usable).ok_or_else(|| wrong.to_owned())
}

/// A character of a user name or password that ends it for whoever reads the URL, so that the rest of a password would be
/// taken for a host name, and what to write in its place (RFC 3986, section 3.2.1).
fn unencoded(userinfo: &str) -> Option<(char, &'static str)> {
    const DELIMITERS: [(char, &str); 4] = [('#', "%23"), ('/', "%2F"), ('?', "%3F"), ('@', "%40")];
    let delimiter = DELIMITERS.into_iter().find(|(delimiter, _)| userinfo.contains(*delimiter));
    let is_encoding =
        |rest: &str| rest.as_bytes().get(..2).is_some_and(|code| code.iter().all(u8::is_ascii_hexdigit));
    let percent = || (!userinfo.split('%').skip(1).all(is_encoding)).then_some(('%', "%25"));
    delimiter.or_else(percent)
}

/// ureq takes a port that is none for one left out, and would go to the scheme's own.
fn has_usable_port(authority: &Authority) -> bool {
    let host_and_port = authority.as_str().rsplit('@').next().unwrap_or_default();
    host_and_port.len() == authority.host().len() || authority.port_u16().is_some_and(|port| port != 0)
}

/// The proxy for an origin that these variables name, in curl's order. Plain http has none at all, nor has this machine.
///
/// Fails where the variable that counts is no proxy's URL.
pub fn from_variables(origin: &Origin, get: impl Fn(&str) -> Option<String>) -> Result<Option<Proxy>, Error> {
    if !origin.https || origin.is_loopback() {
        return Ok(None);
    }
    let get = |name: &str| get(name).filter(|value| !value.is_empty());
    let names = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
    let Some((name, url)) = names.iter().find_map(|name| Some((name, get(name)?))) else {
        return Ok(None);
    };
    let exempt = get("no_proxy").or_else(|| get("NO_PROXY")).unwrap_or_default();
    if is_exempt(&origin.host, &exempt) {
        return Ok(None);
    }
    // Going without it could show an address that the user hides, so rubbish is an error.
    usable(&url).map(Some).map_err(|reason| Error::Proxy(format!("the environment variable {name} {reason}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Url;

    fn chosen(url: &str, variables: &[(&str, &str)]) -> Result<Option<String>, Error> {
        let origin = Url::parse(url).expect("a valid URL").origin().clone();
        let get = |name: &str| variables.iter().find(|v| v.0 == name).map(|v| v.1.to_owned());
        Ok(from_variables(&origin, get)?.map(|p| format!("{}:{}", p.host(), p.port())))
    }

    #[test]
    fn the_environment_is_read_as_curl_reads_it() {
        let https = "https://modelslab.com/";
        let proxy = |host: &str| Ok(Some(host.to_owned()));
        assert_eq!(chosen(https, &[]), Ok(None));
        assert_eq!(chosen(https, &[("https_proxy", "p:1"), ("HTTPS_PROXY", "q:1")]), proxy("p:1"));
        assert_eq!(chosen(https, &[("https_proxy", ""), ("ALL_PROXY", "http://q:1")]), proxy("q:1"));
        assert_eq!(chosen(https, &[("http_proxy", "p:1")]), Ok(None));
        let exempt = [("https_proxy", "p:1"), ("NO_PROXY", "a.b, COM")];
        assert_eq!(chosen(https, &exempt), Ok(None));
        assert_eq!(chosen(https, &[exempt[0], exempt[1], ("no_proxy", "x")]), proxy("p:1"));
    }

    #[test]
    fn plain_http_has_no_proxy_whoever_named_it() {
        let origin = Url::parse("http://127.0.0.1:1/").expect("a valid URL").origin().clone();
        let fixed = ProxySetting::parse("http://p:1").expect("a proxy");
        for setting in [fixed, ProxySetting::Environment, ProxySetting::None] {
            assert!(setting.choose(&origin).expect("no fault").is_none(), "{setting:?}");
        }
    }

    #[test]
    fn what_ends_a_password_for_a_reader_is_refused_and_told_how_to_write() {
        for (url, says) in [
            ("http://user:p@hunter#@host", "percent-encode # as %23"),
            ("http://user:hunter#@host", "percent-encode # as %23"),
            ("https://us/er:hunter@host:1", "percent-encode / as %2F"),
            ("user:hunter?@host", "percent-encode ? as %3F"),
            ("http://user:hun@ter@host", "percent-encode @ as %40"),
            ("http://user:100%hunter@host", "percent-encode % as %25"),
        ] {
            let text = ProxySetting::parse(url).expect_err(url).to_string();
            assert!(text.starts_with("proxy_url ") && text.contains(says), "{text}");
            assert!(!text.contains("hunter") && !text.contains("ter"), "{text}");
            let text = chosen("https://modelslab.com/", &[("https_proxy", url)]).expect_err(url).to_string();
            assert!(
                text.contains("https_proxy") && text.contains(says) && !text.contains("hunter"),
                "{text}"
            );
        }
        for good in
            ["http://user:p%40ss%23%25@host", "http://host/", "http://host:80/path", "http://user@host"]
        {
            assert!(matches!(ProxySetting::parse(good), Ok(ProxySetting::Fixed(_))), "{good}");
        }
    }

    #[test]
    fn a_proxy_has_a_host_and_a_port_that_is_one_or_none_at_all() {
        for good in
            ["http://h", "http://h:1", "http://u:p@h:65535", "http://[::1]:3128", "https://u@[::1]", "h:8080"]
        {
            assert!(matches!(ProxySetting::parse(good), Ok(ProxySetting::Fixed(_))), "{good}");
        }
        for bad in [
            "http://h:0",
            "http://h:",
            "http://h:65536",
            "http://u:p@h:99999",
            "http://[::1]:x",
            "h:99999",
            ":1",
            "http://u:p@:1",
        ] {
            assert!(ProxySetting::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn rubbish_in_a_proxy_variable_is_an_error_that_names_it_and_quotes_nothing() {
        for rubbish in ["http://user:secret@", "socks5://user:secret@h:1", ":::", "http://ho st"] {
            let text =
                chosen("https://modelslab.com/", &[("https_proxy", rubbish)]).expect_err(rubbish).to_string();
            assert!(text.contains("https_proxy") && !text.contains("secret"), "{text}");
        }
    }
}
