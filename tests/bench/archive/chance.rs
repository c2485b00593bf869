//! Chance that is the same everywhere: numbers, words, sentences.

use std::sync::LazyLock;

use super::words::{SYLLABLES, WORDS};

/// The most ranks that are chosen from by Zipf's law.
const RANKS: u64 = 4_000;
/// The weight of the first rank; the k-th weighs a k-th of it.
const WEIGHT: u64 = 1_000_000;
/// The golden ratio's share of 2^64: the step of SplitMix64.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// For each rank, what it and those before it weigh together.
static WEIGHTS: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let weights = (1..=RANKS).map(|rank| WEIGHT / rank);
    weights
        .scan(0, |sum, weight| {
            *sum += weight;
            Some(*sum)
        })
        .collect()
});

/// SplitMix64.
pub(crate) struct Chance {
    state: u64,
    /// How many words the language has; 0 means a few that are equally frequent.
    vocabulary: u32,
}

impl Chance {
    /// The chances of one thing: those of its neighbours tell nothing about them.
    pub(crate) fn of(stream: u64, number: usize, vocabulary: u32) -> Self {
        let place = (number as u64)
            .wrapping_mul(STEP)
            .wrapping_add(stream << 40);
        Chance {
            state: mix(place),
            vocabulary,
        }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        mix(self.state)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap_or(0)
    }

    /// An index of which the k-th is about k times rarer than the first.
    pub(crate) fn zipf(&mut self, bound: usize) -> usize {
        let weights = &WEIGHTS[..bound.clamp(1, WEIGHTS.len())];
        let all = weights.last().map_or(1, |all| *all);
        let here = self.next() % all;
        weights.partition_point(|sum| *sum <= here)
    }

    pub(crate) fn sentence(&mut self, words: usize) -> String {
        let mut sentence = String::with_capacity(words * 8);
        for number in 0..words.max(1) {
            if number > 0 {
                sentence.push(' ');
            }
            self.word(&mut sentence);
        }
        sentence
    }

    fn word(&mut self, out: &mut String) {
        if self.vocabulary == 0 {
            let word = self.below(WORDS.len());
            out.push_str(WORDS[word]);
            return;
        }
        // Equal shares of the logarithm are equal shares of a Zipf distribution.
        let share = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 1 and the vocabulary; what stands behind the point is dropped on purpose"
        )]
        let rank = f64::from(self.vocabulary).powf(share) as usize;
        spell(rank, out);
    }
}

/// A number as a word that can be spoken.
pub(crate) fn spell(mut number: usize, out: &mut String) {
    while number > 0 {
        out.push_str(SYLLABLES[number % SYLLABLES.len()]);
        number /= SYLLABLES.len();
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
