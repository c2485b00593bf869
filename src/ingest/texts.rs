//! The texts of an entry and what a dialect finds in them → what a sighting holds.
//!
//! Invariant: a text is stored once, as HTML; a summary that says the same as the content is none.

use super::body::Body;
use super::bounds::Shears;
use super::dialect;
use super::parse::Around;
use super::reading::Reading;
use super::wrapping::{self, has_words};
use crate::model::{RawHtml, RawShare, SafeUrl, Text};

/// How long a content may be, in bytes, to be looked at for words: pictures are short.
const PICTURE_LENGTH: usize = 8 * 1024;

/// A content without a word in it together with the summary that has the words: a picture and its
/// description.
fn together(
    content: Option<Body>,
    summary: Option<Body>,
    reading: &Reading,
) -> (Option<Body>, Option<Body>) {
    let (Some(picture), Some(words)) = (&content, &summary) else {
        return (content, summary);
    };
    let (picture, words) = (picture.clone().into_html(), words.clone().into_html());
    let is_short = picture.len() < PICTURE_LENGTH;
    if !is_short || has_words(&picture) || !has_words(&words) || !reading.improves() {
        return (content, summary);
    }
    let words = wrapping::with_paragraphs(&words).unwrap_or(words);
    (Some(Body::Html(format!("{picture}\n{words}"))), None)
}

/// The texts of an entry, and what a dialect found in them.
pub(super) struct Texts<'a> {
    around: &'a Around<'a>,
    pub(super) content: Option<RawHtml>,
    pub(super) summary: Option<RawHtml>,
    pub(super) share: Option<RawShare>,
    pub(super) source: Option<Text>,
}

impl<'a> Texts<'a> {
    /// The text, and the summary beside it; a summary that stands alone is the text.
    pub(super) fn new(
        content: Option<Body>,
        summary: Option<Body>,
        shears: &mut Shears,
        around: &'a Around<'a>,
    ) -> Self {
        let mut texts = Texts {
            around,
            content: None,
            summary: None,
            share: None,
            source: None,
        };
        let (content, summary) = together(content, summary, around.reading);
        let content = content.and_then(|body| texts.store(body, shears));
        let summary = summary.and_then(|body| texts.store(body, shears));
        (texts.content, texts.summary) = match content {
            None => (summary, None),
            Some(_) => (content, summary.filter(|_| summary != content)),
        };
        texts
    }

    /// Takes the text of last choice, where there is no other.
    pub(super) fn substitute(&mut self, body: Option<Body>, shears: &mut Shears) {
        if self.content.is_none() && self.share.is_none() {
            self.content = body.and_then(|body| self.store(body, shears));
        }
    }

    fn store(&mut self, body: Body, shears: &mut Shears) -> Option<RawHtml> {
        let is_xhtml = matches!(body, Body::Xhtml(_));
        let html = body.into_html();
        let mut body = &*html;
        if let Some(reading) = dialect::read(&html) {
            body = reading.body;
            let visible = |text: Text| self.around.reading.visible(text);
            let source = reading.source.and_then(visible);
            self.source = source.map(|title| shears.shorten(title));
            let sharer = visible(reading.sharer).or_else(|| {
                // A name that nobody can see: that of the sharer's site.
                let host = reading.permalink.as_ref().and_then(SafeUrl::host);
                Text::new(host.as_deref().unwrap_or("?"))
            });
            let comment = reading.comment.map(|comment| {
                let comment = wrapping::with_paragraphs(comment).unwrap_or(comment.to_owned());
                self.around.bodies.store_raw(&comment)
            });
            self.share = sharer.map(|sharer| RawShare {
                sharer: shears.shorten(sharer),
                permalink: reading.permalink,
                comment,
            });
        }
        let paragraphs = |html: &str| wrapping::with_paragraphs(html).filter(|_| !is_xhtml);
        let body = body.trim().to_owned();
        let body = wrapping::improved(body, paragraphs, self.around.reading);
        (!body.is_empty()).then(|| self.around.bodies.store_raw(&body))
    }
}
