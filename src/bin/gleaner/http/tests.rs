//! What is sent to whom, and how far a request reaches.

use super::*;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

#[test]
fn a_login_is_taken_out_of_the_address() {
    let secret = url("https://ada:p%40ss@example.org/feed?x=1#top");
    assert_eq!(
        login(&secret).unwrap(),
        format!("Basic {}", BASE64.encode(b"ada:p@ss"))
    );
    assert_eq!(bare(&secret).as_str(), "https://example.org/feed?x=1");
    assert_eq!(login(&url("https://example.org/")), None);
    assert_eq!(shown(&secret, true), "an address at example.org");
    assert_eq!(shown(&secret, false), "https://example.org/feed?x=1");
}

/// 127.0.0.2 plays a public address here: Linux has all of 127.0.0.0/8 on this machine.
#[cfg(target_os = "linux")]
mod reach {
    use std::io::{BufRead, BufReader, Write};
    use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
    use std::thread::JoinHandle;

    use super::*;

    const PUBLIC: &str = "127.0.0.2";
    const PRIVATE: &str = "127.0.0.1";

    fn guard(reach: Reach) -> Guard {
        Guard::judging(reach, |address: IpAddr| {
            (address.to_string() != PUBLIC).then_some("a private address")
        })
    }

    /// Answers once to each of these addresses: with a redirect to the next one, the last with a
    /// document.
    fn chain(hosts: &[&str]) -> (Vec<Url>, Vec<JoinHandle<()>>) {
        let listen = |host: &&str| TcpListener::bind((*host, 0)).unwrap();
        let listeners: Vec<TcpListener> = hosts.iter().map(listen).collect();
        let address = |listener: &TcpListener| listener.local_addr().unwrap();
        let addresses: Vec<SocketAddr> = listeners.iter().map(address).collect();
        let urls: Vec<Url> = addresses
            .iter()
            .map(|it| url(&format!("http://{it}/")))
            .collect();
        let mut targets = urls.clone().into_iter().skip(1);
        let servers = listeners.into_iter().map(|listener| {
            let target = targets.next();
            std::thread::spawn(move || {
                let (mut stream, _) = listener.accept().unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                lines.find(|line| line.as_ref().is_ok_and(String::is_empty));
                let answer = match target {
                    Some(url) => format!("302 Found\r\nLocation: {url}"),
                    None => "200 OK".to_owned(),
                };
                let _ = write!(
                    stream,
                    "HTTP/1.1 {answer}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                );
            })
        });
        let servers = servers.collect();
        (urls, servers)
    }

    fn get(hosts: &[&str], reach: Reach) -> Result<Reach, Code> {
        let patience = Patience {
            request: Duration::from_secs(20),
            unit: Duration::ZERO,
        };
        let client = Client::guarded(patience, Clock::Machine, guard);
        let budget = Budget::start(Duration::from_secs(60));
        let ask = Ask {
            validators: &Validators::default(),
            secret: false,
            reach,
            budget: &budget,
        };
        let (urls, servers) = chain(hosts);
        let answer = client.get(&urls[0], ask);
        for (url, server) in urls.iter().zip(servers) {
            // Who was not asked waits still.
            let _ = TcpStream::connect(url.socket_addrs(|| None).unwrap()[0]);
            server.join().unwrap();
        }
        let answer = answer.map_err(|failure| failure.code)?;
        Ok(answer.document.unwrap().reach)
    }

    #[test]
    fn a_private_address_is_asked_only_if_nothing_public_led_there() {
        use Reach::{Private, Public};
        let refused = Err(Code::FetchRefused);
        for (hosts, reach, expected) in [
            (&[PUBLIC][..], Public, Ok(Public)),
            (&[PUBLIC, PUBLIC], Private, Ok(Public)),
            (&[PRIVATE], Public, refused),
            (&[PRIVATE], Private, Ok(Private)),
            (&[PRIVATE, PRIVATE], Private, Ok(Private)),
            (&[PRIVATE, PUBLIC], Private, Ok(Public)),
            (&[PUBLIC, PRIVATE], Private, refused),
            (&[PRIVATE, PUBLIC, PRIVATE], Private, refused),
        ] {
            assert_eq!(get(hosts, reach), expected, "{hosts:?}, {reach:?}");
        }
    }
}

#[test]
fn a_program_that_asks_says_who_it_is() {
    assert!(USER_AGENT.starts_with("Gleaner/"), "{USER_AGENT}");
}
