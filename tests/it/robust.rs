//! What no program can prevent: a build that is killed, a disk that is full. The next build makes what
//! a clean one would, and until then nothing that was there is lost.

#[cfg(target_os = "linux")]
mod disk;
#[cfg(unix)]
mod kills;

#[cfg(unix)]
use crate::build::{atom, entry};
#[cfg(unix)]
use crate::site::{MINIMAL, Site};

/// How many rounds a long run makes, unless `GLEANER_ROUNDS` says otherwise.
const LONG: u32 = 300;

/// How many rounds were asked for.
pub(crate) fn long_rounds() -> u32 {
    let asked = std::env::var("GLEANER_ROUNDS").ok();
    asked.map_or(LONG, |rounds| rounds.parse().unwrap())
}

/// A site that is different in each round: pages, indexes and files that come, change and go.
#[cfg(unix)]
fn in_round(site: Site, round: u32) -> Site {
    let years = [2021, 2022, 2023];
    let mut entries = Vec::new();
    for number in 0..24 {
        // Every entry is missing in some rounds, and its words change in others.
        if (number + round).is_multiple_of(7) {
            continue;
        }
        let year = years[number as usize % years.len()];
        let words = "word ".repeat(200 + (number * round % 5) as usize * 100);
        let html = format!("<p>Number {number}. {words}</p>");
        let tag = format!("<category term='t{}'/>", (number + round) % 5);
        let day = format!("{year}-{:02}-11", 1 + number % 12);
        let entry = entry(&format!("e{number}"), &day, &html);
        entries.push(entry.replace("</entry>", &format!("{tag}</entry>")));
    }
    let colour = round % 2;
    site.file(
        "site.toml",
        format!("{MINIMAL}description = \"Round {colour}\"\n"),
    )
    .file(
        "content/snapshots/feed/2025-06-01T00-00-00Z.xml",
        atom(&entries),
    )
    .file(
        "content/pages/about.md",
        format!("# About\n\nRound {round}.\n"),
    )
    .file(
        "content/static/data.bin",
        format!("{round} ").repeat(20_000),
    )
}

/// Numbers without order, the same in every run.
#[cfg(unix)]
struct Dice(u64);

#[cfg(unix)]
impl Dice {
    /// A number below `end`.
    fn below(&mut self, end: u64) -> u64 {
        // SplitMix64 (Steele, Lea and Flood, 2014).
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ (bits >> 31)) % end.max(1)
    }
}
