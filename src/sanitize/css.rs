//! The text of a `style` attribute → its declarations, and their values as numbers and colours (CSS
//! Syntax, as far as styles in texts use it).

use std::borrow::Cow;

use memchr::memmem;

/// Lower case, without comments and escapes.
pub(super) fn canonical(css: &str) -> Cow<'_, str> {
    let plain = |byte: u8| !byte.is_ascii_uppercase() && byte != b'\\';
    if css.bytes().all(plain) && memmem::find(css.as_bytes(), b"/*").is_none() {
        return Cow::Borrowed(css);
    }
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(character) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, rest)| rest);
            continue;
        }
        rest = &rest[character.len_utf8()..];
        if character == '\\' {
            rest = escape(rest, &mut out);
        } else {
            out.push(character.to_ascii_lowercase());
        }
    }
    Cow::Owned(out)
}

/// Writes the character that an escape means; returns what follows it.
fn escape<'a>(rest: &'a str, out: &mut String) -> &'a str {
    let digits = rest
        .bytes()
        .take(6)
        .take_while(u8::is_ascii_hexdigit)
        .count();
    if digits == 0 {
        let mut characters = rest.chars();
        out.extend(characters.next().map(|c| c.to_ascii_lowercase()));
        return characters.as_str();
    }
    let code = u32::from_str_radix(&rest[..digits], 16).ok();
    let character = code.and_then(char::from_u32).unwrap_or('\u{fffd}');
    out.push(character.to_ascii_lowercase());
    let rest = &rest[digits..];
    rest.strip_prefix([' ', '\t', '\n']).unwrap_or(rest)
}

/// Names and values; of equal names the one that counts stands last.
pub(super) fn declarations(css: &str) -> Vec<(&str, &str)> {
    let mut normal = Vec::new();
    let mut important = Vec::new();
    for declaration in split(css, |c| c == ';') {
        let Some((name, value)) = declaration.split_once(':') else {
            continue;
        };
        let (name, value) = (name.trim(), value.trim());
        let stressed = value
            .strip_suffix("important")
            .and_then(|value| value.trim_end().strip_suffix('!'));
        match stressed {
            Some(value) => important.push((name, value.trim_end())),
            None => normal.push((name, value)),
        }
    }
    normal.append(&mut important);
    normal
}

/// The parts between signs that stand neither in quotes nor in parentheses.
pub(super) fn split(css: &str, ends: fn(char) -> bool) -> impl Iterator<Item = &str> {
    let (mut quote, mut depth) = (None, 0_usize);
    css.split(move |c: char| {
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, c) => return depth == 0 && ends(c),
        }
        false
    })
    .filter(|part| !part.is_empty())
}

/// The number that a value begins with, and its unit.
pub(super) fn number(value: &str) -> Option<(f64, &str)> {
    let value = value.trim();
    let end = value
        .find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '+'))
        .unwrap_or(value.len());
    Some((value[..end].parse().ok()?, &value[end..]))
}

/// About as many pixels as a length has; none if that depends on the screen.
pub(super) fn pixels(value: &str) -> Option<f64> {
    let (number, unit) = number(value)?;
    let factor = match unit {
        "" | "px" => 1.0,
        "pt" => 4.0 / 3.0,
        "em" | "rem" | "pc" => 16.0,
        "ex" | "ch" => 8.0,
        "mm" => 3.8,
        "cm" => 38.0,
        "in" => 96.0,
        "vw" | "vh" => 4.0,
        // As a size of letters; a whole width more or less is where a slide waits.
        "%" => 0.16,
        _ => return None,
    };
    Some(number * factor)
}

/// Red, green, blue, and how opaque, as far as texts are coloured by hand.
pub(super) fn colour(value: &str) -> Option<[u8; 4]> {
    let value = value.trim();
    if let Some(digits) = value.strip_prefix('#') {
        let digit = |at: usize| u8::from_str_radix(digits.get(at..=at)?, 16).ok();
        let pair = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        return Some(match digits.len() {
            3 | 4 => [
                digit(0)? * 17,
                digit(1)? * 17,
                digit(2)? * 17,
                digit(3).map_or(255, |alpha| alpha * 17),
            ],
            6 | 8 => [pair(0)?, pair(2)?, pair(4)?, pair(6).unwrap_or(255)],
            _ => return None,
        });
    }
    if let Some((_, inside)) = value
        .split_once('(')
        .filter(|(name, _)| name.starts_with("rgb"))
    {
        let parts = inside.trim_end_matches(')').split([',', ' ', '/']);
        let parts = parts.filter(|part| !part.is_empty());
        let numbers: Option<Vec<u8>> = parts
            .enumerate()
            .map(|(at, part)| {
                let (number, unit) = number(part)?;
                let whole = if at == 3 { 1.0 } else { 255.0 };
                let share = if unit == "%" {
                    number / 100.0
                } else {
                    number / whole
                };
                // Between 0 and 255 by then.
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                Some((share.clamp(0.0, 1.0) * 255.0).round() as u8)
            })
            .collect();
        return match numbers?.as_slice() {
            [red, green, blue] => Some([*red, *green, *blue, 255]),
            [red, green, blue, alpha] => Some([*red, *green, *blue, *alpha]),
            _ => None,
        };
    }
    Some(match value {
        "white" => [255, 255, 255, 255],
        "black" => [0, 0, 0, 255],
        "transparent" => [0, 0, 0, 0],
        "red" => [255, 0, 0, 255],
        "blue" => [0, 0, 255, 255],
        "yellow" => [255, 255, 0, 255],
        "gray" | "grey" => [128, 128, 128, 255],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_equal_names_the_stressed_or_the_last_one_counts() {
        for (css, read) in [
            ("Display : NONE", vec![("display", "none")]),
            (
                "color:red;display:none!important; display:block",
                vec![("color", "red"), ("display", "block"), ("display", "none")],
            ),
            (
                "/* a;b */d\\69splay:/**/no\\6E e",
                vec![("display", "none")],
            ),
            (
                "background:url(data:a;b);content:';x:y'",
                vec![("background", "url(data:a;b)"), ("content", "';x:y'")],
            ),
            ("nothing; ;: ;", vec![("", "")]),
            ("a:b/* never closed", vec![("a", "b")]),
        ] {
            assert_eq!(declarations(&canonical(css)), read, "{css}");
        }
    }

    #[test]
    fn lengths_and_colours_are_compared_as_what_they_mean() {
        for (length, meant) in [
            ("-9999px", Some(-9999.0)),
            ("0", Some(0.0)),
            (".5em", Some(8.0)),
            ("auto", None),
            ("1q", None),
        ] {
            assert_eq!(pixels(length), meant, "{length}");
        }
        let white = Some([255, 255, 255, 255]);
        for (value, meant) in [
            ("#fff", white),
            ("#ffffff", white),
            ("rgb(255, 255,255)", white),
            ("rgba(100% 100% 100% / 1)", white),
            ("white", white),
            ("#0000", Some([0, 0, 0, 0])),
            ("#ff", None),
            ("#ää", None),
            ("currentcolor", None),
        ] {
            assert_eq!(colour(value), meant, "{value}");
        }
    }
}
