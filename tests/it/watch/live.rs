//! The harness: a process that follows its site, and what it shows of it.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

/// How long something may take before a test gives up: a busy machine, a debug build.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

/// A process that prints a JSON object per line, and is killed when nobody holds it any more.
pub(crate) struct Process {
    child: Child,
    lines: Receiver<String>,
    told: Vec<String>,
}

impl Process {
    pub(crate) fn start(command: &str, root: &Path, arguments: &[&str]) -> Self {
        let program = Command::new(env!("CARGO_BIN_EXE_gleaner"));
        Process::of(program, command, root, arguments)
    }

    /// The same with a program that runs it.
    pub(crate) fn of(mut program: Command, command: &str, root: &Path, arguments: &[&str]) -> Self {
        let mut child = program
            .args([command, "--message-format", "json", "--root"])
            .arg(root)
            .args(arguments)
            .current_dir(root)
            .stdout(Stdio::piped())
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in out.lines() {
                let Ok(line) = line else { return };
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Process {
            child,
            lines,
            told: Vec::new(),
        }
    }

    /// The next line of this type.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, kind: &str) -> Value {
        loop {
            let Ok(line) = self.lines.recv_timeout(PATIENCE) else {
                panic!("waited for `{kind}` in vain; told: {:#?}", self.told);
            };
            self.told.push(line);
            let value: Value = serde_json::from_str(self.told.last().unwrap()).unwrap();
            if value["type"] == kind {
                return value;
            }
        }
    }

    /// A line of this type that was told already.
    #[track_caller]
    pub(crate) fn earlier(&self, kind: &str) -> Value {
        let mut told = self
            .told
            .iter()
            .map(|line| serde_json::from_str(line).unwrap());
        let found = told.find(|value: &Value| value["type"] == kind);
        found.unwrap_or_else(|| panic!("no `{kind}`; told: {:#?}", self.told))
    }

    pub(crate) fn id(&self) -> String {
        self.child.id().to_string()
    }

    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to a process of ours.
pub(crate) fn signal(signal: &str, process: &str) {
    let kill = Command::new("kill").args([signal, process]).status();
    assert!(kill.unwrap().success());
}

/// What follows a site: `watch` by the files that it writes, `serve` by what it answers.
pub(crate) trait Live {
    /// Starts it, and waits until it has seen the site once, whatever came of that.
    fn start(root: &Path, arguments: &[&str]) -> Self;
    /// What it shows at this path now.
    fn page(&self, path: &str) -> Option<String>;
    /// Its process.
    fn process(&mut self) -> &mut Process;

    /// Waits until it tells of a change: which files.
    #[track_caller]
    fn changed(&mut self) -> Vec<String> {
        let line = self.process().wait_for("changed");
        let files = line["files"].as_array().unwrap().iter();
        files
            .map(|file| file["file"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Waits until it told of so many files; how many rebuilds that took.
    #[track_caller]
    fn rebuilds(&mut self, files: usize) -> usize {
        let mut told = BTreeSet::new();
        let mut count = 0;
        while told.len() < files {
            told.extend(self.changed());
            count += 1;
        }
        count
    }

    /// Waits until what it shows is as it shall be.
    #[track_caller]
    fn until(&mut self, path: &str, is_right: impl Fn(Option<&str>) -> bool) {
        while !is_right(self.page(path).as_deref()) {
            self.changed();
        }
    }

    /// Waits until a page says this.
    #[track_caller]
    fn until_says(&mut self, path: &str, text: &str) {
        self.until(path, |page| page.is_some_and(|page| page.contains(text)));
    }

    /// Waits until there is no such page.
    #[track_caller]
    fn until_gone(&mut self, path: &str) {
        self.until(path, |page| page.is_none());
    }
}

/// `gleaner watch`.
pub(crate) struct Watch {
    process: Process,
    public: PathBuf,
}

impl Watch {
    /// Waits until the first build is done.
    pub(crate) fn of(mut process: Process, root: &Path) -> Self {
        process.wait_for("watching");
        Watch {
            process,
            public: root.join("public"),
        }
    }
}

impl Live for Watch {
    fn start(root: &Path, arguments: &[&str]) -> Self {
        Watch::of(Process::start("watch", root, arguments), root)
    }

    fn page(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.public.join(path)).ok()
    }

    fn process(&mut self) -> &mut Process {
        &mut self.process
    }
}

/// `gleaner serve`.
pub(crate) struct Serve {
    process: Process,
    host: String,
}

impl Live for Serve {
    fn start(root: &Path, arguments: &[&str]) -> Self {
        let arguments = [arguments, &["--port", "0"]].concat();
        let mut process = Process::start("serve", root, &arguments);
        let serving = process.wait_for("serving");
        let url = serving["url"].as_str().unwrap();
        let host = url.split('/').nth(2).unwrap().to_owned();
        process.wait_for("opened");
        Serve { process, host }
    }

    fn page(&self, path: &str) -> Option<String> {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let Serve { host, .. } = self;
        let request =
            format!("GET /archive/{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        head.starts_with("HTTP/1.1 200").then(|| body.to_owned())
    }

    fn process(&mut self) -> &mut Process {
        &mut self.process
    }
}
