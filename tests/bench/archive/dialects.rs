//! Snapshots as services write them: NewsBlur's Atom, RSS as of a blog's host, JSON Feed.

use std::fmt::Write as _;

use serde_json::json;

use super::entry::Entry;

/// Writes one snapshot, the newest entry first.
pub(crate) type Dialect = fn(&[Entry]) -> String;

/// A blurblog: each body stands below a box that says who shared it.
pub(crate) fn atom(entries: &[Entry]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\
         <title>Generated shared items</title>\
         <link href=\"https://gen.newsblur.com/\" rel=\"alternate\"></link>\
         <id>https://gen.newsblur.com/</id>",
    );
    for entry in entries.iter().rev() {
        let link = shared_link(entry);
        let _ = write!(
            out,
            "<entry><title>{}</title><link href=\"{link}\" rel=\"alternate\"></link>\
             <published>{}</published><id>{link}</id><summary type=\"html\">",
            escaped(&entry.title),
            time(entry.shared),
        );
        escape(&sharing_box(entry), &mut out);
        escape(&entry.body, &mut out);
        out.push_str("</summary>");
        for tag in &entry.tags {
            let _ = write!(out, "<category term=\"{tag}\"></category>");
        }
        out.push_str("</entry>");
    }
    out.push_str("</feed>");
    out
}

/// The link of an entry of the blurblog.
pub(crate) fn shared_link(entry: &Entry) -> String {
    format!("https://{}/posts/{}", entry.host, entry.number)
}

fn sharing_box(entry: &Entry) -> String {
    let (end, row) = match entry.comment {
        true => (":", "<tr><td><p>Worth keeping.</p></td></tr>"),
        false => (".", ""),
    };
    format!(
        "<table style=\"border: 1px solid #E0E0E0; margin: 0; padding: 0; background-color: #F0F0F0\" \
         valign=\"top\" align=\"left\" cellpadding=\"0\" width=\"100%\">\n    <tr>\n        \
         <td rowspan=\"2\" style=\"padding: 6px;width: 36px;white-space:nowrap\" width=\"36\" valign=\"top\">\
         <img src=\"https://www.gravatar.com/avatar/0\" style=\"width: 36px; height: 36px; border-radius: 4px;\"></td>\n        \
         <td width=\"100%\" style=\"padding-top: 6px;\">\n            <b>\n                gen \n                \
         <a href=\"https://gen.newsblur.com/story/x/{}\">shared this story</a>\n             from \
         <img src=\"https://s3.amazonaws.com/icons.newsblur.com/1.png\" style=\"vertical-align: middle;width:16px;height:16px;\"> \
         {}{end}</b>\n        </td>\n    </tr>\n    {row}\n</table>\n\n\
         <hr style=\"clear: both; margin: 0 0 24px;\">\n\n",
        entry.number, entry.host,
    )
}

/// One's own posts, as the host of a blog lists them.
pub(crate) fn rss(entries: &[Entry]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n  \
         <channel>\n    <title>Generated posts</title>\n    <link>https://posts.example/</link>\n    <description>x</description>\n",
    );
    for entry in entries.iter().rev() {
        let link = format!("https://posts.example/gen/{}", entry.number);
        let date = instant(entry.shared);
        let _ = write!(
            out,
            "    <item>\n      <title>{}</title>\n      <dc:creator>gen</dc:creator>\n      <pubDate>{}</pubDate>\n      \
             <link>{link}</link>\n      <guid>{link}</guid>\n      <description>",
            escaped(&entry.title),
            date.strftime("%a, %d %b %Y %H:%M:%S +0000"),
        );
        escape(&entry.body, &mut out);
        out.push_str("</description>\n");
        for tag in &entry.tags {
            let _ = writeln!(out, "      <category>{tag}</category>");
        }
        out.push_str("    </item>\n");
    }
    out.push_str("  </channel>\n</rss>\n");
    out
}

/// A small blog that writes JSON.
pub(crate) fn json(entries: &[Entry]) -> String {
    let item = |entry: &Entry| {
        let link = format!("https://links.example/{}", entry.number);
        json!({
            "id": link,
            "url": link,
            "title": entry.title,
            "date_published": time(entry.shared),
            "tags": entry.tags,
            "content_html": entry.body,
        })
    };
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Generated links",
        "home_page_url": "https://links.example/",
        "items": entries.iter().rev().map(item).collect::<Vec<_>>(),
    });
    format!("{feed:#}\n")
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape(text, &mut out);
    out
}

fn escape(mut text: &str, out: &mut String) {
    while let Some(at) = text.find(['&', '<', '>']) {
        out.push_str(&text[..at]);
        out.push_str(match text.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            _ => "&gt;",
        });
        text = &text[at + 1..];
    }
    out.push_str(text);
}

/// A moment, as Atom and JSON Feed write it.
pub(crate) fn time(second: i64) -> String {
    instant(second).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn instant(second: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_second(second).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}
