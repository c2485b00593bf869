//! Texts that stand in where an entry has none: `itunes:summary`, `media:description`,
//! `dc:description`.
//!
//! They were written for players and catalogues, and few say whether they are HTML; so it is seen
//! from the tags in them. Invariant: what a `media:group` holds otherwise is left out, but for the title of last choice.

use super::body::Body;
use super::characters;
use super::children::{Child, children};
use super::reading::Reading;
use super::repair::Mends;
use super::scan::{attribute, split_name};
use super::wrapping;

/// What text hardly ever holds, and HTML hardly ever lacks.
const SIGNS_OF_HTML: &[&str] = &["</", "/>", "<br", "<p>"];

/// The text of such an element.
pub(super) fn body(slice: &str, child: &Child, reading: &Reading, mends: &mut Mends) -> Body {
    if child.markup {
        return Body::Html(characters::markup(slice, child.inner.clone(), mends));
    }
    let mut text = String::with_capacity(child.inner.len());
    characters::text(slice, child.inner.clone(), &mut text, mends);
    let text = wrapping::html(text, reading);
    let says_so = attribute(&slice[child.tag.clone()], "type") == Some("html");
    if says_so || SIGNS_OF_HTML.iter().any(|sign| text.contains(sign)) {
        Body::Html(text)
    } else {
        Body::Text(text)
    }
}

/// The elements of a name inside of another.
pub(super) fn parts(slice: &str, outer: &Child, wanted: &str) -> Vec<Child> {
    let start = outer.tag.start;
    let parts = children(&slice[start..outer.inner.end]).unwrap_or_default();
    let moved = |range: std::ops::Range<usize>| start + range.start..start + range.end;
    parts
        .list
        .into_iter()
        .map(|part| Child {
            tag: moved(part.tag),
            name: moved(part.name),
            inner: moved(part.inner),
            ..part
        })
        .filter(|part| split_name(&slice[part.name.clone()]).1 == wanted)
        .collect()
}
