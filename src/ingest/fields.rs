//! One entry's slice → what it says, still as strings: the words of all formats brought to one.
//!
//! This is where formats end. Prefixes are resolved, old names translated, references decoded,
//! unescaped markup turned into HTML; and everything is read that feed-rs drops (`source`,
//! `isPermaLink`, `xml:base` and `xml:lang` on a content, RSS 1.0 without a link) or spoils
//! (attributes of XHTML, text after an element). Bodies pass through no XML parser again.
//!
//! Invariants: pure in the slice and its environment; what had to be mended is noted with its
//! offset in the slice.

use super::body::Body;
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

/// Reads one entry. Its texts are read in [`contents`](super::contents), short strings in
/// [`strings`](super::strings).
pub(super) struct Reader<'a> {
    pub(super) slice: &'a str,
    pub(super) environment: &'a Environment,
    pub(super) reading: &'a Reading,
    namespaces: Namespaces<'a>,
    pub(super) fields: Fields,
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

    /// A link that is the entry's where it has no other.
    pub(super) fn linked(&mut self, child: &Child, attribute: &str, rel: &str) {
        if let Some(href) = self.attribute(child, attribute) {
            let rel = rel.to_owned();
            self.fields.links.push(AtomLink { rel, href });
        }
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

    pub(super) fn mend(&mut self, repair: Repair, child: &Child) {
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
pub(super) fn unescaped(raw: &str) -> Option<String> {
    let mut out = String::with_capacity(raw.len());
    plain::decode(raw, &mut out);
    Some(out)
}
