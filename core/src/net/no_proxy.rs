//! `no_proxy`: which hosts the environment exempts from its proxy, read as curl 7.88 reads it.
//!
//! A list of names, addresses and networks between commas or blanks, or `*` alone. A name stands for itself and for every
//! name below it. For IPv6 more is taken than by that version, which compares the text: networks too, as curl's manual
//! has it, and addresses in brackets, since people write them so.

use crate::wire::without_brackets;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether a host, as it stands in a URL, is exempt by this list.
pub(super) fn is_exempt(host: &str, list: &str) -> bool {
    let bare = without_brackets(host);
    let is_match = |entry: &str| match bare.parse() {
        Ok(IpAddr::V4(address)) => is_in_v4(address, entry),
        Ok(IpAddr::V6(address)) => is_below(bare, entry) || is_in_v6(address, entry),
        Err(_) => is_below(bare, entry),
    };
    list == "*" || list.split([',', ' ', '\t']).any(is_match)
}

/// Whether a name is this one or below it. One dot at the end says nothing, and one at the beginning neither.
fn is_below(name: &str, entry: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let entry = entry.strip_suffix('.').unwrap_or(entry);
    let entry = entry.strip_prefix('.').unwrap_or(entry);
    let Some(above) = name.len().checked_sub(entry.len()) else { return false };
    let (labels, end) = name.as_bytes().split_at(above);
    !entry.is_empty()
        && end.eq_ignore_ascii_case(entry.as_bytes())
        && (labels.is_empty() || labels.ends_with(b"."))
}

fn is_in_v4(address: Ipv4Addr, entry: &str) -> bool {
    let (network, bits) = network(entry);
    let Ok(network) = network.parse::<Ipv4Addr>() else { return false };
    let differing = address.to_bits() ^ network.to_bits();
    bits.is_some_and(|bits| bits <= 32 && differing.leading_zeros() >= if bits == 0 { 32 } else { bits })
}

fn is_in_v6(address: Ipv6Addr, entry: &str) -> bool {
    let (network, bits) = network(entry);
    let network = network.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(network);
    let Ok(network) = network.parse::<Ipv6Addr>() else { return false };
    let differing = address.to_bits() ^ network.to_bits();
    bits.is_some_and(|bits| bits <= 128 && differing.leading_zeros() >= if bits == 0 { 128 } else { bits })
}

/// Address and length of the prefix. 0, which all that is no number counts as, stands for the address alone: curl reads
/// it by atoi(3). None for a negative one.
fn network(entry: &str) -> (&str, Option<u32>) {
    let Some((address, length)) = entry.split_once('/') else { return (entry, Some(0)) };
    let digits = length.strip_prefix('+').unwrap_or(length);
    let digits = &digits[..digits.bytes().take_while(u8::is_ascii_digit).count()];
    let bits = match length.starts_with('-') {
        true => None,
        false => Some(if digits.is_empty() { 0 } else { digits.parse().unwrap_or(u32::MAX) }),
    };
    (address, bits)
}

#[cfg(test)]
#[path = "../../../tests/support/tool.rs"]
#[allow(dead_code, reason = "this needs its part")]
mod tool;

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::{SocketAddr, TcpListener};
    use std::process::Command;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    const NAME: &str = "modelslab.com";
    const BELOW: &str = "api.modelslab.com";
    const V4: &str = "192.0.2.7";
    const V6: &str = "[2001:db8::7]";

    /// Host, list, whether it is exempt.
    type Row = (&'static str, &'static str, bool);

    /// What curl 7.88 says too.
    const ROWS: &[Row] = &[
        (NAME, "", false),
        (NAME, "*", true),
        (NAME, "*,", false),
        (NAME, " * ", false),
        (NAME, "a.b,*", false),
        (NAME, "*.com", false),
        (NAME, "modelslab.com", true),
        (NAME, "MODELSLAB.com", true),
        (NAME, ".modelslab.com", true),
        (NAME, "..modelslab.com", false),
        (NAME, "modelslab.com.", true),
        (NAME, "modelslab.com..", false),
        (NAME, ".modelslab.com.", true),
        (NAME, "com", true),
        (NAME, "com.", true),
        (NAME, "slab.com", false),
        (NAME, "xmodelslab.com", false),
        (NAME, "api.modelslab.com", false),
        (NAME, "modelslab.com:443", false),
        (NAME, "https://modelslab.com", false),
        (NAME, "modelslab.com/8", false),
        (NAME, "a.b, COM", true),
        (NAME, "a.b com", true),
        (NAME, "a.b\tmodelslab.com x", true),
        (NAME, " modelslab.com ", true),
        (NAME, "x,,modelslab.com", true),
        (NAME, "a.b;modelslab.com", false),
        (NAME, ",", false),
        (NAME, ".", false),
        (NAME, "..", false),
        (BELOW, "modelslab.com", true),
        (BELOW, ".modelslab.com", true),
        (BELOW, "i.modelslab.com", false),
        (BELOW, "*.modelslab.com", false),
        (V4, "192.0.2.7", true),
        (V4, "192.0.2.7.", false),
        (V4, ".192.0.2.7", false),
        (V4, "2.7", false),
        (V4, "192.0.2", false),
        (V4, "192.000.2.7", false),
        (V4, "::ffff:192.0.2.7", false),
        (V4, "192.0.2.7/32", true),
        (V4, "192.0.2.7/33", false),
        (V4, "192.0.2.0/24", true),
        (V4, "x,192.0.2.0/24 y", true),
        (V4, "192.0.2.0/31", false),
        (V4, "192.0.2.6/31", true),
        (V4, "128.0.0.0/1", true),
        (V4, "0.0.0.0/0", false),
        (V4, "192.0.2.7/0", true),
        (V4, "192.0.2.7/", true),
        (V4, "192.0.2.0/", false),
        (V4, "192.0.2.7/x", true),
        (V4, "192.0.2.0/24x", true),
        (V4, "192.0.2.0/24/1", true),
        (V4, "192.0.2.0/+24", true),
        (V4, "192.0.2.0/024", true),
        (V4, "192.0.2.0/-1", false),
        (V4, "192.0.2.0/ 24", false),
        (V4, "::/0", false),
        (V6, "2001:db8::7", true),
        (V6, "2001:DB8::7", true),
        (V6, "2001:db8::8", false),
        (V6, "2001:db8::8/126", false),
        (V6, "4000::/2", false),
        (V6, "192.0.2.0/0", false),
    ];

    /// What we take beyond it.
    const IPV6_BEYOND_CURL_7_88: &[Row] = &[
        (V6, "2001:db8:0::7", true),
        (V6, "[2001:db8::7]", true),
        (V6, "2001:db8::/32", true),
        (V6, "[2001:db8::]/32", true),
        (V6, "2001:db8::4/126", true),
        (V6, "2001:db8::7/128", true),
        (V6, "2000::/3", true),
    ];

    #[test]
    fn each_list_exempts_what_it_says() {
        for (host, list, exempt) in ROWS.iter().chain(IPV6_BEYOND_CURL_7_88) {
            assert_eq!(is_exempt(host, list), *exempt, "{host}, {list:?}");
        }
    }

    /// A proxy that refuses, and counts.
    fn proxy() -> (SocketAddr, Arc<AtomicU32>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        let asked = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&asked);
        std::thread::spawn(move || {
            for mut client in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
                let _ = client.read(&mut [0; 1024]);
                let _ = client.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
            }
        });
        (address, asked)
    }

    #[test]
    fn curl_exempts_the_same_hosts() {
        let Some(curl) = tool::tool("curl") else { return };
        let (address, asked) = proxy();
        for (host, list, exempt) in ROWS {
            let before = asked.load(Ordering::SeqCst);
            let mut command = Command::new(&curl);
            command.args(["-q", "-s", "-o", "-", "--max-time", "20"]);
            // Whatever the host is, and with no proxy in between: a port of this machine where nobody listens.
            command.args(["--connect-to", "::127.0.0.1:1", &format!("https://{host}/")]);
            command.env_clear().env("https_proxy", format!("http://{address}")).env("no_proxy", list);
            let status = command.output().expect("curl").status;
            assert!(!status.success(), "{host}, {list:?}: nobody answers");
            assert_eq!(asked.load(Ordering::SeqCst) == before, *exempt, "{host}, {list:?}");
        }
    }
}
