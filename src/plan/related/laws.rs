//! What holds for any archive: the past does not change, and nothing names what it may not.

use proptest::prelude::*;

use super::traits::{Traits, Words};
use super::{Few, MOST, Relations, Remembered};
use crate::model::{Keyword, Keywords};

/// An entry made of few words, tags and sources, so that much is in common.
fn traits() -> impl Strategy<Value = Traits> {
    let word = || (0..30_u32).prop_map(|n| format!("w{}q", n * n / 9));
    let words = prop::collection::vec(word(), 0..20);
    let tags = prop::collection::vec(0..12_u32, 0..3);
    (words, tags, prop::option::of(0..5_u32)).prop_map(|(text, tags, source)| {
        let mut words = Words::default();
        words.text(&Keywords::of(&text.join(" ")));
        let tags = tags.iter().map(|tag| Keyword::of_name(&format!("t{tag}")));
        let source = source.map(|source| Keyword::of_name(&format!("s{source}")));
        Traits::new(words, tags, source)
    })
}

/// Related without a memory of earlier builds.
fn between(entries: &[Traits]) -> Relations {
    Relations::of_traits(entries, &Remembered::default()).0
}

fn differing(before: &[Few], after: &[Few]) -> usize {
    let pairs = before.iter().zip(after);
    pairs.filter(|(before, after)| before != after).count()
}

proptest! {
    #[test]
    fn one_more_entry_changes_no_choice_and_at_most_five_others(
        entries in prop::collection::vec(traits(), 1..80),
    ) {
        let before = between(&entries[..entries.len() - 1]);
        let after = between(&entries);
        prop_assert_eq!(differing(&before.related, &after.related), 0);
        prop_assert!(differing(&before.later, &after.later) <= MOST);
    }

    #[test]
    fn the_older_are_related_and_name_their_choosers(
        entries in prop::collection::vec(traits(), 0..60),
    ) {
        let Relations { related, later } = between(&entries);
        for (entry, chosen) in related.iter().enumerate() {
            let mut distinct = chosen.to_vec();
            distinct.sort_unstable();
            distinct.dedup();
            prop_assert_eq!(distinct.len(), chosen.len());
            prop_assert!(chosen.len() <= MOST);
            prop_assert!(chosen.iter().all(|older| (*older as usize) < entry));
        }
        for (entry, choosers) in later.iter().enumerate() {
            let entry = u32::try_from(entry).unwrap();
            let expected: Vec<u32> = (0..)
                .zip(&related)
                .filter(|(_, chosen)| chosen.contains(&entry))
                .map(|(newer, _)| newer)
                .take(MOST)
                .collect();
            prop_assert_eq!(choosers.to_vec(), expected);
        }
    }

    /// Entries are added, filled in, changed, or go: what was remembered makes no difference.
    #[test]
    fn memory_makes_no_difference(
        before in prop::collection::vec(traits(), 0..60),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..4, traits()), 0..3),
    ) {
        let mut after = before.clone();
        for (place, kind, traits) in edits {
            let place = place.index(after.len() + 1);
            match kind {
                0 => after.push(traits),
                1 => after.insert(place, traits),
                2 if place < after.len() => after[place] = traits,
                3 if place < after.len() => drop(after.remove(place)),
                _ => {}
            }
        }
        let (_, remembered) = Relations::of_traits(&before, &Remembered::default());
        let anew = Relations::of_traits(&after, &Remembered::default());
        prop_assert_eq!(Relations::of_traits(&after, &remembered), anew);
    }

    #[test]
    fn threads_make_no_difference(entries in prop::collection::vec(traits(), 0..60)) {
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let one = alone.install(|| between(&entries));
        prop_assert_eq!(one, between(&entries));
    }
}
