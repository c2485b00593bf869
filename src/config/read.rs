//! Reads site.toml: one function for each section, each turning what is written into what is
//! checked, with its default where nothing is written.
//!
//! Invariant: a [`Config`] comes out only if there is no problem at all; else all of them do.

use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::spanned::{Said, Table, parse_web_url, read_toml};
use super::{
    Config, ContentConfig, Embeds, Extent, FetchConfig, Images, License, ListsConfig, MergeConfig,
    OutputConfig, SearchConfig, SearchText, SiteConfig, SyndicationConfig, ThemeConfig,
    ThemeOption, feeds, language, output, permalink, suggest, tags,
};
use crate::diag::{Code, Diagnostic, has_errors};
use crate::model::{SafeUrl, UrlStyle};

/// The longest list on one page, and the longest feed: beyond it, browsers and feed readers are
/// slow, and each new entry rewrites too much.
const LIST_LENGTH: usize = 1_000;
/// Entries on the home page, unless site.toml says otherwise.
const HOME_ENTRIES: usize = 30;
/// Entries on each page of a list, unless site.toml says otherwise.
const PAGE_ENTRIES: usize = 50;
/// Entries in each feed of the site, unless site.toml says otherwise.
const FEED_ENTRIES: usize = 50;
/// Entries in each feed of a list, unless site.toml says otherwise: there are hundreds of them, with
/// whole texts, and at 50 they were half of all that is written.
const LIST_FEED_ENTRIES: usize = 20;
/// The folder of the output, unless site.toml says otherwise.
const OUTPUT_FOLDER: &str = "public";
/// The words for how much of a text is published.
pub(super) const EXTENTS: [(&str, Extent); 2] =
    [("full", Extent::Full), ("excerpt", Extent::Excerpt)];
/// The theme, unless site.toml names another.
const THEME: &str = "gleaner";
/// The language of the pages, unless site.toml names another.
const LANGUAGE: &str = "en";

/// What the command line says instead of site.toml.
#[derive(Debug, Clone, Default)]
pub(crate) struct Overrides {
    /// `--base-url`.
    pub(crate) base_url: Option<String>,
    /// `--base-path`: what stands after the host in the base URL, whoever says that.
    pub(crate) base_path: Option<String>,
}

/// Reads and checks site.toml; `file` is its name in diagnostics. The configuration is none if
/// there is any error.
pub(crate) fn read(
    file: &str,
    text: &str,
    overrides: &Overrides,
) -> (Option<Config>, Vec<Diagnostic>) {
    let (base_url, mut problems) = override_base_url(overrides);
    let (config, found) = read_toml(file, text, 0..text.len(), |root| config(root, base_url));
    problems.extend(found);
    let config = config.map(|mut config| {
        if let Some(path) = &overrides.base_path {
            match with_path(&config.site.base_url, path) {
                Ok(url) => config.site.base_url = url,
                Err(problem) => problems.push(*problem),
            }
        }
        config
    });
    (config.filter(|_| !has_errors(&problems)), problems)
}

/// The URL with another path, which ends with a slash.
fn with_path(base: &SafeUrl, path: &str) -> Result<SafeUrl, Box<Diagnostic>> {
    let mount = match path.trim_matches('/') {
        "" => "/".to_owned(),
        inner => format!("/{inner}/"),
    };
    // A browser takes a backslash for a slash, and two slashes for the start of a host.
    let is_path = !mount.contains(['?', '#', '\\']) && !mount.contains("//");
    let url = is_path.then(|| SafeUrl::resolve(Some(base), &mount));
    url.flatten().ok_or_else(|| {
        let message = format!("`--base-path` is no path of a website: {path}");
        let problem = Diagnostic::error(Code::ConfigInvalidValue, message);
        Box::new(problem.hint("what stands after the host in the base URL, such as `/archive/`"))
    })
}

fn override_base_url(overrides: &Overrides) -> (Option<SafeUrl>, Vec<Diagnostic>) {
    let Some(raw) = &overrides.base_url else {
        return (None, Vec::new());
    };
    match parse_web_url(raw).and_then(folder_url) {
        Ok(url) => (Some(url), Vec::new()),
        Err(hint) => {
            let message = format!("`--base-url` is no URL of a website: {raw}");
            let problem = Diagnostic::error(Code::ConfigInvalidValue, message).hint(hint);
            (None, vec![problem])
        }
    }
}

fn config(root: &Table<'_>, base_url: Option<SafeUrl>) -> Option<Config> {
    // Every section is read before any of them may be missed.
    let site = site(&root.table("site"), base_url);
    let theme = theme(&root.table("theme"));
    let output = output(&root.table("output"));
    let lists = lists(&root.table("lists"));
    let merge = merge(&root.table("merge"));
    let content = content(&root.table("content"));
    let syndication = syndication(&root.table("syndication"));
    let search = search(&root.table("search"));
    let tags = tags::read(&root.table("tags"));
    let fetch = fetch(&root.table("fetch"));
    let feeds = feeds::read(&root.table("feeds"));
    Some(Config {
        site: site?,
        theme,
        output: output?,
        lists,
        merge,
        content,
        syndication,
        search,
        tags,
        fetch,
        feeds,
    })
}

fn site(table: &Table<'_>, base_url: Option<SafeUrl>) -> Option<SiteConfig> {
    let title = table.required(
        "title",
        "add the name of the archive: `title = \"…\"` under `[site]`",
        Table::text,
    );
    let written = if base_url.is_some() {
        table.web_url("base_url")
    } else {
        table.required(
            "base_url",
            "add where the site will be published: `base_url = \"https://…/\"` under `[site]`",
            Table::web_url,
        )
    };
    let base_url_span = match (&base_url, &written) {
        (None, Some(said)) => Some(said.span.clone()),
        _ => None,
    };
    let written = written.and_then(|said| site_url(table, said));
    let description = table.text("description").map(|said| said.value);
    let language = language(table);
    let timezone = timezone(table);
    let author = table.text("author").map(|said| said.value);
    let text = table.choice("text", &EXTENTS).unwrap_or(Extent::Full);
    let license = license(table);
    let copy_notice = table.text("copy_notice").map(|said| said.value);
    Some(SiteConfig {
        title: title?.value,
        base_url: base_url.or(written)?,
        base_url_span,
        description,
        language,
        timezone,
        author,
        text,
        license,
        copy_notice,
    })
}

/// The licence of the owner's words. An address alone is none: nobody reads it.
fn license(table: &Table<'_>) -> Option<License> {
    let name = table.text("license");
    let url = table.web_url("license_url");
    match (name, url) {
        (Some(name), url) => Some(License {
            name: name.value,
            url: url.map(|said| said.value),
        }),
        (None, Some(url)) if !table.has("license") => {
            let (name, path) = (table.path("license"), table.path("license_url"));
            let message = format!("`{path}` without `{name}`");
            let hint = format!("name it, too: `license = \"CC BY 4.0\"` next to `{path}`");
            table.invalid(&url.span, message, Some(hint));
            None
        }
        (None, _) => None,
    }
}

fn site_url(table: &Table<'_>, said: Said<SafeUrl>) -> Option<SafeUrl> {
    match folder_url(said.value) {
        Ok(url) => Some(url),
        Err(hint) => {
            let message = format!("`{}` cannot be the start of URLs", table.path("base_url"));
            table.invalid(&said.span, message, Some(hint));
            None
        }
    }
}

/// The URL with a slash at its end, so that paths can be joined to it.
fn folder_url(url: SafeUrl) -> Result<SafeUrl, String> {
    if url.as_str().contains(['?', '#']) {
        return Err("leave out the query and the fragment".to_owned());
    }
    if url.as_str().ends_with('/') {
        return Ok(url);
    }
    SafeUrl::parse(&format!("{url}/")).ok_or_else(|| "the URL is too long".to_owned())
}

fn language(table: &Table<'_>) -> String {
    let Some(said) = table.string("language") else {
        return LANGUAGE.to_owned();
    };
    if !language::is_language(said.value) {
        let message = format!(
            "`{}` is no language tag: {}",
            table.path("language"),
            said.value
        );
        let hyphenated = said.value.replace('_', "-");
        let hint = if let Some(tag) = language::tag_of(said.value) {
            format!("did you mean `{tag}`?")
        } else if language::is_language(&hyphenated) {
            format!("did you mean `{hyphenated}`?")
        } else {
            "a tag of BCP 47, such as `en`, `de-CH` or `zh-Hant`".to_owned()
        };
        table.invalid(&said.span, message, Some(hint));
    }
    said.value.to_owned()
}

fn timezone(table: &Table<'_>) -> TimeZone {
    let Some(said) = table.string("timezone") else {
        return TimeZone::UTC;
    };
    // The bundled database, whatever the machine has: the same inputs give the same bytes.
    let database = TimeZoneDatabase::bundled();
    database.get(said.value).unwrap_or_else(|_| {
        let message = format!("unknown time zone: {}", said.value);
        let names: Vec<String> = database.available().map(|name| name.to_string()).collect();
        let hint = nearest_zone(said.value, &names).map_or_else(
            || "a name of the IANA database, such as `Europe/Berlin`".to_owned(),
            |name| format!("did you mean `{name}`?"),
        );
        table.invalid(&said.span, message, Some(hint));
        TimeZone::UTC
    })
}

/// The zone that was probably meant, which may be named by its city alone.
fn nearest_zone<'a>(word: &str, names: &'a [String]) -> Option<&'a str> {
    let word = word.trim().replace(' ', "_");
    let city = |name: &str| {
        let (_, city) = name.rsplit_once('/').unwrap_or(("", name));
        city.eq_ignore_ascii_case(&word)
    };
    let by_city = names.iter().find(|name| city(name)).map(String::as_str);
    by_city.or_else(|| suggest::nearest(&word, names.iter().map(String::as_str)))
}

fn theme(table: &Table<'_>) -> ThemeConfig {
    let name = table.string("name");
    if let Some(said) = &name {
        check_folder_name(table, "name", said);
    }
    let options = table.table("options").values().into_iter();
    ThemeConfig {
        name: name.as_ref().map_or(THEME, |said| said.value).to_owned(),
        name_span: name.map(|said| said.span),
        options: options
            .map(|(key, said)| {
                let span = key.span.start..said.span.end.max(key.span.end);
                let value = said.value;
                (key.value.to_owned(), ThemeOption { value, span })
            })
            .collect(),
    }
}

fn output(table: &Table<'_>) -> Option<OutputConfig> {
    let folder = table.string("folder").map_or(OUTPUT_FOLDER, |said| {
        output::check_folder(table, &said);
        said.value
    });
    let styles = [("files", UrlStyle::Files), ("folders", UrlStyle::Folders)];
    let urls = table.choice("urls", &styles).unwrap_or_default();
    let permalinks = permalink::read(table, "permalinks");
    Some(OutputConfig {
        folder: folder.to_owned(),
        urls,
        permalinks: permalinks?,
    })
}

fn lists(table: &Table<'_>) -> ListsConfig {
    ListsConfig {
        home: table.count("home", 1..=LIST_LENGTH).unwrap_or(HOME_ENTRIES),
        page: table.count("page", 1..=LIST_LENGTH).unwrap_or(PAGE_ENTRIES),
    }
}

fn merge(table: &Table<'_>) -> MergeConfig {
    MergeConfig {
        across_feeds: table.boolean("across_feeds").unwrap_or(true),
    }
}

fn content(table: &Table<'_>) -> ContentConfig {
    let images = [
        ("remote", Images::Remote),
        ("click", Images::Click),
        ("none", Images::None),
    ];
    let embeds = [
        ("link", Embeds::Link),
        ("click", Embeds::Click),
        ("none", Embeds::None),
    ];
    ContentConfig {
        images: table.choice("images", &images).unwrap_or(Images::Remote),
        embeds: table.choice("embeds", &embeds).unwrap_or(Embeds::Link),
    }
}

fn syndication(table: &Table<'_>) -> SyndicationConfig {
    let written = |key| table.boolean(key).unwrap_or(true);
    let length = |key, default| table.count(key, 1..=LIST_LENGTH).unwrap_or(default);
    SyndicationConfig {
        entries: length("entries", FEED_ENTRIES),
        list_entries: length("list_entries", LIST_FEED_ENTRIES),
        atom: written("atom"),
        rss: written("rss"),
        json: written("json"),
        tags: written("tags"),
        sharers: written("sharers"),
        sources: table.boolean("sources").unwrap_or(false),
        opml: written("opml"),
    }
}

fn search(table: &Table<'_>) -> SearchConfig {
    let texts = [("excerpt", SearchText::Excerpt), ("full", SearchText::Full)];
    SearchConfig {
        enabled: table.boolean("enabled").unwrap_or(true),
        text: table.choice("text", &texts).unwrap_or(SearchText::Excerpt),
    }
}

fn fetch(table: &Table<'_>) -> FetchConfig {
    FetchConfig {
        allow_private_addresses: table.boolean("allow_private_addresses").unwrap_or(false),
    }
}

/// Whether a feed's folder can have this name.
#[must_use]
pub fn is_folder_name(name: &str) -> bool {
    let odd = |character: char| matches!(character, '/' | '\\') || character.is_control();
    !name.is_empty() && !name.starts_with('.') && !name.contains(odd)
}

/// A name that is a folder's must be able to be one.
pub(super) fn check_folder_name(table: &Table<'_>, key: &str, said: &Said<&str>) {
    let name = said.value;
    if !is_folder_name(name) {
        let message = format!("`{}` is no name of a folder: {name}", table.path(key));
        table.invalid(&said.span, message, None);
    }
}
