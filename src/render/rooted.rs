//! HTML that many pages and feeds show → the same with its links to the site leading from where it is
//! shown. Sanitizing wrote [`SITE_ROOT`] where the way to the site's root belongs.

use memchr::memchr;

use crate::model::SITE_ROOT;

/// The same in one byte.
const MARK: u8 = {
    assert!(SITE_ROOT.is_ascii());
    SITE_ROOT as u8
};

/// Puts the way to the site's root into a page. Most pages have no place for it.
pub(super) fn fill(page: &mut Vec<u8>, root: &str) {
    let Some(first) = memchr(MARK, page) else {
        return;
    };
    let mut filled = Vec::with_capacity(page.len() + 64);
    filled.extend_from_slice(&page[..first]);
    for piece in page[first + 1..].split(|byte| *byte == MARK) {
        filled.extend_from_slice(root.as_bytes());
        filled.extend_from_slice(piece);
    }
    *page = filled;
}

/// Writes HTML with links that lead to the site at this place.
pub(super) fn write(html: &str, base_url: &str, write: &mut impl FnMut(&str)) {
    if memchr(MARK, html.as_bytes()).is_none() {
        return write(html);
    }
    let base_url = base_url.replace('&', "&amp;").replace('"', "&quot;");
    for (number, piece) in html.split(SITE_ROOT).enumerate() {
        if number > 0 {
            write(&base_url);
        }
        write(piece);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_gets_the_way_to_the_root() {
        let html = format!("<a href=\"{SITE_ROOT}a.html\">a</a><img src=\"{SITE_ROOT}\">");
        let mut page = html.clone().into_bytes();
        fill(&mut page, "../../");
        let page = String::from_utf8(page).unwrap();
        assert_eq!(page, "<a href=\"../../a.html\">a</a><img src=\"../../\">");
        let mut fed = String::new();
        write(&html, "https://e.org/&/", &mut |piece| fed.push_str(piece));
        assert!(
            fed.starts_with("<a href=\"https://e.org/&amp;/a.html\">a"),
            "{fed}"
        );

        let mut plain = b"<p>none".to_vec();
        fill(&mut plain, "../");
        assert_eq!(plain, b"<p>none");
    }
}
