//! From what happens on disk to what a build must look at again: batches of paths, each handed out
//! when the files have been quiet for a moment.
//!
//! 1. [`map`] says which real folders matter, and what in them means what; [`inputs`] asks the library
//!    which names a build reads, so that nothing is lost that counts, and nothing else disturbs;
//! 2. [`system`] watches these folders; where it cannot, or shall not, [`poll`] looks by itself;
//! 3. [`pending`] gathers what is told, until it is quiet;
//! 4. then the map is drawn anew, if folders or links came, went or moved, and the batch handed out.
//!
//! Invariant: what is changed after the start is handed out, at the latest with a folder that it
//! stands in; in particular what changes while a build runs.

mod inputs;
mod ledger;
mod map;
mod pending;
mod poll;
mod system;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

pub(crate) use inputs::Inputs;
pub(crate) use ledger::Ledger;
use map::Map;
use pending::Pending;
use poll::Poll;
use system::{Refusal, System, Told};

/// How often the files are looked at where the system cannot tell: a wait that a person just notices,
/// and a look at ten thousand files takes some 20 ms.
const INTERVAL: Duration = Duration::from_millis(500);

/// What is watched, and how.
#[derive(Debug, Clone, Default)]
pub(crate) struct WatchOptions {
    /// The site's folder.
    pub(crate) root: PathBuf,
    /// The configuration, where it is not `site.toml` in the site's folder.
    pub(crate) config: Option<PathBuf>,
    /// Folders in which nothing counts, though a link among the site's files may lead there: those
    /// of the output and of the cache.
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
    inputs: Inputs,
    ignored: Vec<PathBuf>,
    eye: Eye,
    notice: Option<Notice>,
}

/// By what it sees.
#[derive(Debug)]
enum Eye {
    System {
        system: System,
        told: Receiver<Told>,
        map: Map,
    },
    Poll(Poll),
}

impl Watcher {
    /// Begins to watch. Never fails: where the system cannot tell, it looks by itself, and gives
    /// notice of it.
    pub(crate) fn start(options: WatchOptions) -> Watcher {
        let inputs = Inputs::new(&options.root, options.config.as_deref());
        let ignored: Vec<_> = options.ignored.iter().map(|path| real(path)).collect();
        let (eye, notice) = match options.poll {
            Some(interval) => (Eye::Poll(Poll::start(&inputs, interval)), None),
            None => match Eye::system(&inputs, &ignored) {
                Ok(eye) => (eye, None),
                Err(refusal) => (
                    Eye::Poll(Poll::start(&inputs, INTERVAL)),
                    Some(fallback(&refusal)),
                ),
            },
        };
        Watcher {
            inputs,
            ignored,
            eye,
            notice,
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
        loop {
            let pending = match &mut self.eye {
                Eye::Poll(poll) => return Some(poll.next()),
                Eye::System { told, map, .. } => gather(told, map, &self.inputs)?,
            };
            let touched = self.settle(&pending);
            if !touched.is_empty() {
                return Some(touched);
            }
        }
    }

    /// What a batch means, after the watches have been brought into line with it.
    fn settle(&mut self, pending: &Pending) -> Vec<PathBuf> {
        let Eye::System { system, map, .. } = &mut self.eye else {
            return self.inputs.all();
        };
        let mut touched = BTreeSet::new();
        let mut is_stale = pending.everything;
        if pending.everything {
            touched.extend(self.inputs.all());
            system.keep(|_| false);
        }
        for (path, seen) in &pending.paths {
            if seen.is_moved && map.hangs_on(path) {
                is_stale = true;
                system.forget(path);
            }
            // An editor's temporary file that came and went within the batch.
            let was_nothing = seen.is_new && path.symlink_metadata().is_err();
            if !was_nothing {
                touched.extend(map.meant(&self.inputs, path));
            }
        }
        if is_stale && let Err(refusal) = draw(&self.inputs, &self.ignored, system, map) {
            self.notice = Some(fallback(&refusal));
            self.eye = Eye::Poll(Poll::start(&self.inputs, INTERVAL));
            // What changed before the first look.
            touched.extend(self.inputs.all());
        }
        touched.into_iter().collect()
    }
}

impl Eye {
    fn system(inputs: &Inputs, ignored: &[PathBuf]) -> Result<Eye, Refusal> {
        let (mut system, told) = System::new()?;
        let mut map = Map::default();
        draw(inputs, ignored, &mut system, &mut map)?;
        Ok(Eye::System { system, told, map })
    }
}

/// Draws the map anew, and watches what is on it and nothing else.
fn draw(
    inputs: &Inputs,
    ignored: &[PathBuf],
    system: &mut System,
    map: &mut Map,
) -> Result<(), Refusal> {
    let mut refusal = None;
    let drawn = Map::of(inputs, ignored, &mut |folder, part| {
        refusal = system.watch(folder, part).err();
        refusal.is_none()
    });
    if let Some(refusal) = refusal {
        return Err(refusal);
    }
    *map = drawn;
    system.keep(|folder| map.has(folder));
    Ok(())
}

/// Waits for something that counts, then until it is quiet. None if nobody will ever tell anything.
#[expect(clippy::disallowed_methods, reason = "to wait is to measure time")]
fn gather(told: &Receiver<Told>, map: &Map, inputs: &Inputs) -> Option<Pending> {
    let mut pending = Pending::default();
    loop {
        let next = match pending.wait(Instant::now()) {
            None => told.recv().ok()?,
            Some(wait) => match told.recv_timeout(wait) {
                Ok(next) => next,
                Err(RecvTimeoutError::Timeout) => return Some(pending),
                Err(RecvTimeoutError::Disconnected) => return None,
            },
        };
        match next {
            Told::Everything => pending.note_everything(Instant::now()),
            Told::Path(path, what) if !map.meant(inputs, &path).is_empty() => {
                pending.note(path, what, Instant::now());
            }
            Told::Path(..) => {}
        }
    }
}

fn fallback(refusal: &Refusal) -> Notice {
    let every = INTERVAL.as_millis();
    let raise = |name: &str| {
        Some(format!(
            "raise the limit, for example with `sudo sysctl fs.inotify.{name}`; `--poll` looks \
             without asking"
        ))
    };
    let (why, hint) = match refusal {
        Refusal::Watches => (
            "the system allows no further watches of folders",
            raise("max_user_watches=524288"),
        ),
        Refusal::Instances => (
            "the system allows no further watchers of files",
            raise("max_user_instances=1024"),
        ),
        Refusal::Other(error) => (&**error, None),
    };
    Notice {
        message: format!("files are looked at every {every} ms: {why}"),
        hint,
    }
}

/// A path without links, as far as it exists.
#[expect(clippy::disallowed_methods, reason = "links are followed to compare")]
fn real(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    std::fs::canonicalize(&absolute).unwrap_or(absolute)
}
