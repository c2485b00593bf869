//! Each element as it was written → the element as the policy shows it, with attributes built
//! anew from those that were understood.
//!
//! Nothing here looks at where an element stands: whether it may stand there is
//! [`fit`](super::fit)'s question, whether anything is left in it [`tidy`](super::tidy)'s.

use crate::config::{Embeds, Images};

use super::fit::is_heading_mark;
use super::links::{Origin, Target};
use super::policy::{EMBED_CLASS, IMAGE_CLASS, Model, Policy, TABLE_CLASS};
use super::tidy::level;
use super::tree::{Element, Node, extend, push};
use super::{code, embeds, images, values};

/// Converts all nodes of a body.
pub(super) fn convert<'a>(
    nodes: Vec<Node<'a>>,
    policy: &Policy,
    origin: Origin<'_>,
) -> Vec<Node<'a>> {
    let pass = Pass { policy, origin };
    pass.nodes(nodes, &Around::default())
}

struct Pass<'p> {
    policy: &'p Policy,
    origin: Origin<'p>,
}

/// What is known of the elements around.
#[derive(Debug, Clone, Default)]
struct Around {
    in_link: bool,
    in_code: bool,
    in_heading: bool,
    highlighted: bool,
    language: Option<String>,
}

impl Pass<'_> {
    fn nodes<'a>(&self, nodes: Vec<Node<'a>>, around: &Around) -> Vec<Node<'a>> {
        let mut out = Vec::with_capacity(nodes.len());
        // The `srcset` of the `source`s before an `img`: a `picture`, whose tag is gone.
        let mut sources: Option<String> = None;
        for node in nodes {
            match node {
                Node::Text(_) => push(&mut out, node),
                Node::Element(element) if element.name() == "source" => {
                    let set = element
                        .attribute("srcset")
                        .or_else(|| element.attribute("data-srcset"));
                    sources = sources.or_else(|| set.map(str::to_owned));
                }
                Node::Element(element) if element.name() == "img" => {
                    let image = images::image(
                        &element,
                        sources.take().as_deref(),
                        self.origin,
                        self.policy.images,
                        around.in_link,
                    );
                    extend(&mut out, image.into_iter().collect());
                }
                Node::Element(element) => self.element(element, around, &mut out),
            }
        }
        out
    }

    fn element<'a>(&self, element: Element<'a>, around: &Around, out: &mut Vec<Node<'a>>) {
        match element.name() {
            "a" => self.link(element, around, out),
            // Code is no place for a frame, and a frame's link would end it.
            "iframe" if around.in_code => {}
            "iframe" => self.embed(&element, out),
            "video" | "audio" => out.extend(self.media(&element)),
            "pre" if !around.in_code => out.push(Node::Element(self.code_block(element, around))),
            "table" if !around.in_code && code::is_table(&element) => {
                self.code_table(element, around, out);
            }
            _ if around.in_code => self.in_code(element, around, out),
            "code" => out.push(Node::Element(self.inline_code(element, around))),
            "div" if is_table_wrapper(&element) => {
                extend(out, self.nodes(element.children, around));
            }
            _ => self.plain(element, around, out),
        }
    }

    /// What has no rule of its own.
    fn plain<'a>(&self, mut raw: Element<'a>, around: &Around, out: &mut Vec<Node<'a>>) {
        let inner = Around {
            in_heading: around.in_heading || level(raw.name()).is_some(),
            highlighted: around.highlighted || code::is_highlighted(&raw),
            language: code::language(&raw)
                .filter(|_| !raw.is_inline())
                .or_else(|| around.language.clone()),
            ..around.clone()
        };
        let children = self.nodes(std::mem::take(&mut raw.children), &inner);
        let mut element = self.bare(&raw);
        values::copy(&raw, &mut element, self.origin);
        let says_nothing = match element.name() {
            "span" => element.attributes.is_empty(),
            "time" => element.attribute("datetime").is_none(),
            "bdo" => element.attribute("dir").is_none(),
            _ => false,
        };
        if says_nothing {
            return extend(out, children);
        }
        element.children = children;
        out.push(Node::Element(element));
    }

    /// The same element with nothing but what every element may have.
    fn bare<'a>(&self, raw: &Element<'a>) -> Element<'a> {
        let mut element = Element {
            kept: raw.kept,
            attributes: Vec::new(),
            children: Vec::new(),
            fragment: None,
        };
        if raw.attributes.is_empty() {
            return element;
        }
        let id = raw.attribute("id").or_else(|| raw.attribute("name"));
        if let Some(id) = id.and_then(|id| self.origin.id(id)) {
            element.set("id", id);
        }
        if let Some(direction) = raw.attribute("dir").and_then(values::direction) {
            element.set("dir", direction);
        }
        if let Some(language) = raw.attribute("lang").and_then(values::language) {
            element.set("lang", language);
        }
        element
    }

    fn link<'a>(&self, mut raw: Element<'a>, around: &Around, out: &mut Vec<Node<'a>>) {
        let ours = [EMBED_CLASS, IMAGE_CLASS]
            .into_iter()
            .find(|class| raw.has_class(class) && (!around.in_code || *class == IMAGE_CLASS));
        let inner = Around {
            in_link: true,
            ..around.clone()
        };
        let children = self.nodes(std::mem::take(&mut raw.children), &inner);
        let mut element = self.bare(&raw);
        let Some(target) = raw
            .attribute("href")
            .and_then(|href| self.origin.target(href))
        else {
            // The words stay, and so does the place.
            if let (Some(id), Some(mut place)) = (element.attribute("id"), Element::new("span")) {
                place.set("id", id.to_owned());
                out.push(Node::Element(place));
            }
            let mark = around.in_heading && is_heading_mark(&children);
            return extend(out, if mark { Vec::new() } else { children });
        };
        let unwanted = (ours == Some(EMBED_CLASS) && self.policy.embeds == Embeds::None)
            || (ours == Some(IMAGE_CLASS) && self.policy.images == Images::None);
        if unwanted {
            return extend(out, children);
        }
        let ours = ours.filter(|class| self.is_as_drawn(class, &target, &children));
        if let Some(class) = ours {
            element.set("class", class);
        }
        if let Some(href) = target.href {
            let frame = (ours == Some(EMBED_CLASS) && self.policy.embeds == Embeds::Click)
                .then(|| embeds::frame_of(&href))
                .flatten();
            element.set("href", href);
            if let Some(frame) = frame {
                element.set("data-frame", frame);
            }
        }
        // Ours never leads to a place in the text, whatever its address.
        element.fragment = target.fragment.filter(|_| ours.is_none());
        element.children = children;
        out.push(Node::Element(element));
    }

    /// Whether a link that wears a mark of ours is one that we draw: what else wears it is a link
    /// like any other.
    fn is_as_drawn(&self, class: &str, target: &Target, children: &[Node<'_>]) -> bool {
        let href = target.href.as_deref();
        let leads_out = href.is_some_and(|href| href.starts_with("http"));
        let words_alone = || children.iter().all(|child| matches!(child, Node::Text(_)));
        let drawn = class == EMBED_CLASS || (self.policy.images == Images::Click && words_alone());
        leads_out && drawn
    }

    /// A frame's link; `object` and the `embed` inside it say the same thing twice.
    fn embed<'a>(&self, raw: &Element<'a>, out: &mut Vec<Node<'a>>) {
        let Some(link) = embeds::link(raw, self.origin, self.policy.embeds) else {
            return;
        };
        let href = |node: &Node<'a>| {
            let element = node
                .as_element()
                .filter(|element| element.has_class(EMBED_CLASS))?;
            element.attribute("href").map(str::to_owned)
        };
        let before = out.iter().rfind(|node| !node.is_space());
        if before.and_then(href) != href(&link) {
            out.push(link);
        }
    }

    /// Video and audio that load nothing before they are played.
    fn media<'a>(&self, raw: &Element<'a>) -> Option<Node<'a>> {
        let mut element = self.bare(raw);
        let src = raw.attribute("src").or_else(|| raw.attribute("data-src"));
        let src = src.and_then(|src| self.origin.loaded(src));
        let sources: Vec<Node<'a>> = raw
            .children
            .iter()
            .filter_map(|child| self.media_source(child))
            .collect();
        match src {
            Some(src) => element.set("src", src),
            None if sources.is_empty() => return None,
            None => element.children = sources,
        }
        if element.name() == "video" {
            let poster = raw
                .attribute("poster")
                .filter(|_| self.policy.images == Images::Remote);
            if let Some(poster) = poster.and_then(|poster| self.origin.loaded(poster)) {
                element.set("poster", poster);
            }
            for name in ["width", "height"] {
                if let Some(length) = raw.attribute(name).and_then(images::whole_number) {
                    element.set(name, length.to_string());
                }
            }
        }
        element.set("controls", "");
        element.set("preload", "none");
        Some(Node::Element(element))
    }

    fn media_source<'a>(&self, node: &Node<'a>) -> Option<Node<'a>> {
        let raw = node
            .as_element()
            .filter(|element| element.name() == "source")?;
        let mut source = Element::new("source")?;
        source.set("src", self.origin.loaded(raw.attribute("src")?)?);
        if let Some(kind) = raw.attribute("type").and_then(values::media_type) {
            source.set("type", kind);
        }
        Some(Node::Element(source))
    }

    fn code_block<'a>(&self, mut raw: Element<'a>, around: &Around) -> Element<'a> {
        let own = find_code(&raw.children);
        let language = code::language(&raw)
            .or_else(|| own.and_then(code::language))
            .or_else(|| around.language.clone());
        let is_code =
            own.is_some() || language.is_some() || around.highlighted || code::is_highlighted(&raw);
        let children = std::mem::take(&mut raw.children);
        let mut block = self.bare(&raw);
        block.children = self.code_lines(children, is_code.then_some(language), around);
        block
    }

    /// Lines of code; with a language, in a `code` element.
    fn code_lines<'a>(
        &self,
        nodes: Vec<Node<'a>>,
        language: Option<Option<String>>,
        around: &Around,
    ) -> Vec<Node<'a>> {
        let inner = Around {
            in_code: true,
            ..around.clone()
        };
        let lines = code::lines(self.nodes(nodes, &inner));
        let coloured = lines
            .iter()
            .filter_map(Node::as_element)
            .any(super::tree::Element::has_class_of_code);
        let Some(mut element) = Element::new("code").filter(|_| language.is_some() || coloured)
        else {
            return lines;
        };
        if let Some(language) = language.flatten() {
            element.set("class", format!("language-{language}"));
        }
        element.children = lines;
        vec![Node::Element(element)]
    }

    /// A table that aligns code with line numbers: its code alone.
    fn code_table<'a>(&self, table: Element<'a>, around: &Around, out: &mut Vec<Node<'a>>) {
        let mut blocks = Vec::new();
        collect_blocks(&table.children, &mut blocks);
        let inner = Around {
            highlighted: true,
            ..around.clone()
        };
        if blocks.is_empty() {
            let Some(mut block) = Element::new("pre") else {
                return;
            };
            block.children = self.code_lines(table.children, Some(around.language.clone()), &inner);
            return out.push(Node::Element(block));
        }
        for block in blocks {
            let block = self.code_block(block.clone(), &inner);
            if !code::is_empty(&block.children) {
                out.push(Node::Element(block));
            }
        }
    }

    fn inline_code<'a>(&self, mut raw: Element<'a>, around: &Around) -> Element<'a> {
        let inner = Around {
            in_code: true,
            ..around.clone()
        };
        let children = self.nodes(std::mem::take(&mut raw.children), &inner);
        let mut element = self.bare(&raw);
        if let Some(language) = code::language(&raw) {
            element.set("class", format!("language-{language}"));
        }
        element.children = code::inline(children);
        element
    }

    /// Inside code, classes stay until the lines are put together.
    fn in_code<'a>(&self, mut raw: Element<'a>, around: &Around, out: &mut Vec<Node<'a>>) {
        let children = self.nodes(std::mem::take(&mut raw.children), around);
        let mut element = self.bare(&raw);
        values::copy(&raw, &mut element, self.origin);
        if let Some(classes) = raw.take("class") {
            element.set("class", classes);
        }
        element.children = children;
        if element.kept.model != Model::Part || !code::is_gutter(&element) {
            out.push(Node::Element(element));
        }
    }
}

/// A box of ours around a table, from sanitizing before.
fn is_table_wrapper(element: &Element<'_>) -> bool {
    let is_table = |node: &Node<'_>| {
        node.as_element()
            .is_some_and(|child| child.name() == "table")
    };
    element.has_class(TABLE_CLASS)
        && element
            .children
            .iter()
            .all(|node| node.is_space() || is_table(node))
}

/// The first `code` inside a `pre`.
fn find_code<'e, 'a>(nodes: &'e [Node<'a>]) -> Option<&'e Element<'a>> {
    nodes
        .iter()
        .filter_map(Node::as_element)
        .find_map(|element| match element.name() {
            "code" => Some(element),
            _ => find_code(&element.children),
        })
}

/// The `pre`s of a table that do not stand in a gutter.
fn collect_blocks<'e, 'a>(nodes: &'e [Node<'a>], blocks: &mut Vec<&'e Element<'a>>) {
    for element in nodes.iter().filter_map(Node::as_element) {
        match element.name() {
            _ if code::is_gutter(element) => {}
            "pre" => blocks.push(element),
            _ => collect_blocks(&element.children, blocks),
        }
    }
}
