//! A planned file → its key: a hash of everything that the file is made of. Where a file with an
//! equal key stands in its place already, it is not made again.
//!
//! 1. [`Globals`] stand for what all files share: the theme, and what the site says of itself.
//! 2. Each entry is hashed once, with the plan, as templates see it; a page that shows it takes that
//!    hash. Entries are named by their hashes, never by their indices: an old entry that comes to
//!    light late moves all indices behind it, and changes few pages.
//! 3. [`Keys::page`] and [`Keys::feed`] are made of what is left: the views, field by field.
//!
//! Invariants: a key and the globals hold all that rendering reads, so equal ones mean equal bytes.
//! Views are taken apart here without `..`: a new field does not compile until its place is found.
//! Keys are compared within one version of the program, and promise nothing between two; that the
//! hash is a quick one lets a stranger, at the worst, keep an old text of their own on its page.

#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::{Input, WASM, content_security_policy};
use crate::config::SiteConfig;
use crate::model::{Entry, Hash, Key, Parts, SafeBody, Source};
use crate::plan::{EntryPage, Group, Matter, OutFeed, Page, Section};
use crate::theme::{Template, Theme};

/// What all files of a site are made of, beside their own keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Globals {
    /// The templates, and the options of the theme.
    pub(crate) theme: Hash,
    /// What every page and feed says of the site.
    pub(crate) site: Hash,
}

impl Globals {
    /// Those of this site.
    pub(crate) fn new(input: &Input) -> Self {
        Globals {
            theme: theme(input.theme),
            site: site(input),
        }
    }
}

fn theme(theme: &Theme) -> Hash {
    let Theme {
        base,
        templates,
        options,
        assets: _,       // copied, not rendered
        file_options: _, // for diagnostics
    } = theme;
    let mut parts = Parts::default();
    parts.add(base);
    parts.add(&templates.len());
    for template in templates {
        let Template {
            name,
            source,
            file: _, // for diagnostics
        } = template;
        parts.add(&(name, source));
    }
    for (name, value) in options {
        // Values of TOML have no hash (there are floats among them), but one way to be written.
        parts.add(&(name, value.to_string()));
    }
    parts.hash()
}

fn site(input: &Input) -> Hash {
    let SiteConfig {
        title,
        base_url,
        description,
        language,
        author,
        license,
        copy_notice,
        base_url_span: _, // for diagnostics
        timezone: _,      // seen in dates, which pages hold
        text: _,          // seen in texts
    } = &input.config.site;
    let mut parts = Parts::default();
    parts.add(&(title, base_url, description, language, author));
    parts.add(&(license, copy_notice));
    parts.add(&input.plan.site);
    parts.add(&content_security_policy(input, ""));
    parts.add(&content_security_policy(input, WASM));
    parts.hash()
}

/// The keys of all files; those of entries are the plan's.
pub(super) struct Keys<'a> {
    input: &'a Input<'a>,
    /// Of each entry as a feed has it, for those that one has.
    fed: Vec<OnceLock<Hash>>,
}

impl<'a> Keys<'a> {
    pub(super) fn new(input: &'a Input<'a>) -> Self {
        let entries = &input.plan.entries;
        Keys {
            input,
            fed: entries.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// An entry as templates see it.
    fn entry(&self, index: usize) -> &Hash {
        &self.input.plan.keys[index].view
    }

    /// An entry as the page of another names it.
    fn link(&self, index: usize) -> &Hash {
        &self.input.plan.keys[index].link
    }

    /// The key of a page.
    pub(super) fn page(&self, page: &Page) -> Key {
        let Page {
            path: _, // where it stands says the view, too
            view,
            matter,
            sections,
            changed: _, // for the sitemap
        } = page;
        let (mut subject, mut around) = (Parts::default(), Parts::default());
        subject.add(view);
        match matter {
            Matter::Home(home) => subject.add(home),
            Matter::List(list) => subject.add(list),
            Matter::Terms(terms) => subject.add(terms),
            Matter::Year(year) => subject.add(year),
            Matter::Dates(dates) => subject.add(dates),
            Matter::Days(days) => subject.add(days),
            Matter::Statistics(statistics) => subject.add(statistics),
            Matter::Redirect(redirect) => subject.add(redirect),
            Matter::Search(search) => subject.add(search),
            Matter::NotFound => {}
            Matter::Own(own) => subject.add(own),
            Matter::Entry(index, page) => {
                subject.add(self.entry(*index));
                self.entry_page(page, &mut subject, &mut around);
            }
            Matter::Revisions(index, revisions) => {
                subject.add(revisions);
                around.add(self.entry(*index));
            }
        }
        self.sections(sections, &mut around);
        Key {
            subject: subject.hash(),
            around: around.hash(),
        }
    }

    /// What only the page of an entry has.
    fn entry_page(&self, page: &EntryPage, subject: &mut Parts, around: &mut Parts) {
        let EntryPage {
            body,
            headings,
            image,
            wayback,
            newer,
            older,
            revisions,
            related,
            later,
            excerpted,
            gone,
        } = page;
        subject.add(&(body, headings, image, wayback, revisions, excerpted));
        subject.add(gone);
        for neighbour in [newer, older] {
            let link = neighbour.as_ref().map(|other| self.link(other.index()));
            around.add(&link);
        }
        for others in [related, later] {
            around.add(&others.len());
            for other in others {
                around.add(self.link(other.index()));
            }
        }
    }

    fn sections(&self, sections: &[Section], around: &mut Parts) {
        around.add(&sections.len());
        for Section { heading, groups } in sections {
            around.add(&(heading, groups.len()));
            for group in groups {
                let Group {
                    title,
                    day,
                    entries,
                } = group;
                around.add(&(title, day, entries.len()));
                for index in entries {
                    around.add(self.entry(*index));
                }
            }
        }
    }

    /// The key of a feed.
    pub(super) fn feed(&self, feed: &OutFeed) -> Key {
        let OutFeed {
            path,
            format,
            title,
            home,
            url,
            entries,
        } = feed;
        let mut around = Parts::default();
        for index in entries {
            around.add(&self.fed(*index));
        }
        Key {
            subject: Parts::of(&(path, format, title, home, url)),
            around: around.hash(),
        }
    }

    fn fed(&self, index: usize) -> Hash {
        let entry = &self.input.archive.entries[index];
        *self.fed[index].get_or_init(|| fed(*self.entry(index), entry))
    }
}

/// An entry as a feed has it: what its view says (`view`), and what feeds know beside that.
fn fed(view: Hash, entry: &Entry<SafeBody>) -> Hash {
    let Entry {
        id,
        permalink: _,
        aliases: _,
        title: _,
        link: _,
        date,
        updated,
        first_seen,
        authors: _,
        tags,
        source,
        language: _,
        body,
        shares: _,
        notes: _,
        revisions: _,
        former: _,
    } = entry;
    let Source {
        host,
        title,
        link,
        feed,
    } = source;
    let mut parts = Parts::default();
    parts.add(&(view, id, date, updated, first_seen, tags));
    parts.add(&(host, title, link, feed));
    let text = |body: &SafeBody| (body.html, body.facts.excerpted);
    parts.add(&body.as_ref().map(text));
    parts.hash()
}
