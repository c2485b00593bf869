//! `gleaner check`: what it tells beside what a build tells, and what it leaves alone.

mod coverage;
mod inside;
mod links;
mod settings;
