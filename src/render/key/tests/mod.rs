//! A key changes with everything that its file is made of, and with nothing else.

mod feeds;

use std::sync::Arc;

use super::*;
use crate::config::{Config, Overrides};
use crate::model::{Archive, Bodies, Facts, OutPath, SafeHtml, SafeUrl, Share, Tag, Text};
use crate::plan::{
    Beside, EntryKey, EntryView, Format, GoneView, HeadingView, License, Link, Matter, Plan,
    Remembered, RevisionView, Wayback, When, plan,
};

/// A site of three entries, and all that rendering reads.
#[derive(Clone)]
struct World {
    plan: Plan,
    theme: Theme,
    archive: Archive<SafeBody>,
    config: Config,
    frame_hosts: &'static [&'static str],
}

/// One thing of it that is another.
type Edit<T> = fn(&mut T);

impl World {
    fn new() -> Self {
        let site = "[site]\ntitle = 'T'\nbase_url = 'https://e.org/'\n[content]\nembeds = 'click'";
        let config = crate::config::read("site.toml", site, &Overrides::default()).0;
        let config = config.unwrap();
        let archive = Archive {
            entries: (0..3).map(|number| entry(number).into()).collect(),
            coverage: Vec::new(),
        };
        let beside = Beside {
            own: Vec::new(),
            statics: Vec::new(),
            assets: Vec::new(),
            originals: Default::default(),
        };
        let plan = plan(&archive, &beside, &config, &Remembered::default()).0;
        let mut theme = Theme::default();
        theme.templates.push(Template {
            name: "home.html".to_owned(),
            source: "Hello".to_owned(),
            file: String::new(),
        });
        theme.options.insert("width".to_owned(), 3.into());
        World {
            plan,
            theme,
            archive,
            config,
            frame_hosts: &["video.example"],
        }
    }

    fn input<T>(&self, ask: impl FnOnce(&Input) -> T) -> T {
        ask(&Input {
            plan: &self.plan,
            theme: &self.theme,
            archive: &self.archive,
            bodies: &Bodies::default(),
            config: &self.config,
            frame_hosts: self.frame_hosts,
        })
    }

    fn edited(edit: Edit<Self>) -> Self {
        let mut world = World::new();
        edit(&mut world);
        world
    }

    /// An entry as templates see it.
    fn view(&mut self) -> &mut EntryView {
        Arc::make_mut(&mut self.plan.entries[1])
    }

    /// The same entry as feeds see it.
    fn entry(&mut self) -> &mut Entry<SafeBody> {
        Arc::make_mut(&mut self.archive.entries[1])
    }

    /// The same world with the keys of its entries as they are now.
    fn keyed(&self) -> Self {
        let mut world = self.clone();
        let entries = self.plan.entries.iter();
        world.plan.keys = entries.map(|view| EntryKey::of(view)).collect();
        world
    }

    fn page(&self, page: &Page) -> Key {
        self.keyed().input(|input| Keys::new(input).page(page))
    }

    /// The key of the page at this path.
    fn page_at(&self, path: &str) -> Key {
        self.page(&self.find(path))
    }

    fn find(&self, path: &str) -> Page {
        let mut pages = self.plan.pages.iter();
        let page = pages.find(|page| page.path.as_str() == path);
        Page::clone(page.unwrap_or_else(|| panic!("no page {path}")))
    }

    fn feed(&self, feed: &OutFeed) -> Key {
        self.keyed().input(|input| Keys::new(input).feed(feed))
    }

    fn globals(&self) -> Globals {
        self.input(Globals::new)
    }
}

fn entry(number: usize) -> Entry<SafeBody> {
    let date = format!("2025-08-0{}T10:00:00Z", number + 1).parse().ok();
    Entry {
        title: Text::new(&format!("Entry {number}")),
        date,
        tags: vec![Tag {
            key: "rust".to_owned(),
            name: Text::new("Rust").unwrap(),
        }],
        source: Source {
            host: Some("a.example".to_owned()),
            ..Source::default()
        },
        body: Some(SafeBody {
            html: SafeHtml::empty(),
            facts: Arc::new(Facts::default()),
        }),
        shares: vec![Share {
            feed: crate::model::FeedName::new("shares"),
            sharer: Text::new("ada"),
            permalink: None,
            date,
            comment: None,
        }],
        revisions: Vec::new(),
        ..Entry::bare(&number.to_string(), &format!("entries/{number}"))
    }
}

fn link(title: &str) -> Option<Link> {
    Some(Link {
        title: title.to_owned(),
        href: String::new(),
    })
}

fn date() -> Option<When> {
    let zone = jiff::tz::TimeZone::UTC;
    Some(When::new(jiff::Timestamp::UNIX_EPOCH, &zone))
}

fn url() -> Option<SafeUrl> {
    SafeUrl::parse("https://x.example/")
}

/// Holds that each edit changes the one part of a key and leaves the other, and that no two edits
/// look alike.
#[track_caller]
fn assert_changes<T>(base: &T, key: impl Fn(&T) -> Key, edits: &[Edit<T>], part: fn(&Key) -> Hash)
where
    T: Clone,
{
    let parts = |key: Key| (part(&key), key);
    let (before, whole) = parts(key(base));
    assert_eq!(key(&base.clone()), whole);
    let mut seen = vec![before];
    for (number, edit) in edits.iter().enumerate() {
        let mut edited = base.clone();
        edit(&mut edited);
        let (after, key) = parts(key(&edited));
        assert!(!seen.contains(&after), "edit {number} changes nothing");
        seen.push(after);
        let changed = [key.subject != whole.subject, key.around != whole.around];
        assert_eq!(changed.iter().filter(|changed| **changed).count(), 1);
    }
}

const SUBJECT: fn(&Key) -> Hash = |key| key.subject;
const AROUND: fn(&Key) -> Hash = |key| key.around;

#[test]
fn the_key_of_a_page_changes_with_what_it_knows_of_itself() {
    let world = World::new();
    let page = world.find("404.html");
    let edits: [Edit<Page>; 8] = [
        |page| page.view.kind = "x",
        |page| page.view.title = "x".into(),
        |page| page.view.description = Text::new("x"),
        |page| page.view.root = "x".into(),
        |page| page.view.href = "x".into(),
        |page| page.view.url = "x".into(),
        |page| page.view.indexed = true,
        |page| {
            page.view.feed = Some(Box::new(crate::plan::FeedLink {
                title: String::new(),
                href: String::new(),
                mime: "",
            }));
        },
    ];
    assert_changes(&page, |page| world.page(page), &edits, SUBJECT);
    // Only the sitemap knows when a page changed.
    let mut page = page;
    let before = world.page(&page);
    page.changed = Some(jiff::Timestamp::UNIX_EPOCH);
    assert_eq!(world.page(&page), before);
}

#[test]
fn the_key_of_an_entry_page_changes_with_its_matter_and_with_its_neighbours() {
    fn of(page: &mut Page) -> &mut EntryPage {
        match &mut page.matter {
            Matter::Entry(_, matter) => matter,
            other => panic!("{other:?}"),
        }
    }
    let world = World::new();
    let page = world.find("entries/1.html");
    let own: [Edit<Page>; 7] = [
        |page| of(page).body = None,
        |page| {
            of(page).headings.push(HeadingView {
                level: 2,
                id: None,
                text: Text::default(),
            });
        },
        |page| of(page).image = url(),
        |page| {
            of(page).wayback = Some(Wayback {
                time: jiff::Timestamp::UNIX_EPOCH,
                link: url().unwrap(),
            });
        },
        |page| of(page).revisions = link("x"),
        |page| of(page).excerpted = true,
        |page| {
            let since = When::new(jiff::Timestamp::UNIX_EPOCH, &jiff::tz::TimeZone::UTC);
            of(page).gone = Some(GoneView { status: 404, since });
        },
    ];
    assert_changes(&page, |page| world.page(page), &own, SUBJECT);
    assert!(!of(&mut page.clone()).related.is_empty());
    let others: [Edit<Page>; 4] = [
        |page| of(page).newer = None,
        |page| of(page).older = None,
        |page| of(page).related.clear(),
        |page| of(page).later.clear(),
    ];
    assert_changes(&page, |page| world.page(page), &others, AROUND);
}

#[test]
fn the_key_of_a_page_changes_with_each_entry_that_it_shows_and_with_no_other() {
    let before = World::new();
    // Whether the pages of its neighbours and relatives show it, too.
    let edits: [(bool, Edit<World>); 8] = [
        (true, |world| {
            world.view().title = Text::new("x").unwrap();
        }),
        (true, |world| world.view().date = None),
        (false, |world| world.view().tags.clear()),
        (false, |world| {
            world.view().notes.push(SafeHtml::empty());
        }),
        (false, |world| {
            world.view().shares[0].comment = Some(SafeHtml::empty());
        }),
        (false, |world| {
            world.view().shares[0].sharer = None;
        }),
        (false, |world| {
            world.view().excerpt = Text::new("x");
        }),
        (false, |world| world.view().words = 5),
    ];
    for (linked, edit) in edits {
        let after = World::edited(edit);
        let parts = |path: &str| {
            let (before, after) = (before.page_at(path), after.page_at(path));
            [
                before.subject != after.subject,
                before.around != after.around,
            ]
        };
        assert_eq!(parts("entries/1.html"), [true, false]);
        assert_eq!(parts("entries/0.html"), [false, linked]);
        for list in ["index.html", "tags/rust.html", "2025/08/index.html"] {
            assert_eq!(parts(list), [false, true], "{list}");
        }
        for other in ["tags/index.html", "on-this-day/08-01.html"] {
            assert_eq!(parts(other), [false, false], "{other}");
        }
    }
}

#[test]
fn entries_are_named_by_what_they_are_not_by_their_number() {
    let world = World::new();
    let mut moved = world.clone();
    moved.plan.entries.insert(0, world.plan.entries[2].clone());
    let mut list = world.find("tags/rust.html");
    let before = world.page(&list);
    assert_ne!(moved.page(&list), before);
    for group in list.sections.iter_mut().flat_map(|it| &mut it.groups) {
        group.entries.iter_mut().for_each(|index| *index += 1);
    }
    assert_eq!(moved.page(&list), before);
}

#[test]
fn the_key_of_a_list_changes_with_its_entries_and_headings() {
    let world = World::new();
    let page = world.find("index.html");
    let edits: [Edit<Page>; 6] = [
        |page| page.sections[0].heading = None,
        |page| page.sections[0].groups[0].title = None,
        |page| page.sections[0].groups[0].day = None,
        |page| page.sections[0].groups[0].entries.clear(),
        |page| {
            page.sections[0].groups.pop();
        },
        |page| page.sections.clear(),
    ];
    assert_changes(&page, |page| world.page(page), &edits, AROUND);
}

#[test]
fn the_key_of_every_kind_of_page_changes_with_its_matter() {
    let world = World::new();
    let paths: [(&str, Edit<Matter>); 9] = [
        ("index.html", |matter| match matter {
            Matter::Home(home) => home.tags += 1,
            _ => panic!(),
        }),
        ("tags/rust.html", |matter| match matter {
            Matter::List(list) => list.count = None,
            _ => panic!(),
        }),
        ("tags/index.html", |matter| match matter {
            Matter::Terms(terms) => terms.count += 1,
            _ => panic!(),
        }),
        ("2025/index.html", |matter| match matter {
            Matter::Year(year) => year.count += 1,
            _ => panic!(),
        }),
        ("dates/index.html", |matter| match matter {
            Matter::Dates(dates) => dates.years.clear(),
            _ => panic!(),
        }),
        ("on-this-day/index.html", |matter| match matter {
            Matter::Days(days) => days.months.clear(),
            _ => panic!(),
        }),
        ("statistics/index.html", |matter| match matter {
            Matter::Statistics(statistics) => statistics.hours += 1,
            _ => panic!(),
        }),
        ("search.html", |matter| match matter {
            Matter::Search(search) => search.years.clear(),
            _ => panic!(),
        }),
        ("404.html", |matter| {
            *matter = Matter::Own(crate::plan::OwnPageView {
                body: None,
                headings: Vec::new(),
            });
        }),
    ];
    for (path, edit) in paths {
        let page = world.find(path);
        let mut edited = page.clone();
        edit(&mut edited.matter);
        let (before, after) = (world.page(&page), world.page(&edited));
        assert_ne!(before.subject, after.subject, "{path}");
        assert_eq!(before.around, after.around, "{path}");
    }
}

#[test]
fn the_keys_of_revisions_redirects_and_own_pages_change_with_their_matter() {
    let world = World::new();
    let mut page = world.find("404.html");
    let revision = |title: &str| RevisionView {
        title: Text::new(title),
        first_seen: date(),
        body: SafeHtml::empty(),
    };
    let redirect = |title: &str| crate::plan::RedirectPage {
        target: link(title).unwrap(),
    };
    let own = |body| crate::plan::OwnPageView {
        body,
        headings: Vec::new(),
    };
    let older = RevisionView {
        first_seen: None,
        ..revision("")
    };
    let matters = [
        Matter::Revisions(0, vec![revision("")]),
        Matter::Revisions(0, vec![revision("x")]),
        Matter::Revisions(0, vec![older]),
        Matter::Revisions(1, vec![revision("")]),
        Matter::Redirect(redirect("")),
        Matter::Redirect(redirect("x")),
        Matter::Own(own(None)),
        Matter::Own(own(Some(SafeHtml::empty()))),
    ];
    let mut seen = Vec::new();
    for matter in matters {
        page.matter = matter;
        let key = world.page(&page);
        assert!(!seen.contains(&key), "{:?}", page.matter);
        seen.push(key);
    }
}
