//! What holds for any archive: the past does not change, and nothing names what it may not.

use proptest::prelude::*;

use super::traits::{Traits, Words};
use super::{MOST, Relations};
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

fn differing(before: &[Vec<usize>], after: &[Vec<usize>]) -> usize {
    let pairs = before.iter().zip(after);
    pairs.filter(|(before, after)| before != after).count()
}

proptest! {
    #[test]
    fn one_more_entry_changes_no_choice_and_at_most_five_others(
        entries in prop::collection::vec(traits(), 1..80),
    ) {
        let before = Relations::between(entries[..entries.len() - 1].to_vec());
        let after = Relations::between(entries.clone());
        prop_assert_eq!(differing(&before.related, &after.related), 0);
        prop_assert!(differing(&before.later, &after.later) <= MOST);
    }

    #[test]
    fn the_older_are_related_and_name_their_choosers(
        entries in prop::collection::vec(traits(), 0..60),
    ) {
        let Relations { related, later } = Relations::between(entries.clone());
        for (entry, chosen) in related.iter().enumerate() {
            let mut distinct = chosen.clone();
            distinct.sort_unstable();
            distinct.dedup();
            prop_assert_eq!(distinct.len(), chosen.len());
            prop_assert!(chosen.len() <= MOST);
            prop_assert!(chosen.iter().all(|older| *older < entry));
        }
        for (entry, choosers) in later.iter().enumerate() {
            let expected: Vec<usize> = (0..entries.len())
                .filter(|newer| related[*newer].contains(&entry))
                .take(MOST)
                .collect();
            prop_assert_eq!(choosers, &expected);
        }
    }

    #[test]
    fn threads_make_no_difference(entries in prop::collection::vec(traits(), 0..60)) {
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let one = alone.install(|| Relations::between(entries.clone()));
        prop_assert_eq!(one, Relations::between(entries.clone()));
    }
}
