//! An address → what of it nobody may find in a response: every part that could be a token.
//!
//! What could be a token is what a stranger could not guess: eight bytes or more that are no common
//! word. An address without any such part is a secret as a whole, so its path counts then.
//!
//! Invariant: where in doubt, a part counts. A feed that is not stored is asked for again; a token that
//! is published cannot be taken back.

use std::collections::BTreeSet;

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER};
use percent_encoding::percent_decode;
use url::Url;

use super::tells;

/// Shorter than this, it is a word that stands anywhere.
const LENGTH: usize = 8;

/// What is looked for, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Needle {
    pub(super) bytes: Vec<u8>,
    /// Whether it cannot be words of a text, so that it counts with blanks in it, too.
    pub(super) solid: bool,
}

/// What is secret of these addresses: the owner's, and all others on the way to a response.
pub(super) fn needles<'a>(owner: &Url, others: impl IntoIterator<Item = &'a Url>) -> Vec<Needle> {
    let mut tokens = tokens(owner);
    let is_whole_secret = tokens.is_empty();
    let mut phrases = phrases(owner, true, is_whole_secret);
    for other in others {
        let own = self::tokens(other);
        // The same address without a login, or by https, says nothing new.
        if other.path() != owner.path() || other.query() != owner.query() {
            phrases.extend(self::phrases(
                other,
                false,
                is_whole_secret && own.is_empty(),
            ));
        }
        tokens.extend(own);
    }
    let mut needles = BTreeSet::new();
    for token in &tokens {
        needles.extend(encodings(token).map(|bytes| Needle { bytes, solid: true }));
    }
    for bytes in tokens.into_iter().chain(phrases) {
        let bytes = bytes.to_ascii_lowercase();
        let solid = bytes.iter().any(u8::is_ascii_digit);
        needles.insert(Needle { bytes, solid });
    }
    needles.into_iter().collect()
}

/// The parts of an address that could be tokens, as they are written and decoded.
fn tokens(address: &Url) -> BTreeSet<Vec<u8>> {
    let mut tokens = BTreeSet::new();
    for part in address.path().split('/') {
        add(part, &mut tokens);
    }
    for pair in pairs(address) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        add(name, &mut tokens);
        add(value, &mut tokens);
    }
    // Either may be the token, by which some services know a reader.
    add(address.username(), &mut tokens);
    add(address.password().unwrap_or_default(), &mut tokens);
    if !address.username().is_empty() && address.password().is_some() {
        let login = format!(
            "{}:{}",
            address.username(),
            address.password().unwrap_or_default()
        );
        add(&login, &mut tokens);
    }
    add(address.fragment().unwrap_or_default(), &mut tokens);
    // The host is no secret, and stands in every link to it.
    let host = address.host_str().unwrap_or_default();
    tokens.retain(|token| !host.split('.').any(|label| label.as_bytes() == token));
    tokens
}

fn pairs(address: &Url) -> impl Iterator<Item = &str> {
    address.query().unwrap_or_default().split(['&', ';'])
}

fn add(written: &str, tokens: &mut BTreeSet<Vec<u8>>) {
    let once = decoded(written.as_bytes());
    let twice = decoded(&once);
    // In a query, a plus may stand for a blank.
    let blank = decoded(written.replace('+', " ").as_bytes());
    for form in [written.as_bytes(), &once, &twice, &blank] {
        consider(form, tokens);
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
        let is_part = |byte: &u8| is_word(byte) || matches!(byte, b'-' | b'_');
        for part in form.split(|byte| !is_part(byte)) {
            consider(part, tokens);
            // The words of a name are words; what has digits among its letters is none.
            let words = part.split(|byte| !is_word(byte));
            words
                .filter(|word| is_mixed(word))
                .for_each(|word| consider(word, tokens));
        }
    }
}

fn consider(part: &[u8], tokens: &mut BTreeSet<Vec<u8>>) {
    if part.len() >= LENGTH && !is_common(part) {
        tokens.insert(part.to_vec());
    }
}

fn is_mixed(word: &[u8]) -> bool {
    word.iter().any(u8::is_ascii_digit) && word.iter().any(u8::is_ascii_alphabetic)
}

/// What gives a secret away although each of its parts is short: a parameter whose name tells; of the
/// owner's address, the whole query; and where the whole address is the secret, each parameter and the
/// path. (A page of a feed behind a login may say `?offset=20` of the next one.)
fn phrases(address: &Url, is_owners: bool, is_whole_secret: bool) -> Vec<Vec<u8>> {
    let mut phrases: Vec<Vec<u8>> = Vec::new();
    let mut add = |phrase: &str| {
        phrases.push(phrase.as_bytes().to_vec());
        phrases.push(decoded(phrase.as_bytes()));
    };
    for pair in pairs(address) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let is_value = !value.is_empty() && !is_common(value.as_bytes());
        if is_value && (is_whole_secret || tells(name)) {
            add(pair);
        }
    }
    let query = address.query().unwrap_or_default();
    if (is_owners || is_whole_secret) && !is_common(query.as_bytes()) {
        add(query);
    }
    if is_whole_secret {
        add(address.path());
    }
    phrases.retain(|phrase| phrase.len() >= LENGTH);
    phrases
}

fn decoded(bytes: &[u8]) -> Vec<u8> {
    percent_decode(bytes).collect()
}

/// A token in base 16 and in base 64, where it may stand inside of something longer.
fn encodings(token: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let mut all = vec![HEXLOWER.encode(token)];
    // Three bytes are four digits: what comes before decides where the token begins.
    for before in 0..3 {
        let padded = [&[0; 3][..before], token].concat();
        let (from, to) = ((before * 8).div_ceil(6), padded.len() * 8 / 6);
        for base in [BASE64_NOPAD, BASE64URL_NOPAD] {
            all.extend(base.encode(&padded).get(from..to).map(str::to_owned));
        }
    }
    all.into_iter()
        .map(|text| text.to_ascii_lowercase().into_bytes())
}

/// Whether this is made of nothing but words that stand in addresses of feeds, numbers that count
/// or date, and single letters: what anyone could guess.
fn is_common(part: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(part) else {
        return false;
    };
    let text = text.to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| !word.is_empty()).all(|word| {
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
        match is_number {
            true => word.len() <= 4,
            false => word.len() == 1 || COMMON.split(' ').any(|common| common == word),
        }
    })
}

/// Words of addresses of feeds.
const COMMON: &str = "\
    account activity after all and api archive archived archives article articles asc atom atom10 \
    author authors before blog blogs blurblog blurblogs board bookmark bookmarks broadcast cache \
    calendar category channel channels collection collections combined comment comments content \
    contents count created cursor custom daily dashboard data date default desc description \
    documents download downloads edition email encoding english entries entry episode episodes \
    events explore export external false favorite favorites favourite favourites feed feedburner \
    feeds fetch filter folder folders follow following for format forum friends full fulltext \
    gallery generate global group groups highlight highlights history home html http https images \
    inbox include index index2 items journal json jsonfeed label labels language latest library \
    likes limit link links list lists magazine main media member members mobile month my network \
    networks new newest news newsfeed newsfeeds newsletter newsletters notes notifications of \
    official offset older opml order output page paged pages pagesize per personal photos php \
    picture pictures playlist playlists podcast podcasts popular post posts press private products \
    profile profiles project projects protected public publications published query rdf read \
    reader readers reading recent release releases repository resource resources rest results \
    review reviews rss rss2 rss20 saved search section sections secure series service services \
    share shared shares show since site social sort sorted source sources standard starred start \
    startindex statuses stories story stream streams subscribed subscriber subscribers \
    subscription subscriptions summary syndication tag tagged tags team the timeline to topic \
    topics track true type unread updated updates upload uploads user users utf v1 v2 v3 version \
    video videos watchlater web weblog website weekly wordpress xml";

#[cfg(test)]
mod tests {
    use super::*;

    fn found(address: &str) -> Vec<String> {
        let tokens = tokens(&Url::parse(address).unwrap());
        tokens
            .into_iter()
            .map(|token| String::from_utf8(token).unwrap())
            .collect()
    }

    #[test]
    fn whatever_could_be_a_token_is_one() {
        for (address, tokens) in [
            (
                "https://e.org/u/a1b2c3d4e5f6.xml?format=atom",
                &["a1b2c3d4e5f6", "a1b2c3d4e5f6.xml"][..],
            ),
            (
                "https://e.org/u/12345678901234567890/rss?format=atom10",
                &["12345678901234567890", "format=atom10"],
            ),
            (
                "https://e.org/u/abcdefghijkl/subscriptions?include=subscribers",
                &["abcdefghijkl"],
            ),
            (
                "https://e.org/rss;key=abcdefgh/x",
                &["abcdefgh", "rss;key=abcdefgh"],
            ),
            ("https://e.org/rss?abcdefgh", &["abcdefgh"]),
            ("https://e.org/rss?abcdefgh=1", &["abcdefgh"]),
            ("https://e.org/rss#abcdefgh", &["abcdefgh"]),
            (
                "https://correct-horse:x@e.org/rss",
                &["correct-horse", "correct-horse:x"],
            ),
            ("https://newsblur.com/newsblur/rss", &[]),
            (
                "https://e.org/archive-2024-11/newsletter.xml?order=published&page=12",
                &[],
            ),
            (
                "https://e.org/starred/subscriptions/v2?format=standard&include=highlights",
                &[],
            ),
        ] {
            let found = found(address);
            let expected: BTreeSet<&str> = tokens
                .iter()
                .copied()
                .filter(|it| !it.contains("format"))
                .collect();
            assert_eq!(
                found.iter().map(String::as_str).collect::<BTreeSet<_>>(),
                expected,
                "{address}"
            );
        }
    }

    #[test]
    fn a_token_is_known_in_base_64_wherever_it_stands() {
        let token = b"a1b2c3d4e5f6";
        let forms: Vec<Vec<u8>> = encodings(token).collect();
        for before in ["", "x", "xx", "xxx", "https://e.org/"] {
            let text = [before.as_bytes(), token, b"/rss"].concat();
            let text = BASE64_NOPAD.encode(&text).to_ascii_lowercase();
            let holds = |form: &Vec<u8>| memchr::memmem::find(text.as_bytes(), form).is_some();
            assert!(forms.iter().any(holds), "{before}");
        }
    }
}
