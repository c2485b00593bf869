//! A generator of archives: the same numbers in, the same bytes out, on every machine.
//!
//! It writes two feeds, one in each real dialect, as many overlapping snapshots as their windows
//! need, bodies with a long tail of lengths, tags by Zipf's law, code with the classes of
//! highlighters, and now and then markup that is broken or hostile.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// How many entries a feed carries at a time.
const WINDOW: usize = 25;
/// How many entries are new from one snapshot to the next: the windows overlap by 40 %.
const STEP: usize = 15;
/// Seconds between two entries of a feed, unless they are to fill some years: about two a day.
const PACE: i64 = 43_000;
/// Seconds in a year.
const YEAR: i64 = 31_557_600;
/// When the first entry was shared: 2010-01-01T00:00:00Z.
const BEGIN: i64 = 1_262_304_000;

const WORDS: [&str; 48] = [
    "archive",
    "reader",
    "snapshot",
    "feed",
    "entry",
    "window",
    "memory",
    "paper",
    "letter",
    "index",
    "shelf",
    "catalogue",
    "machine",
    "network",
    "garden",
    "harvest",
    "field",
    "gleaner",
    "winter",
    "summer",
    "river",
    "bridge",
    "station",
    "signal",
    "language",
    "grammar",
    "sentence",
    "meaning",
    "the",
    "of",
    "and",
    "to",
    "in",
    "that",
    "which",
    "with",
    "from",
    "over",
    "under",
    "between",
    "Straße",
    "façade",
    "naïve",
    "东京",
    "время",
    "été",
    "—",
    "…",
];
const TAGS: [&str; 24] = [
    "web",
    "rust",
    "feeds",
    "history",
    "design",
    "security",
    "databases",
    "python",
    "c++",
    "c#",
    "machine learning",
    "typography",
    "maps",
    "cooking",
    "music",
    "photography",
    "gardening",
    "linguistics",
    "trains",
    "paper",
    "archives",
    "libraries",
    "open source",
    "astronomy",
];

const SYLLABLES: [&str; 16] = [
    "ba", "ke", "li", "mo", "nu", "ra", "sel", "tin", "vor", "wen", "dar", "gim", "lop", "rus",
    "tek", "fin",
];

/// What to generate.
pub(crate) struct Size {
    /// Distinct entries, over both feeds.
    pub(crate) entries: usize,
    /// Mean length of a body, in bytes.
    pub(crate) body: usize,
    /// Over how many years the entries are spread; none means as many as they take.
    pub(crate) years: Option<i64>,
    /// How many words their language has, the k-th about k times rarer than the first; 0 means a
    /// few that are equally frequent.
    pub(crate) vocabulary: u32,
}

/// Writes a site of this size into an empty folder.
pub(crate) fn generate(root: &Path, size: &Size) -> io::Result<()> {
    fs::create_dir_all(root)?;
    fs::write(
        root.join("site.toml"),
        "[site]\ntitle = \"Generated\"\nbase_url = \"https://example.org/\"\n",
    )?;
    let blurblog: Vec<Entry> = (0..size.entries / 2)
        .map(|n| Entry::new(n, 2, size))
        .collect();
    let posts: Vec<Entry> = (0..size.entries - blurblog.len())
        .map(|n| Entry::new(n, 3, size))
        .collect();
    snapshots(&root.join("content/snapshots/blurblog"), &blurblog, atom)?;
    snapshots(&root.join("content/snapshots/posts"), &posts, rss)
}

fn snapshots(folder: &Path, entries: &[Entry], write: fn(&[Entry]) -> String) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut end = 0;
    while end < entries.len() {
        end = (end + STEP).min(entries.len());
        let window = &entries[end.saturating_sub(WINDOW)..end];
        let taken = time(window[window.len() - 1].shared + 60).replace(':', "-");
        fs::write(folder.join(format!("{taken}.xml")), write(window))?;
    }
    Ok(())
}

struct Entry {
    number: usize,
    host: String,
    title: String,
    shared: i64,
    tags: Vec<&'static str>,
    body: String,
    comment: bool,
}

impl Entry {
    fn new(number: usize, stream: u64, size: &Size) -> Self {
        let mut chance = Chance {
            state: number as u64 * 0x9E37_79B9 + stream,
            vocabulary: size.vocabulary,
        };
        let in_feed = (size.entries as i64 / 2).max(1);
        let pace = size.years.map_or(PACE, |years| years * YEAR / in_feed);
        let words = 4 + chance.below(8);
        let title = chance.sentence(words);
        let mut tags: Vec<&str> = (0..chance.below(5))
            .map(|_| TAGS[chance.zipf(TAGS.len())])
            .collect();
        tags.dedup();
        Entry {
            number,
            host: format!("site-{}.example", chance.zipf(200)),
            title,
            shared: BEGIN + number as i64 * pace,
            tags,
            comment: chance.below(6) == 0,
            body: chance.body(size.body),
        }
    }

    fn link(&self) -> String {
        format!("https://{}/posts/{}", self.host, self.number)
    }
}

fn atom(entries: &[Entry]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\
         <title>Generated shared items</title><link href=\"https://gen.newsblur.com/\" rel=\"alternate\"></link>\
         <id>https://gen.newsblur.com/</id>",
    );
    for entry in entries.iter().rev() {
        let link = entry.link();
        let (end, row) = match entry.comment {
            true => (":", "<tr><td><p>Worth keeping.</p></td></tr>"),
            false => (".", ""),
        };
        let html = format!(
            "<table style=\"border: 1px solid #E0E0E0; margin: 0; padding: 0; background-color: #F0F0F0\" \
             valign=\"top\" align=\"left\" cellpadding=\"0\" width=\"100%\">\n    <tr>\n        \
             <td rowspan=\"2\" style=\"padding: 6px;width: 36px;white-space:nowrap\" width=\"36\" valign=\"top\">\
             <img src=\"https://www.gravatar.com/avatar/0\" style=\"width: 36px; height: 36px; border-radius: 4px;\"></td>\n        \
             <td width=\"100%\" style=\"padding-top: 6px;\">\n            <b>\n                gen \n                \
             <a href=\"https://gen.newsblur.com/story/x/{}\">shared this story</a>\n             from \
             <img src=\"https://s3.amazonaws.com/icons.newsblur.com/1.png\" style=\"vertical-align: middle;width:16px;height:16px;\"> \
             {}{end}</b>\n        </td>\n    </tr>\n    {row}\n</table>\n\n\
             <hr style=\"clear: both; margin: 0 0 24px;\">\n\n{}",
            entry.number, entry.host, entry.body,
        );
        let _ = write!(
            out,
            "<entry><title>{}</title><link href=\"{link}\" rel=\"alternate\"></link><published>{}</published>\
             <id>{link}</id><summary type=\"html\">{}</summary>",
            escape(&entry.title),
            time(entry.shared),
            escape(&html),
        );
        for tag in &entry.tags {
            let _ = write!(out, "<category term=\"{tag}\"></category>");
        }
        out.push_str("</entry>");
    }
    out.push_str("</feed>");
    out
}

fn rss(entries: &[Entry]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n  \
         <channel>\n    <title>Generated posts</title>\n    <link>https://posts.example/</link>\n    <description>x</description>\n",
    );
    for entry in entries.iter().rev() {
        let link = format!("https://posts.example/gen/{}", entry.number);
        let date = instant(entry.shared);
        let _ = write!(
            out,
            "    <item>\n      <title>{}</title>\n      <dc:creator>gen</dc:creator>\n      <pubDate>{}</pubDate>\n      \
             <link>{link}</link>\n      <guid>{link}</guid>\n      <description>{}</description>\n",
            escape(&entry.title),
            date.strftime("%a, %d %b %Y %H:%M:%S +0000"),
            escape(&entry.body),
        );
        for tag in &entry.tags {
            let _ = writeln!(out, "      <category>{tag}</category>");
        }
        out.push_str("    </item>\n");
    }
    out.push_str("  </channel>\n</rss>\n");
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn time(second: i64) -> String {
    instant(second).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn instant(second: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_second(second).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

/// SplitMix64: chance that is the same everywhere.
struct Chance {
    state: u64,
    vocabulary: u32,
}

impl Chance {
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap_or(0)
    }

    /// An index of which the k-th is about k times rarer than the first.
    fn zipf(&mut self, bound: usize) -> usize {
        let weights = || (1..=bound as u64).map(|rank| 1_000_000 / rank);
        let mut left = self.next() % weights().sum::<u64>();
        weights()
            .position(|weight| {
                let is_here = left < weight;
                left = left.saturating_sub(weight);
                is_here
            })
            .unwrap_or(0)
    }

    fn sentence(&mut self, words: usize) -> String {
        let words: Vec<String> = (0..words.max(1)).map(|_| self.word()).collect();
        words.join(" ")
    }

    fn word(&mut self) -> String {
        if self.vocabulary == 0 {
            return WORDS[self.below(WORDS.len())].to_owned();
        }
        // Equal shares of the logarithm are equal shares of a Zipf distribution.
        let share = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 1 and the vocabulary; what stands behind the point is dropped on purpose"
        )]
        let mut rank = f64::from(self.vocabulary).powf(share) as usize;
        let mut word = String::new();
        while rank > 0 {
            word.push_str(SYLLABLES[rank % SYLLABLES.len()]);
            rank /= SYLLABLES.len();
        }
        word
    }

    /// A body whose length has a long tail: a fifth as long as the mean, up to five times.
    fn body(&mut self, mean: usize) -> String {
        let length = match self.below(20) {
            0 => 0,
            1..=9 => mean / 5,
            10..=15 => mean,
            16..=18 => mean * 2,
            _ => mean * 5,
        };
        let mut html = String::with_capacity(length + 1_000);
        while html.len() < length {
            self.block(&mut html);
        }
        html
    }

    fn block(&mut self, html: &mut String) {
        let words = 20 + self.below(60);
        let text = self.sentence(words);
        let number = self.below(1_000);
        let _ = match self.below(16) {
            0 => writeln!(html, "<h2 id=\"part-{number}\">{}</h2>", self.sentence(4)),
            1 => writeln!(
                html,
                "<figure><img src=\"/images/{number}.jpg\" alt=\"{}\" style=\"width:100%\"></figure>",
                self.sentence(3)
            ),
            2 => writeln!(
                html,
                "<ul><li>{}</li><li>{text}</li></ul>",
                self.sentence(9)
            ),
            3 => writeln!(
                html,
                "<div class=\"highlight\"><pre class=\"highlight rust\"><code><span class=\"k\">let</span> \
                 <span class=\"n\">x</span> <span class=\"o\">=</span> <span class=\"mi\">{number}</span><span class=\"p\">;</span>\n</code></pre></div>"
            ),
            4 => writeln!(html, "<blockquote><p>{text}</p></blockquote>"),
            5 => writeln!(
                html,
                "<table><tr><th>a</th><th>b</th></tr><tr><td>{number}</td><td>{text}</td></tr></table>"
            ),
            6 if number < 50 => writeln!(
                html,
                "<p onclick=\"steal()\">{text}<script>alert(1)</script><img src=x onerror=alert(1)>"
            ),
            7 if number < 100 => writeln!(html, "<p><b>{text}<i></b> unclosed <div></p>"),
            8 if number < 50 => writeln!(
                html,
                "<iframe src=\"https://www.youtube.com/embed/x{number}\"></iframe>"
            ),
            _ => writeln!(
                html,
                "<p class=\"wp-block-paragraph\">{text} <a href=\"/see/{number}\" target=\"_blank\">{}</a> &amp; more.</p>",
                self.sentence(2)
            ),
        };
    }
}
