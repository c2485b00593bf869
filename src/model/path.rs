//! Paths of the output, and the links between them.
//!
//! A [`PagePath`] says where a page stands, whatever the style of URLs: `tags/rust`. An
//! [`OutPath`] is the file: `tags/rust.html`, or `tags/rust/index.html`.
//!
//! Invariants: an [`OutPath`] is relative, its segments are neither empty nor `.` nor `..`, and
//! hold no separator and no control character; so nothing that is joined to the output folder
//! can leave it. Links between pages are relative and name the file, so that the same bytes work
//! at a domain's root, in a folder, and from a disk.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::SafeUrl;

/// What is encoded in a segment of a path (the path percent-encode set of the WHATWG URL standard,
/// and what would be read as an escape, a separator or a scheme).
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'%')
    .add(b'/')
    .add(b'\\')
    .add(b':')
    .add(b'|')
    .add(b'[')
    .add(b']')
    .add(b'\'');

/// Stands for the site's root at the beginning of a link in HTML that is shown on many pages and in
/// feeds, each of which has the root elsewhere: rendering puts `../` or the base URL into its place.
/// No text has this character, for HTML and XML do not allow it.
pub(crate) const SITE_ROOT: char = '\u{2}';

/// The longest segment, in bytes, that the usual file systems hold.
const SEGMENT_LENGTH: usize = 255;
/// The same for a page, to whose name `.html` is still to come.
const PAGE_SEGMENT_LENGTH: usize = SEGMENT_LENGTH - ".html".len();

/// How the URLs of pages look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) enum UrlStyle {
    /// `tags/rust.html`: works from a disk, too.
    #[default]
    Files,
    /// `tags/rust/`: a folder with an `index.html`, for servers.
    Folders,
}

/// Where a page stands in the site, without an ending: `tags/rust`; `index` and `…/index` are the
/// pages of folders. Cloning is cheap.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PagePath(Arc<str>);

/// A file of the output, relative to the output folder, with `/` between its segments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct OutPath(Arc<str>);

impl PagePath {
    /// A page at this place; none if the path could leave the output folder.
    pub(crate) fn new(path: &str) -> Option<Self> {
        is_valid(path, PAGE_SEGMENT_LENGTH).then(|| PagePath(path.into()))
    }

    /// A page at this place, or as near to it as a page can be: what no path may hold is left
    /// out, what is too long is cut. For paths that are made, not written by someone who could be
    /// told that theirs is not valid.
    pub(crate) fn nearest(path: &str) -> Self {
        if let Some(valid) = PagePath::new(path) {
            return valid;
        }
        let segments: Vec<String> = path
            .split('/')
            .map(|segment| cut(&segment.replace(is_forbidden, ""), PAGE_SEGMENT_LENGTH).to_owned())
            .filter(|segment| !matches!(segment.as_str(), "" | "." | ".."))
            .collect();
        if segments.is_empty() {
            PagePath("untitled".into())
        } else {
            PagePath(segments.join("/").into())
        }
    }

    /// The page beside this one whose name ends in a hyphen and this suffix, which always remains
    /// whole: a name that is too long with it loses its own end.
    pub(crate) fn with_suffix(&self, suffix: &str) -> Self {
        let (folder, name) = match self.0.rsplit_once('/') {
            Some((folder, name)) => (format!("{folder}/"), name),
            None => (String::new(), &*self.0),
        };
        let room = PAGE_SEGMENT_LENGTH.saturating_sub(suffix.len() + 1);
        PagePath::nearest(&format!("{folder}{}-{suffix}", cut(name, room)))
    }

    /// The path as it was given.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// A page below this one: `tags/rust` and `1` make `tags/rust/1`.
    pub(crate) fn below(&self, name: &str) -> Option<Self> {
        let folder = match &*self.0 {
            "index" => "",
            path => path.strip_suffix("/index").unwrap_or(path),
        };
        if folder.is_empty() {
            PagePath::new(name)
        } else {
            PagePath::new(&format!("{folder}/{name}"))
        }
    }

    /// The file that holds the page.
    pub(crate) fn file(&self, style: UrlStyle) -> OutPath {
        let is_index = &*self.0 == "index" || self.0.ends_with("/index");
        let end = match style {
            UrlStyle::Folders if !is_index => "/index.html",
            _ => ".html",
        };
        let mut file = String::with_capacity(self.0.len() + end.len());
        file.push_str(&self.0);
        file.push_str(end);
        OutPath(file.into())
    }
}

/// How the names of our own records in the output folder start.
const RESERVED: &str = ".gleaner-";

impl OutPath {
    /// Whether Gleaner keeps its own records under such a name: no file of the site may have it.
    pub(crate) fn is_reserved(&self) -> bool {
        self.0.starts_with(RESERVED)
    }

    /// A file at this place; none if the path could leave the output folder.
    pub(crate) fn new(path: &str) -> Option<Self> {
        is_valid(path, SEGMENT_LENGTH).then(|| OutPath(path.into()))
    }

    /// Whether it stands in this folder, or deeper.
    pub(crate) fn is_below(&self, folder: &OutPath) -> bool {
        let rest = self.0.strip_prefix(&*folder.0);
        rest.is_some_and(|rest| rest.starts_with('/'))
    }

    /// The path, to be joined to the output folder.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What leads from the folder of this file to the site's root: `./`, `../../`.
    pub(crate) fn root(&self) -> Cow<'static, str> {
        const ROOTS: [&str; 5] = ["./", "../", "../../", "../../../", "../../../../"];
        let depth = self.0.bytes().filter(|byte| *byte == b'/').count();
        match ROOTS.get(depth) {
            Some(root) => Cow::Borrowed(root),
            None => Cow::Owned("../".repeat(depth)),
        }
    }

    /// The link to this file from the site's root, percent-encoded: `tags/rust.html`; with
    /// [`UrlStyle::Folders`], `tags/rust/`. With a page's [`OutPath::root`] before it, it leads
    /// there from that page, wherever the site is.
    pub(crate) fn href(&self, style: UrlStyle) -> String {
        let mut href = String::with_capacity(self.0.len());
        encode_segments(&self.0, style, &mut href);
        href
    }

    /// The absolute URL of this file in a site at this place, which ends with a slash. A folder's
    /// page is named by its folder, whatever the style: that is its one canonical URL.
    pub(crate) fn url(&self, base: &SafeUrl) -> String {
        let mut url = String::with_capacity(base.as_str().len() + self.0.len());
        url.push_str(base.as_str());
        encode_segments(&self.0, UrlStyle::Folders, &mut url);
        url
    }
}

fn encode_segments(path: &str, style: UrlStyle, out: &mut String) {
    let folder = match (style, path.strip_suffix("index.html")) {
        (UrlStyle::Folders, Some(folder)) if folder.is_empty() || folder.ends_with('/') => folder,
        _ => path,
    };
    // Nearly all paths are slugs.
    if folder.bytes().all(|byte| PLAIN[usize::from(byte)]) {
        return out.push_str(folder);
    }
    for (number, segment) in folder.split('/').enumerate() {
        if number > 0 {
            out.push('/');
        }
        out.extend(utf8_percent_encode(segment, SEGMENT));
    }
}

/// What is the same encoded.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte: u8 = 0;
    while byte.is_ascii() {
        plain[byte as usize] =
            byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_' | b'~');
        byte += 1;
    }
    plain
};

fn is_valid(path: &str, segment_length: usize) -> bool {
    // A character that is not ASCII costs more to look at, and is rare.
    let is_plain = path.bytes().all(|byte| PLAIN[usize::from(byte)]);
    path.as_bytes()
        .split(|byte| *byte == b'/')
        .all(|segment| !matches!(segment, b"" | b"." | b"..") && segment.len() <= segment_length)
        && (is_plain || !path.contains(is_forbidden))
}

fn is_forbidden(character: char) -> bool {
    character == '\\' || character.is_control()
}

/// As much of a text as has this many bytes, in whole characters.
fn cut(text: &str, length: usize) -> &str {
    &text[..text.floor_char_boundary(length)]
}

impl fmt::Display for PagePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for OutPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Serialize for OutPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for OutPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Reader)
    }
}

/// Reads a path where it lies.
struct Reader;

impl Visitor<'_> for Reader {
    type Value = OutPath;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a path of the output")
    }

    fn visit_str<E: Error>(self, path: &str) -> Result<OutPath, E> {
        OutPath::new(path).ok_or_else(|| E::invalid_value(Unexpected::Str(path), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn file(path: &str, style: UrlStyle) -> OutPath {
        PagePath::new(path).unwrap().file(style)
    }

    #[test]
    fn a_page_is_a_file_or_a_folder() {
        assert_eq!(
            file("tags/rust", UrlStyle::Files).as_str(),
            "tags/rust.html"
        );
        assert_eq!(
            file("tags/rust", UrlStyle::Folders).as_str(),
            "tags/rust/index.html"
        );
        assert_eq!(
            file("tags/index", UrlStyle::Folders).as_str(),
            "tags/index.html"
        );
        assert_eq!(file("index", UrlStyle::Folders).as_str(), "index.html");
        for (page, below) in [
            ("tags/z-index", "tags/z-index/1"),
            ("2025/index", "2025/1"),
            ("index", "1"),
        ] {
            assert_eq!(
                PagePath::new(page).unwrap().below("1").unwrap().as_str(),
                below
            );
        }
    }

    #[test]
    fn links_name_the_file_from_the_root() {
        for (page, root, files, folders) in [
            ("index", "./", "index.html", ""),
            ("about", "./", "about.html", "about/"),
            ("tags/index", "../", "tags/index.html", "tags/"),
            ("2025/08/a", "../../", "2025/08/a.html", "2025/08/a/"),
        ] {
            assert_eq!(file(page, UrlStyle::Files).root(), root);
            assert_eq!(file(page, UrlStyle::Files).href(UrlStyle::Files), files);
            assert_eq!(
                file(page, UrlStyle::Folders).href(UrlStyle::Folders),
                folders
            );
        }
        assert_eq!(file("2025/08/a", UrlStyle::Folders).root(), "../../../");
        let odd = OutPath::new("a b/100%:ü.png").unwrap();
        assert_eq!(odd.href(UrlStyle::Files), "a%20b/100%25%3A%C3%BC.png");
    }

    #[test]
    fn a_folder_has_one_canonical_url() {
        let site = SafeUrl::parse("https://example.org/").unwrap();
        let url = |path: OutPath| path.url(&site).replacen(site.as_str(), "", 1);
        assert_eq!(url(file("index", UrlStyle::Files)), "");
        assert_eq!(url(file("tags/index", UrlStyle::Files)), "tags/");
        assert_eq!(url(file("tags/rust", UrlStyle::Files)), "tags/rust.html");
        assert_eq!(url(OutPath::new("myindex.html").unwrap()), "myindex.html");
    }

    #[test]
    fn nothing_leaves_the_output_folder() {
        for path in [
            "",
            "/etc/passwd",
            "../x",
            "a/../../x",
            "a//b",
            "a/.",
            "a\\b",
            "a\0b",
            "a/",
        ] {
            assert!(
                OutPath::new(path).is_none() && PagePath::new(path).is_none(),
                "{path:?}"
            );
        }
    }

    #[test]
    fn a_made_path_is_as_near_as_a_path_can_be() {
        let long = "ä".repeat(200);
        for (made, path) in [
            ("2025/08/a-b", "2025/08/a-b".to_owned()),
            ("/../a\\\0b//./c/", "ab/c".to_owned()),
            ("../.", "untitled".to_owned()),
            (long.as_str(), "ä".repeat(125)),
        ] {
            assert_eq!(PagePath::nearest(made).as_str(), path);
            assert!(PagePath::new(&path).is_some());
        }
        let page = PagePath::new("2025/a").unwrap();
        assert_eq!(page.with_suffix("x7").as_str(), "2025/a-x7");
        let page = PagePath::nearest(&long).with_suffix("x7");
        assert!(page.as_str().ends_with("ä-x7"));
        assert_eq!(PagePath::new(page.as_str()), Some(page));
    }

    proptest! {
        #[test]
        fn a_link_leads_to_its_target_from_every_page(
            from in "[a-c]{1,2}(/[a-c]{1,2}){0,3}", to in "[a-c]{1,2}(/[a-c]{1,2}){0,3}",
        ) {
            for style in [UrlStyle::Files, UrlStyle::Folders] {
                let (from, to) = (file(&from, style), file(&to, style));
                let site = url::Url::parse("https://example.org/repo/").unwrap();
                let here = site.join(&from.href(style)).unwrap();
                let there = here.join(&format!("{}{}", from.root(), to.href(style))).unwrap();
                prop_assert_eq!(there, site.join(&to.href(style)).unwrap());
            }
        }
    }
}
