//! Text from feeds, files and servers → text that is safe and short enough for a message.
//!
//! Every message and hint passes through [`one_line`], so that no stage has to remember to cut what
//! it quotes. A short message stays as it is. In a long one, what is quoted is cut first, because it
//! is the quoted name that made it long and the sentence around it that explains something.
//!
//! Invariants: the result holds no control, bidi or invisible character; it is at most one character
//! longer than its limit, before those are escaped.

/// The longest message, in characters.
pub(super) const MESSAGE: usize = 240;
/// The longest hint, in characters. A hint names addresses to copy, so it may be longer.
pub(super) const HINT: usize = 1_000;
/// The longest name or word within a text that is too long.
const NAME: usize = 60;

/// Text on one line of at most `limit` characters, with everything visible that could mislead.
pub(super) fn one_line(text: &str, limit: usize) -> String {
    // Most messages are short: nothing is counted twice for them.
    if text.len() <= limit || text.chars().nth(limit).is_none() {
        return escape_controls(text);
    }
    let quoted: Vec<String> = pieces(text).map(shortened).collect();
    escape_controls(&cut(&quoted.concat(), limit))
}

/// The parts of a text, in turn outside and inside of backticks.
fn pieces(text: &str) -> impl Iterator<Item = (bool, &str)> {
    let mut is_quoted = true;
    text.split_inclusive('`').map(move |piece| {
        is_quoted = !is_quoted;
        (is_quoted, piece)
    })
}

/// A part with its names cut: what is quoted as a whole, the rest word by word.
fn shortened((is_quoted, piece): (bool, &str)) -> String {
    let (inner, end) = match piece.strip_suffix('`') {
        Some(inner) => (inner, "`"),
        None => (piece, ""),
    };
    if is_quoted {
        return format!("{}{end}", cut(inner, NAME));
    }
    let words = inner.split(' ').map(|word| cut(word, NAME));
    format!("{}{end}", words.collect::<Vec<_>>().join(" "))
}

/// The beginning of a text, with an ellipsis where something is left out.
fn cut(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Makes control, bidi and invisible characters visible (`\u{202e}`), so that text from a feed can
/// steer neither a terminal nor the reader's eye. A tab becomes a space.
#[must_use]
pub fn escape_controls(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\t' => out.push(' '),
            _ if character.is_control() || is_bidi_control(character) || is_unseen(character) => {
                out.extend(character.escape_unicode());
            }
            _ => out.push(character),
        }
    }
    out
}

/// The characters that change the direction of what follows (Unicode UAX #9, section 2), and the
/// two separators that some terminals take for a line's end.
#[must_use]
pub fn is_bidi_control(character: char) -> bool {
    matches!(character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        | '\u{2028}' | '\u{2029}')
}

/// Characters without a shape that no script needs: with one of them, two names look the same.
fn is_unseen(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{180e}' | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_message_stays_as_it_is() {
        let path = format!("`{}.html` could not be made", "a".repeat(150));
        assert_eq!(one_line(&path, MESSAGE), path);
    }

    #[test]
    fn of_a_long_message_what_it_quotes_is_cut_and_the_sentence_stays() {
        let name = "é".repeat(500);
        let short = "é".repeat(NAME);
        for (text, shown) in [
            (
                format!("no tag `{name}` in `x` here"),
                format!("no tag `{short}…` in `x` here"),
            ),
            (
                format!("moved to {name} for good"),
                format!("moved to {short}… for good"),
            ),
            (
                format!("`{name} {name}`: twice"),
                format!("`{short}…`: twice"),
            ),
            (format!("open `{name}"), format!("open `{short}…")),
        ] {
            assert_eq!(one_line(&text, MESSAGE), shown);
        }
        let words = one_line(&"word ".repeat(1_000), MESSAGE);
        assert_eq!(words.chars().count(), MESSAGE + 1);
        assert!(words.ends_with('…'));
    }

    #[test]
    fn characters_that_nobody_sees_are_shown() {
        assert_eq!(
            escape_controls("ru\u{200b}st\u{feff}\u{e0041}\u{ad}\ta\nb"),
            "ru\\u{200b}st\\u{feff}\\u{e0041}\\u{ad} a\\u{a}b"
        );
        // Joiners shape letters in many scripts.
        assert_eq!(escape_controls("क्\u{200d}ष"), "क्\u{200d}ष");
    }
}
