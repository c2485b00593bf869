//! Elements where strangers put them → elements where HTML allows them.
//!
//! A parser moves what stands in the wrong place, and a validator complains; here nothing is left
//! to move, so the page means to a browser what it meant to us, and sanitizing again changes
//! nothing. Words are never lost: an element that may not stand where it does gives way to its
//! content, or becomes a plain `div`.
//!
//! | where | what may stand there |
//! | --- | --- |
//! | blocks ([`flow`]) | blocks and lines; an inline element around blocks gives way to them |
//! | a line ([`line()`]: paragraphs, headings, `pre`) | inline elements; blocks give way |
//! | lists, `dl`, `figure`, `details`, `ruby`, tables | their own parts, in their own order |
//! | a link | no link, no player, nothing that takes the focus: else the link gives way |

use super::change::{Fate, change};
use super::policy::{EMBED_CLASS, Model};
use super::tables;
use super::tree::{Element, Node, extend, is_blank, push, shows_nothing, text_of};

/// Signs that headings carry as links to themselves.
const HEADING_MARKS: &[&str] = &["#", "##", "###", "¶", "§", "🔗", "⚓", "∞", "⌗"];

/// What the elements around forbid.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Within {
    link: bool,
    /// In a `th` or `dt`, which hold no headings.
    label: bool,
    /// Which formatting elements are around, as bits of [`FORMATTING`]: twice bold is bold.
    formatting: u16,
}

/// Formatting elements that mean nothing inside themselves.
const FORMATTING: [&str; 8] = ["b", "code", "em", "i", "s", "small", "strong", "u"];

fn bit(element: &Element<'_>) -> u16 {
    if element.kept.model != Model::Formatting {
        return 0;
    }
    let place = FORMATTING.iter().position(|name| *name == element.name());
    place.map_or(0, |place| 1 << place)
}

/// Fits the nodes of a body.
pub(super) fn fit(nodes: &mut Vec<Node<'_>>) {
    flow(nodes, Within::default());
}

/// Blocks and lines.
fn flow(nodes: &mut Vec<Node<'_>>, within: Within) {
    change(nodes, |node, _| match node {
        Node::Text(_) => Fate::Stays,
        Node::Element(element) if element.is_inline() => inline_in_flow(element, within),
        Node::Element(element) => block(element, within),
    });
}

fn inline_in_flow<'a>(element: &mut Element<'a>, within: Within) -> Fate<'a> {
    let inner = inside(element, within);
    match element.name() {
        "a" if within.link || holds_focus(&element.children) => {
            flow(&mut element.children, within);
            return element.unwrapped();
        }
        "a" if element.has_class(EMBED_CLASS) => {
            line(&mut element.children, inner);
            if let Some(paragraph) = Element::new("p") {
                let link = std::mem::replace(element, paragraph);
                element.children.push(Node::Element(link));
            }
        }
        "a" | "ins" | "del" => flow(&mut element.children, inner),
        "video" | "audio" => {}
        _ if within.formatting & bit(element) != 0 => {
            flow(&mut element.children, within);
            return element.unwrapped();
        }
        "ruby" if is_read(element) => ruby(element, within),
        "ruby" => {
            flow(&mut element.children, within);
            return element.unwrapped();
        }
        _ => {
            flow(&mut element.children, inner);
            if has_block(&element.children) {
                return element.unwrapped();
            }
        }
    }
    Fate::Stays
}

fn inside(element: &Element<'_>, within: Within) -> Within {
    Within {
        link: within.link || element.name() == "a",
        formatting: within.formatting | bit(element),
        ..within
    }
}

/// Whether a link would hold a link of ours, or a player.
fn holds_focus(nodes: &[Node<'_>]) -> bool {
    nodes.iter().filter_map(Node::as_element).any(|element| {
        matches!(element.name(), "video" | "audio")
            || element.has_class(EMBED_CLASS)
            || holds_focus(&element.children)
    })
}

fn has_block(nodes: &[Node<'_>]) -> bool {
    nodes.iter().filter_map(Node::as_element).any(|element| {
        !element.is_inline()
            || (matches!(element.name(), "a" | "ins" | "del") && has_block(&element.children))
    })
}

/// A line: inline elements only.
fn line(nodes: &mut Vec<Node<'_>>, within: Within) {
    change(nodes, |node, _| match node {
        Node::Text(_) => Fate::Stays,
        Node::Element(element) if element.is_inline() => inline_in_line(element, within),
        // Two blocks on one line still are two words.
        Node::Element(element) => {
            line(&mut element.children, within);
            let mut words = vec![Node::text(" ")];
            extend(&mut words, std::mem::take(&mut element.children));
            push(&mut words, Node::text(" "));
            Fate::Becomes(words)
        }
    });
}

fn inline_in_line<'a>(element: &mut Element<'a>, within: Within) -> Fate<'a> {
    let gives_way = match element.name() {
        "a" => within.link || holds_focus(&element.children),
        "video" | "audio" => return Fate::Stays,
        "ruby" => !is_read(element),
        _ => within.formatting & bit(element) != 0,
    };
    if gives_way {
        line(&mut element.children, within);
        return element.unwrapped();
    }
    if element.name() == "ruby" {
        ruby(element, within);
    } else {
        let inner = inside(element, within);
        line(&mut element.children, inner);
    }
    Fate::Stays
}

fn block<'a>(element: &mut Element<'a>, within: Within) -> Fate<'a> {
    if matches!(element.name(), "thead" | "tbody" | "tfoot" | "tr" | "rp") {
        flow(&mut element.children, within);
        return element.unwrapped();
    }
    // Formatting elements around a block will give way to it.
    let within = Within {
        formatting: 0,
        ..within
    };
    match element.name() {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => heading(element, within),
        "p" | "pre" => line(&mut element.children, within),
        "div" | "blockquote" => flow(&mut element.children, within),
        "hr" => {}
        "ul" | "ol" => list(element, within),
        "dl" => definitions(element, within),
        "figure" => figure(element, within),
        "details" => details(element, within),
        "table" => {
            let cell = |mut children, label| {
                let label = label || within.label;
                flow(&mut children, Within { label, ..within });
                children
            };
            let mut out = Vec::new();
            tables::table(element.taken(), &cell, &mut out);
            return Fate::Becomes(out);
        }
        // A part without its whole.
        _ => {
            flow(&mut element.children, within);
            make_block(element);
        }
    }
    Fate::Stays
}

/// Makes a `div` of an element that may not stand where it does, with the same id, direction and
/// language.
fn make_block(element: &mut Element<'_>) {
    element
        .attributes
        .retain(|(name, _)| matches!(*name, "id" | "dir" | "lang"));
    if let Some(block) = Element::new("div") {
        element.kept = block.kept;
    }
}

fn heading(element: &mut Element<'_>, within: Within) {
    line(&mut element.children, within);
    change(&mut element.children, |node, _| {
        let mark = node
            .as_element()
            .filter(|child| child.name() == "a")
            .is_some_and(|link| is_heading_mark(&link.children));
        if mark { Fate::GOES } else { Fate::Stays }
    });
    if within.label
        && let Some(paragraph) = Element::new("p")
    {
        element.kept = paragraph.kept;
    }
}

/// Whether a link in a heading only says that it is one.
pub(super) fn is_heading_mark(nodes: &[Node<'_>]) -> bool {
    let mut text = String::new();
    text_of(nodes, &mut text);
    HEADING_MARKS.contains(&text.trim())
}

/// Items; a list that stands between them belongs to the item before it.
fn list(element: &mut Element<'_>, within: Within) {
    let numbered = element.name() == "ol";
    let fit_item = |item: &mut Element<'_>| {
        flow(&mut item.children, within);
        if !numbered {
            item.remove("value");
        }
    };
    let is_item = |node: &Node<'_>| node.as_element().is_some_and(|item| item.name() == "li");
    if element
        .children
        .iter()
        .all(|node| is_item(node) || node.is_space())
    {
        element.children.retain_mut(|node| match node {
            Node::Element(item) => {
                fit_item(item);
                true
            }
            Node::Text(_) => false,
        });
        return;
    }
    let mut items: Vec<Element<'_>> = Vec::new();
    let mut loose = Vec::new();
    for node in std::mem::take(&mut element.children) {
        match node {
            Node::Element(mut item) if item.name() == "li" => {
                flush(&mut loose, &mut items, within);
                fit_item(&mut item);
                items.push(item);
            }
            Node::Element(mut inner)
                if matches!(inner.name(), "ul" | "ol") && !items.is_empty() =>
            {
                flush(&mut loose, &mut items, within);
                list(&mut inner, within);
                if let Some(last) = items.last_mut() {
                    last.children.push(Node::Element(inner));
                }
            }
            node if node.is_space() && loose.is_empty() => {}
            node => loose.push(node),
        }
    }
    flush(&mut loose, &mut items, within);
    element.children = items.into_iter().map(Node::Element).collect();
}

/// What stood between the items becomes an item.
fn flush<'a>(loose: &mut Vec<Node<'a>>, items: &mut Vec<Element<'a>>, within: Within) {
    if loose.is_empty() {
        return;
    }
    if let Some(mut item) = Element::new("li") {
        item.children = std::mem::take(loose);
        flow(&mut item.children, within);
        items.push(item);
    }
}

/// Terms and descriptions in turn; plain blocks if they are not.
fn definitions(element: &mut Element<'_>, within: Within) {
    let mut parts: Vec<Element<'_>> = Vec::new();
    collect_definitions(std::mem::take(&mut element.children), within, &mut parts);
    let in_turn = parts.first().is_some_and(|part| part.name() == "dt")
        && parts.last().is_some_and(|part| part.name() == "dd");
    if !in_turn {
        parts.iter_mut().for_each(make_block);
        make_block(element);
    }
    element.children = parts.into_iter().map(Node::Element).collect();
}

fn collect_definitions<'a>(nodes: Vec<Node<'a>>, within: Within, parts: &mut Vec<Element<'a>>) {
    for node in nodes {
        match node {
            Node::Element(mut part) if matches!(part.name(), "dt" | "dd") => {
                let label = within.label || part.name() == "dt";
                flow(&mut part.children, Within { label, ..within });
                parts.push(part);
            }
            Node::Element(group) if group.name() == "div" => {
                collect_definitions(group.children, within, parts);
            }
            node if node.is_space() => {}
            node => {
                if let Some(mut part) = Element::new("dd") {
                    part.children.push(node);
                    flow(&mut part.children, within);
                    parts.push(part);
                }
            }
        }
    }
}

/// One caption at the beginning or the end.
fn figure(element: &mut Element<'_>, within: Within) {
    element.remove("class");
    let is_caption = |node: &Node<'_>| {
        node.as_element()
            .is_some_and(|part| part.name() == "figcaption")
    };
    let caption = element.children.iter().position(is_caption);
    let caption = caption.map(|at| (at, element.children.remove(at)));
    let before = caption
        .as_ref()
        .is_some_and(|(at, _)| element.children[..*at].iter().all(Node::is_space));
    flow(&mut element.children, within);
    let Some((_, mut caption)) = caption else {
        return;
    };
    if let Node::Element(caption) = &mut caption {
        flow(&mut caption.children, within);
    }
    if before {
        element.children.insert(0, caption);
    } else {
        element.children.push(caption);
    }
}

/// A summary first; a plain block if there is none, or if a link is around it.
fn details(element: &mut Element<'_>, within: Within) {
    let found = element.children.iter().position(|node| {
        node.as_element()
            .is_some_and(|child| child.name() == "summary" && !shows_nothing(&child.children))
    });
    let summary = found
        .filter(|_| !within.link)
        .map(|at| element.children.remove(at));
    flow(&mut element.children, within);
    let Some(mut summary) = summary else {
        return make_block(element);
    };
    if let Node::Element(summary) = &mut summary {
        line(&mut summary.children, within);
    }
    element.children.insert(0, summary);
}

/// Whether something is read: words, and a reading after them.
fn is_read(ruby: &Element<'_>) -> bool {
    let reading = |node: &Node<'_>| node.as_element().is_some_and(|part| part.name() == "rt");
    let first = ruby.children.iter().position(reading);
    first.is_some_and(|at| {
        ruby.children[..at].iter().any(|node| match node {
            Node::Text(text) => !is_blank(text),
            Node::Element(part) => {
                part.name() != "rp" && !shows_nothing(std::slice::from_ref(node))
            }
        })
    })
}

/// Words with their readings.
fn ruby(element: &mut Element<'_>, within: Within) {
    let mut parts: Vec<Node<'_>> = Vec::new();
    for node in std::mem::take(&mut element.children) {
        match node {
            Node::Element(part) if part.name() == "rp" => {}
            Node::Element(mut part) if part.name() == "rt" => {
                line(&mut part.children, within);
                parts.push(Node::Element(part));
            }
            node => {
                let mut words = vec![node];
                line(&mut words, within);
                extend(&mut parts, words);
            }
        }
    }
    element.children = parts;
}
