//! Which addresses are asked: those of the public net alone, unless the owner allows others.
//!
//! A feed's address may come from a stranger's change to site.toml, and so may a redirect or an answer
//! of the DNS; a machine that builds sites often stands next to services that trust it for where it
//! stands (RFC 1918 networks, a cloud's metadata at 169.254.169.254). So the check is made where names
//! become addresses: what passes it is what is connected to, and no second answer can slip in between.
//!
//! Invariant: link-local addresses and the metadata services of clouds are never asked, whatever the
//! owner allows. They hand out credentials, and nobody keeps a feed there.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// How far a request may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The public net alone.
    Public,
    /// This machine and its network, too.
    Private,
}

impl Reach {
    /// As far as is allowed.
    pub(crate) fn of(allow_private: bool) -> Self {
        match allow_private {
            true => Reach::Private,
            false => Reach::Public,
        }
    }
}

/// Tells what a special address is for; none if it belongs to the public net.
pub(super) type Judge = fn(IpAddr) -> Option<&'static str>;

/// Resolves names, and lets only those addresses pass that may be asked.
#[derive(Debug)]
pub(super) struct Guard {
    inner: DefaultResolver,
    reach: Reach,
    judge: Judge,
}

/// All addresses of a host are ones that may not be asked.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused {
    /// One of them; none if the name itself is refused.
    pub(super) address: Option<IpAddr>,
    /// What it is for.
    pub(super) range: &'static str,
    /// Whether no setting allows it.
    pub(super) never: bool,
}

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.address {
            Some(address) => write!(formatter, "{}: {address}", self.range),
            None => formatter.write_str(self.range),
        }
    }
}

impl std::error::Error for Refused {}

impl Guard {
    pub(super) fn new(reach: Reach) -> Self {
        Guard::judging(reach, special)
    }

    pub(super) fn judging(reach: Reach, judge: Judge) -> Self {
        Guard {
            inner: DefaultResolver::default(),
            reach,
            judge,
        }
    }

    /// Those of these addresses that may be asked, and one that may not.
    fn sort(&self, found: &[SocketAddr]) -> (Vec<SocketAddr>, Option<Refused>) {
        let mut refused = None;
        let may_pass = |socket: &&SocketAddr| {
            let address = socket.ip();
            let never = never(address);
            let private = match self.reach {
                Reach::Public => (self.judge)(address),
                Reach::Private => None,
            };
            let Some(range) = never.or(private) else {
                return true;
            };
            refused.get_or_insert(Refused {
                address: Some(address),
                range,
                never: never.is_some(),
            });
            false
        };
        let allowed = found.iter().filter(may_pass).copied().collect();
        (allowed, refused)
    }
}

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let refuse = |refused: Refused| Err(ureq::Error::Other(Box::new(refused)));
        if uri.host().is_some_and(is_metadata_name) {
            return refuse(Refused {
                address: None,
                range: METADATA,
                never: true,
            });
        }
        let found = self.inner.resolve(uri, config, timeout)?;
        let (allowed, refused) = self.sort(&found);
        match refused {
            Some(refused) if allowed.is_empty() => refuse(refused),
            _ => {
                let mut passed = self.empty();
                allowed.into_iter().for_each(|address| passed.push(address));
                Ok(passed)
            }
        }
    }
}

const METADATA: &str = "a cloud's metadata service";
const LINK_LOCAL: &str = "a link-local address";

/// Names that clouds give to their metadata services: Google, Amazon, Azure, Tencent, Equinix, Oracle.
const METADATA_NAMES: &[&str] = &[
    "instance-data",
    "instance-data.ec2.internal",
    "metadata",
    "metadata.azure.internal",
    "metadata.goog",
    "metadata.google.internal",
    "metadata.oraclecloud.com",
    "metadata.packet.net",
    "metadata.platformequinix.com",
    "metadata.tencentyun.com",
];

fn is_metadata_name(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    METADATA_NAMES.contains(&&*host)
}

/// What an address is for that is never asked.
fn never(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => never_v4(address),
        IpAddr::V6(address) => inner_v4(address)
            .and_then(never_v4)
            .or_else(|| never_v6(address)),
    }
}

fn never_v4(address: Ipv4Addr) -> Option<&'static str> {
    Some(match address.octets() {
        [169, 254, ..] => LINK_LOCAL,
        // Alibaba, Oracle's older service, and the host of each machine in Azure.
        [100, 100, 100, 200] | [192, 0, 0, 192] | [168, 63, 129, 16] => METADATA,
        _ => return None,
    })
}

fn never_v6(address: Ipv6Addr) -> Option<&'static str> {
    Some(match address.segments() {
        [0xfe80..=0xfebf, ..] => LINK_LOCAL,
        // Amazon (machines, and pods beside them), Google, Oracle, Scaleway.
        [0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x254 | 0x23]
        | [0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0x254]
        | [0xfd00, 0x00c1, 0, 0, 0, 0, 0xa9fe, 0xa9fe]
        | [0xfd00, 0x0042, 0, 0, 0, 0, 0, 0x42] => METADATA,
        _ => return None,
    })
}

/// The IPv4 address that an IPv6 address carries: mapped, compatible, translated (RFC 4291, 6052, and
/// for a network's own use 8215), 6to4 (RFC 3056), or by ISATAP (RFC 5214).
fn inner_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let segments = address.segments();
    match segments {
        [0, 0, 0, 0, 0, 0 | 0xffff, ..]
        | [0, 0, 0, 0, 0xffff, 0, ..]
        | [0x64, 0xff9b, ..]
        | [_, _, _, _, 0 | 0x0200, 0x5efe, ..] => Some(last_v4(segments)),
        [0x2002, high, low, ..] => Some(v4(high, low)),
        _ => None,
    }
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
        [169, 254, ..] => LINK_LOCAL,
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
        [0xfe80..=0xfebf, ..] => Some(LINK_LOCAL),
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
    fn of_several_addresses_those_remain_that_may_be_asked() {
        let sockets = ["10.0.0.1:80", "8.8.8.8:80", "[::1]:80"].map(|it| it.parse().unwrap());
        let public = Guard::new(Reach::Public);
        let (allowed, refused) = public.sort(&sockets);
        assert_eq!(allowed, [sockets[1]]);
        assert_eq!(refused.unwrap().to_string(), "a private address: 10.0.0.1");
        assert_eq!(public.sort(&sockets[..1]).0, []);
        assert_eq!(Guard::new(Reach::Private).sort(&sockets).0, sockets);
    }

    #[test]
    fn metadata_is_never_asked_for_in_whatever_clothes() {
        let guard = Guard::new(Reach::Private);
        for address in [
            "169.254.169.254",
            "169.254.170.2",
            "169.254.0.1",
            "100.100.100.200",
            "168.63.129.16",
            "192.0.0.192",
            "::ffff:169.254.169.254",
            "::169.254.169.254",
            "::ffff:0:169.254.169.254",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::169.254.169.254",
            "2002:a9fe:a9fe::1",
            "fd12::5efe:a9fe:a9fe",
            "fe80::1",
            "febf::a9fe:a9fe",
            "fd00:ec2::254",
            "fd00:ec2::23",
            "fd20:ce::254",
            "fd00:c1::a9fe:a9fe",
        ] {
            let socket = SocketAddr::new(address.parse().unwrap(), 80);
            let (allowed, refused) = guard.sort(&[socket]);
            assert!(allowed.is_empty(), "{address}");
            assert!(refused.is_some_and(|it| it.never), "{address}");
        }
        for address in ["127.0.0.1", "10.0.0.1", "192.168.1.5", "fd12::1", "::1"] {
            let socket = SocketAddr::new(address.parse().unwrap(), 80);
            assert_eq!(guard.sort(&[socket]).1, None, "{address}");
        }
        for name in [
            "metadata.google.internal",
            "METADATA.google.internal.",
            "metadata",
        ] {
            assert!(is_metadata_name(name), "{name}");
        }
        assert!(!is_metadata_name("metadata.example.org"));
    }
}
