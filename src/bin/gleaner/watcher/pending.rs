//! What was told and is not yet handed out, and when it shall be.
//!
//! One save is several events, and a checkout is thousands. Who saves a file waits for the page, so
//! a few files are handed out at once when they are quiet; where many change, nobody counts
//! milliseconds, but a rebuild in the middle of a checkout would show a site that never was.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::system::What;

/// Without an event for so long, a few files are handed out: the events of one save follow each
/// other within a millisecond or two, and the page shall be there within 50.
const QUIET: Duration = Duration::from_millis(12);
/// The same while a file is still open: who truncated it has not written it yet.
const QUIET_OPEN: Duration = Duration::from_millis(100);
/// The same for many files: a checkout, or a copy, pauses longer than that on a slow disk only.
const QUIET_MANY: Duration = Duration::from_millis(100);
/// A few files that never are quiet, such as a log, are handed out after so long.
const LONGEST: Duration = Duration::from_millis(500);
/// The same for many files: checkouts of thousands of files take seconds.
const LONGEST_MANY: Duration = Duration::from_secs(5);
/// More paths than this are many: a save touches a file, its backup, and maybe a picture.
const FEW: usize = 8;
/// Where files are closed, this is told; elsewhere, waiting for it would be in vain.
const CLOSING_IS_TOLD: bool = cfg!(target_os = "linux");

/// What was told of one path.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    /// It was not there before the first thing that was told of it.
    pub(super) is_new: bool,
    /// Another file or folder may stand there now, or none.
    pub(super) is_moved: bool,
    is_open: bool,
}

/// A batch that grows.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// Real paths, as the system tells them.
    pub(super) paths: BTreeMap<PathBuf, Seen>,
    /// Whether anything may have changed.
    pub(super) everything: bool,
    /// When the first and the last thing were told.
    since: Option<(Instant, Instant)>,
}

impl Pending {
    /// Something happened to a path that counts.
    pub(super) fn note(&mut self, path: PathBuf, what: What, now: Instant) {
        let mut is_first = false;
        let seen = self.paths.entry(path).or_insert_with(|| {
            is_first = true;
            Seen::default()
        });
        match what {
            What::Made => {
                seen.is_new |= is_first;
                seen.is_moved = true;
                seen.is_open = true;
            }
            What::Moved => {
                seen.is_moved = true;
                seen.is_open = false;
            }
            What::Written => seen.is_open = true,
            What::Closed => seen.is_open = false,
        }
        self.told(now);
    }

    /// Anything may have happened.
    pub(super) fn note_everything(&mut self, now: Instant) {
        self.everything = true;
        self.told(now);
    }

    fn told(&mut self, now: Instant) {
        let (first, _) = self.since.unwrap_or((now, now));
        self.since = Some((first, now));
    }

    /// How long to wait for more; none where there is nothing yet.
    pub(super) fn wait(&self, now: Instant) -> Option<Duration> {
        let (first, last) = self.since?;
        let is_open = || CLOSING_IS_TOLD && self.paths.values().any(|seen| seen.is_open);
        let (quiet, longest) = if self.everything || self.paths.len() > FEW {
            (QUIET_MANY, LONGEST_MANY)
        } else if is_open() {
            (QUIET_OPEN, LONGEST)
        } else {
            (QUIET, LONGEST)
        };
        let due = (last + quiet).min(first + longest);
        Some(due.saturating_duration_since(now))
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a moment to count from")]
mod tests {
    use super::*;

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn a_save_is_handed_out_when_it_is_quiet() {
        let (mut pending, start) = (Pending::default(), Instant::now());
        assert_eq!(pending.wait(start), None);
        pending.note("/x".into(), What::Written, start);
        pending.note("/x".into(), What::Closed, start + ms(3));
        assert_eq!(pending.wait(start + ms(5)), Some(ms(10)));
        assert_eq!(pending.wait(start + ms(30)), Some(ms(0)));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_is_open_is_waited_for() {
        let (mut pending, start) = (Pending::default(), Instant::now());
        pending.note("/x".into(), What::Written, start);
        assert_eq!(pending.wait(start), Some(QUIET_OPEN));
    }

    #[test]
    fn who_never_is_quiet_is_handed_out_all_the_same() {
        let (mut pending, start) = (Pending::default(), Instant::now());
        for n in 0..=50 {
            pending.note("/log".into(), What::Closed, start + ms(n * 10));
        }
        assert_eq!(pending.wait(start + ms(500)), Some(ms(0)));
    }

    #[test]
    fn many_files_are_one_batch() {
        let (mut pending, start) = (Pending::default(), Instant::now());
        for n in 0..100 {
            pending.note(format!("/{n}").into(), What::Closed, start + ms(n * 20));
        }
        assert_eq!(pending.wait(start + ms(1980)), Some(QUIET_MANY));
        let mut overflown = Pending::default();
        overflown.note_everything(start);
        assert_eq!(overflown.wait(start), Some(QUIET_MANY));
    }

    #[test]
    fn only_what_was_not_there_before_is_new() {
        let (mut pending, now) = (Pending::default(), Instant::now());
        pending.note("/temporary".into(), What::Made, now);
        pending.note("/temporary".into(), What::Moved, now);
        pending.note("/replaced".into(), What::Moved, now);
        pending.note("/replaced".into(), What::Made, now);
        assert!(pending.paths[&PathBuf::from("/temporary")].is_new);
        assert!(!pending.paths[&PathBuf::from("/replaced")].is_new);
    }
}
