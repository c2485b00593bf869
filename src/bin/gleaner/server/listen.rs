//! From a host and a port to a socket that listens: where the port is taken, at the next free one.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener, ToSocketAddrs, UdpSocket};

/// The port that is tried first, unless one is asked for: no other generator's.
pub(crate) const PORT: u16 = 4747;

/// A socket that listens. Requests wait there until somebody answers.
#[derive(Debug)]
pub(crate) struct Listening {
    pub(super) socket: TcpListener,
    pub(super) address: SocketAddr,
    pub(super) host: String,
    /// The port that was wanted, if another process has it.
    pub(crate) taken: Option<u16>,
}

impl Listening {
    /// Listens at this host, and at this port or the next one that is free; 0 stands for any.
    pub(crate) fn start(host: &str, wanted: u16) -> Result<Self, String> {
        let address = address_of(host)?;
        let (socket, address) = bind(address, wanted)
            .map_err(|error| format!("cannot listen at {host}, port {wanted}: {error}"))?;
        Ok(Listening {
            socket,
            address,
            host: host.to_owned(),
            taken: (wanted != 0 && address.port() != wanted).then_some(wanted),
        })
    }

    /// Where a browser on this machine finds it.
    pub(crate) fn url(&self) -> String {
        let port = self.address.port();
        match self.address.ip() {
            // No address that one could go to: it stands for all.
            ip if ip.is_unspecified() => format!("http://127.0.0.1:{port}/"),
            _ if self.host.contains(':') && !self.host.starts_with('[') => {
                format!("http://[{}]:{port}/", self.host)
            }
            _ => format!("http://{}:{port}/", self.host),
        }
    }
}

impl Listening {
    /// Where a phone on the same network finds it, if it listens at all addresses.
    pub(crate) fn network_url(&self) -> Option<String> {
        if !self.address.ip().is_unspecified() {
            return None;
        }
        let ip = own_address(self.address.ip())?;
        Some(format!(
            "http://{}/",
            SocketAddr::new(ip, self.address.port())
        ))
    }
}

/// The address that this machine would send from to the internet. Connecting a datagram socket picks
/// it, and sends nothing.
fn own_address(any: IpAddr) -> Option<IpAddr> {
    // Addresses for documentation (RFC 5737, RFC 3849): they are routed like any other.
    let far = [
        (IpAddr::from([192, 0, 2, 1]), IpAddr::from([0, 0, 0, 0])),
        (
            IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1]),
            IpAddr::from([0_u16; 8]),
        ),
    ];
    // What listens at all addresses of version 6 is found by those of version 4, too.
    let fits = |(_, from): &&(IpAddr, IpAddr)| from.is_ipv4() || any.is_ipv6();
    far.iter().filter(fits).find_map(|(far, from)| {
        let socket = UdpSocket::bind((*from, 0)).ok()?;
        socket.connect((*far, 9)).ok()?;
        let own = socket.local_addr().ok()?.ip();
        (!own.is_loopback() && !own.is_unspecified()).then_some(own)
    })
}

fn address_of(host: &str) -> Result<IpAddr, String> {
    let bare = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let mut found = (bare.unwrap_or(host), 0)
        .to_socket_addrs()
        .map_err(|error| format!("cannot find the host {host}: {error}"))?;
    let first = found.next().map(|address| address.ip());
    first.ok_or_else(|| format!("the host {host} has no address"))
}

fn bind(ip: IpAddr, wanted: u16) -> io::Result<(TcpListener, SocketAddr)> {
    let mut port = wanted;
    loop {
        match TcpListener::bind((ip, port)) {
            Ok(socket) => {
                let address = socket.local_addr()?;
                return Ok((socket, address));
            }
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && port < u16::MAX => port += 1,
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_gives_the_next_free_one() {
        let first = Listening::start("127.0.0.1", 0).unwrap();
        assert_eq!(first.taken, None);
        let port = first.address.port();
        let second = Listening::start("127.0.0.1", port).unwrap();
        assert!(second.address.port() > port);
        assert_eq!(second.taken, Some(port));
        let url = format!("http://127.0.0.1:{}/", second.address.port());
        assert_eq!(second.url(), url);
        assert_eq!(second.network_url(), None);
    }

    #[test]
    fn what_listens_everywhere_names_an_address_that_others_can_reach() {
        let all = Listening::start("0.0.0.0", 0).unwrap();
        let port = all.address.port();
        assert_eq!(all.url(), format!("http://127.0.0.1:{port}/"));
        // A machine without a network has none.
        if let Some(url) = all.network_url() {
            assert!(url.ends_with(&format!(":{port}/")), "{url}");
            assert!(
                !url.contains("127.0.0.1") && !url.contains("//0.0.0.0"),
                "{url}"
            );
        }
    }

    #[test]
    fn a_host_that_nobody_knows_is_told() {
        let error = Listening::start("no host at all", 0).unwrap_err();
        assert!(
            error.starts_with("cannot find the host no host at all: "),
            "{error}"
        );
    }
}
