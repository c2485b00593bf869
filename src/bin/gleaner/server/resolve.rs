//! From an address to a file of the site, as GitHub Pages would find it.
//!
//! 1. Outside of the mount there is nothing; `/` leads to it.
//! 2. A file stands under its own path; a page also under its path without `.html`.
//! 3. A folder is its `index.html`; without the slash at its end, the address leads to the one with it.
//!
//! Where `tags.html` and `tags/index.html` stand side by side, `tags` is the first, as it is there.
//!
//! Invariant: nothing here looks at a disk. What an address can lead to is what the site says that
//! it has, so that no address leads out of it; those that try are refused before they are asked for.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// What a path of a URL does not hold as it is (WHATWG URL, path percent-encode set), and the
/// percent sign.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'}');

/// What an address leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A file of the site.
    File(String),
    /// Another address, for now or for good.
    Moved {
        /// The path to go to.
        to: String,
        /// Whether it will be the same next time.
        for_good: bool,
    },
    /// The site has nothing there.
    Missing,
    /// It is not an address of the site.
    Outside,
    /// It is not an address of any site.
    Invalid,
}

/// What the path of a URL leads to, in a site that is published at `mount` and that `has` files.
pub(super) fn resolve(path: &str, mount: &str, has: impl Fn(&str) -> bool) -> Target {
    let (Some(asked), Some(mount)) = (decoded(path), decoded(mount)) else {
        return Target::Invalid;
    };
    let Some(inner) = asked.strip_prefix(&mount) else {
        return match asked.as_str() {
            "/" => moved(&mount, false),
            _ if format!("{asked}/") == mount => moved(&mount, true),
            _ => Target::Outside,
        };
    };
    let index = format!("{inner}index.html");
    if inner.is_empty() || inner.ends_with('/') {
        return found(index, has);
    }
    let page = format!("{inner}.html");
    let folder = format!("{inner}/index.html");
    if has(inner) {
        Target::File(inner.to_owned())
    } else if has(&page) {
        Target::File(page)
    } else if has(&folder) {
        moved(&format!("{asked}/"), true)
    } else {
        Target::Missing
    }
}

/// The path of a file, as a URL has it.
pub(super) fn encoded(path: &str) -> String {
    utf8_percent_encode(path, PATH).to_string()
}

/// The path as people read it; none if no file can have it.
pub(super) fn decoded(path: &str) -> Option<String> {
    let path = percent_decode_str(path).decode_utf8().ok()?;
    let is_path = path.starts_with('/')
        && !path.contains(|c: char| c == '\\' || c.is_control())
        && !path.split('/').any(|segment| matches!(segment, "." | ".."));
    is_path.then(|| path.into_owned())
}

fn found(file: String, has: impl Fn(&str) -> bool) -> Target {
    if has(&file) {
        Target::File(file)
    } else {
        Target::Missing
    }
}

fn moved(to: &str, for_good: bool) -> Target {
    Target::Moved {
        to: encoded(to),
        for_good,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: &[&str] = &[
        "index.html",
        "about.html",
        "tags/index.html",
        "tags/rust.html",
        "both.html",
        "both/index.html",
        "a b/ü.png",
        "50%.txt",
        "feed.xml",
    ];

    fn at(path: &str, mount: &str) -> Target {
        resolve(path, mount, |file| FILES.contains(&file))
    }

    fn file(path: &str) -> Target {
        Target::File(path.to_owned())
    }

    #[test]
    fn addresses_are_those_of_github_pages() {
        for (path, target) in [
            ("/archive/", file("index.html")),
            ("/archive/index.html", file("index.html")),
            ("/archive/index", file("index.html")),
            ("/archive/about.html", file("about.html")),
            ("/archive/about", file("about.html")),
            ("/archive/about/", Target::Missing),
            ("/archive/tags/", file("tags/index.html")),
            ("/archive/tags", moved("/archive/tags/", true)),
            ("/archive/both", file("both.html")),
            ("/archive/both/", file("both/index.html")),
            ("/archive/feed", Target::Missing),
            ("/archive/feed.xml", file("feed.xml")),
            ("/archive/a%20b/%C3%BC.png", file("a b/ü.png")),
            ("/archive/50%25.txt", file("50%.txt")),
            ("/archive/50%.txt", file("50%.txt")),
            ("/archive", moved("/archive/", true)),
            ("/", moved("/archive/", false)),
            ("/about.html", Target::Outside),
            ("/archives/about.html", Target::Outside),
        ] {
            assert_eq!(at(path, "/archive/"), target, "{path}");
        }
        assert_eq!(at("/", "/"), file("index.html"));
        assert_eq!(at("/tags", "/"), moved("/tags/", true));
        assert_eq!(at("/a%20b", "/a%20b/"), moved("/a b/", true));
    }

    #[test]
    fn no_address_leads_out_of_the_site() {
        for path in [
            "/archive/../etc/passwd",
            "/archive/%2e%2e/etc/passwd",
            "/archive/..%2f..%2fetc/passwd",
            "/archive/./about.html",
            "/archive/..",
            "/archive/a%5c..%5cb",
            "/archive/a\\b",
            "/archive/about.html%00",
            "/archive/%0a",
            "/archive/%ff",
            "*",
            "",
        ] {
            assert_eq!(at(path, "/archive/"), Target::Invalid, "{path}");
        }
        // An empty segment is no folder, and no host either.
        assert_eq!(at("//tags", "/"), Target::Missing);
        assert_eq!(at("/archive//tags", "/archive/"), Target::Missing);
    }
}
