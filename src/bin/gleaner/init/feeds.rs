//! From addresses of feeds to names: the user's where the address tells one, else the host's.
//!
//! A name becomes a folder, and part of site.toml: letters, digits and hyphens, and each name once. A
//! secret address is forgotten here, so that nothing can write it.

use std::collections::BTreeSet;

use gleaner::pipeline::is_portable_name;
use url::Url;

use crate::args::FeedArg;
use crate::fetch::looks_secret;

/// A feed of the new site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Feed {
    pub(super) name: String,
    /// Its address; none if that is a secret.
    pub(super) url: Option<String>,
    /// The variable that holds a secret address.
    pub(super) variable: Option<String>,
}

impl Feed {
    /// Whether it can be fetched now.
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment belongs to the binary"
    )]
    pub(super) fn is_known(&self) -> bool {
        match &self.variable {
            Some(variable) => std::env::var_os(variable).is_some(),
            None => true,
        }
    }
}

/// Parts of a path that say nothing of whose feed it is.
const GENERIC: &[&str] = &[
    "all", "atom", "blog", "feed", "feeds", "index", "items", "json", "latest", "main", "posts",
    "public", "rss", "rss2", "shared", "social", "u", "user", "users", "videos", "xml",
];
/// Parts of a path after which the user's name stands, on services with many users.
const BEFORE_USER: &[&str] = &["feed", "feeds", "rss", "u", "user", "users"];

/// Names all feeds.
pub(super) fn named(feeds: Vec<FeedArg>) -> Vec<Feed> {
    let (mut names, mut variables) = (BTreeSet::new(), BTreeSet::new());
    let mut named = Vec::new();
    for feed in feeds {
        let wanted = feed.name.unwrap_or_else(|| portable(name_of(&feed.url)));
        let name = free(&wanted, '-', &mut names);
        let secret = looks_secret(&feed.url);
        named.push(Feed {
            variable: secret.then(|| free(&variable_of(&name), '_', &mut variables)),
            url: (!secret).then(|| feed.url.to_string()),
            name,
        });
    }
    named
}

/// The name, or one with a word behind it where Windows has no folder of that name.
fn portable(name: String) -> String {
    match is_portable_name(&name) {
        true => name,
        false => format!("{name}-feed"),
    }
}

/// The wanted name, or with a number behind it where that is taken; it is taken then.
fn free(wanted: &str, joint: char, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{wanted}{joint}{number}"));
    let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
    // Some systems take `Blog` and `blog` for the same folder.
    let is_free = |name: &String| taken.insert(name.to_lowercase());
    names.find(is_free).unwrap_or_default()
}

/// `ada` of `https://dev.to/feed/ada`, `blog-rust-lang` of `https://blog.rust-lang.org/feed.xml`.
fn name_of(url: &Url) -> String {
    let secret = looks_secret(url);
    let user = user_of(url).filter(|_| !secret);
    let name = user
        .map(|user| plain(&user))
        .filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| plain(&host_of(url)));
    match name.as_str() {
        "" => "feed".to_owned(),
        _ => name,
    }
}

fn user_of(url: &Url) -> Option<String> {
    let parts: Vec<&str> = url
        .path_segments()?
        .filter(|part| !part.is_empty())
        .collect();
    for part in &parts {
        if let Some(user) = part.strip_prefix(['@', '~']) {
            return Some(without_ending(user).to_owned());
        }
    }
    let mut behind = parts.iter().skip_while(|part| !BEFORE_USER.contains(part));
    behind.next()?;
    let says = |part: &&str| {
        let stem = without_ending(part).to_lowercase();
        !GENERIC.contains(&&*stem) && stem.chars().any(char::is_alphabetic) && stem.len() < 40
    };
    let user = behind.copied().filter(says).last()?;
    Some(without_ending(user).to_owned())
}

fn without_ending(part: &str) -> &str {
    [".rss", ".xml", ".atom", ".json"]
        .iter()
        .find_map(|ending| part.strip_suffix(ending))
        .unwrap_or(part)
}

/// The host without what most hosts have in common.
fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let Some(url::Host::Domain(_)) = url.host() else {
        return host.to_owned();
    };
    let host = host.strip_prefix("www.").unwrap_or(host);
    let host = host.strip_prefix("feeds.").unwrap_or(host);
    host.rsplit_once('.')
        .map_or(host, |(name, _)| name)
        .to_owned()
}

/// Lower case, with hyphens for all that is no letter and no digit.
fn plain(raw: &str) -> String {
    let lower = raw.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

/// `MY_FEED_URL` for `my-feed`. GitHub keeps names for itself that begin with `GITHUB_`, and no variable
/// begins with a digit.
fn variable_of(name: &str) -> String {
    let plain = plain(name).replace('-', "_").to_uppercase();
    match plain.chars().next() {
        Some(first) if first.is_ascii_alphabetic() && !plain.starts_with("GITHUB") => {
            format!("{plain}_URL")
        }
        Some(_) => format!("FEED_{plain}_URL"),
        None => "FEED_URL".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(urls: &[&str]) -> Vec<String> {
        let feeds = urls.iter().map(|url| crate::args::feed(url).unwrap());
        let named = named(feeds.collect());
        named.into_iter().map(|feed| feed.name).collect()
    }

    #[test]
    fn a_feed_is_named_after_its_user_or_its_host() {
        for (url, name) in [
            ("https://blog.rust-lang.org/feed.xml", "blog-rust-lang"),
            ("https://www.newsblur.com/social/rss/1234/ada", "ada"),
            ("https://ada.newsblur.com/social/rss", "ada-newsblur"),
            ("https://dev.to/feed/ada", "ada"),
            ("https://medium.com/feed/@ada", "ada"),
            ("https://social.example/@ada.rss", "ada"),
            ("https://people.example/~ada/feed.xml", "ada"),
            ("https://www.example.org/rss.xml", "example"),
            ("https://example.org/feed/atom.xml", "example"),
            ("https://e.org/u/12345/", "e"),
            ("http://127.0.0.1:8080/feed", "127-0-0-1"),
            ("https://xn--bcher-kva.example/", "xn-bcher-kva"),
            ("https://con.example/feed", "con-feed"),
            ("https://dev.to/feed/nul", "nul-feed"),
            ("https://ada:pw@e.org/feed/s3cr3t", "e"),
        ] {
            assert_eq!(names(&[url]), [name], "{url}");
        }
    }

    #[test]
    fn no_name_is_given_twice() {
        let urls = [
            "https://a.org/1",
            "https://a.org/2",
            "A-2=https://b.org/",
            "https://a.org/3",
        ];
        assert_eq!(names(&urls), ["a", "a-2", "A-2-2", "a-3"]);
    }

    #[test]
    fn a_secret_address_becomes_a_variable_and_is_forgotten() {
        let urls = [
            "9 lives=https://e.org/?token=s3cr3t",
            "https://github.com/ada.private.atom?token=s3cr3t",
            "日本=https://e.org/?token=s3cr3t",
            "中文=https://e.org/?token=s3cr3t",
            "a b=https://e.org/?token=s3cr3t",
            "a-b=https://e.org/?token=s3cr3t",
        ];
        let feeds = urls.iter().map(|url| crate::args::feed(url).unwrap());
        let named = named(feeds.collect());
        let variables: Vec<_> = named.iter().map(|feed| feed.variable.as_deref()).collect();
        let expected = [
            "FEED_9_LIVES_URL",
            "FEED_GITHUB_URL",
            "FEED_URL",
            "FEED_URL_2",
            "A_B_URL",
            "A_B_URL_2",
        ];
        let expected = expected.map(Some);
        assert_eq!(variables, expected);
        assert!(!format!("{named:?}").contains("s3cr3t"));
    }
}
