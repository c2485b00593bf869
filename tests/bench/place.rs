//! What a benchmark is asked for, and the folder that it works in.

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// Entries, where nothing else is asked for.
const ENTRIES: usize = 10_000;
/// Mean length of a body, in bytes, where nothing else is asked for.
const BODY: usize = 16_000;
/// How often each build is repeated, where nothing else is asked for.
const RUNS: usize = 5;

/// What may be typed, after `cargo bench --bench NAME --`.
const USAGE: &str =
    "[ENTRIES] [FOLDER] [--body BYTES] [--runs N] [--search] [--scale] [--others] [--record]";

/// What the command line asks for.
pub(crate) struct Asked {
    /// How many entries.
    pub(crate) entries: usize,
    /// Where the archive stays, if it is to stay.
    pub(crate) folder: Option<PathBuf>,
    /// Mean length of a body, in bytes.
    pub(crate) body: usize,
    /// How often each build is repeated.
    pub(crate) runs: usize,
    /// Whether to build with search, too.
    pub(crate) search: bool,
    /// Whether to build archives of three sizes.
    pub(crate) scale: bool,
    /// Whether to build with other generators, too.
    pub(crate) others: bool,
    /// Whether the figures go into BENCHMARKS.md.
    pub(crate) record: bool,
}

impl Asked {
    /// Reads the command line.
    pub(crate) fn read() -> Result<Self, Box<dyn Error>> {
        let mut asked = Asked {
            entries: ENTRIES,
            folder: None,
            body: BODY,
            runs: RUNS,
            search: false,
            scale: false,
            others: false,
            record: false,
        };
        let mut plain = Vec::new();
        let mut words = env::args().skip(1);
        while let Some(word) = words.next() {
            let mut number = || words.next().unwrap_or_default().parse::<usize>();
            match word.as_str() {
                // Cargo's own.
                "--bench" => {}
                "--body" => asked.body = number()?,
                "--runs" => asked.runs = number()?.max(1),
                "--search" => asked.search = true,
                "--scale" => asked.scale = true,
                "--others" => asked.others = true,
                "--record" => asked.record = true,
                _ if word.starts_with('-') => return Err(format!("usage: {USAGE}").into()),
                _ => plain.push(word),
            }
        }
        let mut plain = plain.into_iter();
        if let Some(entries) = plain.next() {
            asked.entries = entries.parse()?;
        }
        asked.folder = plain.next().map(PathBuf::from);
        Ok(asked)
    }
}

/// A folder for one archive.
pub(crate) struct Place {
    /// The site's folder.
    pub(crate) root: PathBuf,
    /// Lives as long as the benchmark, where no folder was named.
    _temporary: TempDir,
}

impl Place {
    /// The folder that was named, which must be empty, or a temporary one.
    pub(crate) fn of(named: Option<&Path>) -> Result<Self, Box<dyn Error>> {
        let temporary = tempfile::Builder::new()
            .prefix("gleaner-bench")
            .tempdir_in(fastest_folder())?;
        let Some(root) = named else {
            let root = temporary.path().to_owned();
            return Ok(Place {
                root,
                _temporary: temporary,
            });
        };
        fs::create_dir_all(root)?;
        if fs::read_dir(root)?.next().is_some() {
            return Err(format!("the folder is not empty: {}", root.display()).into());
        }
        Ok(Place {
            root: root.to_owned(),
            _temporary: temporary,
        })
    }
}

/// Where files cost least, so that what is measured is Gleaner.
fn fastest_folder() -> PathBuf {
    let shared_memory = Path::new("/dev/shm");
    if shared_memory.is_dir() {
        shared_memory.to_owned()
    } else {
        env::temp_dir()
    }
}
