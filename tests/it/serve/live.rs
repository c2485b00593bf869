//! The harness: a server that shows a site, and a browser as plain as TCP.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use serde_json::Value;

use crate::site::{Site, attributes};
use crate::watch::live::{PATIENCE, Process};

/// A `gleaner serve` that runs as long as somebody holds it.
pub(crate) struct Serve {
    process: Process,
    /// `127.0.0.1:4747`
    pub(crate) host: String,
}

/// What a request was answered with.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// What a page says of itself to the server's events.
#[derive(Debug, Clone)]
pub(crate) struct Tab {
    page: String,
    hash: String,
    edition: String,
}

/// The stream of a tab.
pub(crate) struct Stream {
    events: Receiver<(String, Value)>,
}

impl Serve {
    /// Serves a site, from the moment when the server listens.
    pub(crate) fn start(site: &Site, arguments: &[&str]) -> Self {
        let mut arguments = arguments.to_vec();
        if !arguments.contains(&"--port") {
            arguments.extend(["--port", "0"]);
        }
        let mut process = Process::start("serve", site.path(), &arguments);
        let serving = process.wait_for("serving");
        let url = serving["url"].as_str().unwrap();
        let host = url.split('/').nth(2).unwrap().to_owned();
        Serve { process, host }
    }

    /// The same, from the moment when the site was read.
    pub(crate) fn opened(site: &Site, arguments: &[&str]) -> Self {
        let mut serve = Serve::start(site, arguments);
        serve.wait_for("opened");
        serve
    }

    /// The next line of this type.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, kind: &str) -> Value {
        self.process.wait_for(kind)
    }

    /// Sends these bytes, and reads the answer to its end.
    pub(crate) fn send(&self, request: &str) -> Reply {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        Reply::parse(&answer)
    }

    /// Asks for a path as it is, with more headers, each ending with a line end.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &str) -> Reply {
        let host = &self.host;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n"
        );
        self.send(&request)
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, "")
    }

    /// Opens a page in a new tab.
    pub(crate) fn visit(&self, path: &str) -> Tab {
        Tab::of(&self.get(path).text())
    }

    /// Opens the stream of a tab.
    pub(crate) fn listen(&self, tab: &Tab) -> Stream {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("page", &tab.page);
        query.append_pair("hash", &tab.hash);
        query.append_pair("edition", &tab.edition);
        let path = format!("/-gleaner/events?{}", query.finish());
        let mut stream = TcpStream::connect(&self.host).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.host);
        stream.write_all(request.as_bytes()).unwrap();
        let (sender, events) = channel();
        thread::spawn(move || {
            let mut name = String::new();
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                if let Some(event) = line.strip_prefix("event: ") {
                    event.clone_into(&mut name);
                } else if let Some(data) = line.strip_prefix("data: ") {
                    let data = serde_json::from_str(data).unwrap();
                    if sender.send((name.clone(), data)).is_err() {
                        return;
                    }
                }
            }
        });
        Stream { events }
    }
}

impl Reply {
    fn parse(answer: &[u8]) -> Self {
        let end = answer
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .unwrap();
        let head = std::str::from_utf8(&answer[..end]).unwrap();
        let (first, headers) = head.split_once("\r\n").unwrap();
        let headers = headers.lines().map(|line| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_ascii_lowercase(), value.to_owned())
        });
        let reply = Reply {
            status: first.split(' ').nth(1).unwrap().parse().unwrap(),
            headers: headers.collect(),
            body: answer[end + 4..].to_vec(),
        };
        assert!(reply.header("transfer-encoding").is_none(), "{reply:?}");
        reply
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// The bytes without the one element that the preview adds.
    #[track_caller]
    pub(crate) fn without_script(&self) -> Vec<u8> {
        let text = self.text();
        let (before, rest) = text
            .split_once("<script src=\"/-gleaner/reload.js\"")
            .unwrap();
        let (_, after) = rest.split_once("</script>").unwrap();
        assert!(!after.contains("/-gleaner/"), "{after}");
        format!("{before}{after}").into_bytes()
    }
}

impl Tab {
    /// The tab that shows this page.
    #[track_caller]
    pub(crate) fn of(page: &str) -> Self {
        let value = |name| attributes(page, name).pop().unwrap();
        Tab {
            page: value("data-page"),
            hash: value("data-hash"),
            edition: value("data-edition"),
        }
    }
}

impl Stream {
    /// The next event: its name, and what it says.
    #[track_caller]
    pub(crate) fn next(&self) -> (String, Value) {
        self.events.recv_timeout(PATIENCE).unwrap()
    }

    /// What the next event says, which has this name.
    #[track_caller]
    pub(crate) fn expect(&self, name: &str) -> Value {
        let (found, data) = self.next();
        assert_eq!(found, name, "{data}");
        data
    }

    /// Asserts that nothing has been told but what was taken.
    #[track_caller]
    pub(crate) fn is_silent(&self) {
        let next = self.events.try_recv();
        assert!(next.is_err(), "{next:?}");
    }
}
