//! All entries → the names under which they are listed: tags, sources and sharers, each by a number.
//!
//! A name stands on many entries. Its page, whose path is made of a slug, is found once; views share
//! the link to it, and lists are gathered by numbers.

use std::collections::HashMap;
use std::sync::Arc;

use super::context::Link;
use super::lists::{sharer_path, source_path, tag_path};
use crate::model::{Archive, Entry, PagePath, SafeBody, UrlStyle};

/// The names of all entries.
pub(super) struct Names {
    /// Of each tag.
    pub(super) tags: Kind,
    /// Of the source, if it has a name.
    pub(super) sources: Kind,
    /// Of each share.
    pub(super) sharers: Kind,
}

/// All names of one kind, and who has which.
pub(super) struct Kind {
    /// Each once.
    pub(super) names: Vec<Name>,
    /// The numbers of the names of each entry, one entry behind the other; none where a name has no
    /// page.
    numbers: Vec<Option<u32>>,
    /// Where those of each entry begin, and where the last end.
    starts: Vec<usize>,
}

/// A name, and the page of what is listed under it. Several names may have the same page.
pub(super) struct Name {
    /// Where the page stands.
    pub(super) path: PagePath,
    /// The name with a link to the page.
    pub(super) link: Arc<Link>,
}

impl Names {
    /// Those of an archive.
    pub(super) fn of(archive: &Archive<SafeBody>, urls: UrlStyle) -> Self {
        let (mut tags, mut sources, mut sharers) =
            (Gather::new(urls), Gather::new(urls), Gather::new(urls));
        for entry in &archive.entries {
            for tag in &entry.tags {
                let key = (tag.key.as_str(), tag.name.as_str());
                tags.add(key, || Some((tag.name.as_str(), tag_path(&tag.key)?)));
            }
            let host = entry.source.host.as_deref();
            if let (Some(name), Some(host)) = (source_name(entry), host) {
                sources.add((host, name), || Some((name, source_path(host)?)));
            }
            for share in &entry.shares {
                match &share.sharer {
                    Some(name) => sharers.add(("", name.as_str()), || {
                        Some((name.as_str(), sharer_path(name)?))
                    }),
                    None => sharers.add_none(),
                }
            }
            tags.end_entry();
            sources.end_entry();
            sharers.end_entry();
        }
        Names {
            tags: tags.kind,
            sources: sources.kind,
            sharers: sharers.kind,
        }
    }
}

/// What an entry calls its source: the title that the feed gives, else the host.
pub(super) fn source_name(entry: &Entry<SafeBody>) -> Option<&str> {
    let title = entry.source.title.as_ref().map(crate::model::Text::as_str);
    title.or(entry.source.host.as_deref())
}

impl Kind {
    /// The numbers of the names of an entry, in its order.
    pub(super) fn numbers(&self, entry: usize) -> &[Option<u32>] {
        &self.numbers[self.starts[entry]..self.starts[entry + 1]]
    }

    /// The links of the names of an entry, in its order.
    pub(super) fn links(&self, entry: usize) -> impl Iterator<Item = Option<Arc<Link>>> {
        let link = |number: &Option<u32>| {
            let name = &self.names[(*number)? as usize];
            Some(Arc::clone(&name.link))
        };
        self.numbers(entry).iter().map(link)
    }
}

/// A kind as it is gathered, and what of it is known.
struct Gather<'a> {
    kind: Kind,
    known: HashMap<(&'a str, &'a str), Option<u32>>,
    urls: UrlStyle,
}

impl<'a> Gather<'a> {
    fn new(urls: UrlStyle) -> Self {
        Gather {
            kind: Kind {
                names: Vec::new(),
                numbers: Vec::new(),
                starts: vec![0],
            },
            known: HashMap::default(),
            urls,
        }
    }

    /// Adds a name to the present entry; `new` tells what it is called and where its page stands.
    fn add(&mut self, key: (&'a str, &'a str), new: impl FnOnce() -> Option<(&'a str, PagePath)>) {
        let names = &mut self.kind.names;
        let urls = self.urls;
        let number = self.known.entry(key).or_insert_with(|| {
            let (title, path) = new()?;
            let number = u32::try_from(names.len()).ok()?;
            let link = Arc::new(Link {
                title: title.to_owned(),
                href: path.file(urls).href(urls),
            });
            names.push(Name { path, link });
            Some(number)
        });
        self.kind.numbers.push(*number);
    }

    /// What could have a name, and has none.
    fn add_none(&mut self) {
        self.kind.numbers.push(None);
    }

    fn end_entry(&mut self) {
        self.kind.starts.push(self.kind.numbers.len());
    }
}
