//! Ammonia's output ↔ a small tree that the passes change.
//!
//! Reading trusts the form of what ammonia writes (lower case, quoted, balanced), and only that:
//! an element that [`policy`](super::policy) does not name is not read. Text is kept decoded and
//! borrowed where it holds no reference, and is escaped when it is written, so that no pass can
//! forget to. Writing is the last step of sanitizing: what is not in this tree is not in the site.

use std::borrow::Cow;

use super::escape::{decode, escape};
use super::policy::{Kept, Model, element};
use super::token::{Token, Tokens};

/// Names and values of attributes, in the order in which they are written.
pub(super) type Attributes<'a> = Vec<(&'static str, Cow<'a, str>)>;

/// A piece of a body.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node<'a> {
    /// Text, decoded.
    Text(Cow<'a, str>),
    /// An element with what it holds.
    Element(Element<'a>),
}

/// An element of a body.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Element<'a> {
    pub(super) kept: &'static Kept,
    pub(super) attributes: Attributes<'a>,
    pub(super) children: Vec<Node<'a>>,
    /// The id in this body that a link may lead to; `href` is where it leads if there is none.
    pub(super) fragment: Option<String>,
}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl<'a> Element<'a> {
    /// An empty element; none if the policy does not know it.
    pub(super) fn new(name: &str) -> Option<Self> {
        element(name).map(Element::of)
    }

    /// An empty element.
    pub(super) fn of(kept: &'static Kept) -> Self {
        Element {
            kept,
            attributes: Vec::new(),
            children: Vec::new(),
            fragment: None,
        }
    }

    /// The same element, of which nothing is left here.
    pub(super) fn taken(&mut self) -> Self {
        std::mem::replace(self, Element::of(self.kept))
    }

    pub(super) fn name(&self) -> &'static str {
        self.kept.name
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| &**value)
    }

    /// Sets an attribute that is not there yet.
    pub(super) fn set(&mut self, name: &'static str, value: impl Into<Cow<'a, str>>) {
        self.attributes.push((name, value.into()));
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.attributes.retain(|(known, _)| *known != name);
    }

    /// Takes an attribute away.
    pub(super) fn take(&mut self, name: &str) -> Option<Cow<'a, str>> {
        let at = self
            .attributes
            .iter()
            .position(|(known, _)| *known == name)?;
        Some(self.attributes.remove(at).1)
    }

    /// Whether it has this class.
    pub(super) fn has_class(&self, class: &str) -> bool {
        self.classes().any(|known| known == class)
    }

    /// Whether its class is one of our classes of code.
    pub(super) fn has_class_of_code(&self) -> bool {
        self.classes().any(|class| class.starts_with("c-"))
    }

    pub(super) fn classes(&self) -> impl Iterator<Item = &str> {
        self.attribute("class")
            .unwrap_or_default()
            .split_ascii_whitespace()
    }

    /// Whether it stands in a line of text.
    pub(super) fn is_inline(&self) -> bool {
        matches!(
            self.kept.model,
            Model::Void | Model::Formatting | Model::Inline | Model::Media
        )
    }
}

impl<'a> Node<'a> {
    pub(super) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Node::Text(text.into())
    }

    pub(super) fn as_element(&self) -> Option<&Element<'a>> {
        match self {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        }
    }

    /// Whether it is text that nobody sees.
    pub(super) fn is_space(&self) -> bool {
        matches!(self, Node::Text(text) if is_blank(text))
    }
}

/// The text of nodes and of all that they hold.
pub(super) fn text_of(nodes: &[Node<'_>], out: &mut String) {
    for node in nodes {
        match node {
            Node::Text(text) => out.push_str(text),
            Node::Element(element) => text_of(&element.children, out),
        }
    }
}

/// Appends a node; text after text becomes one, as a parser would read it.
pub(super) fn push<'a>(nodes: &mut Vec<Node<'a>>, node: Node<'a>) {
    match (nodes.last_mut(), node) {
        (Some(Node::Text(before)), Node::Text(text)) => before.to_mut().push_str(&text),
        (_, node) => nodes.push(node),
    }
}

/// Appends nodes, as [`push`] does.
pub(super) fn extend<'a>(nodes: &mut Vec<Node<'a>>, more: Vec<Node<'a>>) {
    for node in more {
        push(nodes, node);
    }
}

/// Whether nobody sees a text: white space, joiners, signs of direction, and letters without a shape,
/// with which newsletters fill up their preview.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_whitespace()
            || matches!(
                c,
                '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                    | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                    | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
                    | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}'
            )
    })
}

/// Whether neither word nor picture is in nodes.
pub(super) fn shows_nothing(nodes: &[Node<'_>]) -> bool {
    nodes.iter().all(|node| match node {
        Node::Text(text) => is_blank(text),
        Node::Element(element) => {
            !matches!(element.name(), "img" | "video" | "audio") && shows_nothing(&element.children)
        }
    })
}

/// Reads what ammonia wrote.
pub(super) fn read(html: &str) -> Vec<Node<'_>> {
    let mut tokens = Tokens::new(html);
    // The nodes whose parents are open still; an element takes its own when it ends.
    let mut nodes = Vec::new();
    let mut open: Vec<(Element<'_>, usize)> = Vec::new();
    while let Some(token) = tokens.next() {
        match token {
            Token::Text(text) => nodes.push(Node::Text(decode(text))),
            Token::Start(name) => match read_element(name, &tokens) {
                Some(element) if element.kept.model != Model::Void && name != "hr" => {
                    open.push((element, nodes.len()));
                }
                element => nodes.extend(element.map(Node::Element)),
            },
            Token::End(name) => {
                if let Some((mut element, start)) = open.pop_if(|(last, _)| last.name() == name) {
                    element.children = nodes.drain(start..).collect();
                    nodes.push(Node::Element(element));
                }
            }
        }
    }
    if let Some((_, start)) = open.first() {
        nodes.truncate(*start);
    }
    nodes
}

fn read_element<'a>(name: &str, tokens: &Tokens<'a>) -> Option<Element<'a>> {
    let mut element = Element::new(name)?;
    if !tokens.has_attributes() {
        return Some(element);
    }
    for name in super::policy::EVERYWHERE.iter().chain(element.kept.reads) {
        if let Some(value) = tokens.attribute(name) {
            element.attributes.push((name, decode(value)));
        }
    }
    Some(element)
}

/// Writes the tree as HTML.
pub(super) fn write(nodes: &[Node<'_>], out: &mut String) {
    for node in nodes {
        match node {
            Node::Text(text) => escape(text, false, out),
            Node::Element(element) => write_element(element, out),
        }
    }
}

fn write_element(element: &Element<'_>, out: &mut String) {
    out.push('<');
    out.push_str(element.name());
    for (name, value) in &element.attributes {
        out.push(' ');
        out.push_str(name);
        // Without a value, a reader of HTML sees the empty one.
        if !value.is_empty() || !is_switch(name) {
            out.push_str("=\"");
            escape(value, true, out);
            out.push('"');
        }
    }
    out.push('>');
    if element.kept.model == Model::Void || element.name() == "hr" {
        return;
    }
    // A parser drops the first newline of a `pre`; the text's own must stay.
    if element.name() == "pre"
        && matches!(element.children.first(), Some(Node::Text(text)) if text.starts_with('\n'))
    {
        out.push('\n');
    }
    write(&element.children, out);
    out.push_str("</");
    out.push_str(element.name());
    out.push('>');
}

/// Attributes that say something by being there.
fn is_switch(name: &str) -> bool {
    matches!(name, "controls" | "open" | "reversed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_what_is_written() {
        for html in [
            "a &amp; b &lt;c&gt;",
            "<p id=\"x\">a<br>b</p>",
            "<pre>\n\nx</pre>",
            "<img src=\"a?b=1&amp;c=&quot;\" alt=\"\">",
        ] {
            let mut out = String::new();
            write(&read(html), &mut out);
            let shown = html.replace("<pre>\n\n", "<pre>\n\n\n");
            assert_eq!(out, shown);
        }
    }
}
