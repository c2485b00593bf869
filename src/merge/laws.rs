//! The laws of merging, on small worlds in which everything collides: few guids, links, titles,
//! days and texts, in two or three feeds whose snapshots overlap.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::worlds::{Item, World, noon};
use crate::model::{Archive, FeedName, RawBody, Snapshot};

const FEEDS: [&str; 3] = ["alpha", "beta", "gamma"];
/// Global and local guids; one is also a link, one another's spelling.
const GUIDS: [&str; 6] = [
    "",
    "1",
    "2",
    "tag:example.org,2025:1",
    "https://example.org/a",
    "http://www.example.org/a/",
];
const LINKS: [&str; 5] = [
    "",
    "https://example.org/a",
    "http://www.example.org/a/?utm_source=x",
    "https://example.org/a#part",
    "https://example.org/b",
];
const TITLES: [&str; 3] = ["", "One", "Two"];
const DAYS: [&str; 5] = ["", "03-01", "03-02", "04-01", "1970-01-01T00:00:00Z"];
/// Of different lengths, so that some are less than half of others.
const TEXTS: [&str; 4] = [
    "",
    "<p>short</p>",
    "<p>not so short</p>",
    "<p>very much longer than the others</p>",
];
const SNAPSHOT_DAYS: [&str; 4] = ["02-15", "03-10", "03-20", "04-10"];

/// What a snapshot is made of: feed, day, whether its name or the feed tells the day, entries.
type Told = (usize, usize, bool, bool, Vec<Item>);

fn item() -> impl Strategy<Value = Item> {
    (
        prop::sample::select(&GUIDS[..]),
        prop::sample::select(&LINKS[..]),
        prop::sample::select(&TITLES[..]),
        (
            prop::sample::select(&DAYS[..]),
            prop::sample::select(&DAYS[..]),
        ),
        (
            prop::sample::select(&TEXTS[..]),
            prop::sample::select(&TEXTS[..]),
        ),
        prop::sample::select(&["", "ann", "bob"][..]),
    )
        .prop_map(|(guid, link, title, days, texts, sharer)| Item {
            guid,
            link,
            title,
            published: days.0,
            updated: days.1,
            content: texts.0,
            summary: if texts.0.is_empty() { "" } else { texts.1 },
            sharer,
            ..Item::default()
        })
}

fn told() -> impl Strategy<Value = Vec<Told>> {
    // Entries are drawn from a small stock first: snapshots overlap, and edits are small.
    prop::collection::vec(item(), 1..6).prop_flat_map(|stock| {
        let entry = prop_oneof![
            4 => prop::sample::select(stock.clone()),
            1 => (prop::sample::select(stock.clone()), prop::sample::select(stock))
                .prop_map(|(one, other)| Item { title: other.title, content: other.content, ..one }),
            1 => item(),
        ];
        let snapshot = (
            0..FEEDS.len(),
            0..SNAPSHOT_DAYS.len(),
            any::<bool>(),
            any::<bool>(),
            prop::collection::vec(entry, 0..4),
        );
        prop::collection::vec(snapshot, 1..7)
    })
}

/// How the owner set up the site: across feeds, a hidden feed, a key that two feeds share.
fn settings() -> impl Strategy<Value = (bool, Option<usize>, bool)> {
    (
        any::<bool>(),
        prop::option::of(0..FEEDS.len()),
        prop::bool::weighted(0.2),
    )
}

fn world(told: &[Told], (across_feeds, hidden, same_key): (bool, Option<usize>, bool)) -> World {
    let mut world = World::new();
    world.config.merge.across_feeds = across_feeds;
    if let Some(feed) = hidden {
        world.setting(FEEDS[feed]).hidden = true;
    }
    if same_key {
        world.setting(FEEDS[0]).key = Some("key".to_owned());
        world.setting(FEEDS[1]).key = Some("key".to_owned());
    }
    for (number, (feed, day, by_name, by_feed, items)) in told.iter().enumerate() {
        let day = SNAPSHOT_DAYS[*day];
        let snapshot = world.snapshot(FEEDS[*feed], day, items);
        snapshot.path = format!("{}/{number}.xml", FEEDS[*feed]).into();
        snapshot.taken = by_name.then(|| noon(day));
        snapshot.updated = by_feed.then(|| noon(day));
    }
    world
}

fn urls(archive: &Archive<RawBody>) -> BTreeSet<String> {
    archive
        .entries
        .iter()
        .flat_map(|entry| entry.aliases.iter().chain([&entry.permalink]))
        .map(ToString::to_string)
        .collect()
}

fn is_hidden(world: &World, snapshot: &Snapshot) -> bool {
    let setting = world.config.feeds.get(&snapshot.feed);
    setting.is_some_and(|feed| feed.hidden)
}

/// Everything that an archive says, to be compared.
fn all(archive: &Archive<RawBody>) -> String {
    format!("{archive:#?}")
}

/// The same, but for what counts snapshots.
fn but_for_counts(archive: &Archive<RawBody>) -> String {
    let gaps = archive.coverage.iter().map(|feed| (&feed.feed, &feed.gaps));
    format!("{:#?} {:#?}", archive.entries, gaps.collect::<Vec<_>>())
}

fn merged(world: &World) -> Archive<RawBody> {
    world.merge().0
}

proptest! {
    // `PROPTEST_CASES=20000` for a long look.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_files_does_not_matter(
        (told, order) in told().prop_flat_map(|told| {
            let order: Vec<usize> = (0..told.len()).collect();
            (Just(told), Just(order).prop_shuffle())
        }),
        settings in settings(),
    ) {
        let world = world(&told, settings);
        let mut shuffled = world.clone();
        shuffled.snapshots = order.iter().map(|place| world.snapshots[*place].clone()).collect();
        prop_assert_eq!(all(&merged(&world)), all(&merged(&shuffled)));
    }

    #[test]
    fn merging_twice_changes_nothing(told in told(), settings in settings()) {
        let world = world(&told, settings);
        let mut twice = world.clone();
        twice.snapshots.extend(world.snapshots.clone());
        prop_assert_eq!(but_for_counts(&merged(&world)), but_for_counts(&merged(&twice)));
    }

    /// What hidden feeds add may go with them: an address that only they gave is not promised.
    #[test]
    fn urls_only_grow(told in told(), settings in settings(), kept in any::<u8>()) {
        let later = world(&told, settings);
        let mut earlier = later.clone();
        let mut number = 0;
        earlier.snapshots.retain(|snapshot| {
            number += 1;
            kept & (1 << number) != 0 && !is_hidden(&later, snapshot)
        });
        let (earlier, later) = (urls(&merged(&earlier)), urls(&merged(&later)));
        let lost: Vec<_> = earlier.difference(&later).collect();
        prop_assert!(lost.is_empty(), "{:#?} of {:#?} not in {:#?}", lost, earlier, later);
    }

    #[test]
    fn every_url_leads_to_one_page(told in told(), settings in settings()) {
        let archive = merged(&world(&told, settings));
        let mut known = BTreeSet::new();
        let mut ids = BTreeSet::new();
        for entry in &archive.entries {
            for path in entry.aliases.iter().chain([&entry.permalink]) {
                prop_assert!(known.insert(path), "{}", path);
            }
            prop_assert!(ids.insert(entry.id), "{:?}", entry.id);
            prop_assert!(!entry.shares.is_empty());
        }
    }

    /// Turning merging across feeds off and on again is safe but for what was told apart by it.
    #[test]
    fn no_url_needs_merging_across_feeds(told in told(), same_key in any::<bool>()) {
        let together = urls(&merged(&world(&told, (true, None, same_key))));
        let apart = urls(&merged(&world(&told, (false, None, same_key))));
        prop_assert!(together.is_subset(&apart), "{:#?} not in {:#?}", together, apart);
    }

    /// Feeds are fetched every hour, and rarely have anything new: then no page may change.
    #[test]
    fn a_snapshot_without_news_changes_nothing(told in told(), settings in settings()) {
        let mut world = world(&told, settings);
        for (number, snapshot) in world.snapshots.iter_mut().enumerate() {
            // Later than all dates, so that time passing makes none of them credible.
            snapshot.taken = Some(noon(&format!("05-{:02}", number + 1)));
        }
        let before = but_for_counts(&merged(&world));
        for number in 0..world.snapshots.len() {
            let feed = world.snapshots[number].feed.clone();
            let newest = world.snapshots.iter().rfind(|snapshot| snapshot.feed == feed).unwrap();
            let mut again = newest.clone();
            again.path = format!("{}z", newest.path).into();
            again.taken = Some(noon(&format!("06-{:02}", number + 1)));
            world.snapshots.push(again);
        }
        prop_assert_eq!(before, but_for_counts(&merged(&world)));
    }

    #[test]
    fn nothing_that_was_seen_is_lost(told in told(), settings in settings()) {
        let world = world(&told, settings);
        let archive = merged(&world);
        let snapshots = super::seen::in_order(&world.snapshots);
        let rules = super::Rules::of(&world.config);
        let feeds = super::Feeds::of(&snapshots, &rules);
        let register = super::Register::of(&snapshots, &feeds);
        let identity = super::identity::identify(&register, settings.0);
        let pattern = super::Pattern::of(&world.config.output.permalinks);
        let addresses = super::places::Addresses::of(&register, &pattern);
        let places = super::places::assign(&register, &identity, &addresses);
        for (positions, place) in identity.entries.iter().zip(places) {
            let page = archive.entries.iter().find(|entry| entry.permalink == place.permalink);
            for seen in positions.iter().map(|position| &register.seen[*position]) {
                if seen.feed.hidden {
                    continue;
                }
                let entry = page.unwrap();
                prop_assert!(entry.shares.iter().any(|share| share.feed == *seen.feed.name));
                let mut texts = entry.revisions.iter().map(|old| &old.body).chain(&entry.body);
                let text = seen.sighting.content;
                prop_assert!(text.is_none_or(|text| texts.any(|body| body.html == text)));
            }
        }
    }

    #[test]
    fn what_stands_side_by_side_is_never_one(told in told(), settings in settings()) {
        let world = world(&told, settings);
        let snapshots = super::seen::in_order(&world.snapshots);
        let rules = super::Rules::of(&world.config);
        let feeds = super::Feeds::of(&snapshots, &rules);
        let register = super::Register::of(&snapshots, &feeds);
        let identity = super::identity::identify(&register, settings.0);
        let mut entry_of = BTreeMap::new();
        for (entry, positions) in identity.entries.iter().enumerate() {
            for position in positions {
                prop_assert!(entry_of.insert(*position, entry).is_none());
            }
        }
        prop_assert_eq!(entry_of.len(), register.seen.len());
        for (here, one) in register.seen.iter().enumerate() {
            for (there, other) in register.seen.iter().enumerate().skip(here + 1) {
                let beside = register.side_by_side().any(|snapshot| {
                    let range = snapshot.as_ptr_range();
                    range.contains(&std::ptr::from_ref(one)) && range.contains(&std::ptr::from_ref(other))
                });
                if beside && register.names(one).content != register.names(other).content {
                    prop_assert_ne!(entry_of[&here], entry_of[&there]);
                }
            }
        }
    }

    #[test]
    fn hiding_moves_nothing(told in told(), settings in settings(), feed in 0..FEEDS.len(), chosen in any::<prop::sample::Index>()) {
        let shown = world(&told, (settings.0, None, settings.2));
        let pages = |world: &World| -> BTreeMap<String, String> {
            let entries = world.entries().into_iter();
            entries.map(|entry| (entry.permalink.to_string(), entry.id.short())).collect()
        };
        let before = pages(&shown);
        let mut without_feed = shown.clone();
        without_feed.setting(FEEDS[feed]).hidden = true;
        let after = pages(&without_feed);
        prop_assert!(after.iter().all(|(page, id)| before.get(page) == Some(id)));
        let only_there = |world: &World, page: &str| {
            let entries = world.entries();
            let entry = entries.iter().find(|entry| entry.permalink.as_str() == page).unwrap();
            entry.shares.iter().all(|share| share.feed == FeedName::new(FEEDS[feed]))
        };
        for page in before.keys().filter(|page| !after.contains_key(*page)) {
            prop_assert!(only_there(&shown, page));
        }
        if !before.is_empty() {
            let page = chosen.get(&before.keys().collect::<Vec<_>>()).to_string();
            let mut without_entry = shown.clone();
            without_entry.note(&page).hidden = true;
            let mut expected = before.clone();
            expected.remove(&page);
            prop_assert_eq!(pages(&without_entry), expected);
        }
    }
}
