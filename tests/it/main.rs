//! Gleaner from the outside: the real binary on sites that live as long as their test.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]
#![expect(
    clippy::disallowed_methods,
    reason = "tests make sites and look at what was written"
)]

mod cli;
mod harness;
