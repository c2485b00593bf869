//! `explain`, `completions` and `man`: what Gleaner tells about itself.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap_complete::Shell;
use gleaner::diag::Code;

/// What stands below the options of `completions`.
pub(super) const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  gleaner completions bash > ~/.local/share/bash-completion/completions/gleaner
  gleaner completions zsh > ~/.zfunc/_gleaner
  gleaner completions fish > ~/.config/fish/completions/gleaner.fish";

#[derive(Debug, clap::Args)]
pub(crate) struct ExplainArgs {
    /// The code, such as `feed-repaired` [default: list all of them]
    #[arg(value_name = "CODE", value_parser = codes(), hide_possible_values = true)]
    pub(crate) code: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ManArgs {
    /// Write a page for each command into this folder, instead of the first page to stdout
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}

fn codes() -> PossibleValuesParser {
    PossibleValuesParser::new(Code::ALL.iter().map(|code| code.as_str()))
}
