//! The beginning of a file that is no feed → the service whose export it resembles.
//!
//! Exports of readers and bookmark services hold the same things as feeds, under other names, and some of
//! them nearly look like a JSON Feed. Read as one, they would lose links, texts and dates, at addresses
//! that stay for good. So they are refused by name; they may be the only copy of what they hold.
//!
//! Invariant: only names of members and a few values decide, so that a cut-off file is known, too.

use std::ops::Range;

use super::json::{Member, elements, members};

/// How many items of a file are looked at.
const LOOKED_AT: usize = 20;
/// How many bytes of one item are parsed; the names of its members say enough.
const ITEM_LENGTH: usize = 1024 * 1024;

/// An item: its members, with values as they are written.
type Item = Vec<(String, String)>;

const GOOGLE_READER: &str = "an export of Google Reader's shared items (or of a reader that writes the same format, such as FreshRSS or Inoreader)";

/// Members that only the items of a JSON Feed have (`url`, too, which many formats share).
const OF_JSON_FEED: &[&str] = &[
    "url",
    "external_url",
    "content_html",
    "content_text",
    "date_published",
    "date_modified",
    "banner_image",
];

/// Members that items of other formats have and those of a JSON Feed never: any one of them is a sign.
const OF_OTHERS: &[&str] = &[
    "crawlTimeMsec",
    "timestampUsec",
    "annotations",
    "is_archived",
    "is_starred",
    "savedAt",
    "readingProgress",
    "item_id",
    "resolved_url",
    "given_url",
    "raindrop",
    "collectionId",
    "story_permalink",
    "inReplyTo",
    "tag_names",
    "feed_id",
    "pubDate",
];

/// Members of an item, and the service that writes items with all of them.
const ITEMS: &[(&[&str], &str)] = &[
    (&["crawlTimeMsec"], GOOGLE_READER),
    (&["timestampUsec"], GOOGLE_READER),
    (&["origin", "alternate"], GOOGLE_READER),
    (&["origin", "canonical"], GOOGLE_READER),
    (
        &["href", "extended"],
        "an export of Pinboard's or Delicious' bookmarks",
    ),
    (
        &["href", "description", "time"],
        "an export of Pinboard's bookmarks",
    ),
    (&["is_archived", "is_starred"], "an export of wallabag"),
    (&["savedAt", "slug"], "an export of Omnivore"),
    (&["readingProgress"], "an export of Omnivore"),
    (&["item_id", "resolved_url"], "an export of Pocket"),
    (&["item_id", "given_url"], "an export of Pocket"),
    (&["time_added", "url"], "an export of Pocket"),
    (
        &["createdAt", "content", "tags"],
        "an export of Karakeep (or Hoarder)",
    ),
    (&["_id", "link"], "an export of Raindrop"),
    (&["excerpt", "link", "created"], "an export of Raindrop"),
    (&["tag_names", "date_added"], "an export of linkding"),
    (&["feed_id", "published_at"], "an export of Miniflux"),
    (
        &["story_permalink"],
        "an export of NewsBlur's saved stories",
    ),
    (
        &["created_at", "published", "content", "url"],
        "an export of Feedbin's starred entries",
    ),
];

/// A member of the outer object, and the service that writes it.
const OUTER: &[(&str, &str)] = &[
    (
        "orderedItems",
        "an export of Mastodon (an ActivityPub outbox)",
    ),
    ("bookmarks", "an export of Karakeep (or Hoarder)"),
    ("pinnedLinks", "an export of Linkwarden"),
    ("stories", "an export of NewsBlur's saved stories"),
    ("articles", "an export of Tiny Tiny RSS"),
];

/// The items of Google Reader, by their ids.
const READER_ID: &str = "tag:google.com,2005:reader/";

/// How an export of another kind begins, in lower case, and what it is.
const BEGINNINGS: &[(&str, &str)] = &[
    (
        "<!doctype netscape-bookmark-file",
        "bookmarks that a browser or a bookmark service exported",
    ),
    ("title,url,time_added", "an export of Pocket"),
    ("url,title,selection,folder", "an export of Instapaper"),
    ("id,title,note,excerpt,url", "an export of Raindrop"),
    ("title,url,id,document tags", "an export of Readwise Reader"),
    ("id,permalink", "an export of Reddit's saved posts"),
    ("video id,", "an export of a YouTube playlist"),
    ("window.ytd.", "an export of Twitter"),
    ("author: ", "an export of Movable Type or TypePad"),
];

/// Whether an object without a `version` is a JSON Feed: its items have members that only such items have,
/// and nothing points to another format.
pub(super) fn looks_like_feed(text: &str, members: &[Member]) -> bool {
    let raw = |key: &str| members.iter().find(|member| member.key == key);
    let Some(items) = raw("items").filter(|items| text[items.value.clone()].starts_with('['))
    else {
        return false;
    };
    let names = ["home_page_url", "feed_url"];
    let named = names.iter().any(|key| raw(key).is_some());
    if !named && raw("title").is_none() || outer(text, members).is_some() {
        return false;
    }
    let items = first_items(text, items.value.clone());
    if items.iter().any(|item| is_of_others(item)) {
        return false;
    }
    let is_item = |item: &Item| item.iter().any(|(key, _)| OF_JSON_FEED.contains(&&**key));
    named || items.is_empty() || items.iter().any(is_item)
}

/// Whether an item has a sign of another format.
fn is_of_others(item: &[(String, String)]) -> bool {
    let has = |key: &str| item.iter().any(|(name, _)| name == key);
    item.iter().any(|(key, value)| {
        OF_OTHERS.contains(&&**key)
            || matches!(&**key, "alternate" | "canonical") && value.starts_with('[')
            || key == "published" && value.starts_with(|c: char| c.is_ascii_digit())
            || key == "id" && value.contains(READER_ID)
    }) || has("origin") && !has("url")
        || service(item).is_some()
}

/// The service whose export JSON resembles.
pub(super) fn of_json(text: &str) -> Option<&'static str> {
    let start = text.find(['{', '['])?;
    if text[start..].starts_with('[') {
        return first_items(text, start..text.len())
            .iter()
            .find_map(|item| service(item));
    }
    let (members, _) = members(text);
    outer(text, &members).or_else(|| {
        let lists = ["items", "entries", "results", "list", "data"];
        let lists = members
            .iter()
            .filter(|member| lists.contains(&&*member.key));
        lists
            .filter(|list| text[list.value.clone()].starts_with(['[', '{']))
            .find_map(|list| {
                first_items(text, list.value.clone())
                    .iter()
                    .find_map(|item| service(item))
            })
    })
}

fn outer(text: &str, members: &[Member]) -> Option<&'static str> {
    let raw = |key: &str| {
        let found = members.iter().find(|member| member.key == key)?;
        Some(&text[found.value.clone()])
    };
    if raw("id").is_some_and(|id| id.starts_with("\"user/") && id.contains("/state/")) {
        return Some(GOOGLE_READER);
    }
    if raw("_embedded").is_some_and(|inner| inner.contains("\"is_archived\"")) {
        return Some("an export of wallabag");
    }
    if raw("list").is_some_and(|inner| inner.starts_with('{') && inner.contains("\"item_id\"")) {
        return Some("an export of Pocket");
    }
    let is_ghost = |inner: &str| inner.contains("\"posts\"");
    if raw("db").or(raw("data")).is_some_and(is_ghost) {
        return Some("a backup of a Ghost blog");
    }
    let mut outer = OUTER.iter();
    let (_, service) =
        outer.find(|(key, _)| raw(key).is_some_and(|value| value.starts_with('[')))?;
    Some(service)
}

fn service(item: &[(String, String)]) -> Option<&'static str> {
    let has = |key: &&str| item.iter().any(|(name, _)| name == key);
    let is_reader = |(key, value): &(String, String)| key == "id" && value.contains(READER_ID);
    if item.iter().any(is_reader) {
        return Some(GOOGLE_READER);
    }
    let mut known = ITEMS.iter();
    let (_, service) = known.find(|(keys, _)| keys.iter().all(has))?;
    Some(service)
}

/// The first items of a list (or an object of objects): their members, with values as they are written.
fn first_items(text: &str, list: Range<usize>) -> Vec<Item> {
    let (items, _) = elements(&text[..list.end], list);
    let items = items.into_iter().take(LOOKED_AT);
    items
        .filter(|item| item.len() <= ITEM_LENGTH)
        .map(|item| {
            let item = &text[item];
            let (members, _) = members(item);
            let shown =
                |member: Member| (member.key, item[member.value].chars().take(100).collect());
            members.into_iter().map(shown).collect()
        })
        .collect()
}

/// The service whose export another text resembles.
pub(super) fn of_text(text: &str) -> Option<&'static str> {
    let start = text.trim_start();
    let head = start[..start.floor_char_boundary(2_048)].to_ascii_lowercase();
    if head.starts_with("<!doctype html") && head.contains("<title>pocket export</title>") {
        return Some("an export of Pocket");
    }
    let mut beginnings = BEGINNINGS.iter();
    let (beginning, what) = beginnings.find(|(beginning, _)| head.starts_with(beginning))?;
    let is_blog = *beginning != "author: " || head.contains("\n-----");
    is_blog.then_some(*what)
}

/// The service whose export XML with this root is.
pub(super) fn of_root(text: &str, root: &str) -> Option<&'static str> {
    let head = &text[..text.floor_char_boundary(8_192)];
    (root == "posts" && head.contains("<post ") && head.contains("href="))
        .then_some("an export of Pinboard's or Delicious' bookmarks")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_named_by_what_it_resembles() {
        for (text, what) in [
            (
                r#"{"id": "user/1/state/com.google/broadcast", "title": "x", "items": []}"#,
                GOOGLE_READER,
            ),
            (
                r#"{"title": "x", "items": [{"id": "tag:google.com,2005:reader/item/1", "url": "u"}]}"#,
                GOOGLE_READER,
            ),
            (
                r#"[{"title": "x", "alternate": [], "origin": {"title": "y"}}]"#,
                GOOGLE_READER,
            ),
            (
                r#"[{"href": "u", "description": "d", "time": "t"}]"#,
                "an export of Pinboard's bookmarks",
            ),
            (
                r#"[{"is_archived": 1, "is_starred": 0}, {"#,
                "an export of wallabag",
            ),
            (
                r#"{"items": [{"_id": 1, "link": "u"}], "result": true}"#,
                "an export of Raindrop",
            ),
            (
                r#"{"list": {"1": {"item_id": "1"}}}"#,
                "an export of Pocket",
            ),
            (
                r#"{"db": [{"data": {"posts": []}}]}"#,
                "a backup of a Ghost blog",
            ),
            (
                r#"{"bookmarks": [{"createdAt": 1}]}"#,
                "an export of Karakeep (or Hoarder)",
            ),
            (
                r#"{"type": "OrderedCollection", "orderedItems": []}"#,
                "an export of Mastodon (an ActivityPub outbox)",
            ),
        ] {
            assert_eq!(of_json(text), Some(what), "{text}");
        }
        assert_eq!(of_json(r#"{"message": "Not Found"}"#), None);
        assert_eq!(of_json("[1, 2]"), None);
    }

    #[test]
    fn a_feed_without_its_version_is_known_by_its_items() {
        for (text, is_feed) in [
            (r#"{"title": "x", "items": [{"url": "u"}]}"#, true),
            (
                r#"{"title": "x", "items": [{"id": 1, "content_html": "c"}]}"#,
                true,
            ),
            (
                r#"{"title": "x", "items": [{"id": 1}, {"content_text": "c"}"#,
                true,
            ),
            (r#"{"home_page_url": "u", "items": [{"id": 1}]}"#, true),
            (r#"{"title": "x", "items": []}"#, true),
            (
                r#"{"title": "x", "items": [{"id": 1, "title": "t"}]}"#,
                false,
            ),
            (
                r#"{"title": "x", "items": [{"url": "u", "published": 1}]}"#,
                false,
            ),
            (
                r#"{"title": "x", "items": [{"url": "u", "alternate": []}]}"#,
                false,
            ),
            (
                r#"{"title": "x", "items": [{"url": "u", "_id": 1, "link": "l"}]}"#,
                false,
            ),
            (r#"{"title": "x", "items": {"url": "u"}}"#, false),
            (r#"{"items": [{"url": "u"}]}"#, false),
        ] {
            assert_eq!(looks_like_feed(text, &members(text).0), is_feed, "{text}");
        }
    }

    #[test]
    fn text_is_named_by_its_beginning() {
        assert!(of_text("title,url,time_added,tags,status\n").is_some());
        assert!(of_text("<!DOCTYPE NETSCAPE-Bookmark-file-1>").is_some());
        assert!(of_text("AUTHOR: Ada\nTITLE: x\n-----\nBODY:\n").is_some());
        assert!(of_text("Author: Ada\nFog.").is_none());
    }
}
