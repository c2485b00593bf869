//! `theme`: what there is, and what is copied.

use std::path::PathBuf;

use clap::Subcommand;

use super::{FollowArgs, MessageFormat};

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct ThemeArgs {
    #[command(subcommand)]
    pub(crate) command: Option<ThemeCommand>,
    #[command(flatten)]
    pub(crate) list: ThemeListArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ThemeCommand {
    /// List the themes that there are, with their options and templates: what `theme` alone does
    List(ThemeListArgs),
    /// Copy a built-in theme, or some of its files, to `themes/`, to change them there
    ///
    /// What stands in `themes/<name>/` comes before the built-in file of the same name; what does
    /// not stand there stays built-in, and follows new versions of Gleaner. So export as little
    /// as you change.
    Export(ExportArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct ThemeListArgs {
    /// The folder of the site
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) root: PathBuf,
    #[command(flatten)]
    pub(crate) follow: FollowArgs,
    /// How to tell it: `short` is a line for each theme, `json` an object
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "human",
        value_parser = MessageFormat::without_annotations(),
    )]
    pub(crate) message_format: MessageFormat,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ExportArgs {
    /// The files to copy, such as `entry.html` [default: all]
    #[arg(value_name = "TEMPLATE")]
    pub(crate) templates: Vec<String>,
    /// The built-in theme [default: `gleaner`]
    #[arg(long, value_name = "NAME")]
    pub(crate) theme: Option<String>,
    /// The folder of the site
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) root: PathBuf,
    /// Overwrite files that are there
    #[arg(long)]
    pub(crate) force: bool,
}
