//! The policy: what of a stranger's HTML may stay, as tables.
//!
//! | what | becomes |
//! | --- | --- |
//! | elements of [`KEPT`] | stay, with the attributes that stand beside them and no other |
//! | elements of [`RENAMED`](super::treatment::RENAMED) | the element that means the same today |
//! | elements of [`DROPPED`](super::treatment::DROPPED) | nothing, content included |
//! | `iframe`, `embed`, `object` | a still link, see [`embeds`](super::embeds) |
//! | `input` | a box if it is one (`☐`, `☑`), else nothing |
//! | every other element, known or not | its content |
//! | `style`, `on*`, `target`, `data-*`, layout attributes | nothing |
//! | `id`, `name` of an anchor, and links to them | prefixed with [`ID_PREFIX`] in the text of an entry, and in a page of the owner if the theme has such ids; else nothing |
//! | `class` | the colours of code in our own words, see [`code`](super::code); else nothing |
//! | links | absolute http, https or mailto; else their words |
//! | images, media | absolute https, or a small `data:` picture; else their description |
//!
//! Everything stands here twice on purpose: `prepare` and ammonia read [`KEPT`] and drop what it
//! does not name, and the passes behind them build each attribute anew. No value of a stranger's
//! attribute is written unless a pass has understood it.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use crate::config::{ContentConfig, Embeds, Images};

/// Longest body that is read, in bytes: far above any article, and what follows costs its length.
pub(super) const SIZE: usize = 4 * 1024 * 1024;
/// Most start tags of a body: the longest articles with coloured code have 20,000.
pub(super) const TAGS: usize = 100_000;
/// Deepest nesting of a body; what is deeper is flattened. Parsing costs size × depth.
pub(super) const DEPTH: usize = 96;
/// Most attributes that are read of one tag.
pub(super) const ATTRIBUTES: usize = 64;
/// Most character references of a body: each is a piece of text on its own to the parser.
pub(super) const REFERENCES: usize = 200_000;
/// Longest `data:` image, in bytes: an icon or a small drawing, no photo.
pub(super) const DATA_IMAGE: usize = 32 * 1024;
/// Longest URL that is written, in bytes: as long as `SafeUrl` reads again.
pub(super) const URL_LENGTH: usize = 8_192;
/// Longest id that is kept, in bytes.
pub(super) const ID_LENGTH: usize = 200;
/// What stands before the ids of strangers, so that they never meet the page's own.
pub(super) const ID_PREFIX: &str = "uc-";
/// What the ids of the theme `gleaner` begin with.
pub(super) const THEME_PREFIX: &str = "g-";
/// The id of the theme `plain`.
pub(super) const PLAIN_MAIN: &str = "p-main";
/// Our mark on a link that stands for a frame. No other site's style sheet has these names, so that
/// a stranger's class is not taken for ours.
pub(super) const EMBED_CLASS: &str = "g-embed";
/// Our mark on a link that stands for an image.
pub(super) const IMAGE_CLASS: &str = "g-image";
/// Our mark on the box around a table.
pub(super) const TABLE_CLASS: &str = "g-table";
/// What a link of a stranger says about itself: we do not vouch for it.
pub(super) const REL: &str = "nofollow noopener ugc";
/// What a link of the owner says about itself.
pub(super) const REL_OWNED: &str = "noopener";
/// Counts up with every change of what sanitizing makes of the same HTML.
const REVISION: u32 = 4;

/// Everything that the result of sanitizing depends on, beside the HTML and its base.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Policy {
    pub(super) images: Images,
    pub(super) embeds: Embeds,
    revision: u32,
}

impl Policy {
    /// The policy of a site.
    pub(crate) fn new(content: &ContentConfig) -> Policy {
        Policy {
            images: content.images,
            embeds: content.embeds,
            revision: REVISION,
        }
    }

    /// The same as bytes: what is remembered of a text holds under the same policy only.
    pub(super) fn key(&self) -> [u8; 6] {
        let Policy {
            images,
            embeds,
            revision,
        } = *self;
        let [a, b, c, d] = revision.to_le_bytes();
        [images as u8, embeds as u8, a, b, c, d]
    }
}

/// What an element may hold and where it may stand (WHATWG HTML, section 3.2.5, simplified).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Model {
    /// Inline, without content.
    Void,
    /// Inline, and reopened by parsers where it is not closed (section 13.2.4.3).
    Formatting,
    /// Inline.
    Inline,
    /// Video or audio: inline, with sources only.
    Media,
    /// A block of inline content.
    Prose,
    /// A block of blocks or of inline content.
    Block,
    /// A list, table or the like: a block of its own parts.
    Frame,
    /// A part that stands in its frame only, and holds what blocks hold.
    Part,
}

/// An element that may stay.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) name: &'static str,
    pub(super) model: Model,
    /// What is read of its attributes, beside `id`, `dir` and `lang`.
    pub(super) reads: &'static [&'static str],
}

const fn kept(name: &'static str, model: Model, reads: &'static [&'static str]) -> Kept {
    Kept { name, model, reads }
}

/// What is read of an image: where lazy loaders hide the picture, too.
const IMAGE: &[&str] = &[
    "src",
    "srcset",
    "alt",
    "title",
    "width",
    "height",
    "class",
    "data-src",
    "data-lazy-src",
    "data-original",
    "data-actualsrc",
    "data-cfsrc",
    "data-delayed-url",
    "data-echo",
    "data-hi-res-src",
    "data-lazy",
    "data-lazyload",
    "data-original-src",
    "data-pagespeed-lazy-src",
    "data-srcset",
    "data-lazy-srcset",
];
const CODE: &[&str] = &["class", "data-lang", "data-language"];
const MEDIA: &[&str] = &["src", "data-src", "poster", "width", "height"];

/// The elements that may stay, sorted by name.
pub(super) static KEPT: &[Kept] = &[
    kept(
        "a",
        Model::Formatting,
        &["href", "name", "class", "title", "aria-label"],
    ),
    kept("abbr", Model::Inline, &["title"]),
    kept("audio", Model::Media, MEDIA),
    kept("b", Model::Formatting, &[]),
    kept("bdi", Model::Inline, &[]),
    kept("bdo", Model::Inline, &[]),
    kept("blockquote", Model::Block, &["cite"]),
    kept("br", Model::Void, &[]),
    kept("caption", Model::Part, &[]),
    kept("cite", Model::Inline, &[]),
    kept("code", Model::Formatting, CODE),
    kept("dd", Model::Part, &[]),
    kept("del", Model::Inline, &[]),
    kept("details", Model::Frame, &["open"]),
    kept("dfn", Model::Inline, &["title"]),
    kept("div", Model::Block, CODE),
    kept("dl", Model::Frame, &[]),
    kept("dt", Model::Part, &[]),
    kept("em", Model::Formatting, &[]),
    kept("figcaption", Model::Part, &[]),
    kept("figure", Model::Frame, CODE),
    kept("h1", Model::Prose, &[]),
    kept("h2", Model::Prose, &[]),
    kept("h3", Model::Prose, &[]),
    kept("h4", Model::Prose, &[]),
    kept("h5", Model::Prose, &[]),
    kept("h6", Model::Prose, &[]),
    kept("hr", Model::Block, &[]),
    kept("i", Model::Formatting, &[]),
    kept("iframe", Model::Inline, &["src", "title"]),
    kept("img", Model::Void, IMAGE),
    kept("ins", Model::Inline, &[]),
    kept("kbd", Model::Inline, &[]),
    kept("li", Model::Part, &["value", "class"]),
    kept("mark", Model::Inline, &[]),
    kept("ol", Model::Frame, &["start", "type", "reversed", "class"]),
    kept("p", Model::Prose, &[]),
    kept("pre", Model::Prose, CODE),
    kept("q", Model::Inline, &["cite"]),
    kept("rp", Model::Part, &[]),
    kept("rt", Model::Part, &[]),
    kept("ruby", Model::Inline, &[]),
    kept("s", Model::Formatting, &[]),
    kept("samp", Model::Inline, &[]),
    kept("small", Model::Formatting, &[]),
    kept(
        "source",
        Model::Void,
        &["src", "type", "srcset", "data-srcset", "data-lazy-srcset"],
    ),
    kept("span", Model::Inline, &["class"]),
    kept("strong", Model::Formatting, &[]),
    kept("sub", Model::Inline, &[]),
    kept("summary", Model::Part, &[]),
    kept("sup", Model::Inline, &[]),
    kept("table", Model::Frame, &["class"]),
    kept("tbody", Model::Part, &[]),
    kept("td", Model::Part, &["colspan", "rowspan", "class"]),
    kept("tfoot", Model::Part, &[]),
    kept("th", Model::Part, &["colspan", "rowspan", "scope", "class"]),
    kept("thead", Model::Part, &[]),
    kept("time", Model::Inline, &["datetime"]),
    kept("tr", Model::Part, &[]),
    kept("u", Model::Formatting, &[]),
    kept("ul", Model::Frame, &["class"]),
    kept("var", Model::Inline, &[]),
    kept("video", Model::Media, MEDIA),
    kept("wbr", Model::Void, &[]),
];

/// An element that may stay, by its name in lower case.
pub(super) fn element(name: &str) -> Option<&'static Kept> {
    let letter = name.as_bytes().first()?.wrapping_sub(b'a');
    let (start, end) = *BY_LETTER.get(usize::from(letter))?;
    KEPT[start..end].iter().find(|kept| kept.name == name)
}

/// For each letter, where the elements of [`KEPT`] begin and end that begin with it: names are
/// looked up several times for each tag.
static BY_LETTER: [(usize, usize); 26] = {
    let mut places = [(0, 0); 26];
    let mut index = 0;
    while index < KEPT.len() {
        let place = &mut places[(KEPT[index].name.as_bytes()[0] - b'a') as usize];
        if place.1 == 0 {
            place.0 = index;
        }
        index += 1;
        place.1 = index;
    }
    places
};

/// Attributes that are read of every element.
pub(super) const EVERYWHERE: &[&str] = &["id", "dir", "lang"];

/// The filter in the middle, made from the same tables.
pub(super) static AMMONIA: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let tags: HashSet<&str> = KEPT.iter().map(|kept| kept.name).collect();
    let attributes: HashMap<&str, HashSet<&str>> = KEPT
        .iter()
        .map(|kept| (kept.name, kept.reads.iter().copied().collect()))
        .collect();
    let mut builder = Builder::empty();
    builder
        .tags(tags)
        .clean_content_tags(HashSet::from(["script", "style"]))
        .tag_attributes(attributes)
        .generic_attributes(EVERYWHERE.iter().copied().collect())
        .url_schemes(HashSet::from(["http", "https", "mailto", "data"]))
        // Resolved by `links`, which knows the base of each body.
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None);
    builder
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_elements_is_sorted_and_names_nothing_that_runs() {
        assert!(KEPT.is_sorted_by(|a, b| a.name < b.name));
        for name in [
            "script", "style", "object", "embed", "form", "input", "base", "meta", "link",
        ] {
            assert!(element(name).is_none(), "{name}");
        }
        for kept in KEPT {
            assert!(
                !kept
                    .reads
                    .iter()
                    .any(|name| name.starts_with("on") || *name == "style")
            );
        }
    }
}
