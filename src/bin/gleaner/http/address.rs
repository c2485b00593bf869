//! Which addresses are asked: those of the public net alone, unless the owner allows others.
//!
//! A feed's address may come from a stranger's change to site.toml, and so may a redirect or an answer
//! of the DNS; a machine that builds sites often stands next to services that trust it for where it
//! stands (RFC 1918 networks, a cloud's metadata at 169.254.169.254). So the check is made where names
//! become addresses: what passes it is what is connected to, and no second answer can slip in between.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// Resolves names, and lets only public addresses pass.
#[derive(Debug)]
pub(super) struct Guard {
    inner: DefaultResolver,
    allow_private: bool,
}

/// All addresses of a host lie in a range that is not asked.
#[derive(Debug)]
pub(super) struct NotPublic {
    /// One of them.
    pub(super) address: IpAddr,
    /// What the range is for.
    pub(super) range: &'static str,
}

impl fmt::Display for NotPublic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.range, self.address)
    }
}

impl std::error::Error for NotPublic {}

impl Guard {
    pub(super) fn new(allow_private: bool) -> Self {
        Guard {
            inner: DefaultResolver::default(),
            allow_private,
        }
    }
}

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        if self.allow_private {
            return Ok(found);
        }
        let (allowed, refused) = sort(&found);
        match refused {
            Some(refused) if allowed.is_empty() => Err(ureq::Error::Other(Box::new(refused))),
            _ => {
                let mut passed = self.empty();
                allowed.into_iter().for_each(|address| passed.push(address));
                Ok(passed)
            }
        }
    }
}

/// The public ones of these addresses, and one that is not.
fn sort(found: &[SocketAddr]) -> (Vec<SocketAddr>, Option<NotPublic>) {
    let mut refused = None;
    let is_public = |socket: &&SocketAddr| {
        let address = socket.ip();
        let range = special(address);
        if let (Some(range), None) = (range, &refused) {
            refused = Some(NotPublic { address, range });
        }
        range.is_none()
    };
    let allowed = found.iter().filter(is_public).copied().collect();
    (allowed, refused)
}

/// What an address is for, if it is none of the public net: the special-purpose registries of IANA
/// (RFC 6890), and multicast.
fn special(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => special_v4(address),
        IpAddr::V6(address) => special_v6(address),
    }
}

fn special_v4(address: Ipv4Addr) -> Option<&'static str> {
    Some(match address.octets() {
        [0, ..] => "an address of this network",
        [127, ..] => "an address of this machine",
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => "a private address",
        [100, 64..=127, ..] => "a provider's shared address",
        [169, 254, ..] => "a link-local address",
        [192, 0, 0, _] | [192, 31, 196, _] | [192, 52, 193, _] | [192, 175, 48, _] => {
            "a reserved address"
        }
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => "an address for examples",
        [192, 88, 99, _] => "a relay's address",
        [198, 18 | 19, ..] => "an address for measurements",
        [224..=239, ..] => "a multicast address",
        [240..=255, ..] => "a reserved address",
        _ => return None,
    })
}

fn special_v6(address: Ipv6Addr) -> Option<&'static str> {
    let segments = address.segments();
    match segments {
        [0, 0, 0, 0, 0, 0, 0, 0] => Some("an address of this network"),
        [0, 0, 0, 0, 0, 0, 0, 1] => Some("an address of this machine"),
        // An IPv4 address in other clothes: mapped, compatible, translated (RFC 4291, 6052).
        [0, 0, 0, 0, 0, 0 | 0xffff, ..] | [0, 0, 0, 0, 0xffff, 0, ..] => {
            Some(special_v4(last_v4(segments)).unwrap_or("a mapped address"))
        }
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => special_v4(last_v4(segments)),
        // 6to4 carries one, too (RFC 3056).
        [0x2002, high, low, ..] => special_v4(v4(high, low)),
        // Teredo, benchmarks, ORCHID and the rest of what is set aside for protocols.
        [0x2001, 0..=0x1ff, ..] => Some("a reserved address"),
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Some("an address for examples"),
        [0x2620, 0x4f, 0x8000, ..] => Some("a reserved address"),
        [0xfc00..=0xfdff, ..] => Some("a private address"),
        [0xfe80..=0xfebf, ..] => Some("a link-local address"),
        [0xfec0..=0xfeff, ..] => Some("a private address"),
        [0xff00..=0xffff, ..] => Some("a multicast address"),
        // All that is given out for the public net begins with these three bits.
        [0x2000..=0x3fff, ..] => None,
        _ => Some("a reserved address"),
    }
}

fn last_v4(segments: [u16; 8]) -> Ipv4Addr {
    v4(segments[6], segments[7])
}

fn v4(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_net_is_asked() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "::ffff:0:10.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "2002:a9fe:a9fe::1",
            "3fff::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "ff02::1",
            "5f00::1",
            "4000::1",
            "1::1",
        ] {
            assert!(special(address.parse().unwrap()).is_some(), "{address}");
        }
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.1",
            "100.63.255.255",
            "100.128.0.1",
            "126.255.255.255",
            "128.0.0.1",
            "169.253.1.1",
            "172.15.255.255",
            "172.32.0.1",
            "192.0.1.1",
            "192.167.1.1",
            "192.169.1.1",
            "198.17.1.1",
            "198.20.1.1",
            "223.255.255.255",
            "2606:4700:4700::1111",
            "2a00:1450::1",
            "2001:4860:4860::8888",
            "2001:200::1",
            "64:ff9b::8.8.8.8",
            "2002:808:808::1",
            "2400::1",
        ] {
            assert_eq!(special(address.parse().unwrap()), None, "{address}");
        }
    }

    #[test]
    fn of_several_addresses_the_public_ones_remain() {
        let sockets = ["10.0.0.1:80", "8.8.8.8:80", "[::1]:80"].map(|it| it.parse().unwrap());
        let (allowed, refused) = sort(&sockets);
        assert_eq!(allowed, [sockets[1]]);
        assert_eq!(refused.unwrap().to_string(), "a private address: 10.0.0.1");
        assert_eq!(sort(&sockets[..1]).0, []);
    }
}
