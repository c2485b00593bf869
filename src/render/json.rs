//! JSON Feed 1.1 (jsonfeed.org/version/1.1): a document that serde_json writes as it is declared.

use serde::Serialize;

use super::Input;
use super::feed::{authors, content, id, url};
use crate::model::Text;
use crate::plan::OutFeed;

#[derive(Serialize)]
struct Document<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: &'a str,
    feed_url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a Text>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author>,
    language: &'a str,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Author {
    name: String,
}

#[derive(Serialize)]
struct Item<'a> {
    id: String,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_url: Option<&'a str>,
    title: &'a str,
    content_html: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<String>,
    authors: Vec<Author>,
    tags: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
}

/// Renders one JSON Feed.
pub(super) fn render(input: &Input, feed: &OutFeed) -> Result<Vec<u8>, String> {
    let site = &input.config.site;
    let document = Document {
        version: "https://jsonfeed.org/version/1.1",
        title: &feed.title,
        home_page_url: &feed.home,
        feed_url: &feed.url,
        description: site.description.as_ref(),
        authors: site
            .author
            .iter()
            .map(|name| Author {
                name: name.to_string(),
            })
            .collect(),
        language: &site.language,
        items: feed
            .entries
            .iter()
            .map(|index| item(input, *index))
            .collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&document).map_err(|error| error.to_string())?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn item<'a>(input: &'a Input, index: usize) -> Item<'a> {
    let entry = &input.archive.entries[index];
    let view = &input.plan.entries[index];
    Item {
        id: id(input, index),
        url: url(input, index),
        external_url: entry.link.as_ref().map(crate::model::SafeUrl::as_str),
        title: view.title.as_str(),
        // An item without any content is not valid, so one without text has an empty one.
        content_html: content(input, index).unwrap_or_default(),
        summary: view.excerpt.as_ref(),
        date_published: entry.date.map(|date| date.to_string()),
        date_modified: entry.updated.map(|date| date.to_string()),
        authors: authors(input, index)
            .into_iter()
            .map(|name| Author { name })
            .collect(),
        tags: entry.tags.iter().map(|tag| tag.name.as_str()).collect(),
        language: view.language.as_deref(),
    }
}
