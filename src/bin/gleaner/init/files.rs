//! The files of a new site: their texts lie in `files/`, with `@NAMES@` where this site differs.

use gleaner::pipeline::NewFile;

use super::Wishes;
use super::ask::HOME;
use super::feeds::Feed;

const SITE: &str = include_str!("files/site.toml");
const README: &str = include_str!("files/README.md");
const ABOUT: &str = include_str!("files/about.md");
const FAVICON: &str = include_str!("files/favicon.svg");
const GITIGNORE: &str = include_str!("files/gitignore");
const GITATTRIBUTES: &str = include_str!("files/gitattributes");
const WORKFLOW: &str = include_str!("files/publish.yml");
const PUBLISH_ANYWHERE: &str = include_str!("files/publish_anywhere.md");
const PUBLISH_GITHUB: &str = include_str!("files/publish_github.md");

/// Where a site says that it is published as long as nobody knows: a place for examples (RFC 2606).
const BASE_URL: &str = "https://example.org/archive/";
/// What site.toml says where no feed is known yet.
const NO_FEEDS: &str = "\
# [feeds.blog]
# url = \"https://blog.rust-lang.org/feed.xml\"
#
# [feeds.starred]                 # an address that is a secret: in the environment, never here
# url_env = \"STARRED_URL\"
";
/// What site.toml says beside a secret.
const SECRET: &str = "\
# Its address is a secret, so it is not here: `gleaner fetch` reads it from this variable of the
# environment.";
/// What site.toml says where feeds may be at home.
const PRIVATE: &str = "
[fetch]
allow_private_addresses = true    # feeds of this machine or its network, too; or under one feed alone
";
/// What the workflow says then: in a CI, site.toml does not decide that.
const PRIVATE_ENV: &str = "          GLEANER_ALLOW_PRIVATE_ADDRESSES: \"1\"\n";
/// What the workflow says where no feed is a secret.
const NO_SECRETS: &str = "\
        # A feed with `url_env = \"STARRED_URL\"`: put its address into a secret of the repository (Settings →
        # Secrets and variables → Actions), and name it here.
        # env:
        #   STARRED_URL: ${{ secrets.STARRED_URL }}";

/// All files, in the order in which they are told.
pub(super) fn of(wishes: &Wishes) -> Vec<NewFile> {
    let mut files = vec![
        file("site.toml", site(wishes)),
        file("content/snapshots/.gitkeep", String::new()),
        file("content/notes/.gitkeep", String::new()),
        file("content/pages/about.md", ABOUT.to_owned()),
        file("content/static/favicon.svg", FAVICON.to_owned()),
        yielding("README.md", readme(wishes)),
        yielding(".gitignore", GITIGNORE.to_owned()),
        yielding(".gitattributes", GITATTRIBUTES.to_owned()),
    ];
    if let Some(action) = &wishes.action {
        files.push(file(
            ".github/workflows/publish.yml",
            workflow(wishes, action),
        ));
    }
    files
}

fn file(path: &str, text: String) -> NewFile {
    NewFile {
        path: path.to_owned(),
        text,
        yields: false,
    }
}

fn yielding(path: &str, text: String) -> NewFile {
    NewFile {
        yields: true,
        ..file(path, text)
    }
}

fn site(wishes: &Wishes) -> String {
    let mut feeds = wishes.feeds.iter().map(feed).collect::<Vec<_>>().join("\n");
    if feeds.is_empty() {
        NO_FEEDS.clone_into(&mut feeds);
    }
    if wishes.allow_private_addresses {
        feeds.push_str(PRIVATE);
    }
    let note = match wishes.action.is_some() {
        true => " The workflow asks GitHub, whatever stands here.",
        false => "",
    };
    let base_url = wishes.base_url.as_deref().unwrap_or(BASE_URL);
    let more = match HOME.is_empty() {
        true => String::new(),
        false => format!(":\n# {HOME}/blob/main/content/pages/guide/reference.md"),
    };
    let values = [
        ("MORE", more),
        ("TITLE", quoted(&wishes.title)),
        ("BASE_URL_NOTE", note.to_owned()),
        ("BASE_URL", quoted(base_url)),
        ("FEEDS", feeds.trim_end().to_owned()),
    ];
    filled(SITE, &values)
}

fn feed(feed: &Feed) -> String {
    let key = match feed
        .name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    {
        true => feed.name.clone(),
        // A key is on one line, whatever quotes are in it: JSON's strings are, and are TOML's, too.
        false => serde_json::Value::from(feed.name.as_str()).to_string(),
    };
    match (&feed.url, &feed.variable) {
        (Some(url), _) => format!("[feeds.{key}]\nurl = {}\n", quoted(url)),
        (None, variable) => {
            let variable = variable.as_deref().unwrap_or_default();
            format!("[feeds.{key}]\n{SECRET}\nurl_env = {}\n", quoted(variable))
        }
    }
}

/// A string of TOML.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn readme(wishes: &Wishes) -> String {
    let (daily, publish) = match wishes.action {
        Some(_) => (" On GitHub, the workflow does that.", PUBLISH_GITHUB),
        None => ("", PUBLISH_ANYWHERE),
    };
    let secrets: Vec<&str> = secrets(wishes).collect();
    let secrets = match secrets.as_slice() {
        [] => String::new(),
        names => format!(
            "   Then, under *Secrets and variables*, *Actions*: put the addresses of your feeds that are secret\n   \
             into repository secrets of these names: `{}`.\n",
            names.join("`, `")
        ),
    };
    let guide = match HOME.is_empty() {
        true => String::new(),
        false => format!(
            "\n[Gleaner's guide]({HOME}/blob/main/content/pages/guide/publishing.md) says more: GitHub \
             Pages, GitLab,\nNetlify, Cloudflare, a server of your own."
        ),
    };
    let publish = filled(
        publish,
        &[
            ("BRANCH", wishes.branch.clone()),
            ("SECRETS", secrets),
            ("GUIDE", guide),
        ],
    );
    let gleaner = match HOME.is_empty() {
        true => "Gleaner".to_owned(),
        false => format!("[Gleaner]({HOME})"),
    };
    let values = [
        ("TITLE_TEXT", wishes.title.clone()),
        ("GLEANER", gleaner),
        ("DAILY", daily.to_owned()),
        ("PUBLISH", publish.trim_end().to_owned()),
    ];
    filled(README, &values)
}

fn workflow(wishes: &Wishes, action: &str) -> String {
    let mut env: String = secrets(wishes)
        .map(|name| format!("          {name}: ${{{{ secrets.{name} }}}}\n"))
        .collect();
    if wishes.allow_private_addresses {
        env.push_str(PRIVATE_ENV);
    }
    if env.is_empty() {
        NO_SECRETS.clone_into(&mut env);
    } else {
        env.insert_str(0, "        env:\n");
    }
    let secrets: Vec<&str> = secrets(wishes).collect();
    let secrets = match secrets.as_slice() {
        [] => String::new(),
        names => format!(
            "      Settings → Secrets and variables → Actions: the addresses of your secret feeds, as\n\
             #      repository secrets of these names: {}\n#",
            names.join(", ")
        ),
    };
    let values = [
        ("BRANCH", wishes.branch.clone()),
        ("SECRETS", secrets),
        ("ACTION", action.to_owned()),
        ("VERSION", env!("CARGO_PKG_VERSION").to_owned()),
        ("ENV", env.trim_end().to_owned()),
    ];
    filled(WORKFLOW, &values)
}

fn secrets(wishes: &Wishes) -> impl Iterator<Item = &str> {
    wishes
        .feeds
        .iter()
        .filter_map(|feed| feed.variable.as_deref())
}

/// The text with its `@NAMES@` replaced; what is put in is not looked at again.
fn filled(template: &str, values: &[(&str, String)]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find('@') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let value = values.iter().find_map(|(name, value)| {
            let after = from[1..].strip_prefix(name)?.strip_prefix('@')?;
            Some((value, after))
        });
        match value {
            Some((value, after)) => {
                out.push_str(value);
                rest = after;
            }
            None => {
                out.push('@');
                rest = &from[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wishes() -> Wishes {
        let feeds = [
            "https://dev.to/feed/ada",
            "starred=https://e.org/?token=s3cr3t",
            "it's odd.x=https://e.org/",
        ];
        let feeds = feeds.iter().map(|raw| crate::args::feed(raw).unwrap());
        Wishes {
            title: "Ada's \"things\" @FEEDS@ \\ <b>".to_owned(),
            base_url: None,
            feeds: super::super::feeds::named(feeds.collect()),
            action: Some("me/gleaner@v1".to_owned()),
            allow_private_addresses: true,
            branch: "main".to_owned(),
        }
    }

    #[test]
    fn nothing_is_left_to_fill_in_and_no_secret_is_written() {
        let wishes = wishes();
        for file in of(&wishes) {
            let text = file.text.replace(&wishes.title, "");
            let text = text.replace(&quoted(&wishes.title), "");
            let left = text.split('@').skip(1).step_by(2);
            let is_name =
                |it: &str| it.len() > 2 && it.chars().all(|c| c.is_ascii_uppercase() || c == '_');
            assert_eq!(left.filter(|it| is_name(it)).count(), 0, "{}", file.path);
            assert!(!file.text.contains("s3cr3t"), "{}", file.path);
        }
    }

    #[test]
    fn a_title_is_quoted_as_toml_does() {
        let text = site(&wishes());
        let table: toml::Table = text.parse().unwrap();
        assert_eq!(table["site"]["title"].as_str(), Some(&*wishes().title));
        let odd = &table["feeds"]["it's odd.x"];
        assert_eq!(odd["url"].as_str(), Some("https://e.org/"));
        assert_eq!(
            table["feeds"]["starred"]["url_env"].as_str(),
            Some("STARRED_URL")
        );
    }
}
