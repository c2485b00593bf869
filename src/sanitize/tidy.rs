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

use super::change::{Fate, change};
use super::links::to_id;
use super::policy::{Model, REL, REL_OWNED, TABLE_CLASS, element};
use super::tree::{Element, Node, is_blank};

/// The highest level of a heading in a body.
const HIGHEST: u8 = 2;
/// What a picture is called of which nothing else is known.
const PICTURE: &str = "Image";
/// The lowest level that HTML knows.
const LOWEST: u8 = 6;

/// Tidies a body.
pub(super) fn tidy(nodes: &mut Vec<Node<'_>>, role: Role) {
    let mut ids = HashSet::new();
    let mut wanted = BTreeSet::new();
    survey(nodes, &mut ids, &mut wanted);
    let mut pass = Pass {
        ids,
        wanted,
        rel: if role.is_owned() { REL_OWNED } else { REL },
        levels: Vec::new(),
    };
    pass.nodes(nodes, Around::default());
    let shifted = shift(&pass.levels, role.is_owned());
    if shifted != pass.levels {
        let mut shifted = shifted.into_iter();
        visit_headings(nodes, &mut |heading| {
            if let Some(kept) = shifted
                .next()
                .and_then(|level| element(&format!("h{level}")))
            {
                heading.kept = kept;
            }
        });
    }
}

/// What is wider than the page can be reached by keyboard, where no link is around it.
fn make_scrollable(element: &mut Element<'_>) {
    if element.name() == "pre" || element.has_class(TABLE_CLASS) {
        element.set("tabindex", "0");
    }
}

fn make_all_scrollable(nodes: &mut [Node<'_>]) {
    for node in nodes {
        if let Node::Element(element) = node {
            make_scrollable(element);
            if element.name() != "a" {
                make_all_scrollable(&mut element.children);
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
        if let Some(id) = element.attribute("id")
            && !ids.insert(id.to_owned())
        {
            element.remove("id");
        }
        let seen = survey(&mut element.children, ids, wanted) || is_seen(element);
        if let Some(fragment) = element.fragment.as_ref().filter(|_| seen) {
            wanted.insert(fragment.clone());
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
    /// The levels of the headings that stay, in their order.
    levels: Vec<u8>,
}

/// What is known of the elements around.
#[derive(Debug, Clone, Copy, Default)]
struct Around {
    in_code: bool,
    in_link: bool,
}

impl Pass {
    /// Returns whether there is anything to see in the nodes.
    fn nodes(&mut self, nodes: &mut Vec<Node<'_>>, around: Around) -> bool {
        let mut any = false;
        change(nodes, |node, _| match node {
            Node::Text(text) => {
                any = any || !is_blank(text);
                Fate::Stays
            }
            Node::Element(element) => {
                let (seen, fate) = self.element(element, around);
                any |= seen;
                fate
            }
        });
        any
    }

    /// Whether there is anything to see in an element, and what becomes of it.
    fn element<'a>(&mut self, element: &mut Element<'a>, around: Around) -> (bool, Fate<'a>) {
        let is_link = element.name() == "a";
        let inside = Around {
            in_code: around.in_code || matches!(element.name(), "pre" | "code"),
            in_link: around.in_link || is_link,
        };
        let inner = self.nodes(&mut element.children, inside);
        if element.name() == "span" && !around.in_code {
            // The code around it had to give way.
            element.remove("class");
        }
        let id = element.attribute("id");
        let wanted = id.is_some_and(|id| self.wanted.contains(id));
        if is_link {
            let seen = inner || wanted;
            return (seen, self.link(element, inner, wanted, around.in_link));
        }
        let any = inner || wanted || is_seen(element);
        if !any && !stays_empty(element) {
            let gone = if element.is_inline() {
                element.unwrapped()
            } else {
                Fate::GOES
            };
            return (false, gone);
        }
        if says_nothing(element) {
            return (any, element.unwrapped());
        }
        self.levels.extend(level(element.name()));
        if !around.in_link {
            make_scrollable(element);
        }
        (any, Fate::Stays)
    }

    /// What becomes of a link, given whether there is anything to see in it.
    fn link<'a>(&self, link: &mut Element<'a>, any: bool, wanted: bool, in_link: bool) -> Fate<'a> {
        let inner = link.fragment.take().filter(|id| self.ids.contains(id));
        let target = link.attribute("href");
        if !any || (inner.is_none() && target.is_none()) {
            if !any && !wanted {
                link.remove("id");
            }
            if !in_link {
                make_all_scrollable(&mut link.children);
            }
            return link.leaves_place();
        }
        if let Some(id) = inner {
            link.remove("href");
            link.set("href", to_id(&id));
        } else if target.is_some_and(|href| href.starts_with("http")) {
            link.set("rel", self.rel);
        }
        name_picture(link);
        Fate::Stays
    }
}

/// A link that shows pictures alone, none of which says what it is, would have no name for who
/// hears the page: the first picture is called after the place that the link leads to (WCAG 2.2,
/// 2.4.4).
fn name_picture(link: &mut Element<'_>) {
    if says_words(&link.children) || has_description(&link.children) {
        return;
    }
    let href = link.attribute("href").and_then(SafeUrl::parse);
    let host = href.and_then(|href| href.host());
    describe(&mut link.children, host.as_deref().unwrap_or(PICTURE));
}

fn says_words(nodes: &[Node<'_>]) -> bool {
    nodes.iter().any(|node| match node {
        Node::Text(text) => !is_blank(text),
        Node::Element(element) => says_words(&element.children),
    })
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
