//! Each element as it was written → the element as the policy shows it, with attributes built
//! anew from those that were understood.
//!
//! Nothing here looks at where an element stands: whether it may stand there is
//! [`fit`](super::fit)'s question, whether anything is left in it [`tidy`](super::tidy)'s.

use crate::config::{Embeds, Images};

use super::change::{Fate, change};
use super::fit::is_heading_mark;
use super::links::{Origin, Target};
use super::policy::{EMBED_CLASS, IMAGE_CLASS, Model, Policy, TABLE_CLASS};
use super::tidy::level;
use super::tree::{Attributes, Element, Node};
use super::{code, embeds, emoji, images, values};

/// Converts all nodes of a body.
pub(super) fn convert(nodes: &mut Vec<Node<'_>>, policy: &Policy, origin: Origin<'_>) {
    let pass = Pass { policy, origin };
    pass.nodes(nodes, &Around::default());
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
    fn nodes(&self, nodes: &mut Vec<Node<'_>>, around: &Around) {
        // The `srcset` of the `source`s before an `img`: a `picture`, whose tag is gone.
        let mut sources: Option<String> = None;
        change(nodes, |node, before| {
            let Node::Element(element) = node else {
                return Fate::Stays;
            };
            match element.name() {
                "source" => {
                    let set = ["srcset", "data-srcset", "data-lazy-srcset"]
                        .iter()
                        .find_map(|name| element.attribute(name));
                    sources = sources.take().or_else(|| set.map(str::to_owned));
                    Fate::GOES
                }
                "img" => {
                    let sources = sources.take();
                    Fate::of(self.image(element, sources.as_deref(), around))
                }
                _ => self.element(element, before, around),
            }
        });
    }

    /// A picture, or what it is a picture of.
    fn image<'a>(
        &self,
        image: &Element<'a>,
        sources: Option<&str>,
        around: &Around,
    ) -> Option<Node<'a>> {
        if let Some(character) = emoji::character(image) {
            return Some(Node::text(character));
        }
        if let Some(source) = emoji::formula(image) {
            let code = Element::new("code").filter(|_| !around.in_code);
            return Some(match code {
                Some(mut code) => {
                    code.children.push(Node::text(source));
                    Node::Element(code)
                }
                None => Node::text(source),
            });
        }
        let (origin, images) = (self.origin, self.policy.images);
        images::image(image, sources, origin, images, around.in_link)
    }

    fn element<'a>(
        &self,
        element: &mut Element<'a>,
        before: &[Node<'a>],
        around: &Around,
    ) -> Fate<'a> {
        match element.name() {
            "a" => self.link(element, around),
            // Code is no place for a frame, and a frame's link would end it.
            "iframe" if around.in_code => Fate::GOES,
            "iframe" => self.embed(element, before),
            "video" | "audio" => Fate::of(self.media(element)),
            "pre" if !around.in_code => {
                self.code_block(element, around);
                Fate::Stays
            }
            "table" if !around.in_code && code::is_table(element) => {
                Fate::Becomes(self.code_table(element, around))
            }
            _ if around.in_code => self.in_code(element, around),
            "code" => {
                self.inline_code(element, around);
                Fate::Stays
            }
            "div" if is_table_wrapper(element) => {
                self.nodes(&mut element.children, around);
                element.unwrapped()
            }
            _ => self.plain(element, around),
        }
    }

    /// What has no rule of its own.
    fn plain<'a>(&self, element: &mut Element<'a>, around: &Around) -> Fate<'a> {
        let in_heading = around.in_heading || level(element.name()).is_some();
        if in_heading != around.in_heading || !element.attributes.is_empty() {
            let inner = Around {
                in_heading,
                highlighted: around.highlighted || code::is_highlighted(element),
                language: code::language(element)
                    .filter(|_| !element.is_inline())
                    .or_else(|| around.language.clone()),
                ..around.clone()
            };
            self.nodes(&mut element.children, &inner);
            let mut attributes = self.bare(element);
            values::copy(element, &mut attributes, self.origin);
            element.attributes = attributes;
        } else {
            self.nodes(&mut element.children, around);
        }
        let says_nothing = match element.name() {
            "span" => element.attributes.is_empty(),
            "time" => element.attribute("datetime").is_none(),
            "bdo" => element.attribute("dir").is_none(),
            _ => false,
        };
        if says_nothing {
            return element.unwrapped();
        }
        Fate::Stays
    }

    /// Of an element's attributes, what every element may have.
    fn bare<'a>(&self, raw: &Element<'a>) -> Attributes<'a> {
        let mut attributes = Attributes::new();
        if raw.attributes.is_empty() {
            return attributes;
        }
        let id = raw.attribute("id").or_else(|| raw.attribute("name"));
        if let Some(id) = id.and_then(|id| self.origin.id(id)) {
            attributes.push(("id", id.into()));
        }
        if let Some(direction) = raw.attribute("dir").and_then(values::direction) {
            attributes.push(("dir", direction.into()));
        }
        if let Some(language) = raw.attribute("lang").and_then(values::language) {
            attributes.push(("lang", language.into()));
        }
        attributes
    }

    fn link<'a>(&self, element: &mut Element<'a>, around: &Around) -> Fate<'a> {
        let ours = [EMBED_CLASS, IMAGE_CLASS]
            .into_iter()
            .find(|class| element.has_class(class) && (!around.in_code || *class == IMAGE_CLASS));
        let inner = Around {
            in_link: true,
            ..around.clone()
        };
        self.nodes(&mut element.children, &inner);
        let target = element
            .attribute("href")
            .and_then(|href| self.origin.target(href));
        element.attributes = self.bare(element);
        let Some(target) = target else {
            if around.in_heading && is_heading_mark(&element.children) {
                element.children.clear();
            }
            return element.leaves_place();
        };
        let unwanted = (ours == Some(EMBED_CLASS) && self.policy.embeds == Embeds::None)
            || (ours == Some(IMAGE_CLASS) && self.policy.images == Images::None);
        if unwanted {
            return element.unwrapped();
        }
        let ours = ours.filter(|class| self.is_as_drawn(class, &target, &element.children));
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
        Fate::Stays
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
    fn embed<'a>(&self, raw: &Element<'a>, before: &[Node<'a>]) -> Fate<'a> {
        let Some(link) = embeds::link(raw, self.origin, self.policy.embeds) else {
            return Fate::GOES;
        };
        let href = |node: &Node<'a>| {
            let element = node
                .as_element()
                .filter(|element| element.has_class(EMBED_CLASS))?;
            element.attribute("href").map(str::to_owned)
        };
        let before = before.iter().rfind(|node| !node.is_space());
        Fate::of((before.and_then(href) != href(&link)).then_some(link))
    }

    /// Video and audio that load nothing before they are played.
    fn media<'a>(&self, raw: &Element<'a>) -> Option<Node<'a>> {
        let mut element = Element {
            attributes: self.bare(raw),
            ..Element::of(raw.kept)
        };
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

    fn code_block(&self, block: &mut Element<'_>, around: &Around) {
        let own = find_code(&block.children);
        let language = code::language(block)
            .or_else(|| own.and_then(code::language))
            .or_else(|| around.language.clone());
        let is_code = own.is_some()
            || language.is_some()
            || around.highlighted
            || code::is_highlighted(block);
        let children = std::mem::take(&mut block.children);
        block.attributes = self.bare(block);
        block.children = self.code_lines(children, is_code.then_some(language), around);
    }

    /// Lines of code; with a language, in a `code` element.
    fn code_lines<'a>(
        &self,
        mut nodes: Vec<Node<'a>>,
        language: Option<Option<String>>,
        around: &Around,
    ) -> Vec<Node<'a>> {
        let inner = Around {
            in_code: true,
            ..around.clone()
        };
        self.nodes(&mut nodes, &inner);
        let lines = code::lines(nodes);
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
    fn code_table<'a>(&self, table: &mut Element<'a>, around: &Around) -> Vec<Node<'a>> {
        let mut blocks = Vec::new();
        collect_blocks(&table.children, &mut blocks);
        let inner = Around {
            highlighted: true,
            ..around.clone()
        };
        if blocks.is_empty() {
            let Some(mut block) = Element::new("pre") else {
                return Vec::new();
            };
            let lines = std::mem::take(&mut table.children);
            block.children = self.code_lines(lines, Some(around.language.clone()), &inner);
            return vec![Node::Element(block)];
        }
        let blocks = blocks.into_iter().map(|block| {
            let mut block = block.clone();
            self.code_block(&mut block, &inner);
            block
        });
        blocks
            .filter(|block| !code::is_empty(&block.children))
            .map(Node::Element)
            .collect()
    }

    fn inline_code(&self, element: &mut Element<'_>, around: &Around) {
        let inner = Around {
            in_code: true,
            ..around.clone()
        };
        let mut children = std::mem::take(&mut element.children);
        self.nodes(&mut children, &inner);
        let language = code::language(element);
        element.attributes = self.bare(element);
        if let Some(language) = language {
            element.set("class", format!("language-{language}"));
        }
        element.children = code::inline(children);
    }

    /// Inside code, classes stay until the lines are put together.
    fn in_code<'a>(&self, element: &mut Element<'a>, around: &Around) -> Fate<'a> {
        self.nodes(&mut element.children, around);
        let mut attributes = self.bare(element);
        values::copy(element, &mut attributes, self.origin);
        attributes.extend(element.take("class").map(|classes| ("class", classes)));
        element.attributes = attributes;
        if element.kept.model == Model::Part && code::is_gutter(element) {
            return Fate::GOES;
        }
        Fate::Stays
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
