//! What a benchmark is asked for, and the folder that it works in.

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// Entries, where nothing else is asked for.
const ENTRIES: usize = 10_000;

/// How large the archive is to be, and where.
pub(crate) struct Place {
    /// How many entries.
    pub(crate) entries: usize,
    /// The site's folder.
    pub(crate) root: PathBuf,
    /// Lives as long as the benchmark, where no folder was named.
    _temporary: TempDir,
}

impl Place {
    /// `[ENTRIES] [FOLDER]` of the command line.
    pub(crate) fn asked_for() -> Result<Self, Box<dyn Error>> {
        let mut arguments = env::args().skip(1).filter(|word| !word.starts_with('-'));
        let entries = arguments.next().map_or(Ok(ENTRIES), |word| word.parse())?;
        let temporary = tempfile::Builder::new()
            .prefix("gleaner-bench")
            .tempdir_in(fastest_folder())?;
        let named = arguments.next().map(PathBuf::from);
        Ok(Place {
            entries,
            root: named.unwrap_or_else(|| temporary.path().to_owned()),
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
