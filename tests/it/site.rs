//! The harness: a small site in, the tree that comes out.
//!
//! A [`Site`] is a temporary folder; `build` runs the real program on it, as a user would. All
//! other files of this folder hold tests only.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::SystemTime;

/// The site.toml of a site that says no more than it must.
pub(crate) const MINIMAL: &str =
    "[site]\ntitle = \"A site\"\nbase_url = \"https://example.org/archive/\"\n";

/// What marks the folder of a cache, as every version wrote it.
#[cfg(unix)]
pub(crate) const CACHE_TAG: &str = "Signature: 8a477f597d28d172789f06886806bc55\n\
    # The cache of Gleaner: it makes builds quicker, and may be deleted at any time.\n\
    # See https://bford.info/cachedir/\n";

/// A site in a temporary folder.
pub(crate) struct Site {
    folder: Arc<tempfile::TempDir>,
    arguments: Vec<String>,
    environment: Vec<(&'static str, &'static str)>,
}

impl Site {
    /// An empty folder.
    pub(crate) fn empty() -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        Site {
            folder,
            arguments: Vec::new(),
            environment: Vec::new(),
        }
    }

    /// A site with a minimal site.toml and nothing else.
    pub(crate) fn new() -> Self {
        Site::empty().file("site.toml", MINIMAL)
    }

    /// The same under an address that is no example: a check has nothing to say of it.
    pub(crate) fn published() -> Self {
        let toml = MINIMAL.replace("example.org", "someone.github.io");
        Site::empty().file("site.toml", toml)
    }

    /// The example archive of this repository.
    pub(crate) fn example() -> Self {
        let site = Site::new();
        for name in ["site.toml", "content"] {
            copy(&repository().join(name), &site.path().join(name));
        }
        site
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Adds or replaces a file.
    pub(crate) fn file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// Adds an argument to every build.
    pub(crate) fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// Sets a variable of the environment of every run.
    pub(crate) fn variable(mut self, name: &'static str, value: &'static str) -> Self {
        self.environment.push((name, value));
        self
    }

    /// A file of the site as text; none if there is no such file.
    pub(crate) fn read(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.path().join(path)).ok()
    }

    /// A file of the site; none if there is no such file.
    pub(crate) fn read_bytes(&self, path: &str) -> Option<Vec<u8>> {
        fs::read(self.path().join(path)).ok()
    }

    /// Runs the program in the site's folder.
    pub(crate) fn gleaner(&self, arguments: &[&str]) -> Outcome {
        let output = Command::new(env!("CARGO_BIN_EXE_gleaner"))
            .args(arguments)
            .current_dir(self.path())
            .env_remove("CI")
            .envs(self.environment.iter().copied())
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

    /// Runs `gleaner build`.
    pub(crate) fn build(&self) -> Built {
        self.build_into(self.path().join("public"), &[])
    }

    /// Runs `gleaner build` with these arguments, which name this output folder.
    pub(crate) fn build_into(&self, public: PathBuf, arguments: &[&str]) -> Built {
        let before = stamps(&public);
        let output = Command::new(env!("CARGO_BIN_EXE_gleaner"))
            .args(["build", "--message-format", "short", "--root"])
            .arg(self.path())
            .args(&self.arguments)
            .args(arguments)
            // Then paths in messages are those of the site.
            .current_dir(self.path())
            .envs(self.environment.iter().copied())
            .output()
            .unwrap();
        let after = stamps(&public);
        let is_new = |path: &&String| before.get(*path) != after.get(*path);
        let wrote = after.keys().filter(is_new).cloned().collect();
        Built {
            folder: Arc::clone(&self.folder),
            public,
            output,
            wrote,
        }
    }
}

/// What a run of the program came to.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The exit code.
    pub code: i32,
    /// What it printed for programs.
    pub stdout: String,
    /// What it printed for people, with times as `…`, which differ from run to run.
    pub stderr: String,
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

/// What a build did.
pub(crate) struct Built {
    /// Lives as long as somebody looks at it.
    folder: Arc<tempfile::TempDir>,
    public: PathBuf,
    output: Output,
    wrote: Vec<String>,
}

impl Built {
    /// Asserts that the build had neither errors nor warnings.
    #[track_caller]
    pub(crate) fn clean(self) -> Self {
        assert_eq!(self.code(), 0, "{}", self.messages());
        let told: Vec<_> = self.diagnostics();
        assert!(told.is_empty(), "{told:#?}");
        self
    }

    /// The site's folder.
    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn code(&self) -> i32 {
        self.output.status.code().unwrap()
    }

    /// All that the program said.
    pub(crate) fn messages(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }

    /// The diagnostics, one line each.
    pub(crate) fn diagnostics(&self) -> Vec<String> {
        let is_diagnostic = |line: &&str| line.contains("warning[") || line.contains("error[");
        self.messages()
            .lines()
            .filter(is_diagnostic)
            .map(str::to_owned)
            .collect()
    }

    /// The files that the build wrote, but for its own list.
    pub(crate) fn wrote(&self) -> Vec<&str> {
        self.wrote
            .iter()
            .map(String::as_str)
            .filter(|path| !path.contains(".gleaner-"))
            .collect()
    }

    /// A file of the site as text.
    #[track_caller]
    pub(crate) fn page(&self, path: &str) -> String {
        let file = self.public.join(path);
        fs::read_to_string(&file)
            .unwrap_or_else(|error| panic!("{path}: {error}\n{}", self.messages()))
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.public.join(path).exists()
    }

    /// All files with their content, but for the list of owned files.
    pub(crate) fn tree(&self) -> BTreeMap<String, Vec<u8>> {
        files(&self.public)
            .into_iter()
            .filter(|path| !path.contains(".gleaner-"))
            .map(|path| {
                let bytes = fs::read(self.public.join(&path)).unwrap();
                (path, bytes)
            })
            .collect()
    }

    /// The permalinks of all entries: pages that hold an `h-entry` as their matter.
    pub(crate) fn entries(&self) -> Vec<String> {
        let is_entry = |bytes: &[u8]| {
            let page = String::from_utf8_lossy(bytes);
            page.contains("property=\"og:type\" content=\"article\"")
        };
        let tree = self.tree();
        tree.iter()
            .filter(|(_, bytes)| is_entry(bytes))
            .map(|(path, _)| path.clone())
            .collect()
    }
}

/// The folder of this repository.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Copies a file, or a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::copy(from, to).unwrap();
    }
}

/// All files below a folder, sorted, with `/`.
pub(crate) fn files(folder: &Path) -> Vec<String> {
    let mut found: Vec<String> = walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap();
            path.to_str().unwrap().replace('\\', "/")
        })
        .collect();
    found.sort();
    found
}

/// When each file was written.
fn stamps(folder: &Path) -> BTreeMap<String, SystemTime> {
    let stamp = |path: &String| fs::metadata(folder.join(path)).unwrap().modified().unwrap();
    files(folder)
        .into_iter()
        .map(|path| (path.clone(), stamp(&path)))
        .collect()
}

/// The values of an attribute in the tags of a page, entities decoded as far as our pages write
/// them. Text may show markup, too.
pub(crate) fn attributes(page: &str, name: &str) -> Vec<String> {
    let start = format!(" {name}=\"");
    page.split('<')
        .filter_map(|piece| piece.split('>').next())
        .flat_map(|tag| tag.split(&start).skip(1))
        .filter_map(|rest| rest.split('"').next())
        .map(|value| {
            value
                .replace("&quot;", "\"")
                .replace("&#x27;", "'")
                .replace("&#39;", "'")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&")
        })
        .collect()
}

/// Gives threads of this process as much of a stack as those of the program have: one that waits for
/// a part of its work takes on another, of other tests, too.
pub(crate) fn roomy_threads() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let pool = rayon::ThreadPoolBuilder::new().stack_size(32 << 20);
        pool.build_global().unwrap();
    });
}

/// Watches a run, and sees nothing.
pub(crate) struct Quiet;

impl gleaner::pipeline::Observer for Quiet {
    fn stage(&self, _: gleaner::pipeline::Stage, _: usize) {}
    fn step(&self, _: gleaner::pipeline::Stage) {}
    fn template(&self, _: &str, render: &mut dyn FnMut()) {
        render();
    }
}
