//! Text → the text without characters that nobody sees.
//!
//! Zero-width spaces, soft hyphens, tag characters and fillers leave no mark on a page. A title made of
//! nothing else would be a link that nobody can see, and a tag that holds one would stand beside the tag
//! that looks the same. Some of these characters do work in the scripts that need them: a joiner shapes
//! Persian, Hindi or a family of emoji. There, and only there, they stay.

/// The text without what nobody sees; none if that changes nothing.
pub(super) fn visible(text: &str) -> Option<String> {
    if text.is_ascii() || !text.chars().any(is_unseen) {
        return None;
    }
    let characters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&character) = characters.get(at) {
        let rest = &characters[at..];
        let (before, after) = (out.chars().next_back(), rest.get(1).copied());
        if let Some(flag) = flag(rest) {
            out.extend(&rest[..flag]);
            at += flag;
            continue;
        }
        at += 1;
        match character {
            '\u{2800}' if before.is_some_and(is_braille) || after.is_some_and(is_braille) => {
                out.push(character);
            }
            // Blank, but as wide as a letter: it separates words.
            '\u{2800}' | '\u{3164}' | '\u{ffa0}' => out.push(' '),
            _ if !is_unseen(character) || stays(before, character, after) => out.push(character),
            _ => {}
        }
    }
    (out != text).then_some(out)
}

/// Characters without a mark of their own (Unicode's default ignorable code points, and the blanks that
/// are letters by their class).
fn is_unseen(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{206f}' | '\u{2800}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether an unseen character changes how its neighbours look.
fn stays(before: Option<char>, character: char, after: Option<char>) -> bool {
    let Some(before) = before else {
        return false;
    };
    match character {
        '\u{200c}' => is_joined(before) && after.is_some_and(is_joined),
        '\u{200d}' => {
            let shapes = is_virama(before) || after.is_some_and(is_joined);
            is_joined(before) && shapes
                || (is_pictograph(before) || before == '\u{fe0f}')
                    && after.is_some_and(is_pictograph)
        }
        // Variants of letters, ideographs and pictographs.
        '\u{180b}'..='\u{180d}' | '\u{180f}' => is_mongolian(before),
        '\u{fe0e}' | '\u{fe0f}' => {
            is_pictograph(before)
                || matches!(before, '0'..='9' | '#' | '*') && after == Some('\u{20e3}')
        }
        '\u{fe00}'..='\u{fe0d}' | '\u{e0100}'..='\u{e01ef}' => is_ideograph(before),
        _ => false,
    }
}

/// The length of the flag that begins here: a black flag, tag letters, and their end.
fn flag(characters: &[char]) -> Option<usize> {
    let tags = characters.strip_prefix(&['\u{1f3f4}'])?;
    let letters = tags
        .iter()
        .take_while(|tag| ('\u{e0030}'..='\u{e007a}').contains(*tag))
        .count();
    let is_flag = (3..=6).contains(&letters) && tags.get(letters) == Some(&'\u{e007f}');
    is_flag.then_some(letters + 2)
}

/// Letters and signs of scripts whose letters join, or stack, by a joiner.
fn is_joined(character: char) -> bool {
    matches!(character,
        '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17b3}'
        | '\u{17b6}'..='\u{17ff}' | '\u{1810}'..='\u{18af}' | '\u{1a20}'..='\u{1aaf}'
        | '\u{1b00}'..='\u{1c4f}' | '\u{a840}'..='\u{a8ff}' | '\u{a980}'..='\u{a9ff}'
        | '\u{aa60}'..='\u{aa7f}' | '\u{aae0}'..='\u{aaff}' | '\u{abc0}'..='\u{abff}'
        | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10a00}'..='\u{10fff}'
        | '\u{11000}'..='\u{11fff}' | '\u{1e900}'..='\u{1e95f}')
}

/// The signs that take the vowel off a letter, after which a joiner may end a word.
fn is_virama(character: char) -> bool {
    matches!(
        character,
        '\u{94d}'
            | '\u{9cd}'
            | '\u{a4d}'
            | '\u{acd}'
            | '\u{b4d}'
            | '\u{bcd}'
            | '\u{c4d}'
            | '\u{ccd}'
            | '\u{d4d}'
            | '\u{dca}'
    )
}

fn is_mongolian(character: char) -> bool {
    ('\u{1820}'..='\u{18af}').contains(&character)
}

fn is_braille(character: char) -> bool {
    ('\u{2801}'..='\u{28ff}').contains(&character)
}

/// Pictures, symbols and the signs that they are made of.
fn is_pictograph(character: char) -> bool {
    matches!(character,
        '©' | '®' | '‼' | '⁉' | '™' | 'ℹ' | '\u{20e3}' | '\u{2190}'..='\u{27bf}' | '\u{2900}'..='\u{2bff}'
        | '〰' | '〽' | '㊗' | '㊙' | '\u{1f000}'..='\u{1faff}')
}

fn is_ideograph(character: char) -> bool {
    matches!(character,
        '\u{2e80}'..='\u{2fdf}' | '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{ff00}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::super::Text;

    fn seen(raw: &str) -> Option<String> {
        let text = Text::new(raw)?.visible()?;
        Some(text.as_str().to_owned())
    }

    #[test]
    fn nothing_but_what_nobody_sees_is_no_text() {
        for raw in [
            "\u{200b}",
            "\u{200c}",
            "\u{200d}",
            "\u{ad}",
            "\u{2060}",
            "\u{2064}",
            "\u{2800}",
            "\u{3164}",
            "\u{ffa0}",
            "\u{115f}\u{1160}",
            "\u{180e}",
            "\u{34f}",
            "\u{fe0f}",
            "\u{fe00}",
            "\u{17b4}",
            "\u{1d173}",
            "\u{e0001}",
            "\u{e0041}\u{e0042}",
            "\u{e0100}",
            "\u{fff9}\u{fffb}",
            "\u{feff}",
            "\u{200b} \u{3164} \u{ad}",
        ] {
            assert_eq!(seen(raw), None, "{raw:?}");
        }
    }

    #[test]
    fn unseen_characters_leave_a_text_that_looks_the_same() {
        for raw in [
            "ru\u{200b}st",
            "r\u{ad}ust",
            "rust\u{2060}",
            "\u{feff}rust",
            "ru\u{200d}st",
            "ru\u{200c}st",
            "rust\u{fe0f}",
            "r\u{e0075}ust",
            "ru\u{34f}st",
            "rust\u{fe00}",
            "ru\u{1d173}st",
            "rust\u{e0100}",
        ] {
            assert_eq!(seen(raw).as_deref(), Some("rust"), "{raw:?}");
        }
        assert_eq!(seen("a\u{3164}b").as_deref(), Some("a b"));
    }

    #[test]
    fn what_shapes_letters_and_pictures_stays() {
        for text in [
            "می\u{200c}خواهم",
            "क\u{94d}\u{200d}ष",
            "ශ\u{dca}\u{200d}රී",
            "ന\u{d4d}\u{200d}",
            "👩\u{200d}👩\u{200d}👧",
            "🏳\u{fe0f}\u{200d}🌈",
            "🤷🏽\u{200d}♀\u{fe0f}",
            "❤\u{fe0f}",
            "1\u{fe0f}\u{20e3}",
            "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
            "葛\u{e0100}城",
            "⠓⠑\u{2800}⠇",
            "ᠭᠠ\u{180b}",
            "Grüße – ½ é",
        ] {
            assert_eq!(seen(text).as_deref(), Some(text), "{text:?}");
        }
    }
}
