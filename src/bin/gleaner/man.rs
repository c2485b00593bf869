//! `gleaner man`: from the description of the command line to pages of the manual, one for each
//! command, named as `man` looks for them: `gleaner-theme-export.1`.

use std::io::{self, Write};

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use gleaner::pipeline::write_manual;

use crate::args::{Args, ManArgs};
use crate::exit::Exit;
use crate::report;

/// How the part begins that stands below the options in the help.
const BELOW: &str = "\n.SH EXTRA\n";

pub(crate) fn run(args: &ManArgs) -> Exit {
    let pages = pages();
    match &args.dir {
        None => {
            let first = pages.first().map_or(&[][..], |(_, page)| page);
            // Nobody may be listening.
            let _ = io::stdout().lock().write_all(first);
            Exit::Success
        }
        Some(folder) => match write_manual(folder, &pages) {
            Ok(()) => Exit::Success,
            Err(error) => {
                report::usage(&format!("cannot write to {}: {error}", folder.display()));
                Exit::Usage
            }
        },
    }
}

/// Names of files with what is in them, the program's own first.
fn pages() -> Vec<(String, Vec<u8>)> {
    // `help` explains itself.
    let mut command = Args::command().disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    add(&command, &mut pages);
    pages
}

fn add(command: &Command, pages: &mut Vec<(String, Vec<u8>)>) {
    let man = Man::new(command.clone());
    let mut page = Vec::new();
    // Writing to memory cannot fail.
    let _ = man.render(&mut page);
    pages.push((man.get_filename(), with_examples(&page)));
    for below in command.get_subcommands().filter(|one| !one.is_hide_set()) {
        add(below, pages);
    }
}

/// The same with what stands below the help under a name of its own, and its lines as they are.
fn with_examples(page: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(page);
    let Some((before, rest)) = text.split_once(BELOW) else {
        return page.to_vec();
    };
    let (examples, after) = match rest.split_once("\n.SH ") {
        Some((examples, after)) => (examples, format!("\n.SH {after}")),
        None => (rest.trim_end(), "\n".to_owned()),
    };
    format!("{before}\n.SH EXAMPLES\n.nf\n{examples}\n.fi{after}").into_bytes()
}
