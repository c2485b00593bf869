//! `gleaner completions`: from the description of the command line to what a shell completes.

use std::io::{self, Write};

use clap::{Command, CommandFactory};

use crate::args::{Args, CompletionsArgs};
use crate::exit::Exit;

pub(crate) fn run(args: &CompletionsArgs) -> Exit {
    let mut command = shown(&Args::command());
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, name, &mut script);
    // Nobody may be listening.
    let _ = io::stdout().lock().write_all(&script);
    Exit::Success
}

/// The same without hidden options: not every generator leaves them out by itself.
fn shown(command: &Command) -> Command {
    let arguments = command.get_arguments().filter(|one| !one.is_hide_set());
    let below = command.get_subcommands().filter(|one| !one.is_hide_set());
    // Names are static; the program ends before these few bytes could matter.
    let name: &'static str = command.get_name().to_owned().leak();
    let mut same = Command::new(name)
        .args(arguments.cloned())
        .subcommands(below.map(shown));
    if let Some(about) = command.get_about() {
        same = same.about(about.clone());
    }
    if command.get_version().is_some() {
        same = same.version(env!("CARGO_PKG_VERSION"));
    }
    same
}
