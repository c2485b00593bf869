//! Small archives for the tests of planning: what was shared, and the plan that comes of it.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Beside, Matter, Page, Plan, Remembered, Section, plan};
use crate::config::{Config, Overrides};
use crate::model::{
    Archive, Entry, Facts, FeedName, SafeBody, SafeHtml, Share, Source, Tag, Text, tag_key,
};

/// An archive, and what its owner set.
pub(super) struct World {
    pub(super) config: Config,
    entries: Vec<Entry<SafeBody>>,
}

/// The plan of a world.
pub(super) struct Planned(pub(super) Plan);

impl World {
    pub(super) fn new() -> Self {
        World::with("")
    }

    /// A world whose site.toml goes on like this.
    pub(super) fn with(settings: &str) -> Self {
        let text =
            format!("[site]\ntitle = 'A site'\nbase_url = 'https://example.org/'\n{settings}");
        let (config, problems) = crate::config::read("site.toml", &text, &Overrides::default());
        assert_eq!(problems, [], "{text}");
        World {
            config: config.unwrap(),
            entries: Vec::new(),
        }
    }

    /// An entry that was shared at this time (`2025-08-28T16:00:00Z`; empty: without a date).
    pub(super) fn entry(&mut self, time: &str, host: &str, tags: &[&str]) -> &mut Entry<SafeBody> {
        let number = self.entries.len();
        let date = time.parse().ok();
        let tags = tags.iter().map(|name| Tag {
            key: tag_key(name),
            name: Text::new(name).unwrap(),
        });
        self.entries.push(Entry {
            title: Text::new(&format!("Entry {number}")),
            date,
            tags: tags.collect(),
            source: Source {
                host: Some(host.to_owned()),
                ..Source::default()
            },
            shares: vec![Share {
                feed: FeedName::new("feed"),
                sharer: Text::new("Ada"),
                permalink: None,
                date,
                comment: None,
            }],
            ..Entry::bare(&number.to_string(), &format!("entries/{number}"))
        });
        self.entries.last_mut().unwrap()
    }

    /// The archive, in its order.
    pub(super) fn archive(&self) -> Archive<SafeBody> {
        let mut entries: Vec<_> = self.entries.iter().cloned().map(Arc::new).collect();
        entries.sort_by_key(|entry| entry.date);
        Archive {
            entries,
            coverage: Vec::new(),
        }
    }

    pub(super) fn plan(&self) -> Planned {
        let beside = Beside {
            own: Vec::new(),
            statics: Vec::new(),
            assets: Vec::new(),
            originals: Default::default(),
        };
        let (plan, problems) = plan(
            &self.archive(),
            &beside,
            &self.config,
            &Remembered::default(),
        );
        assert_eq!(problems, []);
        Planned(plan)
    }
}

/// A text with this many words.
pub(super) fn text(words: usize) -> Option<SafeBody> {
    Some(SafeBody {
        html: SafeHtml::empty(),
        facts: Arc::new(Facts {
            words,
            ..Facts::default()
        }),
    })
}

impl Planned {
    #[track_caller]
    pub(super) fn page(&self, path: &str) -> &Page {
        let found = self.find(path);
        found.unwrap_or_else(|| panic!("no page {path}"))
    }

    pub(super) fn find(&self, path: &str) -> Option<&Page> {
        let mut pages = self.0.pages.iter().map(|page| &**page);
        pages.find(|page| page.path.as_str() == path)
    }

    /// What the template of a page is given of its matter.
    #[track_caller]
    pub(super) fn matter(&self, path: &str) -> Value {
        match &self.page(path).matter {
            Matter::Home(matter) => json!(matter),
            Matter::List(matter) => json!(matter),
            Matter::Terms(matter) => json!(matter),
            Matter::Year(matter) => json!(matter),
            Matter::Dates(matter) => json!(matter),
            Matter::Days(matter) => json!(matter),
            Matter::Statistics(matter) => json!(matter),
            other => json!(other.kind()),
        }
    }

    /// The sections of a page in one line: `August 2025 [28 August 2025: Entry 2, Entry 1]`.
    #[track_caller]
    pub(super) fn sections(&self, path: &str) -> String {
        let sections = self.page(path).sections.iter();
        let lines: Vec<String> = sections.map(|section| self.section(section)).collect();
        lines.join("; ")
    }

    fn section(&self, section: &Section) -> String {
        let heading = section.heading.as_ref();
        let heading = heading.map_or("-", |heading| &*heading.title);
        let groups = section.groups.iter().map(|group| {
            let title = group.title.as_deref().unwrap_or("-");
            let titles = group.entries.iter().map(|entry| {
                let title = &self.0.entries[*entry].title;
                title.as_str().replace("Entry ", "")
            });
            format!("{title}: {}", titles.collect::<Vec<_>>().join(" "))
        });
        format!("{heading} [{}]", groups.collect::<Vec<_>>().join(", "))
    }
}

/// Terms in one line: `rust 3, zig 1`.
pub(super) fn terms(terms: &Value) -> String {
    let terms = terms.as_array().unwrap().iter();
    let terms = terms.map(|term| format!("{} {}", term["name"].as_str().unwrap(), term["count"]));
    terms.collect::<Vec<_>>().join(", ")
}
