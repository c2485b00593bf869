//! `init`: what the new site is to be.

use std::path::PathBuf;

use clap::ValueEnum;
use url::Url;

use super::site::website;

/// What stands below the options of `init`.
pub(super) const INIT_EXAMPLES: &str = "\
Examples:
  gleaner init my-archive                       asks for title and feeds
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
    /// Where the workflow gets Gleaner from: a public repository of it, at a release or commit
    #[arg(long, value_name = "OWNER/REPO@REF", value_parser = action, requires = "github")]
    pub(crate) action: Option<String>,
    /// Fetch nothing now
    #[arg(long)]
    pub(crate) no_fetch: bool,
    /// Let feeds be fetched from this machine or its network: a setting in site.toml
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
    let url = Url::parse(address).map_err(|error| match address.contains("://") {
        true => error.to_string(),
        false => "an address begins with `https://` or `http://`".to_owned(),
    })?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err("not an http or https address".to_owned());
    }
    if let Some(name) = name {
        if !gleaner::pipeline::is_folder_name(name) {
            return Err("no name of a folder".to_owned());
        }
        if !gleaner::pipeline::is_portable_name(name) {
            return Err("no folder can have this name on Windows: choose another".to_owned());
        }
    }
    let name = name.map(str::to_owned);
    Ok(FeedArg { name, url })
}

/// `OWNER/REPO@REF`, as it may stand in a workflow.
pub(crate) fn action(raw: &str) -> Result<String, String> {
    let fits = |part: &str| {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        !part.is_empty() && part.chars().all(fits)
    };
    let parts = raw.trim().split_once('@').and_then(|(place, reference)| {
        let (owner, repository) = place.split_once('/')?;
        let all = [owner, repository].into_iter().chain(reference.split('/'));
        Some(all.into_iter().all(fits))
    });
    match parts {
        Some(true) => Ok(raw.trim().to_owned()),
        _ => Err("write it as `OWNER/REPO@REF`, such as `me/gleaner@v0.1.0`".to_owned()),
    }
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
        ] {
            assert!(feed(raw).is_err(), "{raw}");
        }
    }

    #[test]
    fn an_action_can_stand_in_a_workflow() {
        for (raw, fine) in [
            ("me/gleaner@v0.1.0", true),
            ("me/gleaner@feature/x", true),
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
