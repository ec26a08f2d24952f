//! Which proxy a connection goes through: the caller's, the environment's, or none; and the CONNECT tunnel's phase.

use super::transfer::Transfer;
use crate::error::{Error, Phase};
use crate::wire::Origin;
use std::env;
use std::sync::Arc;
use ureq::http::uri::Authority;
use ureq::unversioned::transport::{ConnectProxyConnector, ConnectionDetails, Connector, Transport};
use ureq::{Error as UreqError, Proxy, ProxyProtocol};

/// The proxy setting.
#[derive(Debug, Clone, Default)]
pub enum ProxySetting {
    /// The proxy variables, as curl reads them; never for this machine itself.
    #[default]
    Environment,
    /// No proxy, whatever the environment says.
    None,
    /// This one, always.
    Fixed(Proxy),
}

impl ProxySetting {
    /// Reads `http://[user:password@]host[:port]`, or https; the empty string means none.
    pub fn parse(url: &str) -> Result<ProxySetting, Error> {
        if url.is_empty() {
            return Ok(ProxySetting::None);
        }
        // Nothing of it is quoted: it may hold a password.
        let why =
            "is no http or https proxy URL (http://[user:password@]host[:port]); pass \"\" for no proxy";
        usable(url).map(ProxySetting::Fixed).ok_or_else(|| Error::argument("proxy_url", why))
    }

    /// The proxy for this origin, if any.
    pub(super) fn choose(&self, origin: &Origin) -> Result<Option<Proxy>, Error> {
        match self {
            ProxySetting::None => Ok(None),
            ProxySetting::Fixed(proxy) => Ok(Some(proxy.clone())),
            ProxySetting::Environment => from_variables(origin, |name| env::var_os(name)?.into_string().ok()),
        }
    }
}

fn usable(url: &str) -> Option<Proxy> {
    let proxy = Proxy::new(url).ok()?;
    let known = matches!(proxy.protocol(), ProxyProtocol::Http | ProxyProtocol::Https);
    (known && has_usable_port(proxy.uri().authority()?)).then_some(proxy)
}

/// ureq takes a port that is none for one left out, and would go to the scheme's own.
fn has_usable_port(authority: &Authority) -> bool {
    let host_and_port = authority.as_str().rsplit('@').next().unwrap_or_default();
    host_and_port.len() == authority.host().len() || authority.port_u16().is_some_and(|port| port != 0)
}

/// curl's order. `HTTP_PROXY` in upper case is left out as curl does: a web server sets it from a request's header.
fn from_variables(origin: &Origin, get: impl Fn(&str) -> Option<String>) -> Result<Option<Proxy>, Error> {
    if origin.is_loopback() {
        return Ok(None);
    }
    let get = |name: &str| get(name).filter(|value| !value.is_empty());
    let names: &[&str] = if origin.https {
        &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
    } else {
        &["http_proxy", "all_proxy", "ALL_PROXY"]
    };
    let Some((name, url)) = names.iter().find_map(|name| Some((name, get(name)?))) else {
        return Ok(None);
    };
    let exempt = get("no_proxy").or_else(|| get("NO_PROXY")).unwrap_or_default();
    if is_exempt(&origin.host, &exempt) {
        return Ok(None);
    }
    // Going without it could show an address that the user hides, so rubbish is an error.
    let why = || Error::Proxy(format!("the environment variable {name} is no http or https proxy URL"));
    usable(&url).map(Some).ok_or_else(why)
}

/// Whether a host stands in a `no_proxy` list: `*`, the name itself, or a parent domain.
fn is_exempt(host: &str, list: &str) -> bool {
    list.split([',', ' ']).map(|entry| entry.trim().trim_start_matches('.')).any(|entry| {
        let entry = entry.to_ascii_lowercase();
        let parent = host.strip_suffix(&entry).is_some_and(|rest| rest.ends_with('.'));
        !entry.is_empty() && (entry == "*" || entry == host || parent)
    })
}

/// ureq's CONNECT, with its phase told to the transfer: what fails in it is the proxy's fault.
#[derive(Debug)]
pub(super) struct Tunnel {
    pub(super) transfer: Arc<Transfer>,
    pub(super) connector: ConnectProxyConnector,
}

impl<In: Transport> Connector<In> for Tunnel {
    type Out = <ConnectProxyConnector as Connector<In>>::Out;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, UreqError> {
        if details.config.proxy().is_none() {
            return self.connector.connect(details, chained);
        }
        self.transfer.begin_connect();
        self.transfer.enter(Phase::Proxy);
        let tunnel = self.connector.connect(details, chained)?;
        self.transfer.enter(Phase::Connect);
        Ok(tunnel)
    }
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
        assert_eq!(chosen("http://127.0.0.1:1/", &[("http_proxy", "p:1")]), Ok(None));
        for exempt in ["*", "modelslab.com", ".modelslab.com", "a.b, COM", "MODELSLAB.com"] {
            assert_eq!(chosen(https, &[("https_proxy", "p:1"), ("no_proxy", exempt)]), Ok(None), "{exempt}");
        }
        for other in ["slab.com", "xmodelslab.com", ""] {
            assert_eq!(
                chosen(https, &[("https_proxy", "p:1"), ("NO_PROXY", other)]),
                proxy("p:1"),
                "{other}"
            );
        }
    }

    #[test]
    fn a_proxy_has_a_port_that_is_one_or_none_at_all() {
        for good in
            ["http://h", "http://h:1", "http://u:p@h:65535", "http://[::1]:3128", "https://u@[::1]", "h:8080"]
        {
            assert!(matches!(ProxySetting::parse(good), Ok(ProxySetting::Fixed(_))), "{good}");
        }
        for bad in
            ["http://h:0", "http://h:", "http://h:65536", "http://u:p@h:99999", "http://[::1]:x", "h:99999"]
        {
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
