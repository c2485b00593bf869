//! A server of feeds on this machine: scripted answers in, a record of what was asked out.

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// A server, as long as it lives.
pub(crate) struct Server {
    port: u16,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    /// What is said at each path: one answer after the other, the last for good.
    script: Mutex<BTreeMap<String, VecDeque<Answer>>>,
    asked: Mutex<Vec<Asked>>,
    ended: AtomicBool,
    busy: AtomicUsize,
    busiest: AtomicUsize,
}

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    headers: BTreeMap<String, String>,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

/// One answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    manner: Manner,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    Whole,
    Chunked,
    /// The connection is closed after so many bytes of the body.
    Cut(usize),
    /// Nothing is said for so long.
    Late(Duration),
}

impl Answer {
    pub(crate) fn new(status: u16, body: impl AsRef<[u8]>) -> Self {
        Answer {
            status,
            headers: Vec::new(),
            body: body.as_ref().to_vec(),
            manner: Manner::Whole,
        }
    }

    pub(crate) fn ok(body: impl AsRef<[u8]>) -> Self {
        Answer::new(200, body)
    }

    pub(crate) fn redirect(status: u16, to: &str) -> Self {
        Answer::new(status, "").header("Location", to)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With an ETag: who sends it back hears that nothing has changed.
    pub(crate) fn etag(self, tag: &str) -> Self {
        self.header("ETag", tag)
    }

    pub(crate) fn chunked(mut self) -> Self {
        self.manner = Manner::Chunked;
        self
    }

    pub(crate) fn cut(mut self, after: usize) -> Self {
        self.manner = Manner::Cut(after);
        self
    }

    pub(crate) fn late(mut self, by: Duration) -> Self {
        self.manner = Manner::Late(by);
        self
    }

    fn is_known(&self, asked: &Asked) -> bool {
        let says = |name: &str, asked: Option<&str>| {
            let mut headers = self.headers.iter();
            asked.is_some() && headers.any(|(it, value)| it == name && Some(&**value) == asked)
        };
        self.status == 200
            && (says("ETag", asked.header("if-none-match"))
                || says("Last-Modified", asked.header("if-modified-since")))
    }

    fn send(&self, out: &mut TcpStream, asked: &Asked) -> std::io::Result<()> {
        if let Manner::Late(by) = self.manner {
            std::thread::sleep(by);
        }
        if self.is_known(asked) {
            return out.write_all(b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n");
        }
        let mut head = format!("HTTP/1.1 {} Said\r\nConnection: close\r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if self.manner == Manner::Chunked {
            write!(out, "{head}Transfer-Encoding: chunked\r\n\r\n")?;
            for chunk in self.body.chunks(100) {
                write!(out, "{:x}\r\n", chunk.len())?;
                out.write_all(chunk)?;
                out.write_all(b"\r\n")?;
            }
            return out.write_all(b"0\r\n\r\n");
        }
        write!(out, "{head}Content-Length: {}\r\n\r\n", self.body.len())?;
        if asked.method == "HEAD" {
            return Ok(());
        }
        match self.manner {
            Manner::Cut(after) => out.write_all(&self.body[..after]),
            _ => out.write_all(&self.body),
        }
    }
}

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared::default());
        let served = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            for connection in listener.incoming() {
                if served.ended.load(Ordering::SeqCst) {
                    return;
                }
                let served = Arc::clone(&served);
                // Who is late must not keep the others waiting, nor the end of the test.
                std::thread::spawn(move || served.serve(connection.unwrap()));
            }
        });
        Server {
            port,
            shared,
            thread: Some(thread),
        }
    }

    /// The address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Scripts what is said at a path from now on; `HEAD /path` is for that method alone.
    pub(crate) fn says(&self, path: &str, answers: impl IntoIterator<Item = Answer>) {
        let mut script = self.shared.script.lock().unwrap();
        script.insert(path.to_owned(), answers.into_iter().collect());
    }

    /// What was asked since the last time that this was called.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.shared.asked.lock().unwrap())
    }

    /// The paths of what was asked.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.path).collect()
    }

    /// The most requests that there were at a time.
    pub(crate) fn busiest(&self) -> usize {
        self.shared.busiest.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn serve(&self, mut connection: TcpStream) {
        let Some(asked) = read(&connection) else {
            return;
        };
        let busy = self.busy.fetch_add(1, Ordering::SeqCst) + 1;
        self.busiest.fetch_max(busy, Ordering::SeqCst);
        self.asked.lock().unwrap().push(asked.clone());
        let answer = self.answer(&asked);
        // Counted before the client can know that it has all.
        std::thread::sleep(Duration::from_millis(5));
        self.busy.fetch_sub(1, Ordering::SeqCst);
        let _ = answer.send(&mut connection, &asked);
    }

    /// What is said to this method at this path, else at this path.
    fn answer(&self, asked: &Asked) -> Answer {
        let mut script = self.script.lock().unwrap();
        let with_method = format!("{} {}", asked.method, asked.path);
        let key = match script.contains_key(&with_method) {
            true => &with_method,
            false => &asked.path,
        };
        let Some(answers) = script.get_mut(key) else {
            return Answer::new(404, "no such feed");
        };
        match answers.len() {
            0 | 1 => answers.front().cloned().unwrap(),
            _ => answers.pop_front().unwrap(),
        }
    }
}

fn read(connection: &TcpStream) -> Option<Asked> {
    let mut lines = BufReader::new(connection).lines().map_while(Result::ok);
    let first = lines.next()?;
    let (method, rest) = first.split_once(' ')?;
    let path = rest.split(' ').next()?.to_owned();
    let headers = lines.take_while(|line| !line.is_empty());
    let headers = headers.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_lowercase(), value.trim().to_owned()))
    });
    Some(Asked {
        method: method.to_owned(),
        path,
        headers: headers.collect(),
    })
}
