//! Whether a response gives a secret address away.
//!
//! Many services name the feed's own address in the feed, token and all; a snapshot of it in a public
//! repository would publish the secret. What counts is what a stranger could not guess: the query and
//! its values, the path, and parts of the path that look like tokens. The host is no secret.

use percent_encoding::percent_decode;
use url::Url;

/// Shorter than this, it is a word that stands anywhere.
const LENGTH: usize = 8;

/// Whether a response holds the secret of the address that it came from: as it is, percent-encoded, or
/// escaped as XML and JSON do it.
pub(crate) fn gives_away(bytes: &[u8], address: &Url) -> bool {
    let secrets = secrets(address);
    let holds = |text: &[u8]| {
        secrets
            .iter()
            .any(|secret| memchr::memmem::find(text, secret).is_some())
    };
    // Escaped text may stand in escaped text: a link in HTML in XML.
    let once = unescape(bytes);
    let twice = unescape(&once);
    let decoded: Vec<u8> = percent_decode(&twice).collect();
    [bytes, &once, &twice, &decoded].into_iter().any(holds)
}

/// Names of parameters whose values nobody should see, or parts of such names.
const TELLING: &[&str] = &[
    "token", "key", "auth", "secret", "pass", "pwd", "sig", "hash", "private", "session", "cred",
];
/// The shortest part of an address that is taken for a token: shorter ones are ids that anyone sees.
const TOKEN_LENGTH: usize = 20;

/// Whether an address looks as if nobody else should know it: where in doubt, it does, for it is easier
/// to publish an address than to take it back.
pub(crate) fn looks_secret(address: &Url) -> bool {
    // The words of a title, which nobody writes with capitals; tokens in base64 have hyphens, too.
    let is_slug =
        |part: &str| part.contains('-') && !part.contains(|c: char| c.is_ascii_uppercase());
    let is_long = |part: &str| part.len() >= TOKEN_LENGTH && is_token(part) && !is_slug(part);
    let in_query = address.query_pairs().any(|(name, value)| {
        let name = name.to_lowercase();
        let tells = TELLING.iter().any(|telling| name.contains(telling));
        // `channel_id`, `list_id`: names of what is public.
        !value.is_empty() && (tells || (is_long(&value) && !name.ends_with("id")))
    });
    let in_path = address.path().split('/').any(|part| {
        let stem = part.split_once('.').map_or(part, |(stem, _)| stem);
        is_long(stem) || is_uuid(stem) || stem == "private"
    });
    !address.username().is_empty() || address.password().is_some() || in_query || in_path
}

/// Whether it has the form of a UUID (RFC 9562, section 4).
fn is_uuid(part: &str) -> bool {
    let groups: Vec<usize> = part.split('-').map(str::len).collect();
    let is_hex = |c: char| c.is_ascii_hexdigit() || c == '-';
    groups == [8, 4, 4, 4, 12] && part.chars().all(is_hex)
}

/// What is secret of an address, decoded and as it is written.
fn secrets(address: &Url) -> Vec<Vec<u8>> {
    let query = address.query().unwrap_or_default();
    let values = query
        .split('&')
        .filter_map(|pair| Some(pair.split_once('=')?.1));
    let mut parts: Vec<&str> = values.collect();
    parts.push(query);
    // Either may be the token, by which some services know a reader.
    parts.push(address.username());
    parts.extend(address.password());
    let is_long = |part: &&str| part.len() >= LENGTH;
    if !parts.iter().any(is_long) {
        // Nothing else is secret, so it must be the path.
        parts.push(address.path());
    }
    parts.extend(address.path().split('/').filter(|part| is_token(part)));
    let mut secrets: Vec<Vec<u8>> = Vec::new();
    for part in parts.into_iter().filter(is_long) {
        secrets.push(part.as_bytes().to_vec());
        secrets.push(percent_decode(part.as_bytes()).collect());
    }
    secrets.retain(|secret| secret.len() >= LENGTH);
    secrets.sort();
    secrets.dedup();
    secrets
}

/// Whether a part of a path looks like chance: letters and digits, without an ending.
fn is_token(part: &str) -> bool {
    let has = |kind: fn(&char) -> bool| part.chars().any(|c| kind(&c));
    has(char::is_ascii_digit) && has(char::is_ascii_alphabetic) && !part.contains('.')
}

/// Resolves what XML and JSON write instead of the characters that addresses hold.
fn unescape(bytes: &[u8]) -> Vec<u8> {
    const ESCAPES: &[(&[u8], u8)] = &[
        (b"&amp;", b'&'),
        (b"&#38;", b'&'),
        (b"&#x26;", b'&'),
        (b"&#61;", b'='),
        (b"&#x3d;", b'='),
        (b"&#47;", b'/'),
        (b"&#x2f;", b'/'),
        (b"&#63;", b'?'),
        (b"&#x3f;", b'?'),
        (b"&#37;", b'%'),
        (b"&#x25;", b'%'),
        (b"\\u0026", b'&'),
        (b"\\u003d", b'='),
        (b"\\u002f", b'/'),
        (b"\\/", b'/'),
    ];
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr::memchr2(b'&', b'\\', rest) {
        let (before, from) = rest.split_at(at);
        out.extend(before);
        let escape = ESCAPES.iter().find(|(escape, _)| {
            let head = from.get(..escape.len());
            head.is_some_and(|head| head.eq_ignore_ascii_case(escape))
        });
        let (plain, length) = escape.map_or((from[0], 1), |(escape, plain)| (*plain, escape.len()));
        out.push(plain);
        rest = &from[length..];
    }
    out.extend(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_however_it_is_written() {
        let address = "https://example.org/feeds/starred.xml?user=ada&token=s3cr3t%2Fk3y%3D42";
        let address = Url::parse(address).unwrap();
        for (text, found) in [
            (
                "<link href='https://example.org/feeds/starred.xml'/>",
                false,
            ),
            ("user=ada", false),
            (
                "https://example.org/feeds/starred.xml?user=ada&token=s3cr3t%2Fk3y%3D42",
                true,
            ),
            ("?user=ada&amp;token=s3cr3t%2fk3y%3d42", true),
            ("the key is s3cr3t/k3y=42", true),
            ("s3cr3t&#x2F;k3y&#61;42", true),
            ("s3cr3t\\/k3y\\u003d42", true),
            ("s3cr3t\\/k3y=4", false),
            (
                "https%3A%2F%2Fexample.org%2F%3Ftoken%3Ds3cr3t%2Fk3y%3D42",
                true,
            ),
            (
                "&lt;a href=&quot;?token=s3cr3t&amp;#47;k3y&amp;#61;42&quot;>",
                true,
            ),
            ("", false),
            ("\\", false),
        ] {
            assert_eq!(gives_away(text.as_bytes(), &address), found, "{text}");
        }
    }

    #[test]
    fn a_token_that_stands_for_a_user_or_a_password_is_a_secret() {
        for address in [
            "https://s3cr3t-t0ken@example.org/feed",
            "https://me:s3cr3t-t0ken@example.org/feed",
        ] {
            let address = Url::parse(address).unwrap();
            assert!(gives_away(b"<id>s3cr3t-t0ken</id>", &address), "{address}");
            assert!(
                !gives_away(b"<id>https://example.org/</id>", &address),
                "{address}"
            );
        }
    }

    #[test]
    fn an_address_that_holds_a_token_looks_secret() {
        for (address, secret) in [
            ("https://blog.rust-lang.org/feed.xml", false),
            ("https://www.newsblur.com/social/rss/1234/ada", false),
            ("https://dev.to/feed/ada", false),
            (
                "https://e.org/feeds/videos.xml?channel_id=UCabcdefghij1234567890",
                false,
            ),
            (
                "https://e.org/2019/03/01/ten-years-after-the-25th-anniversary/feed",
                false,
            ),
            ("https://e.org/feed?page=2&format=atom", false),
            ("https://e.org/rss?token=abc", true),
            ("https://e.org/rss?t=a1b2c3d4e5f6a7b8c9d0e1f2", true),
            ("https://e.org/u/4711/a1b2c3d4e5f6a7b8c9d0e1f2.xml", true),
            ("https://e.org/f/8f14e45f-ceea-467f-9575-1f2d3c4b5a69", true),
            ("https://e.org/feed/aB3-xY9_kQ2mN7pL5rT8-vW1zC4", true),
            ("https://e.org/feed?t=aB3-xY9_kQ2mN7pL5rT8-vW1zC4", true),
            ("https://ada@e.org/feed", true),
            ("https://ada:pass@e.org/feed", true),
            ("https://e.org/private/rss.xml?user_key=abcdefgh", true),
        ] {
            let url = Url::parse(address).unwrap();
            assert_eq!(looks_secret(&url), secret, "{address}");
        }
    }

    #[test]
    fn what_anyone_could_guess_is_no_secret() {
        for (address, text, found) in [
            ("https://example.org/", "https://example.org/", false),
            (
                "https://example.org/feed",
                "https://example.org/feed",
                false,
            ),
            ("https://example.org/feed.xml?n=5", "/feed.xml?n=5", true),
            (
                "https://example.org/u/4711/starred",
                "/u/4711/starred",
                true,
            ),
            (
                "https://example.org/u/4711/starred",
                "/u/4712/starred",
                false,
            ),
            (
                "https://e.org/f/a1b2c3d4/rss?format=standard",
                "x a1b2c3d4 y",
                true,
            ),
            (
                "https://e.org/private/rss.xml?key=abcdefgh",
                "/private/rss.xml",
                false,
            ),
            (
                "https://ada:longpassword@e.org/feed.xml",
                "longpassword",
                true,
            ),
            (
                "https://ada:longpassword@e.org/feed.xml",
                "/feed.xml",
                false,
            ),
        ] {
            let url = Url::parse(address).unwrap();
            assert_eq!(
                gives_away(text.as_bytes(), &url),
                found,
                "{address}: {text}"
            );
        }
    }
}
