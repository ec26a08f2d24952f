//! Addresses that no image is fetched from: everything in the special-purpose registries of IANA (RFC 6890), and what is
//! no unicast address of the public internet besides.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Network, length of its prefix, what it is.
type Range<A> = (A, u32, &'static str);

/// IPv4 special-purpose address registry, multicast (RFC 5771) and class E. Those that a registry calls globally
/// reachable (AS112, AMT) are in too: none is an image server.
const V4: &[Range<Ipv4Addr>] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8, "an address of this network"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "a private address"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "a carrier's shared address"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "a loopback address"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "a link-local address"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "a private address"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "a protocol's own address"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "a documentation address"),
    (Ipv4Addr::new(192, 31, 196, 0), 24, "an AS112 address"),
    (Ipv4Addr::new(192, 52, 193, 0), 24, "an AMT address"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "a 6to4 relay's address"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "a private address"),
    (Ipv4Addr::new(192, 175, 48, 0), 24, "an AS112 address"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "a benchmark's address"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "a documentation address"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "a documentation address"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "a multicast address"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "a reserved address"),
];

/// IPv6 special-purpose address registry. Everything outside 2000::/3 is refused as well, see [`special_v6`].
const V6: &[Range<Ipv6Addr>] = &[
    (Ipv6Addr::UNSPECIFIED, 128, "the unspecified address"),
    (Ipv6Addr::LOCALHOST, 128, "a loopback address"),
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48, "a private translation address"),
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 64, "a discard address"),
    (Ipv6Addr::new(0x100, 0, 0, 1, 0, 0, 0, 0), 64, "a dummy address"),
    // Teredo, ORCHID, benchmarks, AMT, AS112, drone ids: all in one.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, "a protocol's own address"),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, "a documentation address"),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, "a 6to4 address"),
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48, "an AS112 address"),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, "a documentation address"),
    (Ipv6Addr::new(0x5f00, 0, 0, 0, 0, 0, 0, 0), 16, "a segment routing address"),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, "a private address"),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, "a link-local address"),
    (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10, "a site-local address"),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, "a multicast address"),
];

/// The prefix of translated IPv4 addresses (RFC 6052, section 2.1): where IPv6 is all there is, every host of the IPv4
/// internet has one.
const NAT64: Ipv6Addr = Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0);

/// What global unicast addresses begin with (RFC 4291, section 2.4, as allocated).
const GLOBAL: Ipv6Addr = Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0);

/// What is special about an address; nothing for one of the public internet.
pub(super) fn special(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(v4) => special_v4(v4),
        IpAddr::V6(v6) => special_v6(v6),
    }
}

/// Whether it is this machine itself, in whatever spelling.
pub(super) fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

fn special_v4(address: Ipv4Addr) -> Option<&'static str> {
    let within =
        |network: &Ipv4Addr, bits: u32| (address.to_bits() ^ network.to_bits()).leading_zeros() >= bits;
    V4.iter().find(|(network, bits, _)| within(network, *bits)).map(|(_, _, what)| *what)
}

fn special_v6(address: Ipv6Addr) -> Option<&'static str> {
    let within =
        |network: &Ipv6Addr, bits: u32| (address.to_bits() ^ network.to_bits()).leading_zeros() >= bits;
    // What is dialled in the end is the IPv4 address inside.
    if let Some(inside) = address.to_ipv4_mapped() {
        return special_v4(inside);
    }
    if within(&NAT64, 96) {
        return special_v4(Ipv4Addr::from_bits(address.to_bits() as u32));
    }
    let named = V6.iter().find(|(network, bits, _)| within(network, *bits)).map(|(_, _, what)| *what);
    named.or((!within(&GLOBAL, 3)).then_some("no address of the public internet"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_the_last_address_of_each_range_are_special_and_public_ones_are_not() {
        for (network, bits, _) in V4 {
            let last = network.to_bits() | u32::MAX.checked_shr(*bits).unwrap_or(0);
            for address in [*network, Ipv4Addr::from_bits(last)] {
                assert!(special(address.into()).is_some(), "{address}");
                let nat64 = Ipv6Addr::from_bits(NAT64.to_bits() | u128::from(address.to_bits()));
                for v6 in [address.to_ipv6_mapped(), address.to_ipv6_compatible(), nat64] {
                    assert!(special(v6.into()).is_some(), "{v6}");
                }
            }
        }
        for (network, bits, _) in V6 {
            let last = network.to_bits() | u128::MAX.checked_shr(*bits).unwrap_or(0);
            for address in [*network, Ipv6Addr::from_bits(last)] {
                assert!(special(address.into()).is_some(), "{address}");
            }
        }
        for public in
            ["1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255"]
                .iter()
                .chain(&[
                    "128.0.0.0",
                    "172.15.255.255",
                    "172.32.0.0",
                    "192.0.1.0",
                    "198.20.0.0",
                    "223.255.255.255",
                ])
                .chain(&["::ffff:1.1.1.1", "64:ff9b::101:101", "2606:4700::1111", "2001:4860:4860::8888"])
                .chain(&["2a00:1450:4001::1", "2000::1", "3ffe:ffff::1"])
        {
            assert_eq!(special(public.parse().expect(public)), None, "{public}");
        }
        for other in ["::2", "1::1", "4000::1", "e000::1", "2002:101:101::1", "2001::1"] {
            assert!(special(other.parse().expect(other)).is_some(), "{other}");
        }
    }
}
