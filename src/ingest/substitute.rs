//! Texts that stand in where an entry has none: `itunes:summary`, `media:description`,
//! `dc:description`.
//!
//! They were written for players and catalogues, and few say whether they are HTML; so it is seen
//! from the tags in them. Invariant: what a `media:group` holds otherwise is left out.

use super::body::Body;
use super::characters;
use super::children::{Child, children};
use super::repair::Mends;
use super::scan::{attribute, split_name};

/// What text hardly ever holds, and HTML hardly ever lacks.
const SIGNS_OF_HTML: &[&str] = &["</", "/>", "<br", "<p>"];

/// The text of such an element.
pub(super) fn body(slice: &str, child: &Child, mends: &mut Mends) -> Body {
    if child.markup {
        return Body::Html(characters::markup(slice, child.inner.clone(), mends));
    }
    let mut text = String::with_capacity(child.inner.len());
    characters::text(slice, child.inner.clone(), &mut text, mends);
    let says_so = attribute(&slice[child.tag.clone()], "type") == Some("html");
    if says_so || SIGNS_OF_HTML.iter().any(|sign| text.contains(sign)) {
        Body::Html(text)
    } else {
        Body::Text(text)
    }
}

/// The descriptions in a `media:group`.
pub(super) fn descriptions(slice: &str, group: &Child) -> Vec<Child> {
    let start = group.tag.start;
    let parts = children(&slice[start..group.inner.end]).unwrap_or_default();
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
        .filter(|part| split_name(&slice[part.name.clone()]).1 == "description")
        .collect()
}
