//! The texts of an entry: its content, its summary, and what stands in for them.
//!
//! Formats have several elements for a text, and each may be escaped, inline markup, base64 or XHTML. Of
//! several, the longest counts. Invariant: text that is not read is reported.

use super::body::{Body, BodyType, TypeSpelling, body_type, unwrapped};
use super::children::Child;
use super::environment::{base, language};
use super::fields::Reader;
use super::namespace::Ns;
use super::plain::Writing;
use super::repair::Repair;
use super::scan::{attribute, split_name};
use super::substitute;
use super::vocabulary::Role;
use super::wrapping;
use crate::model::SafeUrl;

impl Reader<'_> {
    pub(super) fn content(&mut self, role: Role, child: &Child, ns: Ns) {
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
    pub(super) fn content_base(&self, child: &Child) -> Option<String> {
        base(&self.slice[child.tag.clone()]).or_else(|| {
            let inner = &self.slice[child.inner.clone()];
            let first = inner.trim_start();
            let end = first.find('>').filter(|_| child.markup)?;
            base(&first[..=end])
        })
    }

    pub(super) fn summary(&mut self, role: Role, child: &Child, ns: Ns) {
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

    pub(super) fn substitute_title(&mut self, child: &Child) {
        let raw = self.text(child);
        if self.fields.substitute_title.is_none() && !raw.trim().is_empty() {
            self.fields.substitute_title = Some((raw, Writing::Unsaid));
        }
    }

    /// What the film or recording inside of an element says about itself, at most two levels deep
    /// (`media:group`, `media:content`).
    pub(super) fn nested(&mut self, child: &Child) {
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
    pub(super) fn substitute(&mut self, child: &Child) {
        let body = substitute::body(self.slice, child, self.reading, &mut self.fields.mended);
        let known = self.fields.substitute.as_ref().map_or(0, Body::len);
        if body.len() > known {
            self.fields.substitute = Some(body);
        }
    }

    /// A text by its type; none if it holds nothing to read.
    pub(super) fn body(&mut self, role: Role, child: &Child, ns: Ns) -> Option<Body> {
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
    pub(super) fn closed_early(&mut self, child: &Child) -> Option<String> {
        let whole = wrapping::closed_early(&self.slice[child.inner.clone()])?;
        if !self.reading.improves() {
            return None;
        }
        self.mend(Repair::ClosedEarly, child);
        Some(whole)
    }

    pub(super) fn body_type(&mut self, child: &Child) -> Option<BodyType> {
        let raw = self.attribute(child, "type");
        let looks_escaped = || self.slice[child.inner.clone()].contains("&lt;/");
        let (kind, spelling) = body_type(raw.as_deref(), child.markup, looks_escaped);
        if spelling == TypeSpelling::Odd {
            self.mend(Repair::ContentType, child);
        }
        kind
    }
}
