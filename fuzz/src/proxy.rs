//! Proxies as callers and environments name them: what is taken can be dialled, what is refused is not quoted, and
//! nobody who is exempt is sent to one.

use super::lines;
use mlab_core::net::{ProxySetting, from_variables};
use mlab_core::wire::Url;
use std::net::IpAddr;

/// One input for each text of a refusal. The texts are all there are, so that none depends on what may be a password.
const REFUSED: &[&str] = &["no proxy", "u#@h", "u/@h", "u?@h", "u@v@h", "u%@h"];

/// The input: a proxy's URL, a list of hosts that are exempt, a host.
pub fn run(data: &[u8]) {
    let [url, exempt, host] = lines(data);
    check_proxy(&url);
    let Ok(link) = Url::parse(&format!("https://{host}/")) else { return };
    let variables = |name: &str| match name {
        "https_proxy" => Some("http://proxy.example:1".to_owned()),
        "no_proxy" => Some(exempt.clone()),
        _ => None,
    };
    let chosen = from_variables(link.origin(), variables).expect("a proxy");
    let host = &link.origin().host;
    let direct = link.origin().is_loopback() || is_exempt(host, &exempt);
    assert_eq!(chosen.is_none(), direct, "{host:?}, {exempt:?}");
}

fn check_proxy(url: &str) {
    match ProxySetting::parse(url) {
        Ok(ProxySetting::Fixed(proxy)) => {
            assert!(
                !proxy.host().is_empty() && proxy.port() != 0,
                "{url:?}: {}:{}",
                proxy.host(),
                proxy.port()
            );
        }
        Ok(_) => assert!(url.is_empty(), "{url:?} is no proxy"),
        Err(error) => {
            let mut texts = REFUSED.iter().map(|url| ProxySetting::parse(url).expect_err(url));
            assert!(texts.any(|text| text == error), "{error} of {url:?}");
        }
    }
}

/// As curl's manual has it, by labels and by bits.
fn is_exempt(host: &str, list: &str) -> bool {
    let bare = |text: &str| text.trim_start_matches('[').trim_end_matches(']').to_owned();
    let host = bare(host);
    list == "*" || list.split([',', ' ', '\t']).any(|entry| is_below(&host, entry) || is_in(&host, entry))
}

fn is_below(host: &str, entry: &str) -> bool {
    if host.parse::<std::net::Ipv4Addr>().is_ok() {
        return false;
    }
    let labels = |name: &str| -> Vec<String> {
        let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
        name.split('.').rev().map(str::to_owned).collect()
    };
    let mut wanted = labels(entry);
    if wanted.len() > 1 && wanted.last().is_some_and(String::is_empty) {
        wanted.pop();
    }
    let names = wanted.iter().any(|label| !label.is_empty());
    names && labels(host).starts_with(&wanted)
}

fn is_in(host: &str, entry: &str) -> bool {
    let (network, length) = entry.split_once('/').unwrap_or((entry, "0"));
    let network = match network.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').unwrap_or("no address"),
        None => network,
    };
    let (Some(host), Some(is_v4)) = (bits(host), bits(network).map(|bits| bits.len() == 32)) else {
        return false;
    };
    if (host.len() == 32) != is_v4 || (is_v4 && entry.starts_with('[')) || length.starts_with('-') {
        return false;
    }
    let digits = length.strip_prefix('+').unwrap_or(length);
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let length = if end == 0 { 0.0 } else { digits[..end].parse::<f64>().expect("digits") };
    let same = if length == 0.0 { host.len() } else { length as usize };
    bits(network).is_some_and(|network| same <= host.len() && network[..same] == host[..same])
}

/// An address as zeros and ones.
fn bits(address: &str) -> Option<String> {
    match address.parse().ok()? {
        IpAddr::V4(address) => Some(format!("{:032b}", address.to_bits())),
        IpAddr::V6(address) => Some(format!("{:0128b}", address.to_bits())),
    }
}
