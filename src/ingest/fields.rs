//! One entry's slice → what it says, still as strings: the words of all formats brought to one.
//!
//! This is where formats end. Prefixes are resolved, old names translated, references decoded,
//! unescaped markup turned into HTML; and everything is read that feed-rs drops (`source`,
//! `isPermaLink`, `xml:base` and `xml:lang` on a content, RSS 1.0 without a link) or spoils
//! (attributes of XHTML, text after an element). Bodies pass through no XML parser again.
//!
//! Invariants: pure in the slice and its environment; what had to be mended is noted with its
//! offset in the slice.

use std::ops::Range;

use super::body::{Body, BodyType, TypeSpelling, body_type, unwrapped};
use super::characters;
use super::children::{Child, TooDeep, children};
use super::environment::{Environment, base, language};
use super::kind::Format;
use super::namespace::{Namespaces, Ns, Spelling};
use super::plain::{self, Writing};
use super::private::Privacy;
use super::reading::Reading;
use super::repair::{Mends, Repair, mend};
use super::scan::{attribute, split_name};
use super::substitute;
use super::vocabulary::{Role, role};
use super::wrapping;
use crate::model::{SafeUrl, Text};

/// A link with its attributes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct AtomLink {
    pub(super) rel: String,
    pub(super) href: String,
}

/// A date as it was written, and how good a source it has: the lowest rank counts.
type Dated = Option<(u8, String)>;

/// What an entry says.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) id: Option<String>,
    /// Whether the id may be a link: a guid that does not say `isPermaLink="false"`.
    pub(super) permalink: bool,
    /// Whether the id is the link where there is no other.
    pub(super) id_as_link: bool,
    pub(super) title: Option<(String, Writing)>,
    /// The title of last choice: that of a film or recording.
    pub(super) substitute_title: Option<(String, Writing)>,
    /// The link that is a text.
    pub(super) link: Option<String>,
    pub(super) links: Vec<AtomLink>,
    /// A link that is a text where Atom wants an attribute.
    pub(super) text_link: Option<String>,
    /// The entry's own page, where its link is the page that it speaks of.
    pub(super) share: Option<String>,
    pub(super) published: Dated,
    pub(super) updated: Dated,
    pub(super) people: Vec<String>,
    pub(super) tags: Vec<String>,
    pub(super) content: Option<Body>,
    pub(super) summary: Option<Body>,
    /// The text of last choice.
    pub(super) substitute: Option<Body>,
    pub(super) source_title: Option<String>,
    pub(super) source_link: Option<String>,
    pub(super) source_feed: Option<String>,
    /// `xml:base` of the entry, or what it inherits.
    pub(super) base: Option<SafeUrl>,
    /// `xml:base` of the content, where it has its own.
    pub(super) content_base: Option<SafeUrl>,
    pub(super) language: Option<Text>,
    /// Whether it was published at all.
    pub(super) privacy: Privacy,
    pub(super) mended: Mends,
}

impl Fields {
    /// The addresses of pages, as they are written.
    pub(super) fn written_links(&self) -> impl Iterator<Item = &str> {
        let of_pages = |link: &&AtomLink| matches!(link.rel.as_str(), "alternate" | "via");
        let links = self.links.iter().filter(of_pages);
        let texts = [&self.link, &self.text_link];
        let texts = texts.into_iter().flatten().map(String::as_str);
        links.map(|link| link.href.as_str()).chain(texts)
    }
}

/// Reads an entry, or a header as if it were one.
pub(super) fn fields(
    slice: &str,
    environment: &Environment,
    reading: &Reading,
) -> Result<Fields, TooDeep> {
    let parts = children(slice)?;
    let mut reader = Reader {
        slice,
        environment,
        reading,
        namespaces: Namespaces::inside(&environment.namespaces),
        fields: Fields {
            mended: parts.mended,
            base: environment.base.clone(),
            language: environment.language.clone(),
            permalink: environment.format != Format::Atom,
            privacy: Privacy::new(environment.backup),
            ..Fields::default()
        },
    };
    reader.enter(&slice[parts.parent]);
    for child in &parts.list {
        reader.child(child);
    }
    Ok(reader.fields)
}

struct Reader<'a> {
    slice: &'a str,
    environment: &'a Environment,
    reading: &'a Reading,
    namespaces: Namespaces<'a>,
    fields: Fields,
}

impl Reader<'_> {
    /// The entry's own tag.
    fn enter(&mut self, tag: &str) {
        self.namespaces.declare(tag);
        if let Some(own) = base(tag) {
            self.fields.base = SafeUrl::resolve(self.environment.link_base(), &own);
        }
        if let Some(language) = attribute(tag, "xml:lang").and_then(language) {
            self.fields.language = Some(language);
        }
        // RSS 1.0 names its items as RDF does.
        self.fields.id = attribute(tag, "rdf:about").and_then(unescaped);
    }

    fn child(&mut self, child: &Child) {
        let (prefix, local) = split_name(&self.slice[child.name.clone()]);
        let format = self.environment.format;
        let tag = &self.slice[child.tag.clone()];
        let mut own = Namespaces::inside(&self.namespaces);
        own.declare(tag);
        let (ns, spelling) = own.resolve(format, prefix);
        if prefix.is_none() && local == "control" && own.of_bare_names() == Some(Ns::App) {
            return self.privacy(child, Ns::App, local);
        }
        if ns.is_about_privacy() {
            return self.privacy(child, ns, local);
        }
        let Some(role) = role(format, ns, local) else {
            return;
        };
        if spelling == Spelling::Undeclared {
            self.mend(Repair::UndeclaredPrefix, child);
        }
        self.take(role, child, ns);
    }

    fn take(&mut self, role: Role, child: &Child, ns: Ns) {
        match role {
            Role::Title => self.title(child, ns),
            Role::Link => self.link(child),
            Role::AtomLink => match self.atom_link(child) {
                Some(link) => self.fields.links.push(link),
                None => self.link_as_text(child),
            },
            Role::Id => self.id(child),
            Role::Published(rank) => {
                let date = self.text(child);
                better(&mut self.fields.published, rank, date);
            }
            Role::Updated(rank) => {
                let date = self.text(child);
                better(&mut self.fields.updated, rank, date);
            }
            Role::Person => {
                let name = self.inner_text(child, "name");
                self.fields.people.extend(name);
            }
            Role::Author => {
                let name = self.loose_text(child);
                self.fields.people.push(name);
            }
            Role::Category => self.category(child),
            Role::Subject => {
                let name = self.loose_text(child);
                self.fields.tags.push(name);
            }
            Role::Content | Role::Encoded => self.content(role, child, ns),
            Role::Summary | Role::Description => self.summary(role, child, ns),
            Role::Subjects => self.subjects(child),
            Role::Substitute => self.substitute(child),
            Role::SubstituteTitle => self.substitute_title(child),
            Role::Group => {
                let parts = substitute::parts(self.slice, child, "description");
                parts.iter().for_each(|part| self.substitute(part));
                self.nested(child);
            }
            Role::Nested => self.nested(child),
            Role::Enclosure => self.linked(child, "url", "enclosure"),
            Role::Source => self.source(child),
            Role::Language => {
                let said = self.text(child);
                self.fields.language = language(&said).or(self.fields.language.take());
            }
        }
    }

    fn title(&mut self, child: &Child, ns: Ns) {
        if ns == Ns::Dc && self.fields.title.is_some() {
            return;
        }
        let writing = self.title_writing(child);
        let raw = if writing == Writing::Html && (child.markup || self.is_xhtml(child)) {
            self.markup(child)
        } else {
            self.text(child)
        };
        if !raw.trim().is_empty() {
            self.fields.title = Some((raw, writing));
        }
    }

    fn title_writing(&self, child: &Child) -> Writing {
        if child.markup {
            return Writing::Html;
        }
        match (
            self.environment.format,
            self.attribute(child, "type").as_deref(),
        ) {
            (Format::Atom, Some("html" | "text/html" | "xhtml" | "application/xhtml+xml")) => {
                Writing::Html
            }
            (Format::Atom, _) => Writing::Text,
            _ => Writing::Unsaid,
        }
    }

    fn link(&mut self, child: &Child) {
        let text = self.text(child).trim().to_owned();
        if text.is_empty() {
            self.fields.links.extend(self.atom_link(child));
        } else if self.fields.link.is_none() {
            self.fields.link = Some(text);
        }
    }

    fn atom_link(&self, child: &Child) -> Option<AtomLink> {
        let href = self.attribute(child, "href")?;
        let rel = self
            .attribute(child, "rel")
            .unwrap_or_else(|| "alternate".to_owned());
        let kind = self.attribute(child, "type").unwrap_or_default();
        // An alternate that is a feed or a picture is not the page.
        let rel = match rel.as_str() {
            "alternate" if !kind.is_empty() && !kind.contains("html") => "alternate-other".into(),
            _ => rel,
        };
        Some(AtomLink { rel, href })
    }

    fn link_as_text(&mut self, child: &Child) {
        let rel = self.attribute(child, "rel");
        let is_page = rel.is_none_or(|rel| matches!(rel.trim(), "" | "alternate" | "via"));
        if self.fields.text_link.is_none() && is_page && !child.markup {
            let text = self.text(child).trim().to_owned();
            self.fields.text_link = Some(text).filter(|text| !text.is_empty());
        }
    }

    /// An id is never read differently: it is what an entry is known by.
    fn id(&mut self, child: &Child) {
        let text = self.text_as_written(child.inner.clone()).trim().to_owned();
        if text.is_empty() {
            return;
        }
        self.fields.id = Some(text);
        let denied = self
            .attribute(child, "isPermaLink")
            .is_some_and(|value| value.trim().eq_ignore_ascii_case("false"));
        self.fields.permalink &= !denied;
    }

    fn category(&mut self, child: &Child) {
        let said = |name| self.attribute(child, name).unwrap_or_default();
        let (scheme, term) = (said("scheme"), said("term"));
        self.fields.privacy.take_category(&scheme, &term);
        let label = self
            .attribute(child, "label")
            .filter(|label| !label.trim().is_empty());
        let name = label.or_else(|| self.attribute(child, "term"));
        let name = name.unwrap_or_else(|| self.loose_text(child));
        self.fields.tags.push(name);
    }

    /// Tags inside of an element of their own, or as one text with commas.
    fn subjects(&mut self, child: &Child) {
        let mut names = Vec::new();
        for part in substitute::parts(self.slice, child, "category")
            .into_iter()
            .chain(substitute::parts(self.slice, child, "tag"))
        {
            let name = self.attribute(&part, "label");
            let name = name.or_else(|| self.attribute(&part, "term"));
            names.push(name.unwrap_or_else(|| self.loose_text(&part)));
        }
        if !child.markup {
            names = self
                .loose_text(child)
                .split(',')
                .map(str::to_owned)
                .collect();
        }
        names.retain(|name| !name.trim().is_empty());
        if !names.is_empty() && self.reading.improves() {
            self.fields.tags.append(&mut names);
        }
    }

    /// What a draft or a backup says about who may read it.
    fn privacy(&mut self, child: &Child, ns: Ns, local: &str) {
        if local == "control" {
            for part in substitute::parts(self.slice, child, "draft") {
                let text = self.text(&part);
                self.fields.privacy.take(ns, "draft", &text);
            }
        }
        let text = if child.markup {
            String::new()
        } else {
            self.text(child)
        };
        self.fields.privacy.take(ns, local, &text);
    }

    fn content(&mut self, role: Role, child: &Child, ns: Ns) {
        let Some(body) = self.body(role, child, ns) else {
            let is_here = child.tag.end < child.inner.end
                && !self.slice[child.inner.clone()].trim().is_empty();
            if is_here {
                self.mend(Repair::Binary, child);
            }
            // The content lies elsewhere (RFC 4287, section 4.1.3.2).
            return self.linked(child, "src", "content");
        };
        if self
            .fields
            .content
            .as_ref()
            .is_some_and(|known| known.len() >= body.len())
        {
            return;
        }
        let tag = &self.slice[child.tag.clone()];
        if let Some(own) = self.content_base(child) {
            let around = self.fields.base.as_ref().or(self.environment.link_base());
            self.fields.content_base = SafeUrl::resolve(around, &own);
        }
        if let Some(language) = attribute(tag, "xml:lang").and_then(language) {
            self.fields.language = Some(language);
        }
        self.fields.content = Some(body);
    }

    /// The base of a content: its own, or that of the one `div` in it.
    fn content_base(&self, child: &Child) -> Option<String> {
        base(&self.slice[child.tag.clone()]).or_else(|| {
            let inner = &self.slice[child.inner.clone()];
            let first = inner.trim_start();
            let end = first.find('>').filter(|_| child.markup)?;
            base(&first[..=end])
        })
    }

    fn summary(&mut self, role: Role, child: &Child, ns: Ns) {
        if let Some(body) = self.body(role, child, ns)
            && self
                .fields
                .summary
                .as_ref()
                .is_none_or(|known| known.len() < body.len())
        {
            self.fields.summary = Some(body);
        }
    }

    fn substitute_title(&mut self, child: &Child) {
        let raw = self.text(child);
        if self.fields.substitute_title.is_none() && !raw.trim().is_empty() {
            self.fields.substitute_title = Some((raw, Writing::Unsaid));
        }
    }

    /// What the film or recording inside of an element says about itself, at most two levels deep
    /// (`media:group`, `media:content`).
    fn nested(&mut self, child: &Child) {
        let mut media = vec![child.clone()];
        media.extend(substitute::parts(self.slice, child, "content"));
        for (level, part) in media.iter().enumerate() {
            for title in substitute::parts(self.slice, part, "title") {
                self.substitute_title(&title);
            }
            // Version 0.1 read those of a group, and no others.
            let is_new = level > 0 || split_name(&self.slice[part.name.clone()]).1 == "content";
            let texts = substitute::parts(self.slice, part, "description");
            if is_new && !texts.is_empty() && self.reading.improves() {
                texts.iter().for_each(|text| self.substitute(text));
            }
        }
    }

    /// A text that was written for players and catalogues: of several, the longest.
    fn substitute(&mut self, child: &Child) {
        let body = substitute::body(self.slice, child, self.reading, &mut self.fields.mended);
        let known = self.fields.substitute.as_ref().map_or(0, Body::len);
        if body.len() > known {
            self.fields.substitute = Some(body);
        }
    }

    /// A link that is the entry's where it has no other.
    fn linked(&mut self, child: &Child, attribute: &str, rel: &str) {
        if let Some(href) = self.attribute(child, attribute) {
            let rel = rel.to_owned();
            self.fields.links.push(AtomLink { rel, href });
        }
    }

    /// A text by its type; none if it holds nothing to read.
    fn body(&mut self, role: Role, child: &Child, ns: Ns) -> Option<Body> {
        let writing = match role {
            Role::Encoded if ns == Ns::Xhtml => Some(BodyType::Xhtml),
            Role::Encoded | Role::Description => Some(BodyType::Html),
            _ => self.body_type(child),
        }?;
        let is_xml = matches!(writing, BodyType::Xhtml | BodyType::Inline);
        let whole = self.closed_early(child).filter(|_| !is_xml);
        let body = if let Some(whole) = whole {
            Body::Html(wrapping::html(whole, self.reading))
        } else if child.markup || writing == BodyType::Xhtml {
            if writing != BodyType::Xhtml && writing != BodyType::Inline {
                self.mend(Repair::InlineMarkup, child);
            }
            let html = unwrapped(&self.markup(child)).to_owned();
            if is_xml {
                Body::Xhtml(html)
            } else {
                Body::Html(html)
            }
        } else {
            let text = self.text(child);
            match writing {
                BodyType::Html => Body::Html(wrapping::html(text, self.reading)),
                _ => Body::Text(text),
            }
        };
        (body.len() > 0).then_some(body)
    }

    /// The text in a CDATA section that ends before its time.
    fn closed_early(&mut self, child: &Child) -> Option<String> {
        let whole = wrapping::closed_early(&self.slice[child.inner.clone()])?;
        if !self.reading.improves() {
            return None;
        }
        self.mend(Repair::ClosedEarly, child);
        Some(whole)
    }

    fn body_type(&mut self, child: &Child) -> Option<BodyType> {
        let raw = self.attribute(child, "type");
        let looks_escaped = || self.slice[child.inner.clone()].contains("&lt;/");
        let (kind, spelling) = body_type(raw.as_deref(), child.markup, looks_escaped);
        if spelling == TypeSpelling::Odd {
            self.mend(Repair::ContentType, child);
        }
        kind
    }

    /// Atom: the feed that the entry comes from (RFC 4287, section 4.2.11); RSS: the title of that
    /// feed, with its address (RSS 2.0, `source`).
    fn source(&mut self, child: &Child) {
        let title = if child.markup {
            self.source_links(child);
            self.inner_text(child, "title")
        } else {
            self.fields.source_feed = self.attribute(child, "url");
            Some(self.loose_text(child))
        };
        self.fields.source_title = title.filter(|title| !title.trim().is_empty());
    }

    /// Of each relation, the first link counts.
    fn source_links(&mut self, child: &Child) {
        let element = &self.slice[child.tag.start..child.inner.end];
        let Ok(parts) = children(element) else {
            return;
        };
        let links = parts
            .list
            .iter()
            .filter(|part| split_name(&element[part.name.clone()]).1 == "link");
        for part in links {
            let tag = &element[part.tag.clone()];
            let known = match attribute(tag, "rel") {
                None | Some("alternate") => &mut self.fields.source_link,
                Some("self") => &mut self.fields.source_feed,
                Some(_) => continue,
            };
            if known.is_none() {
                *known = attribute(tag, "href").and_then(unescaped);
            }
        }
    }

    /// The text of an element inside a child.
    fn inner_text(&mut self, child: &Child, wanted: &str) -> Option<String> {
        let range = child.tag.start..child.inner.end;
        let parts = children(&self.slice[range.clone()]).ok()?;
        let part = parts
            .list
            .into_iter()
            .find(|part| split_name(&self.slice[range.clone()][part.name.clone()]).1 == wanted);
        match part {
            Some(part) => {
                let inner = range.start + part.inner.start..range.start + part.inner.end;
                Some(self.text_of(inner))
            }
            // Text where an element should stand.
            None => Some(self.text(child)).filter(|text| !text.trim().is_empty()),
        }
    }

    fn text(&mut self, child: &Child) -> String {
        if let Some(whole) = self.closed_early(child) {
            return whole;
        }
        let text = self.text_of(child.inner.clone());
        let atom = self.environment.format == Format::Atom && !child.markup;
        match self.attribute(child, "mode").filter(|_| atom) {
            Some(mode) if mode.trim().eq_ignore_ascii_case("base64") => {
                wrapping::improved(text, wrapping::base64, self.reading)
            }
            None if atom && self.is_said_to_be_text(child) => {
                wrapping::improved(text, wrapping::evident_base64, self.reading)
            }
            _ => text,
        }
    }

    /// Whether an Atom construct has a type of text other than `text`, which some write in base64.
    fn is_said_to_be_text(&self, child: &Child) -> bool {
        let kind = self.attribute(child, "type").unwrap_or_default();
        kind.trim().starts_with("text/") || kind.trim() == "html"
    }

    fn text_of(&mut self, range: Range<usize>) -> String {
        let text = self.text_as_written(range);
        let text = wrapping::improved(text, wrapping::without_cdata, self.reading);
        wrapping::improved(text, wrapping::paired, self.reading)
    }

    fn text_as_written(&mut self, range: Range<usize>) -> String {
        let mut out = String::with_capacity(range.len());
        characters::text(self.slice, range, &mut out, &mut self.fields.mended);
        out
    }

    /// A short text that is often escaped once more than it should be.
    fn loose_text(&mut self, child: &Child) -> String {
        let raw = self.text(child);
        if plain::is_overlong(&raw) {
            self.mend(Repair::Shortened, child);
        }
        plain::from_html(plain::readable(&raw), |_| false)
    }

    fn markup(&mut self, child: &Child) -> String {
        characters::markup(self.slice, child.inner.clone(), &mut self.fields.mended)
    }

    fn is_xhtml(&self, child: &Child) -> bool {
        self.attribute(child, "type").as_deref() == Some("xhtml")
    }

    fn attribute(&self, child: &Child, name: &str) -> Option<String> {
        attribute(&self.slice[child.tag.clone()], name).and_then(unescaped)
    }

    fn mend(&mut self, repair: Repair, child: &Child) {
        let at = child.tag.start;
        mend(&mut self.fields.mended, repair, at);
    }
}

fn better(known: &mut Dated, rank: u8, date: String) {
    let is_better = known.as_ref().is_none_or(|(best, _)| rank < *best);
    if is_better && !date.trim().is_empty() {
        *known = Some((rank, date));
    }
}

/// An attribute's value with its references resolved.
fn unescaped(raw: &str) -> Option<String> {
    let mut out = String::with_capacity(raw.len());
    plain::decode(raw, &mut out);
    Some(out)
}
