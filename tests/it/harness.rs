//! The one harness: a site in a temporary folder, and what the binary says about it.

use std::path::PathBuf;
use std::process::Command;

/// A configuration that is enough.
pub(crate) const SITE_TOML: &str =
    "[site]\ntitle = \"Things worth keeping\"\nbase_url = \"https://example.org/archive/\"\n";

/// A site in a folder of its own.
pub(crate) struct Site(tempfile::TempDir);

/// What a run of the binary came to.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The exit code.
    pub(crate) code: i32,
    /// What it printed for programs.
    pub(crate) stdout: String,
    /// What it printed for people, with times as `…`, which differ from run to run.
    pub(crate) stderr: String,
}

impl Site {
    /// An empty folder.
    pub(crate) fn empty() -> Self {
        Site(tempfile::tempdir().unwrap())
    }

    /// A site with the smallest configuration.
    pub(crate) fn new() -> Self {
        Site::empty().file("site.toml", SITE_TOML)
    }

    /// The same with this file.
    pub(crate) fn file(self, path: &str, text: &str) -> Self {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    /// Where a file of the site is.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    /// The text of a file; none if there is no such file.
    pub(crate) fn read(&self, path: &str) -> Option<String> {
        std::fs::read_to_string(self.path(path)).ok()
    }

    /// Runs the binary in the site's folder.
    pub(crate) fn gleaner(&self, arguments: &[&str]) -> Outcome {
        let output = Command::new(env!("CARGO_BIN_EXE_gleaner"))
            .args(arguments)
            .current_dir(self.0.path())
            .env_remove("CLICOLOR_FORCE")
            .env_remove("COLUMNS")
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        Outcome {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: without_times(&String::from_utf8(output.stderr).unwrap()),
        }
    }
}

/// Replaces `in 0.21 s (load 3 ms, …)` at the end of a line.
fn without_times(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        match line.rsplit_once(", in ") {
            Some((before, times)) if times.ends_with(')') => {
                out.push_str(before);
                out.push_str(", in …");
            }
            _ => out.push_str(line),
        }
        out.push('\n');
    }
    out
}
