//! The last look at the whole body: ids and the links to them, what is empty, how high headings
//! stand.
//!
//! 1. Of equal ids, the first stays.
//! 2. A link to an id of this body becomes `#id`; where there is no such id, it leads to the
//!    original's page, and where there is none, only its words stay.
//! 3. What is empty goes, but for places that a link leads to; a `div` that says nothing gives way.
//! 4. Headings move so that the highest is an `h2`, below the page's own title, and none is more
//!    than one step below the one before it.
//! 5. Code and tables, which scroll, take the focus.

use std::collections::{BTreeSet, HashSet};

use crate::model::{Role, SafeUrl};

use super::links::to_id;
use super::policy::{Model, REL, REL_OWNED, TABLE_CLASS, element};
use super::tree::{Element, Node, extend, is_blank, push, text_of};

/// The highest level of a heading in a body.
const HIGHEST: u8 = 2;
/// What a picture is called of which nothing else is known.
const PICTURE: &str = "Image";
/// The lowest level that HTML knows.
const LOWEST: u8 = 6;

/// Tidies a body.
pub(super) fn tidy(mut nodes: Vec<Node<'_>>, role: Role) -> Vec<Node<'_>> {
    let mut ids = HashSet::new();
    let mut wanted = BTreeSet::new();
    survey(&mut nodes, &mut ids, &mut wanted);
    let pass = Pass {
        ids,
        wanted,
        rel: if role.is_owned() { REL_OWNED } else { REL },
    };
    let (mut nodes, _) = pass.nodes(nodes, false);
    let mut levels = Vec::new();
    visit_headings(&mut nodes, &mut |heading| {
        levels.extend(level(heading.name()));
    });
    let mut shifted = shift(&levels, role.is_owned()).into_iter();
    visit_headings(&mut nodes, &mut |heading| {
        if let Some(kept) = shifted
            .next()
            .and_then(|level| element(&format!("h{level}")))
        {
            heading.kept = kept;
        }
    });
    make_scrollable(&mut nodes);
    nodes
}

/// What is wider than the page can be reached by keyboard, where no link is around it.
fn make_scrollable(nodes: &mut [Node<'_>]) {
    for node in nodes {
        if let Node::Element(element) = node {
            if element.name() == "pre" || element.has_class(TABLE_CLASS) {
                element.set("tabindex", "0");
            }
            if element.name() != "a" {
                make_scrollable(&mut element.children);
            }
        }
    }
}

/// Finds all ids, drops those that repeat, and finds the ids that visible links lead to. Returns
/// whether there is anything to see.
fn survey(
    nodes: &mut [Node<'_>],
    ids: &mut HashSet<String>,
    wanted: &mut BTreeSet<String>,
) -> bool {
    let mut visible = false;
    for node in nodes {
        let Node::Element(element) = node else {
            visible |= !node.is_space();
            continue;
        };
        if let Some(id) = element.attribute("id").map(str::to_owned)
            && !ids.insert(id)
        {
            element.remove("id");
        }
        let seen = survey(&mut element.children, ids, wanted) || is_seen(element);
        if let Some(fragment) = element.fragment.clone().filter(|_| seen) {
            wanted.insert(fragment);
        }
        visible |= seen;
    }
    visible
}

/// Whether an element shows something by itself.
fn is_seen(element: &Element<'_>) -> bool {
    matches!(element.name(), "img" | "video" | "audio" | "hr")
}

struct Pass {
    ids: HashSet<String>,
    wanted: BTreeSet<String>,
    rel: &'static str,
}

impl Pass {
    /// The nodes, and whether there is anything to see in them.
    fn nodes<'a>(&self, nodes: Vec<Node<'a>>, in_code: bool) -> (Vec<Node<'a>>, bool) {
        let mut out = Vec::with_capacity(nodes.len());
        let mut any = false;
        for node in nodes {
            match node {
                Node::Text(text) => {
                    any |= !is_blank(&text);
                    push(&mut out, Node::Text(text));
                }
                Node::Element(element) => any |= self.element(element, in_code, &mut out),
            }
        }
        (out, any)
    }

    fn element<'a>(
        &self,
        mut element: Element<'a>,
        in_code: bool,
        out: &mut Vec<Node<'a>>,
    ) -> bool {
        let inside = in_code || matches!(element.name(), "pre" | "code");
        let (children, inner) = self.nodes(std::mem::take(&mut element.children), inside);
        if element.name() == "span" && !in_code {
            // The code around it had to give way.
            element.remove("class");
        }
        element.children = children;
        let wanted = element
            .attribute("id")
            .is_some_and(|id| self.wanted.contains(id));
        let any = inner || wanted || is_seen(&element);
        if element.name() == "a" {
            if !inner {
                return self.place(element, wanted, out);
            }
            return self.link(element, out);
        }
        if !any && !stays_empty(&element) {
            if element.is_inline() {
                extend(out, element.children);
            }
            return false;
        }
        if says_nothing(&element) {
            extend(out, element.children);
        } else {
            out.push(Node::Element(element));
        }
        any
    }

    /// What is left of a link without words.
    fn place<'a>(&self, link: Element<'a>, wanted: bool, out: &mut Vec<Node<'a>>) -> bool {
        let id = link.attribute("id").filter(|_| wanted);
        if let (Some(id), Some(mut place)) = (id, Element::new("span")) {
            place.set("id", id.to_owned());
            out.push(Node::Element(place));
        }
        extend(out, link.children);
        wanted
    }

    fn link<'a>(&self, mut link: Element<'a>, out: &mut Vec<Node<'a>>) -> bool {
        let inner = link.fragment.take().filter(|id| self.ids.contains(id));
        if let Some(id) = inner {
            link.remove("href");
            link.set("href", to_id(&id));
        } else if let Some(href) = link.attribute("href") {
            if href.starts_with("http") {
                link.set("rel", self.rel);
            }
        } else {
            if let (Some(id), Some(mut place)) = (link.attribute("id"), Element::new("span")) {
                place.set("id", id.to_owned());
                out.push(Node::Element(place));
            }
            extend(out, link.children);
            return true;
        }
        name_picture(&mut link);
        out.push(Node::Element(link));
        true
    }
}

/// A link that shows pictures alone, none of which says what it is, would have no name for who
/// hears the page: the first picture is called after the place that the link leads to (WCAG 2.2,
/// 2.4.4).
fn name_picture(link: &mut Element<'_>) {
    let mut text = String::new();
    text_of(&link.children, &mut text);
    if !is_blank(&text) || has_description(&link.children) {
        return;
    }
    let href = link.attribute("href").and_then(SafeUrl::parse);
    let host = href.and_then(|href| href.host());
    describe(&mut link.children, host.as_deref().unwrap_or(PICTURE));
}

fn has_description(nodes: &[Node<'_>]) -> bool {
    nodes.iter().filter_map(Node::as_element).any(|element| {
        let alt = element.attribute("alt");
        alt.is_some_and(|alt| !is_blank(alt)) || has_description(&element.children)
    })
}

/// Gives the first picture a description; whether there was one.
fn describe(nodes: &mut [Node<'_>], description: &str) -> bool {
    nodes.iter_mut().any(|node| match node {
        Node::Element(element) if element.name() == "img" => {
            let mut attributes = element.attributes.iter_mut();
            let alt = attributes.find(|(name, _)| *name == "alt");
            if let Some((_, alt)) = alt {
                *alt = description.to_owned().into();
            }
            true
        }
        Node::Element(element) => describe(&mut element.children, description),
        Node::Text(_) => false,
    })
}

/// Elements that mean something without content.
fn stays_empty(element: &Element<'_>) -> bool {
    matches!(
        element.name(),
        "br" | "wbr" | "source" | "rt" | "summary" | "code"
    ) && !(element.name() == "code" && element.children.is_empty())
        || (element.kept.model == Model::Part
            && !matches!(element.name(), "li" | "figcaption" | "caption"))
}

/// A `span` that lost its id, or a `div` around nothing but blocks.
fn says_nothing(element: &Element<'_>) -> bool {
    let only_blocks = || {
        element.children.iter().all(|node| match node {
            Node::Text(_) => node.is_space(),
            Node::Element(child) => !child.is_inline(),
        })
    };
    let plain = element.attributes.is_empty();
    plain && (element.name() == "span" || (element.name() == "div" && only_blocks()))
}

fn visit_headings(nodes: &mut [Node<'_>], visit: &mut dyn FnMut(&mut Element<'_>)) {
    for node in nodes {
        if let Node::Element(element) = node {
            if level(element.name()).is_some() {
                visit(element);
            } else {
                visit_headings(&mut element.children, visit);
            }
        }
    }
}

/// The level of a heading, by its name.
pub(super) fn level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', digit @ b'1'..=b'6'] => Some(digit - b'0'),
        _ => None,
    }
}

/// The levels of headings below the page's own, each one step below the heading that it belongs
/// to. The owner's are only moved if they stand as high as the page's title.
fn shift(levels: &[u8], owned: bool) -> Vec<u8> {
    if owned {
        let down = u8::from(levels.iter().any(|level| *level < HIGHEST));
        return levels
            .iter()
            .map(|level| (level + down).min(LOWEST))
            .collect();
    }
    // The headings that the next one may belong to: (as written, as shown).
    let mut above: Vec<(u8, u8)> = Vec::new();
    let mut shifted = Vec::with_capacity(levels.len());
    for level in levels {
        while above.last().is_some_and(|(written, _)| written >= level) {
            above.pop();
        }
        let shown = above
            .last()
            .map_or(HIGHEST, |(_, shown)| (shown + 1).min(LOWEST));
        above.push((*level, shown));
        shifted.push(shown);
    }
    shifted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_stand_below_the_title_and_skip_no_level() {
        for (levels, shifted) in [
            (vec![1, 2, 3], vec![2, 3, 4]),
            (vec![4, 5, 4], vec![2, 3, 2]),
            (vec![3, 2], vec![2, 2]),
            (vec![2, 4, 4, 6, 2], vec![2, 3, 3, 4, 2]),
            (vec![1, 2, 3, 4, 5, 6], vec![2, 3, 4, 5, 6, 6]),
            (vec![], vec![]),
        ] {
            let once = shift(&levels, false);
            assert_eq!(once, shifted, "{levels:?}");
            assert_eq!(shift(&once, false), once, "{levels:?}");
        }
    }
}
