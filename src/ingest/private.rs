//! Entries that were never published: drafts, private posts, and the settings and comments in backups of
//! blogs.
//!
//! A backup of WordPress is RSS, and one of Blogger is Atom, but they hold all that their blog holds. Only
//! what they say is a published post comes through; where a backup says nothing, nothing comes through.
//! An Atom entry may be a draft anywhere (RFC 5023, section 13.1.1).

use memchr::memmem;

use super::environment::Environment;
use super::fields::Fields;
use super::kind::Format;
use super::namespace::Ns;

const DRAFT: &str = "entries that are drafts";
const UNPUBLISHED: &str = "items of a blog's backup that are not public posts (drafts, private posts, pages, attachments, settings, comments)";

/// What an entry says about who may read it.
#[derive(Debug, Default)]
pub(super) struct Privacy {
    /// Whether the file, or the entry, is part of a backup.
    backup: bool,
    draft: bool,
    /// Whether something says that it is a public post, and nothing that it is not.
    post: Option<bool>,
    public: Option<bool>,
}

impl Privacy {
    /// The state of an entry before it is read.
    pub(super) fn new(backup: bool) -> Self {
        Privacy {
            backup,
            ..Privacy::default()
        }
    }

    /// Takes what a child of these vocabularies says.
    pub(super) fn take(&mut self, ns: Ns, local: &str, text: &str) {
        let text = text.trim().to_ascii_lowercase();
        match (ns, local) {
            (Ns::App, "draft") => self.draft |= text != "no",
            (Ns::Wp, "status") => self.says(false, text == "publish"),
            (Ns::Wp, "post_type") => self.says(true, text == "post"),
            (Ns::Wp, "post_password") if !text.is_empty() => self.says(false, false),
            (Ns::Wp, "wxr_version" | "post_id") => self.backup = true,
            (Ns::Blogger, "type") => self.says(true, text == "post"),
            (Ns::Blogger, "status") => self.says(false, text == "live"),
            (Ns::Blogger, "trashed") if !text.is_empty() => self.says(false, false),
            _ => {}
        }
    }

    /// Takes the category in which Blogger says what an entry is.
    pub(super) fn take_category(&mut self, scheme: &str, term: &str) {
        if !scheme.ends_with("g/2005#kind") && !term.contains("/blogger/2008/kind#") {
            return;
        }
        match term.rsplit('#').next().unwrap_or_default() {
            "settings" | "template" => self.says(true, false),
            kind if self.backup => {
                self.says(true, kind == "post");
                // Atom says so where it is a draft.
                self.says(false, true);
            }
            _ => {}
        }
    }

    fn says(&mut self, of_type: bool, yes: bool) {
        self.backup = true;
        let known = if of_type {
            &mut self.post
        } else {
            &mut self.public
        };
        *known = Some(known.unwrap_or(true) && yes);
    }

    /// Whether anything says that this is part of a backup.
    pub(super) fn is_of_backup(&self) -> bool {
        self.backup
    }

    /// Why the entry is left out, if it is.
    pub(super) fn withheld(&self) -> Option<&'static str> {
        let is_public = self.post == Some(true) && self.public == Some(true);
        match (self.backup, self.draft) {
            (true, draft) => (draft || !is_public).then_some(UNPUBLISHED),
            (false, draft) => draft.then_some(DRAFT),
        }
    }
}

/// Whether a feed is a backup of a blog.
pub(super) fn is_backup(text: &str, environment: &Environment, header: &Fields) -> bool {
    let has = |mark: &str| memmem::find(text.as_bytes(), mark.as_bytes()).is_some();
    if environment.format != Format::Atom {
        let is_wordpress = environment.namespaces.declares_any(Ns::Wp) && has(":post_type>");
        return is_wordpress || header.privacy.is_of_backup();
    }
    let archive = |id: &str| id.contains("blogger.com") && id.ends_with(".archive");
    header.id.as_deref().is_some_and(archive)
        || has("/blogger/2008/kind#settings")
        || has("/blogger/2008/kind#template")
}
