//! From the name of a file to its content type, as GitHub Pages would send it.

use mime_guess::{Mime, mime};

/// The content type of a file of the site.
pub(super) fn content_type(path: &str) -> String {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    // `mime_guess` has the older name; GitHub Pages, and our feeds, this one.
    if ending.eq_ignore_ascii_case("xml") {
        return "application/xml".to_owned();
    }
    let guess = mime_guess::from_path(path).first_or_octet_stream();
    if guess.type_() == mime::TEXT {
        return format!("{guess}; charset=utf-8");
    }
    guess.to_string()
}

/// Whether a file is a page, to which the script is added.
pub(super) fn is_page(path: &str) -> bool {
    guess(path).essence_str() == "text/html"
}

/// Whether a page may show or run such a file as a part of itself.
pub(super) fn is_asset(path: &str) -> bool {
    let guess = guess(path);
    guess.subtype() == mime::CSS
        || guess.subtype() == mime::JAVASCRIPT
        || guess.type_() == mime::IMAGE
        || guess.type_() == mime::FONT
}

fn guess(path: &str) -> Mime {
    mime_guess::from_path(path).first_or_octet_stream()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_those_of_github_pages() {
        for (path, expected) in [
            ("index.html", "text/html; charset=utf-8"),
            ("assets/style.css", "text/css; charset=utf-8"),
            ("assets/theme.js", "text/javascript; charset=utf-8"),
            ("robots.txt", "text/plain; charset=utf-8"),
            ("feed.xml", "application/xml"),
            ("old.atom", "application/atom+xml"),
            ("old.rss", "application/rss+xml"),
            ("feed.json", "application/json"),
            ("sources.opml", "text/x-opml; charset=utf-8"),
            ("favicon.svg", "image/svg+xml"),
            ("a.woff2", "font/woff2"),
            (
                "pagefind/core/wasm.unknown.pagefind",
                "application/octet-stream",
            ),
            ("CNAME", "application/octet-stream"),
            (".well-known/security.txt", "text/plain; charset=utf-8"),
        ] {
            assert_eq!(content_type(path), expected, "{path}");
        }
    }

    #[test]
    fn pages_and_their_parts_are_told_apart() {
        for path in ["a.html", "a.HTM"] {
            assert!(is_page(path) && !is_asset(path), "{path}");
        }
        for path in ["a.css", "a.js", "a.mjs", "a.svg", "a.webp", "a.woff2"] {
            assert!(is_asset(path) && !is_page(path), "{path}");
        }
        for path in ["feed.xml", "feed.json", "CNAME"] {
            assert!(!is_asset(path) && !is_page(path), "{path}");
        }
    }
}
