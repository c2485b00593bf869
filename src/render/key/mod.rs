//! A planned file → its key: a hash of everything that the file is made of. Where a file with an
//! equal key stands in its place already, it is not made again.
//!
//! 1. [`Globals`] stand for what all files share: the theme, and what the site says of itself.
//! 2. [`Keys::new`] hashes each entry once, as templates see it; a page that shows it takes that
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

use std::cell::RefCell;
use std::hash::{Hash as Hashed, Hasher};
use std::sync::OnceLock;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Input, WASM, content_security_policy};
use crate::config::SiteConfig;
use crate::model::{Entry, Hash, Key, SafeBody, Source};
use crate::plan::{EntryLink, EntryPage, EntryView, Group, Matter, OutFeed, Page, Section};
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
        assets: _, // copied, not rendered
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
        timezone: _, // seen in dates, which pages hold
        text: _,     // seen in texts
    } = &input.config.site;
    let mut parts = Parts::default();
    parts.add(&(title, base_url, description, language, author));
    parts.add(&(license, copy_notice));
    parts.add(&input.plan.site);
    parts.add(&content_security_policy(input, ""));
    parts.add(&content_security_policy(input, WASM));
    parts.hash()
}

/// The keys of all files: those of entries are made beforehand.
pub(super) struct Keys<'a> {
    input: &'a Input<'a>,
    /// Of each entry, as templates see it.
    entries: Vec<Hash>,
    /// Of each entry, as the page of another names it.
    links: Vec<Hash>,
    /// Of each entry as a feed has it, for those that one has.
    fed: Vec<OnceLock<Hash>>,
}

impl<'a> Keys<'a> {
    pub(super) fn new(input: &'a Input<'a>) -> Self {
        let entries = &input.plan.entries;
        Keys {
            input,
            entries: entries.par_iter().map(of).collect(),
            links: entries.par_iter().map(entry_link).collect(),
            fed: entries.iter().map(|_| OnceLock::new()).collect(),
        }
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
                subject.add(&self.entries[*index]);
                self.entry_page(page, &mut subject, &mut around);
            }
            Matter::Revisions(index, revisions) => {
                subject.add(revisions);
                around.add(&self.entries[*index]);
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
        } = page;
        subject.add(&(body, headings, image, wayback, revisions, excerpted));
        for neighbour in [newer, older] {
            let link = neighbour.as_ref().map(|other| self.links[other.index()]);
            around.add(&link);
        }
        for others in [related, later] {
            around.add(&others.len());
            for other in others {
                around.add(&self.links[other.index()]);
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
                    around.add(&self.entries[*index]);
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
            subject: of(&(path, format, title, home, url)),
            around: around.hash(),
        }
    }

    fn fed(&self, index: usize) -> Hash {
        let entry = &self.input.archive.entries[index];
        *self.fed[index].get_or_init(|| fed(self.entries[index], entry))
    }
}

/// An entry as the page of another names it.
fn entry_link(entry: &EntryView) -> Hash {
    of(&EntryLink::of(entry))
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
        authors: _,
        tags,
        source,
        language: _,
        body,
        shares: _,
        notes: _,
        revisions: _,
    } = entry;
    let Source {
        host,
        title,
        link,
        feed,
    } = source;
    let mut parts = Parts::default();
    parts.add(&(view, id, date, updated, tags));
    parts.add(&(host, title, link, feed));
    let text = |body: &SafeBody| (body.html, body.facts.excerpted);
    parts.add(&body.as_ref().map(text));
    parts.hash()
}

/// The hash of one value.
fn of<T: Hashed>(value: &T) -> Hash {
    let mut parts = Parts::default();
    parts.add(value);
    parts.hash()
}

thread_local! {
    /// What is left of hashing: room for the next.
    static ROOM: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// What a hash is made of, written one behind the other: values say where they end.
struct Parts(Bytes);

impl Default for Parts {
    fn default() -> Self {
        let room = ROOM.with_borrow_mut(Vec::pop);
        Parts(Bytes(room.unwrap_or_default()))
    }
}

impl Drop for Parts {
    fn drop(&mut self) {
        let mut room = std::mem::take(&mut self.0.0);
        room.clear();
        ROOM.with_borrow_mut(|rooms| rooms.push(room));
    }
}

impl Parts {
    fn add<T: Hashed + ?Sized>(&mut self, value: &T) {
        value.hash(&mut self.0);
    }

    fn hash(&self) -> Hash {
        Hash::quick(&self.0.0)
    }
}

/// Keeps what a value is made of, where other hashers mix it into a number.
struct Bytes(Vec<u8>);

impl Bytes {
    /// A small number in one byte, a large one in nine: most are lengths, or tell one variant from
    /// another.
    fn number(&mut self, number: u64) {
        if number < 0xf0 {
            #[expect(clippy::cast_possible_truncation, reason = "it is below 240")]
            self.0.push(number as u8);
        } else {
            self.0.push(0xff);
            self.0.extend_from_slice(&number.to_le_bytes());
        }
    }
}

impl Hasher for Bytes {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn write_i32(&mut self, number: i32) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    fn write_i64(&mut self, number: i64) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    fn write_u8(&mut self, number: u8) {
        self.0.push(number);
    }

    fn write_usize(&mut self, number: usize) {
        self.number(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.number(number.cast_unsigned() as u64);
    }

    /// Nothing asks for it: the hash is made of the bytes.
    fn finish(&self) -> u64 {
        0
    }
}
