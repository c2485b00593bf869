//! `[feeds.NAME]` → what Gleaner cannot know of each feed, and where it is fetched from.
//!
//! Invariant: an address is either written in site.toml, and then everyone's to read, or it is a
//! secret, and then site.toml holds no more than the name of a variable.

use std::collections::BTreeMap;

use super::read::{EXTENTS, check_folder_name};
use super::spanned::{Said, Table};
use super::{Address, FeedConfig};
use crate::diag::{Code, Diagnostic};
use crate::model::FeedName;

/// Reads all feeds.
pub(super) fn read(table: &Table<'_>) -> BTreeMap<FeedName, FeedConfig> {
    let mut feeds = BTreeMap::new();
    for (name, feed_table) in table.tables() {
        check_folder_name(table, name.value, &name);
        feeds.insert(FeedName::new(name.value), feed(&feed_table, &name));
    }
    feeds
}

fn feed(table: &Table<'_>, name: &Said<&str>) -> FeedConfig {
    let key = table.text("key").map(|said| said.value.as_str().to_owned());
    let title = table.text("title").map(|said| said.value);
    let address = address(table);
    let address_span = address
        .as_ref()
        .map_or(&name.span, |said| &said.span)
        .clone();
    FeedConfig {
        key,
        title,
        address: address.map(|said| said.value),
        address_span,
        store_secret: store_secret(table),
        allow_private_addresses: table.boolean("allow_private_addresses").unwrap_or(false),
        sharer: table.text("sharer").map(|said| said.value),
        hidden: table.boolean("hidden").unwrap_or(false),
        text: table.choice("text", &EXTENTS),
        span: name.span.clone(),
    }
}

/// `url` or `url_env`.
fn address(table: &Table<'_>) -> Option<Said<Address>> {
    let url = table.web_url("url");
    let variable = table.string("url_env");
    if let Some(variable) = &variable {
        if table.has("url") {
            let (url, path) = (table.path("url"), table.path("url_env"));
            let problem = Diagnostic::error(Code::ConfigConflict, format!("`{url}` and `{path}`"))
                .at(table.place(&variable.span))
                .hint("an address is a secret or not: keep one of the two");
            table.report(problem);
        }
        check_variable(table, variable);
    }
    match (url, variable) {
        (Some(url), _) => {
            let address = Address::Public(url.value.clone());
            Some(url.with(address))
        }
        (None, Some(variable)) => {
            let address = Address::Secret(variable.value.to_owned());
            Some(variable.with(address))
        }
        (None, None) => None,
    }
}

/// A name that every shell can give to a variable (POSIX, Base Definitions, section 8.1).
fn check_variable(table: &Table<'_>, said: &Said<&str>) {
    let name = said.value;
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || !name.chars().all(fits) || name.starts_with(|c: char| c.is_ascii_digit())
    {
        // What stands here may be the secret itself: it is not repeated in the message.
        let path = table.path("url_env");
        let message = format!("`{path}` is no name of a variable");
        let hint = "the name of the variable that holds the address, such as `BLURBLOG_URL`";
        table.invalid(&said.span, message, Some(hint.to_owned()));
    }
}

fn store_secret(table: &Table<'_>) -> bool {
    let store = table.boolean("store_secret").unwrap_or(false);
    if store && !table.has("url_env") {
        let (path, variable) = (table.path("store_secret"), table.path("url_env"));
        let problem = Diagnostic::error(
            Code::ConfigConflict,
            format!("`{path}` without `{variable}`"),
        )
        .at(table.place_of("store_secret"))
        .hint("only an address that is read from the environment is a secret");
        table.report(problem);
    }
    store
}
