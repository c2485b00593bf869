//! The time: the machine's, or the one that a test sets.

use jiff::Timestamp;

/// What says what time it is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Clock {
    /// The machine.
    Machine,
    /// It is always the same.
    Stopped(Timestamp),
}

impl Clock {
    /// The time, to the second.
    pub(crate) fn now(self) -> Timestamp {
        let now = match self {
            #[expect(clippy::disallowed_methods, reason = "the clock belongs to the binary")]
            Clock::Machine => Timestamp::now(),
            Clock::Stopped(time) => time,
        };
        Timestamp::from_second(now.as_second()).unwrap_or(now)
    }
}
