//! Namespaces by what they mean: URIs as feeds write them → the few vocabularies that we read.
//!
//! Feeds misspell namespaces (`https://`, a missing slash, other case) and forget to declare them;
//! a strict reader then drops the body of every entry without a word. Here a URI is compared by its
//! words, and an undeclared prefix means what everybody means by it; the caller is told.

use super::kind::Format;
use super::scan::attributes;

/// A vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ns {
    /// Atom 1.0 or 0.3.
    Atom,
    /// RSS without a namespace, or with one of those that RSS was given over the years.
    Rss,
    /// `content:encoded`
    Content,
    /// Dublin Core, elements and terms.
    Dc,
    /// XHTML.
    Xhtml,
    /// Podcasts (`itunes:`).
    Itunes,
    /// Media RSS (`media:`).
    Media,
    /// Backups of WordPress (`wp:`).
    Wp,
    /// The Atom Publishing Protocol (`app:`).
    App,
    /// Backups of Blogger since 2018 (`blogger:`).
    Blogger,
    /// Something that we do not read.
    Other,
}

impl Ns {
    /// Whether a vocabulary says who may read an entry, and nothing else that we read.
    pub(super) fn is_about_privacy(self) -> bool {
        matches!(self, Ns::Wp | Ns::App | Ns::Blogger)
    }
}

/// How well a namespace was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    Right,
    /// The form of an older version of the format.
    Old,
    Wrong,
    /// The prefix is not declared at all.
    Undeclared,
}

/// Stands for the exact form of a URI that programs write in many forms, all of them usual.
const ANY_FORM: &str = "*";

/// The known URIs, without scheme, `www.`, case and the last `/` or `#`; the first column is the
/// exact URI of today's version, empty where there is none.
const KNOWN: &[(&str, &str, Ns)] = &[
    ("http://www.w3.org/2005/Atom", "w3.org/2005/atom", Ns::Atom),
    ("", "purl.org/atom/ns", Ns::Atom),
    ("http://purl.org/rss/1.0/", "purl.org/rss/1.0", Ns::Rss),
    ("", "my.netscape.com/rdf/simple/0.9", Ns::Rss),
    ("", "channel.netscape.com/rdf/simple/0.9", Ns::Rss),
    ("", "my.netscape.com/publish/formats/rss-0.91.dtd", Ns::Rss),
    ("", "backend.userland.com/rss", Ns::Rss),
    ("", "backend.userland.com/rss2", Ns::Rss),
    ("", "backend.userland.com/rss092", Ns::Rss),
    ("", "blogs.law.harvard.edu/tech/rss", Ns::Rss),
    ("", "purl.org/net/rss1.1", Ns::Rss),
    (
        "http://purl.org/rss/1.0/modules/content/",
        "purl.org/rss/1.0/modules/content",
        Ns::Content,
    ),
    (
        "http://purl.org/dc/elements/1.1/",
        "purl.org/dc/elements/1.1",
        Ns::Dc,
    ),
    ("http://purl.org/dc/terms/", "purl.org/dc/terms", Ns::Dc),
    ("", "purl.org/dc/elements/1.0", Ns::Dc),
    (
        "http://www.w3.org/1999/xhtml",
        "w3.org/1999/xhtml",
        Ns::Xhtml,
    ),
    (ANY_FORM, "itunes.com/dtds/podcast-1.0.dtd", Ns::Itunes),
    (ANY_FORM, "search.yahoo.com/mrss", Ns::Media),
    (ANY_FORM, "w3.org/2007/app", Ns::App),
    (ANY_FORM, "purl.org/atom/app", Ns::App),
    (ANY_FORM, "schemas.google.com/blogger/2018", Ns::Blogger),
];

/// What everybody means by these prefixes.
const CUSTOMARY: &[(&str, Ns)] = &[
    ("atom", Ns::Atom),
    ("a10", Ns::Atom),
    ("content", Ns::Content),
    ("dc", Ns::Dc),
    ("dcterms", Ns::Dc),
    ("xhtml", Ns::Xhtml),
    ("itunes", Ns::Itunes),
    ("media", Ns::Media),
    ("rss", Ns::Rss),
    ("wp", Ns::Wp),
    ("app", Ns::App),
    ("blogger", Ns::Blogger),
];

/// How many declarations of one scope are read; real feeds have about a dozen.
const MAX_DECLARATIONS: usize = 256;

/// The declarations in scope. Those of the elements around are borrowed, so that an entry or a
/// child costs no more than what it declares itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Namespaces<'a> {
    /// Prefix (empty for the default) and meaning; of two for one prefix, the last holds.
    own: Vec<(String, Ns, Spelling)>,
    /// The scope around.
    outer: Option<&'a Namespaces<'a>>,
    /// Whether there were more declarations than are read.
    pub(super) too_many: bool,
}

impl<'a> Namespaces<'a> {
    /// The scope of an element inside another.
    pub(super) fn inside(outer: &'a Namespaces<'a>) -> Self {
        Namespaces {
            outer: Some(outer),
            ..Namespaces::default()
        }
    }

    /// Adds what a start tag declares.
    pub(super) fn declare(&mut self, tag: &str) {
        if !Namespaces::declares(tag) {
            return;
        }
        for (name, uri) in attributes(tag) {
            let prefix = match name.strip_prefix("xmlns") {
                Some("") => "",
                Some(rest) if rest.starts_with(':') => &rest[1..],
                _ => continue,
            };
            if self.own.len() == MAX_DECLARATIONS {
                self.too_many = true;
                return;
            }
            let (ns, spelling) = meaning(prefix, uri);
            self.own.push((prefix.to_owned(), ns, spelling));
        }
    }

    /// Whether a tag declares anything.
    pub(super) fn declares(tag: &str) -> bool {
        tag.contains("xmlns")
    }

    /// What a prefix means in a feed of this format.
    pub(super) fn resolve(&self, format: Format, prefix: Option<&str>) -> (Ns, Spelling) {
        let wanted = prefix.unwrap_or_default();
        let found = self.find(wanted);
        match (found, prefix) {
            (Some((ns, spelling)), _)
                if ns != Ns::Other && !(prefix.is_none() && ns.is_about_privacy()) =>
            {
                (ns, spelling)
            }
            (Some(_), Some(_)) => (Ns::Other, Spelling::Right),
            // Names without a prefix are the format's own, whatever the default namespace.
            (Some(_), None) => (native(format), Spelling::Wrong),
            (None, None) => (native(format), Spelling::Right),
            (None, Some(prefix)) => CUSTOMARY
                .iter()
                .find(|(customary, _)| *customary == prefix)
                .map_or((Ns::Other, Spelling::Right), |(_, ns)| {
                    (*ns, Spelling::Undeclared)
                }),
        }
    }

    /// The declaration of a prefix that holds.
    fn find(&self, wanted: &str) -> Option<(Ns, Spelling)> {
        let mut scope = Some(self);
        while let Some(namespaces) = scope {
            let mut own = namespaces.own.iter().rev();
            if let Some((_, ns, spelling)) = own.find(|(prefix, ..)| prefix == wanted) {
                return Some((*ns, *spelling));
            }
            scope = namespaces.outer;
        }
        None
    }

    /// How the namespaces of this scope are written, in a feed of this format.
    pub(super) fn spellings(&self, format: Format) -> impl Iterator<Item = Spelling> {
        self.own.iter().map(move |(prefix, ..)| {
            let prefix = Some(prefix.as_str()).filter(|prefix| !prefix.is_empty());
            self.resolve(format, prefix).1
        })
    }

    /// The vocabulary of names without a prefix, if it is declared.
    pub(super) fn of_bare_names(&self) -> Option<Ns> {
        self.find("").map(|(ns, _)| ns)
    }

    /// Whether anything of a vocabulary is declared here.
    pub(super) fn declares_any(&self, wanted: Ns) -> bool {
        self.own.iter().any(|(_, ns, _)| *ns == wanted)
    }

    /// The parts that identify these declarations.
    pub(super) fn key(&self) -> String {
        format!("{:?}", self.own)
    }
}

/// The vocabulary of a format's own names.
pub(super) fn native(format: Format) -> Ns {
    match format {
        Format::Atom => Ns::Atom,
        Format::Rss | Format::Rdf | Format::Json => Ns::Rss,
    }
}

fn meaning(prefix: &str, uri: &str) -> (Ns, Spelling) {
    let words = words(uri);
    if let Some((exact, _, ns)) = KNOWN.iter().find(|(_, known, _)| *known == words) {
        let spelling = match *exact {
            "" => Spelling::Old,
            ANY_FORM => Spelling::Right,
            exact if exact == uri => Spelling::Right,
            _ => Spelling::Wrong,
        };
        return (*ns, spelling);
    }
    if words.starts_with("wordpress.org/export") {
        return (Ns::Wp, Spelling::Right);
    }
    // `content` and `dc` never mean anything else; other prefixes may.
    match prefix {
        "content" => (Ns::Content, Spelling::Wrong),
        "dc" => (Ns::Dc, Spelling::Wrong),
        _ => (Ns::Other, Spelling::Right),
    }
}

/// A URI without what people get wrong about it.
fn words(uri: &str) -> String {
    let lower = uri.trim().to_ascii_lowercase();
    let rest = lower
        .strip_prefix("https://")
        .or_else(|| lower.strip_prefix("http://"))
        .unwrap_or(&lower);
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    rest.trim_end_matches(['/', '#']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_is_known_by_its_words() {
        for (tag, prefix, ns, spelling) in [
            ("<rss>", None, Ns::Rss, Spelling::Right),
            ("<rss>", Some("content"), Ns::Content, Spelling::Undeclared),
            ("<rss>", Some("own"), Ns::Other, Spelling::Right),
            ("<rss>", Some("media"), Ns::Media, Spelling::Undeclared),
            (
                "<rss xmlns:m='https://search.yahoo.com/mrss'>",
                Some("m"),
                Ns::Media,
                Spelling::Right,
            ),
            (
                "<rss xmlns:content='http://purl.org/rss/1.0/modules/content/'>",
                Some("content"),
                Ns::Content,
                Spelling::Right,
            ),
            (
                "<rss xmlns:c='https://purl.org/RSS/1.0/modules/content'>",
                Some("c"),
                Ns::Content,
                Spelling::Wrong,
            ),
            (
                "<rss xmlns:dc='urn:typo'>",
                Some("dc"),
                Ns::Dc,
                Spelling::Wrong,
            ),
            (
                "<rss xmlns='http://backend.userland.com/rss2'>",
                None,
                Ns::Rss,
                Spelling::Old,
            ),
            ("<rss xmlns='urn:own'>", None, Ns::Rss, Spelling::Wrong),
            (
                "<rss xmlns:a='http://www.w3.org/2005/Atom'>",
                Some("a"),
                Ns::Atom,
                Spelling::Right,
            ),
        ] {
            let mut namespaces = Namespaces::default();
            namespaces.declare(tag);
            assert_eq!(
                namespaces.resolve(Format::Rss, prefix),
                (ns, spelling),
                "{tag}"
            );
        }
    }
}
