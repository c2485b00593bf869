//! Whose requests are answered: those that name this server by a name that is its own.
//!
//! A page of anybody can let its own name point to 127.0.0.1 (DNS rebinding), and would then read
//! what is served here as if it were its own. It cannot change the name in the request's `Host`, so
//! that is what is looked at. An address needs no look-up, and so cannot be rebound.

use std::net::IpAddr;

/// The names under which a server is asked for.
#[derive(Debug, Clone)]
pub(super) struct Hosts {
    bound: IpAddr,
    given: String,
}

impl Hosts {
    /// Of a server that listens at this address, since the command line named this host.
    pub(super) fn new(bound: IpAddr, given: &str) -> Self {
        Hosts {
            bound,
            given: bare(given).to_ascii_lowercase(),
        }
    }

    /// Whether a request may name its server so: a host, and maybe a port.
    pub(super) fn allow(&self, host: &str) -> bool {
        let name = without_port(host).to_ascii_lowercase();
        if name == "localhost" || name == self.given {
            return true;
        }
        match bare(&name).parse::<IpAddr>() {
            Ok(address) => self.bound.is_unspecified() || self.is_own(address),
            Err(_) => false,
        }
    }

    fn is_own(&self, address: IpAddr) -> bool {
        let loopback = [
            IpAddr::from([127, 0, 0, 1]),
            IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]),
        ];
        address == self.bound || loopback.contains(&address)
    }
}

/// `[::1]:80` is `[::1]`, `localhost:80` is `localhost`.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
            // What is left of an address without brackets is no name: it stays as it is.
            if name.contains(':') && !name.ends_with(']') {
                host
            } else {
                name
            }
        }
        _ => host,
    }
}

/// An address of version 6 without its brackets.
fn bare(host: &str) -> &str {
    host.strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(bound: &str, given: &str, host: &str) -> bool {
        Hosts::new(bound.parse().unwrap(), given).allow(host)
    }

    #[test]
    fn a_server_answers_to_its_own_names_alone() {
        for (bound, given, host, expected) in [
            ("127.0.0.1", "127.0.0.1", "127.0.0.1:4747", true),
            ("127.0.0.1", "127.0.0.1", "localhost:4747", true),
            ("127.0.0.1", "127.0.0.1", "LOCALHOST", true),
            ("127.0.0.1", "127.0.0.1", "[::1]:4747", true),
            ("127.0.0.1", "127.0.0.1", "evil.example:4747", false),
            ("127.0.0.1", "127.0.0.1", "localhost.evil.example", false),
            ("127.0.0.1", "127.0.0.1", "127.0.0.1.evil.example", false),
            ("127.0.0.1", "127.0.0.1", "192.168.1.5", false),
            ("127.0.0.1", "127.0.0.1", "", false),
            ("127.0.0.1", "desk.local", "desk.local:80", true),
            ("0.0.0.0", "0.0.0.0", "192.168.1.5:4747", true),
            ("0.0.0.0", "0.0.0.0", "desk.local:4747", false),
            ("::", "::", "[fe80::1]:4747", true),
            ("192.168.1.5", "192.168.1.5", "192.168.1.5:1", true),
            ("192.168.1.5", "192.168.1.5", "192.168.1.6:1", false),
            ("::1", "[::1]", "[::1]", true),
        ] {
            assert_eq!(allowed(bound, given, host), expected, "{bound} {host}");
        }
    }
}
