//! The short strings of an entry: the text of an element or attribute, decoded.
//!
//! Invariant: what version 0.1 read is read again where the frozen reading asks for it; an id is always
//! read as it is written.

use std::ops::Range;

use super::characters;
use super::children::{Child, children};
use super::fields::{Reader, unescaped};
use super::kind::Format;
use super::plain;
use super::repair::Repair;
use super::scan::{attribute, split_name};
use super::wrapping;

impl Reader<'_> {
    /// The text of an element inside a child.
    pub(super) fn inner_text(&mut self, child: &Child, wanted: &str) -> Option<String> {
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

    pub(super) fn text(&mut self, child: &Child) -> String {
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
    pub(super) fn is_said_to_be_text(&self, child: &Child) -> bool {
        let kind = self.attribute(child, "type").unwrap_or_default();
        kind.trim().starts_with("text/") || kind.trim() == "html"
    }

    pub(super) fn text_of(&mut self, range: Range<usize>) -> String {
        let text = self.text_as_written(range);
        let text = wrapping::improved(text, wrapping::without_cdata, self.reading);
        wrapping::improved(text, wrapping::paired, self.reading)
    }

    pub(super) fn text_as_written(&mut self, range: Range<usize>) -> String {
        let mut out = String::with_capacity(range.len());
        characters::text(self.slice, range, &mut out, &mut self.fields.mended);
        out
    }

    /// A short text that is often escaped once more than it should be.
    pub(super) fn loose_text(&mut self, child: &Child) -> String {
        let raw = self.text(child);
        if plain::is_overlong(&raw) {
            self.mend(Repair::Shortened, child);
        }
        plain::from_html(plain::readable(&raw), |_| false)
    }

    pub(super) fn markup(&mut self, child: &Child) -> String {
        characters::markup(self.slice, child.inner.clone(), &mut self.fields.mended)
    }

    pub(super) fn is_xhtml(&self, child: &Child) -> bool {
        self.attribute(child, "type").as_deref() == Some("xhtml")
    }

    pub(super) fn attribute(&self, child: &Child, name: &str) -> Option<String> {
        attribute(&self.slice[child.tag.clone()], name).and_then(unescaped)
    }
}
