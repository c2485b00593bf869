//! `gleaner init`: from a few words to a site that builds at once.
//!
//! 1. [`ask`]: what was typed, or, on a terminal where nothing was, what is answered;
//! 2. [`feeds`]: a name for each address, and a variable for each that looks like a secret;
//! 3. [`git`]: in which repository the folder stands, if any;
//! 4. [`files`]: the files, written all or not at all;
//! 5. a repository, and the first snapshots: what fails here is told, and the site stays;
//! 6. what to type next.

mod ask;
mod feeds;
mod files;
mod git;
mod next;

use std::path::Path;

use gleaner::diag::{Code, Diagnostic, escape_controls};
use gleaner::pipeline::{in_the_way, new_site};

use crate::args::{FetchArgs, GrantArgs, InitArgs, MessageFormat, Vcs};
use crate::exit::Exit;
use crate::report::Border;
use crate::{fetch, report};
use feeds::Feed;
use git::Repository;
use next::Fetched;

/// What the new site is to be.
#[derive(Debug, Default)]
struct Wishes {
    title: String,
    base_url: Option<String>,
    feeds: Vec<Feed>,
    /// Where the workflow gets Gleaner from; none: there is no workflow.
    action: Option<String>,
    allow_private_addresses: bool,
    /// The branch that the workflow publishes.
    branch: String,
}

pub(crate) fn run(args: &InitArgs) -> Exit {
    // Nobody should answer questions about a site that cannot be.
    let taken = in_the_way(&args.dir, &files::of(&Wishes::default()));
    if !taken.is_empty() {
        return refused(&args.dir, taken);
    }
    let answers = match ask::answers(args) {
        Ok(answers) => answers,
        Err(message) => {
            report::usage(&message);
            return Exit::Usage;
        }
    };
    let repository = match args.vcs {
        Vcs::Git => git::around(&args.dir),
        // A workflow has its place in a repository, whoever made that.
        Vcs::None if answers.action.is_some() => git::around(&args.dir),
        Vcs::None => Repository::None,
    };
    if let (
        Some(_),
        Repository::Around {
            below: Some(top), ..
        },
    ) = (&answers.action, &repository)
    {
        return refused(&args.dir, vec![below(&args.dir, top)]);
    }
    let wishes = Wishes {
        title: answers.title,
        base_url: answers.base_url,
        feeds: feeds::named(answers.feeds),
        action: answers.action,
        allow_private_addresses: args.allow_private_addresses,
        branch: repository.branch(),
    };
    let site = match new_site(&args.dir, &files::of(&wishes)) {
        Ok(site) => site,
        Err(problems) => return refused(&args.dir, problems),
    };
    next::made(&args.dir, &site);
    let mut problems = Vec::new();
    if args.vcs == Vcs::Git && repository == Repository::None {
        problems.extend(git::init(&args.dir, &wishes.branch).err());
    }
    let problems = Border::of(&args.dir).cross(problems);
    report::diagnostics(&problems, MessageFormat::Human);
    let exit = match args.no_fetch {
        true => Exit::Success,
        false => {
            let private = GrantArgs {
                allow_private_addresses: args.allow_private_addresses,
            };
            first_snapshots(&args.dir, &wishes.feeds, private)
        }
    };
    let fetched = match (args.no_fetch, &exit) {
        (true, _) => Fetched::Nothing,
        (false, Exit::Success) => Fetched::Well,
        (false, _) => Fetched::Badly,
    };
    next::steps(&args.dir, &wishes, &site, fetched);
    exit
}

fn refused(dir: &Path, problems: Vec<Diagnostic>) -> Exit {
    report::diagnostics(&Border::of(dir).cross(problems), MessageFormat::Human);
    Exit::SiteErrors
}

/// GitHub looks for workflows at the top of a repository, and nowhere else.
fn below(dir: &Path, top: &Path) -> Diagnostic {
    let (dir, top) = (dir.to_string_lossy(), top.to_string_lossy());
    let message = format!(
        "`--github` needs the top of a repository, and {} lies in that of {}",
        escape_controls(&dir),
        escape_controls(&top)
    );
    Diagnostic::error(Code::InitTaken, message)
        .hint("choose a folder outside of it, or leave `--github` out")
}

/// Fetches the feeds, as far as their addresses are known.
fn first_snapshots(dir: &Path, feeds: &[Feed], private: GrantArgs) -> Exit {
    let (known, unknown): (Vec<&Feed>, Vec<&Feed>) = feeds.iter().partition(|feed| feed.is_known());
    let told: Vec<Diagnostic> = unknown.into_iter().map(not_fetched).collect();
    report::diagnostics(&told, MessageFormat::Human);
    if known.is_empty() {
        return Exit::Success;
    }
    let names = known.into_iter().map(|feed| feed.name.clone());
    fetch::run(&FetchArgs::of(dir.to_path_buf(), names.collect(), private))
}

fn not_fetched(feed: &Feed) -> Diagnostic {
    let variable = feed.variable.as_deref().unwrap_or_default();
    let name = escape_controls(&feed.name);
    let message = format!("{name}: not fetched: its address looks like a secret");
    Diagnostic::warning(Code::InitIncomplete, message).hint(format!(
        "put it into the variable {variable} of the environment, then `gleaner fetch`"
    ))
}
