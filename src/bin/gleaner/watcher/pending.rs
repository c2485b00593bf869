//! What was told and is not yet handed out, and when it shall be.
//!
//! One save is several events, and a checkout is thousands. Who saves a file waits for the page, so
//! a few files are handed out at once when they are quiet; where many change, nobody counts
//! milliseconds, but a rebuild in the middle of a checkout would show a site that never was.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::map::Hold;
use super::system::What;

/// Without an event for so long, a few files are handed out: the events of one save follow each
/// other within a millisecond or two, and the page shall be there within 50.
const QUIET: Duration = Duration::from_millis(12);
/// The same while a file is still open: who truncated it has not written it yet.
const QUIET_OPEN: Duration = Duration::from_millis(100);
/// The same for many files, and for folders, which are about to be filled: a checkout, or a copy,
/// pauses longer than that on a slow disk only.
const QUIET_MANY: Duration = Duration::from_millis(100);
/// A few files that never are quiet, such as a log, are handed out after so long.
const LONGEST: Duration = Duration::from_millis(500);
/// The same for many files: checkouts of thousands of files take seconds.
const LONGEST_MANY: Duration = Duration::from_secs(5);
/// Before the map is drawn anew: folders that are made with one command are seen together.
const QUIET_FOLDERS: Duration = Duration::from_millis(2);
/// The same where more and more folders come: what is put into them must be heard.
const LONGEST_FOLDERS: Duration = Duration::from_millis(20);
/// More paths than this are many: a save touches a file, its backup, and maybe a picture.
const FEW: usize = 8;
/// Where files are closed, this is told; elsewhere, waiting for it would be in vain.
const CLOSING_IS_TOLD: bool = cfg!(target_os = "linux");

/// What was told of one path.
#[derive(Debug, Default)]
struct Seen {
    /// The paths of the site that it means.
    meant: BTreeSet<PathBuf>,
    /// It was not there before the first thing that was told of it.
    is_new: bool,
    is_open: bool,
}

/// A batch that grows.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// By real paths, as the system tells them.
    paths: BTreeMap<PathBuf, Seen>,
    /// What is touched beside them.
    everything: Vec<PathBuf>,
    /// Whether folders came, went or moved.
    has_folders: bool,
    /// Real paths at which the map is wrong, and since when.
    stale: Option<(Instant, BTreeSet<PathBuf>)>,
    /// When the first and the last thing were told.
    since: Option<(Instant, Instant)>,
}

impl Pending {
    /// Something happened to a path that counts.
    pub(super) fn note(
        &mut self,
        path: PathBuf,
        what: What,
        meant: BTreeSet<PathBuf>,
        hold: Hold,
        now: Instant,
    ) {
        self.has_folders |= hold == Hold::Folder;
        if hold != Hold::None {
            self.make_stale(path.clone(), now);
        }
        let is_new = what == What::Made && !self.paths.contains_key(&path);
        let seen = self.paths.entry(path).or_default();
        seen.is_new |= is_new;
        seen.meant.extend(meant);
        seen.is_open = matches!(what, What::Made | What::Written);
        self.told(now);
    }

    /// Anything may have happened.
    pub(super) fn note_everything(&mut self, all: Vec<PathBuf>, now: Instant) {
        self.has_folders = true;
        self.everything = all;
        // Everything lies below the empty path.
        self.make_stale(PathBuf::new(), now);
        self.told(now);
    }

    fn make_stale(&mut self, path: PathBuf, now: Instant) {
        let (_, stale) = self.stale.get_or_insert_with(|| (now, BTreeSet::new()));
        stale.insert(path);
    }

    fn told(&mut self, now: Instant) {
        let (first, _) = self.since.unwrap_or((now, now));
        self.since = Some((first, now));
    }

    /// Whether the map must be drawn anew first.
    pub(super) fn is_stale(&self) -> bool {
        self.stale.is_some()
    }

    /// Where the map is wrong; it is drawn anew now.
    pub(super) fn take_stale(&mut self, now: Instant) -> BTreeSet<PathBuf> {
        self.told(now);
        self.stale
            .take()
            .map(|(_, stale)| stale)
            .unwrap_or_default()
    }

    /// How long to wait for more; none where there is nothing yet.
    pub(super) fn wait(&self, now: Instant) -> Option<Duration> {
        let (first, last) = self.since?;
        let due = if let Some((stale, _)) = &self.stale {
            (last + QUIET_FOLDERS).min(*stale + LONGEST_FOLDERS)
        } else {
            let (quiet, longest) = self.patience();
            (last + quiet).min(first + longest)
        };
        Some(due.saturating_duration_since(now))
    }

    fn patience(&self) -> (Duration, Duration) {
        let is_open = || CLOSING_IS_TOLD && self.paths.values().any(|seen| seen.is_open);
        if self.has_folders || self.paths.len() > FEW {
            (QUIET_MANY, LONGEST_MANY)
        } else if is_open() {
            (QUIET_OPEN, LONGEST)
        } else {
            (QUIET, LONGEST)
        }
    }

    /// What was touched.
    pub(super) fn into_touched(self) -> BTreeSet<PathBuf> {
        let counts = |(path, seen): &(PathBuf, Seen)| {
            // An editor's temporary file that came and went within the batch.
            let was_nothing = seen.is_new && path.symlink_metadata().is_err();
            !was_nothing
        };
        let paths = self.paths.into_iter().filter(counts);
        let meant = paths.flat_map(|(_, seen)| seen.meant);
        meant.chain(self.everything).collect()
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a moment to count from")]
mod tests {
    use super::*;

    impl Pending {
        fn hear(&mut self, path: &str, what: What, now: Instant) {
            let meant = [PathBuf::from(path)].into();
            self.note(path.into(), what, meant, Hold::None, now);
        }
    }

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn a_save_is_handed_out_when_it_is_quiet() {
        let (mut pending, start) = (Pending::default(), Instant::now());
        assert_eq!(pending.wait(start), None);
        pending.hear("/x", What::Written, start);
        pending.hear("/x", What::Closed, start + ms(3));
        assert_eq!(pending.wait(start + ms(5)), Some(ms(10)));
        assert_eq!(pending.wait(start + ms(30)), Some(ms(0)));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_is_open_is_waited_for() {
        let (mut pending, start) = (Pending::default(), Instant::now());
        pending.hear("/x", What::Written, start);
        assert_eq!(pending.wait(start), Some(QUIET_OPEN));
    }

    #[test]
    fn who_never_is_quiet_is_handed_out_all_the_same() {
        let (mut pending, start) = (Pending::default(), Instant::now());
        for n in 0..=50 {
            pending.hear("/log", What::Closed, start + ms(n * 10));
        }
        assert_eq!(pending.wait(start + ms(500)), Some(ms(0)));
    }

    #[test]
    fn many_files_are_one_batch() {
        let (mut pending, start) = (Pending::default(), Instant::now());
        for n in 0..100 {
            pending.hear(&format!("/{n}"), What::Closed, start + ms(n * 20));
        }
        assert_eq!(pending.wait(start + ms(1980)), Some(QUIET_MANY));
        let mut overflown = Pending::default();
        overflown.note_everything(Vec::new(), start);
        assert_eq!(overflown.wait(start), Some(QUIET_FOLDERS));
        overflown.take_stale(start);
        assert_eq!(overflown.wait(start), Some(QUIET_MANY));
    }

    #[test]
    fn only_what_was_not_there_before_may_vanish_unseen() {
        let (mut pending, now) = (Pending::default(), Instant::now());
        pending.hear("/no/temporary", What::Made, now);
        pending.hear("/no/temporary", What::Moved, now);
        pending.hear("/no/replaced", What::Moved, now);
        pending.hear("/no/replaced", What::Made, now);
        let touched = pending.into_touched();
        assert_eq!(touched, [PathBuf::from("/no/replaced")].into());
    }
}
