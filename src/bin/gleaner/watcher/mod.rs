//! From what happens on disk to what a build must look at again: batches of paths, each handed out
//! when the files have been quiet for a moment.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

/// Without an event for so long, a batch is handed out.
const QUIET: Duration = Duration::from_millis(12);

/// What is watched, and how.
#[derive(Debug, Clone, Default)]
pub(crate) struct WatchOptions {
    /// The site's folder.
    pub(crate) root: PathBuf,
    /// The configuration, where it is not `site.toml` in the site's folder.
    pub(crate) config: Option<PathBuf>,
    /// Folders in which nothing counts: those of the output and of the cache.
    pub(crate) ignored: Vec<PathBuf>,
    /// How often to look, where the system shall not be asked to tell.
    pub(crate) poll: Option<Duration>,
}

/// What is to be told of the watching itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    /// What is so, and why.
    pub(crate) message: String,
    /// What the owner can do about it.
    pub(crate) hint: Option<String>,
}

/// Watches a site: what was touched from the start of the watcher on is handed out sooner or later,
/// so it is started before the first build.
#[derive(Debug)]
pub(crate) struct Watcher {
    events: Receiver<notify::Result<notify::Event>>,
    _source: Option<RecommendedWatcher>,
    notice: Option<Notice>,
}

impl Watcher {
    /// Begins to watch. Never fails: where the system cannot tell, it looks by itself, and gives
    /// notice of it.
    pub(crate) fn start(options: WatchOptions) -> Watcher {
        let (sender, events) = channel();
        let mut source = notify::recommended_watcher(sender).ok();
        for folder in ["content", "themes"] {
            if let Some(source) = &mut source {
                let _ = source.watch(&options.root.join(folder), RecursiveMode::Recursive);
            }
        }
        if let Some(source) = &mut source {
            let _ = source.watch(&options.root, RecursiveMode::NonRecursive);
        }
        Watcher {
            events,
            _source: source,
            notice: None,
        }
    }

    /// What to tell the owner, once; to be asked after the start and after each batch, as the
    /// system's limits may be hit late.
    pub(crate) fn notice(&mut self) -> Option<Notice> {
        self.notice.take()
    }

    /// Waits until files changed and have been quiet since: what was touched, as the library names
    /// it, under the site's folder as it was given. A path need not exist any more; a touched folder
    /// stands for all that is in it. None when nothing will ever be told again: the process shall end.
    pub(crate) fn next(&mut self) -> Option<Vec<PathBuf>> {
        let mut touched = Vec::new();
        loop {
            let event = if touched.is_empty() {
                self.events.recv().ok()?
            } else {
                match self.events.recv_timeout(QUIET) {
                    Ok(event) => event,
                    Err(RecvTimeoutError::Timeout) => break,
                    Err(RecvTimeoutError::Disconnected) => return None,
                }
            };
            if let Ok(event) = event
                && !matches!(event.kind, EventKind::Access(_))
            {
                touched.extend(event.paths);
            }
        }
        touched.sort();
        touched.dedup();
        Some(touched)
    }
}
