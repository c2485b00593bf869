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
pub(super) fn fit(nodes: Vec<Node<'_>>) -> Vec<Node<'_>> {
    flow(nodes, Within::default())
}

/// Blocks and lines.
fn flow<'a>(nodes: Vec<Node<'a>>, within: Within) -> Vec<Node<'a>> {
    let mut out = Vec::with_capacity(nodes.len());
    for node in nodes {
        match node {
            Node::Text(_) => push(&mut out, node),
            Node::Element(element) if element.is_inline() => {
                inline_in_flow(element, within, &mut out);
            }
            Node::Element(element) => block(element, within, &mut out),
        }
    }
    out
}

fn inline_in_flow<'a>(mut element: Element<'a>, within: Within, out: &mut Vec<Node<'a>>) {
    let inner = inside(&element, within);
    match element.name() {
        "a" if within.link || holds_focus(&element.children) => {
            extend(out, flow(element.children, within));
        }
        "a" if element.has_class(EMBED_CLASS) => {
            element.children = line(element.children, inner);
            let link = Node::Element(element);
            match Element::new("p") {
                Some(mut paragraph) => {
                    paragraph.children.push(link);
                    out.push(Node::Element(paragraph));
                }
                None => out.push(link),
            }
        }
        "a" | "ins" | "del" => {
            element.children = flow(element.children, inner);
            out.push(Node::Element(element));
        }
        "video" | "audio" => out.push(Node::Element(element)),
        _ if within.formatting & bit(&element) != 0 => extend(out, flow(element.children, within)),
        "ruby" if is_read(&element) => out.push(Node::Element(ruby(element, within))),
        "ruby" => extend(out, flow(element.children, within)),
        _ => {
            element.children = flow(element.children, inner);
            if has_block(&element.children) {
                extend(out, element.children);
            } else {
                out.push(Node::Element(element));
            }
        }
    }
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
fn line<'a>(nodes: Vec<Node<'a>>, within: Within) -> Vec<Node<'a>> {
    let mut out = Vec::with_capacity(nodes.len());
    for node in nodes {
        match node {
            Node::Text(_) => push(&mut out, node),
            Node::Element(element) if element.is_inline() => {
                inline_in_line(element, within, &mut out);
            }
            // Two blocks on one line still are two words.
            Node::Element(element) => {
                push(&mut out, Node::text(" "));
                extend(&mut out, line(element.children, within));
                push(&mut out, Node::text(" "));
            }
        }
    }
    out
}

fn inline_in_line<'a>(mut element: Element<'a>, within: Within, out: &mut Vec<Node<'a>>) {
    match element.name() {
        "a" if within.link || holds_focus(&element.children) => {
            extend(out, line(element.children, within));
        }
        "video" | "audio" => out.push(Node::Element(element)),
        _ if within.formatting & bit(&element) != 0 => extend(out, line(element.children, within)),
        "ruby" if is_read(&element) => out.push(Node::Element(ruby(element, within))),
        "ruby" => extend(out, line(element.children, within)),
        _ => {
            let inner = inside(&element, within);
            element.children = line(element.children, inner);
            out.push(Node::Element(element));
        }
    }
}

fn block<'a>(mut element: Element<'a>, within: Within, out: &mut Vec<Node<'a>>) {
    if matches!(element.name(), "thead" | "tbody" | "tfoot" | "tr" | "rp") {
        return extend(out, flow(element.children, within));
    }
    // Formatting elements around a block will give way to it.
    let within = Within {
        formatting: 0,
        ..within
    };
    match element.name() {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => out.push(heading(element, within)),
        "p" | "pre" => {
            element.children = line(element.children, within);
            out.push(Node::Element(element));
        }
        "div" | "blockquote" => {
            element.children = flow(element.children, within);
            out.push(Node::Element(element));
        }
        "hr" => out.push(Node::Element(element)),
        "ul" | "ol" => out.push(Node::Element(list(element, within))),
        "dl" => out.push(Node::Element(definitions(element, within))),
        "figure" => out.push(Node::Element(figure(element, within))),
        "details" => out.push(Node::Element(details(element, within))),
        "table" => {
            let cell = |children, label| {
                flow(
                    children,
                    Within {
                        label: label || within.label,
                        ..within
                    },
                )
            };
            tables::table(element, &cell, out);
        }
        // A part without its whole.
        _ => out.push(Node::Element(plain_block(element, within))),
    }
}

/// A `div` in place of an element that may not stand there.
fn plain_block<'a>(mut element: Element<'a>, within: Within) -> Element<'a> {
    let children = flow(std::mem::take(&mut element.children), within);
    as_block(element, children)
}

/// A `div` with the same id, direction and language.
fn as_block<'a>(mut element: Element<'a>, children: Vec<Node<'a>>) -> Element<'a> {
    element
        .attributes
        .retain(|(name, _)| matches!(*name, "id" | "dir" | "lang"));
    if let Some(block) = Element::new("div") {
        element.kept = block.kept;
    }
    element.children = children;
    element
}

fn heading<'a>(mut element: Element<'a>, within: Within) -> Node<'a> {
    let mut children = line(std::mem::take(&mut element.children), within);
    children.retain(|node| {
        let mark = node
            .as_element()
            .filter(|child| child.name() == "a")
            .is_some_and(|link| {
                let mut text = String::new();
                super::tree::text_of(&link.children, &mut text);
                HEADING_MARKS.contains(&text.trim())
            });
        !mark
    });
    element.children = Vec::with_capacity(children.len());
    extend(&mut element.children, children);
    if within.label
        && let Some(paragraph) = Element::new("p")
    {
        element.kept = paragraph.kept;
    }
    Node::Element(element)
}

/// Whether a link in a heading only says that it is one.
pub(super) fn is_heading_mark(nodes: &[Node<'_>]) -> bool {
    let mut text = String::new();
    text_of(nodes, &mut text);
    HEADING_MARKS.contains(&text.trim())
}

/// Items; a list that stands between them belongs to the item before it.
fn list<'a>(mut element: Element<'a>, within: Within) -> Element<'a> {
    let numbered = element.name() == "ol";
    let mut items: Vec<Element<'a>> = Vec::new();
    let mut loose = Vec::new();
    for node in std::mem::take(&mut element.children) {
        match node {
            Node::Element(mut item) if item.name() == "li" => {
                flush(&mut loose, &mut items, within);
                item.children = flow(item.children, within);
                if !numbered {
                    item.remove("value");
                }
                items.push(item);
            }
            Node::Element(inner) if matches!(inner.name(), "ul" | "ol") && !items.is_empty() => {
                flush(&mut loose, &mut items, within);
                let inner = Node::Element(list(inner, within));
                if let Some(last) = items.last_mut() {
                    last.children.push(inner);
                }
            }
            node if node.is_space() && loose.is_empty() => {}
            node => loose.push(node),
        }
    }
    flush(&mut loose, &mut items, within);
    element.children = items.into_iter().map(Node::Element).collect();
    element
}

/// What stood between the items becomes an item.
fn flush<'a>(loose: &mut Vec<Node<'a>>, items: &mut Vec<Element<'a>>, within: Within) {
    if loose.is_empty() {
        return;
    }
    if let Some(mut item) = Element::new("li") {
        item.children = flow(std::mem::take(loose), within);
        items.push(item);
    }
}

/// Terms and descriptions in turn; plain blocks if they are not.
fn definitions<'a>(mut element: Element<'a>, within: Within) -> Element<'a> {
    let mut parts: Vec<Element<'a>> = Vec::new();
    collect_definitions(std::mem::take(&mut element.children), within, &mut parts);
    let in_turn = parts.first().is_some_and(|part| part.name() == "dt")
        && parts.last().is_some_and(|part| part.name() == "dd");
    if in_turn {
        element.children = parts.into_iter().map(Node::Element).collect();
        return element;
    }
    let blocks = parts.into_iter().map(|mut part| {
        let children = std::mem::take(&mut part.children);
        Node::Element(as_block(part, children))
    });
    let blocks = blocks.collect();
    as_block(element, blocks)
}

fn collect_definitions<'a>(nodes: Vec<Node<'a>>, within: Within, parts: &mut Vec<Element<'a>>) {
    for node in nodes {
        match node {
            Node::Element(mut part) if matches!(part.name(), "dt" | "dd") => {
                let label = within.label || part.name() == "dt";
                part.children = flow(part.children, Within { label, ..within });
                parts.push(part);
            }
            Node::Element(group) if group.name() == "div" => {
                collect_definitions(group.children, within, parts);
            }
            node if node.is_space() => {}
            node => {
                if let Some(mut part) = Element::new("dd") {
                    part.children = flow(vec![node], within);
                    parts.push(part);
                }
            }
        }
    }
}

/// One caption at the beginning or the end.
fn figure<'a>(mut element: Element<'a>, within: Within) -> Element<'a> {
    element.remove("class");
    let mut caption: Option<Element<'a>> = None;
    let mut before = false;
    let mut content = Vec::new();
    for node in std::mem::take(&mut element.children) {
        match node {
            Node::Element(mut part) if part.name() == "figcaption" && caption.is_none() => {
                before = content.iter().all(Node::is_space);
                part.children = flow(part.children, within);
                caption = Some(part);
            }
            node => content.push(node),
        }
    }
    let mut children = flow(content, within);
    if let Some(caption) = caption.map(Node::Element) {
        if before {
            children.insert(0, caption);
        } else {
            children.push(caption);
        }
    }
    element.children = children;
    element
}

/// A summary first; a plain block if there is none, or if a link is around it.
fn details<'a>(mut element: Element<'a>, within: Within) -> Element<'a> {
    let mut children = std::mem::take(&mut element.children);
    let found = children.iter().position(|node| {
        node.as_element()
            .is_some_and(|child| child.name() == "summary" && !shows_nothing(&child.children))
    });
    let Some(at) = found.filter(|_| !within.link) else {
        let children = flow(children, within);
        return as_block(element, children);
    };
    let first = children.remove(at);
    let mut rest = flow(children, within);
    if let Node::Element(mut summary) = first {
        summary.children = line(summary.children, within);
        rest.insert(0, Node::Element(summary));
    }
    element.children = rest;
    element
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
fn ruby<'a>(mut element: Element<'a>, within: Within) -> Element<'a> {
    let mut parts: Vec<Node<'a>> = Vec::new();
    for node in std::mem::take(&mut element.children) {
        match node {
            Node::Element(part) if part.name() == "rp" => {}
            Node::Element(mut part) if part.name() == "rt" => {
                part.children = line(part.children, within);
                parts.push(Node::Element(part));
            }
            node => extend(&mut parts, line(vec![node], within)),
        }
    }
    element.children = parts;
    element
}
