//! The workflow that `gleaner init --github` writes, run without GitHub: its own steps, in order, in
//! checkouts of a bare repository, against a server of feeds on this machine, day after day.

mod action;
mod expressions;
mod growth;
mod runner;
mod story;
mod workflow;
