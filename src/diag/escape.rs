//! Text of others → text that can steer neither a terminal nor the reader's eye.

/// Makes control and bidi characters visible (`\u{202e}`), so that text from a feed can steer
/// neither a terminal nor the reader's eye. A tab becomes a space.
#[must_use]
pub fn escape_controls(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\t' => out.push(' '),
            _ if character.is_control() || is_bidi_control(character) => {
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
