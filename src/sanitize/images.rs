//! Images: from whatever a lazy loader made of them to a plain `img`, or its description.
//!
//! Tracking pixels go, `picture` becomes its `img`, placeholders give way to the picture that they
//! hold the place of, and every URL is resolved. What a reader's browser then loads, it loads when
//! it is scrolled to, and without saying where the reader is.

use crate::config::Images;

use super::bidi::balanced;
use super::links::Origin;
use super::policy::{DATA_IMAGE, IMAGE_CLASS};
use super::tree::{Element, Node};

/// Where lazy loaders hide the picture, best first.
const LAZY: [&str; 3] = ["data-src", "data-lazy-src", "data-original"];
/// Where few of them do: only if the picture that is shown holds a place.
const LAZY_TOO: [&str; 9] = [
    "data-actualsrc",
    "data-cfsrc",
    "data-delayed-url",
    "data-echo",
    "data-hi-res-src",
    "data-lazy",
    "data-lazyload",
    "data-original-src",
    "data-pagespeed-lazy-src",
];
/// Names of files that hold a place, without their endings.
const PLACEHOLDERS: [&str; 14] = [
    "1x1",
    "blank",
    "clear",
    "dot",
    "empty",
    "grey",
    "lazy",
    "lazyload",
    "loader",
    "loading",
    "placeholder",
    "spacer",
    "trans",
    "transparent",
];
/// Where they hide its sizes.
const LAZY_SETS: [&str; 2] = ["data-srcset", "data-lazy-srcset"];
/// Parts of addresses of images that count readers and show nothing.
const BEACONS: &[&str] = &[
    "//pixel.wp.com/",
    "//stats.wordpress.com/",
    "//feeds.feedburner.com/~",
    "//b.scorecardresearch.com/",
    "//www.google-analytics.com/",
    "//ad.doubleclick.net/",
    ".met.vgwort.de/",
    "//medium.com/_/stat",
    ".list-manage.com/track/open",
    "//rss.buysellads.com/",
    ".feedsportal.com/",
    "/pixel.gif",
    "/pixel.png",
];
/// Most candidates of a `srcset` that are kept.
const CANDIDATES: usize = 12;
/// How wide an image is shown: the column of text, or the screen where that is narrower.
const SIZES: &str = "(min-width: 44rem) 42rem, 100vw";
/// Words where an image says none.
const NAMELESS: &str = "Image";
/// Most digits of a width or height.
const DIGITS: usize = 5;

/// An image as the policy shows it; none where nothing is left to show. `sources` is the `srcset`
/// of the `source` elements that stand before it in a `picture`.
pub(super) fn image<'a>(
    raw: &Element<'a>,
    sources: Option<&str>,
    origin: Origin<'_>,
    images: Images,
    in_link: bool,
) -> Option<Node<'a>> {
    if is_pixel(raw) {
        return None;
    }
    let set = candidates(raw, sources, origin);
    let best = || set.last().map(|best| best.url.clone());
    let src = source(raw, origin);
    let src = match src {
        Some(src) if !is_placeholder(&src) => Some(src),
        src => best().or(src),
    };
    let alt = raw.attribute("alt").unwrap_or_default().trim().to_owned();
    let alt = balanced(alt.into()).into_owned();
    let described = || (!alt.is_empty()).then(|| Node::text(alt.clone()));
    let Some(src) = src else {
        return described();
    };
    if BEACONS.iter().any(|beacon| src.contains(beacon)) {
        return None;
    }
    match images {
        Images::Remote => shown(raw, src, &set, alt),
        Images::Click if !in_link && src.starts_with("http") => click(src, alt),
        Images::Click | Images::None => described(),
    }
}

fn shown<'a>(raw: &Element<'a>, src: String, set: &[Candidate], alt: String) -> Option<Node<'a>> {
    let mut image = Element::new("img")?;
    image.set("src", src);
    if set.len() > 1 {
        image.set("srcset", written(set));
        if set
            .iter()
            .any(|candidate| candidate.descriptor.ends_with('w'))
        {
            image.set("sizes", SIZES);
        }
    }
    image.set("alt", alt);
    if let Some(title) = raw
        .attribute("title")
        .filter(|title| !title.trim().is_empty())
    {
        image.set("title", balanced(title.to_owned().into()));
    }
    for name in ["width", "height"] {
        if let Some(length) = raw.attribute(name).and_then(whole_number) {
            image.set(name, length.to_string());
        }
    }
    image.set("loading", "lazy");
    image.set("decoding", "async");
    image.set("referrerpolicy", "no-referrer");
    Some(Node::Element(image))
}

fn click<'a>(src: String, alt: String) -> Option<Node<'a>> {
    let mut link = Element::new("a")?;
    link.set("class", IMAGE_CLASS);
    link.set("href", src);
    let words = if alt.is_empty() {
        NAMELESS.to_owned()
    } else {
        alt
    };
    link.children.push(Node::text(words));
    Some(Node::Element(link))
}

/// Whether it is one pixel wide or high: it counts readers, or holds a place.
fn is_pixel(raw: &Element<'_>) -> bool {
    ["width", "height"].iter().any(|name| {
        let value = raw
            .attribute(name)
            .map(|value| value.trim().trim_end_matches("px"));
        value
            .and_then(whole_number)
            .is_some_and(|length| length <= 1)
    })
}

/// The address of the picture: what a lazy loader hides before what it shows.
fn source(raw: &Element<'_>, origin: Origin<'_>) -> Option<String> {
    let address = |name: &&str| {
        let url = raw.attribute(name)?.trim();
        match url.get(..5) {
            Some(scheme) if scheme.eq_ignore_ascii_case("data:") => data_image(url),
            _ => origin.loaded(url),
        }
    };
    let shown = LAZY.iter().chain(&["src"]).find_map(address);
    match shown {
        Some(shown) if !is_placeholder(&shown) => Some(shown),
        shown => LAZY_TOO.iter().find_map(address).or(shown),
    }
}

/// Whether the name of a file says that it holds the place of another.
fn is_placeholder(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let file = path.rsplit('/').next().unwrap_or_default();
    let stem = file.split('.').next().unwrap_or_default();
    url.starts_with("http") && PLACEHOLDERS.contains(&stem.to_ascii_lowercase().as_str())
}

/// A `data:` image that is small, of a type that cannot run, and more than a placeholder.
fn data_image(url: &str) -> Option<String> {
    let (media, data) = url.get(5..)?.split_once(',')?;
    let kind = media.to_ascii_lowercase();
    let kind = match kind.strip_suffix(";base64")? {
        "image/png" => "png",
        "image/gif" => "gif",
        "image/jpeg" | "image/jpg" => "jpeg",
        "image/webp" => "webp",
        _ => return None,
    };
    let data: String = data.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let digits = data.trim_end_matches('=');
    let valid = digits
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
        && data.len() - digits.len() <= 2
        && data.len().is_multiple_of(4);
    // The first ten bytes of a GIF end with its size: here, one pixel by one.
    // So do those of a PNG after its header.
    let one_pixel = match kind {
        "gif" => data.get(8..).is_some_and(|size| size.starts_with("AQABA")),
        "png" => data
            .get(21..)
            .is_some_and(|size| size.starts_with("gAAAAEAAAAB")),
        _ => false,
    };
    (valid && !data.is_empty() && data.len() <= DATA_IMAGE && !one_pixel)
        .then(|| format!("data:image/{kind};base64,{data}"))
}

/// A plain non-negative number of few digits.
pub(super) fn whole_number(value: &str) -> Option<u32> {
    let value = value.trim();
    let plain = value.len() <= DIGITS && value.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| value.parse().ok()).flatten()
}

/// One address of a `srcset`, with its width or density.
#[derive(Debug, PartialEq, Eq)]
struct Candidate {
    url: String,
    descriptor: String,
}

/// The candidates of an image, all with a width or all with a density, none twice.
fn candidates(raw: &Element<'_>, sources: Option<&str>, origin: Origin<'_>) -> Vec<Candidate> {
    let set = LAZY_SETS
        .iter()
        .chain(&["srcset"])
        .filter_map(|name| raw.attribute(name))
        .find(|set| !set.trim_start().starts_with("data:"))
        .or(sources);
    let mut kept: Vec<Candidate> = Vec::new();
    for (url, descriptor) in parse_srcset(set.unwrap_or_default()) {
        let (Some(url), Some(descriptor)) = (origin.loaded(url), valid_descriptor(descriptor))
        else {
            continue;
        };
        let unit = |descriptor: &str| descriptor.ends_with('w');
        let fits = kept.iter().all(|known| {
            known.descriptor != descriptor && unit(&known.descriptor) == unit(&descriptor)
        });
        if fits && kept.len() < CANDIDATES {
            kept.push(Candidate { url, descriptor });
        }
    }
    kept
}

fn written(set: &[Candidate]) -> String {
    // A comma at the end of a URL would be read as the end of a candidate.
    let one = |candidate: &Candidate| {
        let url = candidate.url.replace(',', "%2C");
        format!("{url} {}", candidate.descriptor)
    };
    set.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// `1x`, `2x`, `640w`; none is the density 1.
fn valid_descriptor(raw: &str) -> Option<String> {
    if raw.is_empty() {
        return Some("1x".to_owned());
    }
    let (number, unit) = raw.split_at_checked(raw.len() - 1)?;
    match unit {
        "w" => whole_number(number)
            .filter(|width| *width > 0)
            .map(|width| format!("{width}w")),
        "x" => {
            let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
            whole_number(part)?;
            let whole = whole_number(whole)?;
            let part = part.trim_end_matches('0');
            let density = if part.is_empty() {
                whole.to_string()
            } else {
                format!("{whole}.{part}")
            };
            (density != "0").then(|| format!("{density}x"))
        }
        _ => None,
    }
}

/// The addresses and descriptors of a `srcset` (WHATWG HTML, section 4.8.4.3.10): a URL goes to
/// the next white space, so it may hold commas, but not end with one.
fn parse_srcset(set: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = set;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            return found;
        }
        let end = rest
            .find(|c: char| c.is_ascii_whitespace())
            .unwrap_or(rest.len());
        let (url, after) = rest.split_at(end);
        if url.ends_with(',') {
            found.push((url.trim_end_matches(','), ""));
            rest = after;
            continue;
        }
        let end = end_of_descriptors(after);
        found.push((url, after[..end].trim()));
        rest = &after[end..];
    }
}

/// The comma that ends the descriptors; one in parentheses does not.
fn end_of_descriptors(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_srcset_is_cut_as_the_standard_says() {
        for (set, found) in [
            ("a.png, b.png 2x", vec![("a.png", ""), ("b.png", "2x")]),
            (
                "a,b.png 640w,c.png 1280w",
                vec![("a,b.png", "640w"), ("c.png", "1280w")],
            ),
            (" ,, a.png,, b.png ", vec![("a.png", ""), ("b.png", "")]),
            (
                "a.png (x, y) 2x, b",
                vec![("a.png", "(x, y) 2x"), ("b", "")],
            ),
            ("", vec![]),
        ] {
            assert_eq!(parse_srcset(set), found, "{set}");
        }
    }

    #[test]
    fn descriptors_are_whole_widths_or_densities() {
        for (raw, valid) in [
            ("", Some("1x")),
            ("2x", Some("2x")),
            ("1.50x", Some("1.5x")),
            ("640w", Some("640w")),
            ("0w", None),
            ("-1x", None),
            ("100h", None),
            ("640w 100h", None),
            ("x", Some("0x")),
            ("é", None),
        ] {
            let valid = valid.filter(|valid| *valid != "0x");
            assert_eq!(valid_descriptor(raw).as_deref(), valid, "{raw}");
        }
    }

    #[test]
    fn data_images_are_small_and_cannot_run() {
        for (url, kept) in [
            ("data:image/png;base64,iVBO Rw==", true),
            ("data:image/jpg;base64,AAAA", true),
            ("data:image/svg+xml;base64,AAAA", false),
            ("data:image/svg+xml,<svg onload=x>", false),
            ("data:text/html;base64,AAAA", false),
            ("data:image/png;base64,<b>", false),
            ("data:image/png,AAAA", false),
            ("data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///w==", false),
        ] {
            assert_eq!(data_image(url).is_some(), kept, "{url}");
        }
        let large = format!("data:image/png;base64,{}", "A".repeat(DATA_IMAGE + 4));
        assert_eq!(data_image(&large), None);
    }
}
