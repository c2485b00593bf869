//! Gleaner turns snapshots of feeds into a permanent, safe website.
//!
//! **A build is a function of its inputs, told as one straight line:**
//!
//! ```text
//! site.toml ──► config ─────────────┐
//!                                   ▼
//! content/ ─load─► bytes ─split─► slices ─parse─► sightings ─merge─► Archive ─sanitize─► Archive
//!                                       ─plan─► Plan ─render─► ─search─► bytes ─write─► public/
//! └────────── shell ───────┘└──────────────────────── pure ────────────────────────────┘└─ shell ─┘
//! ```
//!
//! Snapshots come from the network by `fetch` alone, which never builds: the binary asks, and
//! [`pipeline::Fetching`] tells what of the answers is new, and stores that. `check --links` alone asks
//! beside it; what it finds out is a list among the inputs ([`pipeline::Originals`]).
//!
//! Incremental: parsing and sanitizing are remembered by all that they were given (`memo`), from run
//! to run in the `cache`; merging and planning run in full in every build, and a preview, which goes
//! on, uses again what they gave for equal values; a page is rendered if the key of all that it is
//! made of is not that of the file that stands there. Nothing else knows of it.
//!
//! Seven rules hold it together:
//!
//! 1. The same inputs give the same bytes. No clock, network, environment, randomness, file time
//!    or hash order inside; time zones from the bundled database; paths sorted as bytes.
//! 2. Stages take values and return values; only [`pipeline`] knows their order. None calls
//!    another; `render` and `search` alone know types of others: the `Plan` and the `Theme` that
//!    they are given.
//! 3. One build path: every command calls the same functions; what makes it quick is memoized pure
//!    functions, never a second way to build.
//! 4. Only the shell touches the world: one reader (`load`), one writer (`write`), the `cache`, which
//!    is a hint, and the embedded themes. Writer and cache open nothing but `regular` files; clock and terminal stand in the binary alone.
//! 5. Report everything, with places: a run collects [`diag::Diagnostic`]s and never stops at the
//!    first bad feed.
//! 6. Nothing unsafe can reach a template, because the types differ: raw HTML becomes safe HTML
//!    only by sanitizing, a link is a safe URL, feed text is plain text.
//! 7. Bodies are handles: stages pass hashes around, texts lie on disk, and planning never reads one.
//!
//! Imports point down only: `diag`, `model` ← `config` ← the stages ← `pipeline` ← the binary.

mod cache;
mod config;
pub mod diag;
pub mod gate;
pub mod guard;
mod ingest;
mod load;
mod memo;
mod merge;
mod model;
pub mod pipeline;
mod plan;
mod regular;
mod render;
mod sanitize;
mod search;
mod theme;
mod write;
