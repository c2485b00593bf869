//! The command line of Gleaner: parses, dispatches, exits. Each command has a file of its own.

mod args;
mod build;
mod check;
mod clock;
mod completions;
mod exit;
mod explain;
mod fetch;
mod granted;
mod http;
mod init;
mod links;
mod man;
mod panic;
mod progress;
mod report;
mod run;
mod serve;
mod server;
mod signals;
mod theme;
mod watch;
mod watcher;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command, ThemeCommand};

/// Parsing HTML allocates a node for each element and each run of text: a fifth of a build's time
/// with the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    panic::install();
    let exit = match Args::parse().command {
        Command::Init(args) => init::run(&args),
        Command::Build(args) => build::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Watch(args) => watch::run(&args),
        Command::Fetch(args) => fetch::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
        Command::Theme(args) => match args.command {
            None => theme::list(&args.list),
            Some(ThemeCommand::List(args)) => theme::list(&args),
            Some(ThemeCommand::Export(args)) => theme::export(&args),
        },
    };
    exit.into()
}
