//! Text → markup: the five characters that mean something there are written by their names.
//!
//! Nearly every byte of the output passes here: of pages, the words that templates show; of feeds,
//! the whole HTML. So a byte is looked at once, in a table, and what stands between two such
//! characters is copied as a whole.
//!
//! Invariant: what comes out holds none of `<`, `>`, `"`, `'`, and `&` before a name alone.

use std::convert::Infallible;
use std::io::{self, Write};

/// The names of characters, in the order of [`KINDS`]; the first is for all others.
type Names = [&'static [u8]; 6];

/// As pages have them: `&apos;` came late to HTML.
const HTML: Names = [b"", b"&amp;", b"&lt;", b"&gt;", b"&quot;", b"&#39;"];
/// As XML has them.
const XML: Names = [b"", b"&amp;", b"&lt;", b"&gt;", b"&quot;", b"&apos;"];

/// For each byte, which name it has.
const KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    kinds[b'&' as usize] = 1;
    kinds[b'<' as usize] = 2;
    kinds[b'>' as usize] = 3;
    kinds[b'"' as usize] = 4;
    kinds[b'\'' as usize] = 5;
    kinds
};

/// Writes text into a page.
pub(super) fn html(text: &str, out: &mut dyn Write) -> io::Result<()> {
    escape(text.as_bytes(), &HTML, |bytes| out.write_all(bytes))
}

/// Writes text into a feed.
pub(super) fn xml(text: &str, out: &mut Vec<u8>) {
    let Ok(()) = escape::<Infallible>(text.as_bytes(), &XML, |bytes| {
        out.extend_from_slice(bytes);
        Ok(())
    });
}

fn escape<E>(
    mut text: &[u8],
    names: &Names,
    mut write: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let kind = |byte: &u8| KINDS[usize::from(*byte)];
    while let Some(at) = text.iter().position(|byte| kind(byte) != 0) {
        let (before, rest) = text.split_at(at);
        write(before)?;
        if let Some((special, after)) = rest.split_first() {
            write(names[usize::from(kind(special))])?;
            text = after;
        }
    }
    write(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_in_markup_is_written_by_its_name() {
        for (text, in_html, in_xml) in [
            ("", "", ""),
            ("plain – text", "plain – text", "plain – text"),
            (
                "<b a=\"1\">",
                "&lt;b a=&quot;1&quot;&gt;",
                "&lt;b a=&quot;1&quot;&gt;",
            ),
            ("'&amp;'", "&#39;&amp;amp;&#39;", "&apos;&amp;amp;&apos;"),
            ("ö<", "ö&lt;", "ö&lt;"),
        ] {
            let (mut page, mut feed) = (Vec::new(), Vec::new());
            html(text, &mut page).unwrap();
            xml(text, &mut feed);
            assert_eq!(String::from_utf8(page).unwrap(), in_html);
            assert_eq!(String::from_utf8(feed).unwrap(), in_xml);
        }
    }
}
