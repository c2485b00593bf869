//! The one line that the preview adds to a page, and the files that it names.
//!
//! A script of its own, from our own origin: the policy of the pages stays as it is.

use std::hash::{DefaultHasher, Hash, Hasher};

/// Where what only the preview has stands: beside the site, wherever that is published.
pub(super) const EVENTS: &str = "/-gleaner/events";
/// The script that listens to the events.
pub(super) const SCRIPT: &str = "/-gleaner/reload.js";
/// What its messages look like.
pub(super) const STYLES: &str = "/-gleaner/overlay.css";

/// What `SCRIPT` is.
pub(super) const SCRIPT_TEXT: &str = concat!(
    include_str!("client/patch.js"),
    include_str!("client/reload.js")
);
/// What `STYLES` is.
pub(super) const STYLES_TEXT: &str = include_str!("client/overlay.css");

/// What the end of a page's content looks like.
const END: &[u8] = b"</body";

/// What a page is told of itself.
#[derive(Debug)]
pub(super) struct About<'a> {
    /// The address that was asked for.
    pub(super) page: &'a str,
    /// What that address shows.
    pub(super) state: &'a str,
    /// When it was made.
    pub(super) edition: &'a str,
    /// The scripts of which it is known that they bear it when a page is patched: their paths.
    pub(super) known: &'a str,
    /// Whether it is one of ours, which tells what is wrong by itself.
    pub(super) is_ours: bool,
}

impl About<'_> {
    /// The element that loads the script.
    pub(super) fn element(&self) -> String {
        format!(
            "<script src=\"{SCRIPT}\" data-page=\"{}\" data-hash=\"{}\" data-edition=\"{}\" data-known=\"{}\"{} defer></script>",
            escape(self.page),
            escape(self.state),
            escape(self.edition),
            escape(self.known),
            if self.is_ours { " data-ours" } else { "" },
        )
    }

    /// A page of the site with the script.
    pub(super) fn add_to(&self, page: &[u8]) -> Vec<u8> {
        let element = self.element();
        let place = page
            .windows(END.len())
            .rposition(|window| window.eq_ignore_ascii_case(END))
            .unwrap_or(page.len());
        let (before, after) = page.split_at(place);
        [before, element.as_bytes(), after].concat()
    }
}

/// Text as it stands in HTML, in attributes, too.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// The hash of a file that stands in the program.
pub(super) fn hash(text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_stands_at_the_end_of_the_body() {
        let about = About {
            page: "/a\"b<",
            state: "h",
            edition: "1-2",
            known: "/x.js",
            is_ours: false,
        };
        let element = about.element();
        assert_eq!(
            element,
            "<script src=\"/-gleaner/reload.js\" data-page=\"/a&quot;b&lt;\" data-hash=\"h\" \
             data-edition=\"1-2\" data-known=\"/x.js\" defer></script>"
        );
        for (page, expected) in [
            (
                "<body>x</body></html>",
                format!("<body>x{element}</body></html>"),
            ),
            ("<BODY>x</BODY>", format!("<BODY>x{element}</BODY>")),
            (
                "<pre>&lt;/body</pre></body>y</body >",
                format!("<pre>&lt;/body</pre></body>y{element}</body >"),
            ),
            ("<p>no end", format!("<p>no end{element}")),
            ("", element.clone()),
        ] {
            let page = about.add_to(page.as_bytes());
            assert_eq!(String::from_utf8(page).unwrap(), expected);
        }
    }
}
