//! Pages of our own, where the site has none to show: while it is read, while it is broken, and
//! outside of it. They tell what is wrong as text, and need no script for it.

use std::fmt::Write;

use gleaner::diag::{Diagnostic, Severity};

use super::script::{About, STYLES, escape};
use crate::report;

/// Asks for the page again where no script does.
const AGAIN: &str = "<noscript><meta http-equiv=\"refresh\" content=\"2\"></noscript>";

/// What these pages may load.
pub(super) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// There is no site yet: it is being read, or nothing can be made of it.
pub(super) fn waiting(problems: &[Diagnostic], about: &About<'_>) -> String {
    if !problems.iter().any(|one| one.severity == Severity::Error) {
        return page(
            "Reading the site …",
            "<p>It will appear here in a moment.</p>",
            about,
        );
    }
    let lead = "<p>It will appear here as soon as this is mended:</p>";
    page(
        "There is no site to show yet",
        &format!("{lead}{}", told(problems)),
        about,
    )
}

/// A page of the site that cannot be made.
pub(super) fn failed(problems: &[Diagnostic], about: &About<'_>) -> String {
    let lead = "<p>It will appear here as soon as this is mended:</p>";
    page(
        "This page cannot be made",
        &format!("{lead}{}", told(problems)),
        about,
    )
}

/// An address outside of the site.
pub(super) fn outside(mount: &str, about: &About<'_>) -> String {
    let mount = escape(mount);
    let lead = format!("<p>The site is at <a href=\"{mount}\">{mount}</a>.</p>");
    page("Nothing is published here", &lead, about)
}

fn told(problems: &[Diagnostic]) -> String {
    let mut out = String::new();
    for one in report::drawn_each(problems) {
        // Writing to a string cannot fail.
        let _ = write!(out, "<pre tabindex=\"0\">{}</pre>", escape(&one));
    }
    out
}

fn page(title: &str, content: &str, about: &About<'_>) -> String {
    let script = about.element();
    format!(
        "<!doctype html>\n<html lang=\"en\" class=\"notice\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"{STYLES}\">\n{AGAIN}\n\
         </head>\n<body>\n<main>\n<h1>{title}</h1>\n{content}\n</main>\n{script}</body>\n</html>\n"
    )
}

#[cfg(test)]
mod tests {
    use gleaner::diag::{Code, Place};

    use super::*;

    const ABOUT: About<'_> = About {
        page: "/",
        state: "waiting-1-0",
        edition: "1-0",
        known: "",
        is_ours: true,
    };

    #[test]
    fn a_site_that_is_being_read_is_not_called_broken() {
        let warning = Diagnostic::warning(Code::FeedEmpty, "empty");
        for problems in [&[][..], &[warning]] {
            let page = waiting(problems, &ABOUT);
            assert!(page.contains("<h1>Reading the site …</h1>"), "{page}");
            assert!(page.contains("data-hash=\"waiting-1-0\""), "{page}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_as_text() {
        let place = Place::span("<b>.toml", "a = <i>", 4..7);
        let error = Diagnostic::error(Code::ConfigSyntax, "<script>").at(place);
        for page in [waiting, failed].map(|page| page(std::slice::from_ref(&error), &ABOUT)) {
            assert!(
                page.contains("error[config-syntax]: &lt;script&gt;"),
                "{page}"
            );
            assert!(
                page.contains("&lt;b&gt;.toml:1:5") && page.contains("^^^"),
                "{page}"
            );
            assert!(
                !["<b>", "<i>", "<script>"]
                    .iter()
                    .any(|tag| page.contains(tag)),
                "{page}"
            );
        }
        let page = outside("/a&b/", &ABOUT);
        assert!(
            page.contains("<a href=\"/a&amp;b/\">/a&amp;b/</a>"),
            "{page}"
        );
    }
}
