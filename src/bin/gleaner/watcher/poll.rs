//! Looks at the files every so often, where the system does not tell.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::inputs::Inputs;
use super::ledger::Ledger;

/// After a change was seen, the next look comes so much later: the files shall have been quiet.
const QUIET: Duration = Duration::from_millis(50);
/// Files that never are quiet are handed out after so long.
const LONGEST: Duration = Duration::from_secs(5);
/// File systems tell times by two seconds (FAT) or finer: a file that was changed once more within
/// the same step looks the same, so it is handed out a second time, after so long.
const COARSEST: Duration = Duration::from_millis(2_100);

/// Looks at the files every so often.
#[derive(Debug)]
pub(super) struct Poll {
    inputs: Inputs,
    ledger: Ledger,
    interval: Duration,
    /// What is to be handed out once more, and when.
    again: Option<(Instant, BTreeSet<PathBuf>)>,
}

#[expect(clippy::disallowed_methods, reason = "to wait is to measure time")]
impl Poll {
    /// Looks for the first time.
    pub(super) fn start(inputs: &Inputs, interval: Duration) -> Self {
        Poll {
            ledger: Ledger::open(inputs.clone()),
            inputs: inputs.clone(),
            interval,
            again: None,
        }
    }

    /// Waits until files changed and have been quiet since.
    pub(super) fn next(&mut self) -> Vec<PathBuf> {
        loop {
            sleep(self.interval);
            let changed = self.changed();
            if !changed.is_empty() {
                let due = Instant::now() + COARSEST;
                let (_, again) = self.again.get_or_insert_with(|| (due, BTreeSet::new()));
                again.extend(changed.iter().cloned());
                return changed.into_iter().collect();
            }
            if self
                .again
                .as_ref()
                .is_some_and(|(due, _)| *due <= Instant::now())
                && let Some((_, again)) = self.again.take()
            {
                return again.into_iter().collect();
            }
        }
    }

    /// What changed since the last look, once it is quiet.
    fn changed(&mut self) -> BTreeSet<PathBuf> {
        let mut changed = self.look();
        let since = Instant::now();
        while !changed.is_empty() && since.elapsed() < LONGEST {
            sleep(QUIET);
            let more = self.look();
            if more.is_empty() {
                break;
            }
            changed.extend(more);
        }
        changed
    }

    fn look(&mut self) -> BTreeSet<PathBuf> {
        self.ledger.look(&self.inputs.all()).into_keys().collect()
    }
}
