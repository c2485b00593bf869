//! Whole sites and the real program, in one binary: see `site.rs` for the harness.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails where it cannot go on"
)]
#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]
#![expect(
    clippy::disallowed_methods,
    reason = "tests make sites and look at what was written"
)]

mod build;
mod built_in_themes;
mod cache;
mod check;
mod ci;
mod cli;
mod deterministic;
mod feeds;
mod fetch;
mod guide;
mod incremental;
mod init;
mod links;
mod packaging;
mod pages;
mod preview;
mod publish;
mod readers;
mod reference;
mod related;
mod repository;
mod republish;
mod search;
mod seeds;
mod serve;
mod shell;
mod site;
mod texts;
mod theme_guide;
mod themes;
mod watch;
