//! How long one feed may take in all.
//!
//! Each request has a limit of its own, but a server may spend it again and again: by redirects, by
//! answers that say "come back in a minute", by documents of a history. Without a limit for all of it,
//! one feed could outlast the run of a CI, and take what the others have fetched with it.

#![expect(clippy::disallowed_methods, reason = "time is measured in the binary")]

use std::time::{Duration, Instant};

use super::failure::Failure;

/// The time that is left for a feed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    began: Instant,
    length: Duration,
}

impl Budget {
    /// Begins to count.
    pub(crate) fn start(length: Duration) -> Self {
        Budget {
            began: Instant::now(),
            length,
        }
    }

    /// What is left; none if that is nothing.
    pub(super) fn left(&self) -> Option<Duration> {
        let left = self.length.checked_sub(self.began.elapsed());
        left.filter(|left| !left.is_zero())
    }

    /// How the end of it is told.
    pub(super) fn spent(&self) -> Failure {
        let time = match self.length.as_secs() {
            1 => "1 second".to_owned(),
            seconds => format!("{seconds} seconds"),
        };
        Failure::new(format!(
            "given up after {time}, as long as one feed may take"
        ))
        .hint("the next fetch tries again; `--feed-timeout SECONDS` allows more")
    }
}
