//! An entry → what all three formats of feeds say of it alike: its name, its place, its authors and
//! its HTML.
//!
//! Invariant: that HTML means the same wherever it is read. Sanitizing has made its links absolute
//! but for those to a place in the text, and these become links to the permalink: readers of feeds
//! do not agree on what a link without a page starts from.

use memchr::memmem;

use super::{Input, rooted};
use crate::model::SafeBody;

/// A link to a place in the text, as sanitizing writes it.
const INNER_LINK: &str = " href=\"#";

/// The name of an entry: made of what names it, never of its URL.
pub(super) fn id(input: &Input, index: usize) -> String {
    format!("urn:uuid:{}", input.archive.entries[index].id.uuid())
}

/// The permalink of an entry.
pub(super) fn url(input: &Input, index: usize) -> String {
    let href = &input.plan.entries[index].href;
    format!("{}{href}", input.config.site.base_url)
}

/// Whom a feed names as the author of an entry: its authors, else its source, which wrote it.
pub(super) fn authors(input: &Input, index: usize) -> Vec<String> {
    let entry = &input.archive.entries[index];
    if !entry.authors.is_empty() {
        return entry.authors.iter().map(ToString::to_string).collect();
    }
    input.plan.entries[index]
        .source
        .iter()
        .map(|source| source.title.clone())
        .collect()
}

/// Whether the content of an entry is no more than its beginning.
pub(super) fn is_excerpted(input: &Input, index: usize) -> bool {
    let body = input.archive.entries[index].body.as_ref();
    body.is_some_and(|body| body.facts.excerpted)
}

/// Under which licence the owner's words stand, and what the owner says of the words of others.
/// It names whose words it means: what stands in a feed without more counts for all its entries
/// (RFC 4287, section 4.2.10), and these quote other people.
pub(super) fn rights(input: &Input) -> Option<String> {
    let site = &input.config.site;
    let license = site.license.as_ref().map(|license| {
        let owner = site.author.as_ref().unwrap_or(&site.title);
        let place = license.url.as_ref().map(|url| format!(" ({url})"));
        format!(
            "Words of {owner}: {}{}",
            license.name,
            place.unwrap_or_default()
        )
    });
    let notice = site.copy_notice.as_ref().map(ToString::to_string);
    let parts: Vec<String> = license.into_iter().chain(notice).collect();
    (!parts.is_empty()).then(|| parts.join(". "))
}

/// The content of an entry in a feed, as HTML: what the sharers and the owner say of it, set
/// apart from the text; none if there is nothing at all.
pub(super) fn content(input: &Input, index: usize) -> Option<String> {
    let mut html = String::new();
    has_content(input, index).then(|| {
        write_content(input, index, &mut |piece| html.push_str(piece));
        html
    })
}

/// Whether there is anything to say of an entry.
pub(super) fn has_content(input: &Input, index: usize) -> bool {
    let entry = &input.archive.entries[index];
    entry.body.is_some() || words(input, index).next().is_some()
}

/// What [`content`] says, piece by piece: a feed holds many whole texts, and needs none of them
/// twice.
pub(super) fn write_content(input: &Input, index: usize, write: &mut impl FnMut(&str)) {
    let mut any_words = false;
    for body in words(input, index) {
        let base_url = input.config.site.base_url.as_str();
        input.bodies.with_safe(body.html, |html| {
            rooted::write(html, base_url, write);
        });
        any_words = true;
    }
    if any_words {
        write("<hr>");
    }
    // Of these, only the text of the entry has places to link to.
    if let Some(body) = &input.archive.entries[index].body {
        input.bodies.with_safe(body.html, |html| {
            write_with_absolute_links(html, || url(input, index), write);
        });
    }
}

/// What the owner and the sharers say of an entry.
fn words<'a>(input: &'a Input, index: usize) -> impl Iterator<Item = &'a SafeBody> {
    let entry = &input.archive.entries[index];
    let comments = entry
        .shares
        .iter()
        .filter_map(|share| share.comment.as_ref());
    entry.notes.iter().chain(comments)
}

/// The same HTML with its inner links leading to `url`. It is canonical: angle brackets stand around
/// tags alone, and quotes inside them around values alone.
fn write_with_absolute_links(
    html: &str,
    url: impl FnOnce() -> String,
    write: &mut impl FnMut(&str),
) {
    if memmem::find(html.as_bytes(), INNER_LINK.as_bytes()).is_none() {
        return write(html);
    }
    let url = url().replace('&', "&amp;").replace('"', "&quot;");
    let absolute = format!(" href=\"{url}#");
    for piece in html.split_inclusive('>') {
        let (text, tag) = piece.split_at(piece.find('<').unwrap_or(piece.len()));
        write(text);
        write(&tag.replace(INNER_LINK, &absolute));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_inside_a_text_become_links_to_its_page() {
        for (html, shown) in [
            (
                "<p>a<a class=\"x\" href=\"#uc-1\">1</a></p>b",
                "<p>a<a class=\"x\" href=\"https://x.org/?a&amp;b#uc-1\">1</a></p>b",
            ),
            (
                "<a href=\"https://y.org/#x\">y</a>",
                "<a href=\"https://y.org/#x\">y</a>",
            ),
            (
                "a href=\"#x\" <img alt=\" href=&quot;#x\">",
                "a href=\"#x\" <img alt=\" href=&quot;#x\">",
            ),
        ] {
            let mut written = String::new();
            let url = || "https://x.org/?a&b".to_owned();
            write_with_absolute_links(html, url, &mut |piece| written.push_str(piece));
            assert_eq!(written, shown);
        }
    }
}
