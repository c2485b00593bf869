//! `init`: what the new site is to be.

use std::path::PathBuf;

use clap::ValueEnum;
use url::Url;

use super::site::{web_address, website};

/// What stands below the options of `init`.
pub(super) const INIT_EXAMPLES: &str = "\
Examples:
  gleaner init my-archive                       asks for title, feeds and where to publish
  gleaner init . --title \"Things worth keeping\" --feed https://blog.rust-lang.org/feed.xml
  gleaner init my-archive --feed posts=https://dev.to/feed/me --no-fetch
  gleaner init my-archive --github --action OWNER/gleaner@v0.1.0

A feed whose address looks like a secret, with a password or a token in it, is not written into
site.toml: that names a variable of the environment instead, and you are told which.

Exit codes: 0 the site is there; 1 it is not, or a feed could not be fetched; 2 wrong usage.";

#[derive(Debug, clap::Args)]
pub(crate) struct InitArgs {
    /// The folder of the new site; `.` for this one
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// A feed, by its address; may be given several times. Its name is made from the address
    #[arg(long = "feed", value_name = "[NAME=]URL", value_parser = feed)]
    pub(crate) feeds: Vec<FeedArg>,
    /// The title of the archive
    #[arg(long)]
    pub(crate) title: Option<String>,
    /// Where the archive will be published; can be changed at any time
    #[arg(long, value_name = "URL", value_parser = website)]
    pub(crate) base_url: Option<String>,
    /// Write a workflow for GitHub: fetch every day, keep what is new, publish on GitHub Pages
    #[arg(long)]
    pub(crate) github: bool,
    /// Where the workflow gets Gleaner from: a public repository of it, at a commit or release
    ///
    /// A commit (40 digits) never changes; the tag of a release can be moved by whoever owns that
    /// repository. A branch is refused: it changes with every push.
    #[arg(long, value_name = "OWNER/REPO@REF", value_parser = action, requires = "github")]
    pub(crate) action: Option<String>,
    /// Fetch nothing now
    #[arg(long)]
    pub(crate) no_fetch: bool,
    /// Let feeds be fetched from this machine or its network: a setting in site.toml, and, with
    /// `--github`, in the workflow
    #[arg(long)]
    pub(crate) allow_private_addresses: bool,
    /// What to keep the site's history with, unless the folder stands in a repository already
    #[arg(long, value_name = "VCS", value_enum, default_value_t)]
    pub(crate) vcs: Vcs,
}

impl InitArgs {
    /// Whether nothing was said of what would be asked.
    pub(crate) fn says_nothing(&self) -> bool {
        self.feeds.is_empty() && self.title.is_none() && self.base_url.is_none() && !self.github
    }
}

/// Git, if it is there, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Vcs {
    #[default]
    Git,
    None,
}

/// A feed as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FeedArg {
    pub(crate) name: Option<String>,
    pub(crate) url: Url,
}

/// `URL` or `NAME=URL`.
pub(crate) fn feed(raw: &str) -> Result<FeedArg, String> {
    let raw = raw.trim();
    // A URL may hold an equals sign; a name holds no colon before it.
    let (name, address) = match raw.split_once('=') {
        Some((name, address)) if !name.contains(':') => (Some(name.trim()), address.trim()),
        _ => (None, raw),
    };
    let url = web_address(address)?;
    if let Some(name) = name {
        check_folder_name(name)?;
    }
    let name = name.map(str::to_owned);
    Ok(FeedArg { name, url })
}

/// A name becomes that of a folder, on this system and on those to which the site may be cloned.
fn check_folder_name(name: &str) -> Result<(), String> {
    if !gleaner::pipeline::is_folder_name(name) {
        return Err("not the name of a folder".to_owned());
    }
    match gleaner::pipeline::is_portable_name(name) {
        true => Ok(()),
        false => Err(format!(
            "`{name}` cannot be the name of a folder on Windows: choose another"
        )),
    }
}

/// `OWNER/REPO@REF`, as it may stand in a workflow: a commit, or the tag of a release. Whoever may push
/// to a branch would decide anew, every day, what runs there with the right to write.
pub(crate) fn action(raw: &str) -> Result<String, String> {
    let raw = raw.trim();
    let fits = |part: &str| {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        !part.is_empty() && part.chars().all(fits)
    };
    let parts = raw.split_once('@').and_then(|(place, reference)| {
        let (owner, repository) = place.split_once('/')?;
        let mut all = [owner, repository].into_iter().chain(reference.split('/'));
        all.all(fits).then_some(reference)
    });
    let Some(reference) = parts else {
        return Err(
            "write it as `OWNER/REPO@REF`, such as `me/gleaner@v0.1.0`; REF is a commit (40 digits) \
             or the tag of a release"
                .to_owned(),
        );
    };
    if is_commit(reference) || is_release(reference) {
        return Ok(raw.to_owned());
    }
    let is_short = reference.len() >= 7 && reference.chars().all(|c| c.is_ascii_hexdigit());
    Err(match is_short {
        true => format!(
            "`{reference}` is not a whole commit, which has 40 digits: `git rev-parse {reference}`"
        ),
        false => format!(
            "`{reference}` looks like a branch, and whoever can push to it decides what your workflow \
             runs: name a commit (40 digits), or the tag of a release, such as `v0.1.0`"
        ),
    })
}

/// Whether this is the whole hash of a commit, by SHA-1 or SHA-256.
fn is_commit(reference: &str) -> bool {
    matches!(reference.len(), 40 | 64) && reference.chars().all(|c| c.is_ascii_hexdigit())
}

/// Whether this is a version: `v1`, `v0.1.0`, `1.2.3-rc.1`.
fn is_release(reference: &str) -> bool {
    let version = reference.strip_prefix('v').unwrap_or(reference);
    let (numbers, more) = match version.split_once('-') {
        Some((numbers, more)) => (numbers, Some(more)),
        None => (version, None),
    };
    let is_number = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let is_plain = |more: &str| !more.is_empty() && !more.contains('/');
    let parts = numbers.split('.').count();
    numbers.split('.').all(is_number)
        && parts <= 3
        // `2024` may be a branch, `v1` is a tag by custom.
        && (parts > 1 || reference.starts_with('v'))
        && more.is_none_or(|more| is_plain(more) && parts == 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_is_an_address_with_a_name_or_without() {
        for (raw, name, url) in [
            ("https://e.org/feed", None, "https://e.org/feed"),
            ("https://e.org/?a=b", None, "https://e.org/?a=b"),
            (
                "blog=https://e.org/?a=b",
                Some("blog"),
                "https://e.org/?a=b",
            ),
            ("console=HTTPS://e.org/", Some("console"), "https://e.org/"),
            ("com10=https://e.org/", Some("com10"), "https://e.org/"),
            (" my blog = http://e.org ", Some("my blog"), "http://e.org/"),
        ] {
            let feed = feed(raw).unwrap();
            assert_eq!((feed.name.as_deref(), feed.url.as_str()), (name, url));
        }
        for raw in [
            "",
            "e.org/feed",
            "ftp://e.org/",
            "../x=https://e.org/",
            "=https://e.org/",
            "https:/e.org/",
            "https:e.org",
            "https:///e.org/",
            "https:\\\\e.org",
            "https://",
            "con=https://e.org/",
            "NUL.txt=https://e.org/",
            "com1=https://e.org/",
            "LPT³=https://e.org/",
            "blog.=https://e.org/",
            "what?=https://e.org/",
            "a|b=https://e.org/",
        ] {
            assert!(feed(raw).is_err(), "{raw}");
        }
    }

    #[test]
    fn an_action_can_stand_in_a_workflow() {
        for (raw, fine) in [
            ("me/gleaner@v0.1.0", true),
            ("me/gleaner@v1", true),
            ("me/gleaner@1.2.3", true),
            ("me/gleaner@v1.2.3-rc.1", true),
            ("me/gleaner@0123456789abcdef0123456789abcdef01234567", true),
            ("me/gleaner@0123456789abcdef0123456789abcdef0123456", false),
            ("me/gleaner@abc1234", false),
            ("me/gleaner@main", false),
            ("me/gleaner@HEAD", false),
            ("me/gleaner@v1.x", false),
            ("me/gleaner@2024", false),
            ("me/gleaner@v1.2-branch", false),
            ("me/gleaner@release/v1.2.3", false),
            ("me/gleaner@feature/x", false),
            ("me/gleaner", false),
            ("gleaner@v1", false),
            ("me/gleaner@", false),
            ("me/a/b@v1", false),
            ("me/gleaner@v1\n  run: x", false),
            ("me/gleaner@${{ x }}", false),
        ] {
            assert_eq!(action(raw).is_ok(), fine, "{raw}");
        }
    }
}
