//! Whether a response gives a secret address away.
//!
//! Many services name the feed's own address in the feed, token and all; a snapshot of it in a public
//! repository would publish the secret. What counts is what a stranger could not guess ([`needles`]):
//! of the owner's address, of all that redirects lead to, and of the documents of a history. It is
//! looked for in all that a parser may see ([`views`]): unpacked, decoded, references resolved.
//! The host is no secret.

mod needles;
mod views;

use gleaner::pipeline::readable;
use memchr::memmem;
use url::Url;

use needles::{Needle, needles};

/// What nobody may find of the addresses of a feed.
#[derive(Debug)]
pub(super) struct Secrets(Vec<Needle>);

impl Secrets {
    /// Those of the owner's address, and of all others on the way.
    pub(super) fn of<'a>(owner: &Url, others: impl IntoIterator<Item = &'a Url>) -> Self {
        Secrets(needles(owner, others))
    }

    /// Whether a response gives one of them away, or cannot be looked through.
    pub(super) fn are_in_response(&self, bytes: &[u8]) -> bool {
        readable(bytes).is_none_or(|all| all.iter().any(|text| self.are_in(text)))
    }

    /// Whether a text gives one of them away: the value of a header, a message.
    pub(super) fn are_in(&self, text: &[u8]) -> bool {
        views::any(text, |view, is_squeezed| {
            let mut wanted = self.0.iter().filter(|needle| needle.solid || !is_squeezed);
            wanted.any(|needle| memmem::find(view, &needle.bytes).is_some())
        })
    }
}

/// Whether the name of a parameter tells that nobody should see its value.
fn tells(name: &str) -> bool {
    let name = name.to_lowercase();
    TELLING.iter().any(|telling| name.contains(telling))
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
        // `channel_id`, `list_id`: names of what is public.
        let is_id = name.to_lowercase().ends_with("id");
        !value.is_empty() && (tells(&name) || (is_long(&value) && !is_id))
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

/// Whether a part of a path looks like chance: letters and digits, or a number that counts nothing.
fn is_token(part: &str) -> bool {
    let has_digit = part.chars().any(|c| c.is_ascii_digit());
    has_digit && !part.contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gives_away(text: &[u8], address: &Url) -> bool {
        Secrets::of(address, []).are_in_response(text)
    }

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
            ("https://e.org/u/12345678901234567890/rss", true),
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
    fn each_address_on_the_way_is_a_secret() {
        let parse = |text| Url::parse(text).unwrap();
        let owner = parse("https://e.org/u/a1b2c3d4e5f6.xml?format=atom");
        let target = parse("https://cdn.e.org/zz9z8z7z6z5z.xml");
        let secrets = Secrets::of(&owner, [&target]);
        for text in ["/u/a1b2c3d4e5f6", "A1B2C3D4E5F6", "zz9z8z7z6z5z"] {
            assert!(secrets.are_in(text.as_bytes()), "{text}");
        }
        assert!(!secrets.are_in(b"https://e.org/?format=atom"));
        // Behind a login, the address itself is no secret.
        let login = parse("https://ada:longpassword@e.org/feed.xml");
        let secrets = Secrets::of(
            &login,
            [
                &parse("https://e.org/feed.xml"),
                &parse("https://e.org/rss/all.xml"),
            ],
        );
        assert!(!secrets.are_in(b"https://e.org/feed.xml https://e.org/rss/all.xml"));
        let next = parse("https://e.org/feed.xml?offset=20");
        assert!(!Secrets::of(&login, [&next]).are_in(b"https://e.org/feed.xml?offset=20"));
        assert!(secrets.are_in(b"bG9uZ3Bhc3N3b3Jk"));
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
