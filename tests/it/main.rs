//! Whole sites and the real program, in one binary: see `site.rs` for the harness.

mod build;
mod deterministic;
mod feeds;
mod links;
mod repository;
mod seeds;
mod site;
mod themes;
