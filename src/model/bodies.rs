//! HTML by handle: who holds a handle knows that the HTML exists and what kind it is, not the HTML.
//!
//! Entries, plans and contexts stay small this way, and equal bodies are kept once. Handles are
//! content addresses, so the same HTML has the same handle in every run.
//!
//! Invariant: only sanitizing calls [`Bodies::store_safe`] (a repository test holds this), so a
//! [`SafeHtml`] is a promise that templates may rely on.

use std::collections::HashMap;
use std::sync::Arc;

use super::Hash;

/// A handle to HTML as a stranger wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RawHtml(Hash);

/// A handle to HTML that came out of sanitizing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SafeHtml(Hash);

impl RawHtml {
    /// The content address.
    pub(crate) fn hash(self) -> Hash {
        self.0
    }
}

#[cfg(test)]
impl SafeHtml {
    /// A handle to nothing, for the tests of stages that never read a text.
    pub(crate) fn empty() -> Self {
        SafeHtml(Hash::of(b""))
    }
}

/// The HTML behind the handles. Looked up, never walked: its order says nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bodies {
    raw: HashMap<Hash, Arc<str>>,
    safe: HashMap<Hash, Arc<str>>,
}

impl Bodies {
    /// Keeps HTML from a feed or from Markdown.
    pub(crate) fn store_raw(&mut self, html: &str) -> RawHtml {
        let hash = Hash::of(html.as_bytes());
        self.raw.entry(hash).or_insert_with(|| html.into());
        RawHtml(hash)
    }

    /// Keeps HTML that has just been sanitized.
    pub(crate) fn store_safe(&mut self, html: &str) -> SafeHtml {
        let hash = Hash::of(html.as_bytes());
        self.safe.entry(hash).or_insert_with(|| html.into());
        SafeHtml(hash)
    }

    /// The HTML behind a raw handle; empty if this value never stored it.
    pub(crate) fn raw(&self, handle: RawHtml) -> Arc<str> {
        self.raw.get(&handle.0).cloned().unwrap_or_default()
    }

    /// The HTML behind a safe handle; empty if this value never stored it.
    pub(crate) fn safe(&self, handle: SafeHtml) -> Arc<str> {
        self.safe.get(&handle.0).cloned().unwrap_or_default()
    }

    /// Forgets the raw HTML, once everything that is shown has been sanitized.
    pub(crate) fn drop_raw(&mut self) {
        self.raw = HashMap::new();
    }

    /// Takes over what another value holds.
    pub(crate) fn absorb(&mut self, other: Bodies) {
        self.raw.extend(other.raw);
        self.safe.extend(other.safe);
    }
}
