//! Other generators, where they stand on the PATH, on the same entries.
//!
//! What Gleaner has to find out is done for them: entries are merged, each is one file with its
//! title, date and tags in front, and its body is taken as it is, neither sanitized nor resolved.
//! Their templates are the least there is: a page for each entry and for each tag, a home page with
//! the newest titles, and what feed of the site the generator makes by itself.

use std::error::Error;
use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use crate::archive::{self, Entry, Size, time};
use crate::figures::{Page, build_heading, build_row};
use crate::measure::{self, Runs};
use crate::place::Place;
use crate::site::weigh;

/// A file of a site: where, and what.
type File = (&'static str, &'static str);

struct Other {
    name: &'static str,
    unchanged: &'static str,
    /// What makes it tell its version.
    version: &'static str,
    arguments: &'static [&'static str],
    files: &'static [File],
    /// The folder of the entries, and how their files end.
    entries: (&'static str, &'static str),
    /// Title, date, tags → what stands before the body.
    front: fn(&str, &str, &str) -> String,
}

const OTHERS: [Other; 3] = [
    Other {
        name: "hugo",
        unchanged: "hugo, nothing changed",
        version: "version",
        arguments: &["--destination", "public"],
        files: &[
            (
                "hugo.toml",
                "baseURL = \"https://example.org/\"\ntitle = \"Generated\"\nbuildFuture = true\n\
                 disableKinds = [\"section\"]\n[taxonomies]\ntag = \"tags\"\n\
                 [outputs]\nhome = [\"html\", \"rss\"]\nterm = [\"html\"]\ntaxonomy = [\"html\"]\n\
                 [services.rss]\nlimit = 50\n\
                 [security]\nallowContent = [\".*\"]\n",
            ),
            (
                "layouts/index.html",
                "<!doctype html><title>{{ .Title }}</title><ul>{{ range first 30 .Site.RegularPages }}\
                 <li><a href=\"{{ .RelPermalink }}\">{{ .Title }}</a></li>{{ end }}</ul>",
            ),
            (
                "layouts/_default/single.html",
                "<!doctype html><title>{{ .Title }}</title><h1>{{ .Title }}</h1><time>{{ .Date }}</time>\
                 {{ range .Params.tags }}<i>{{ . }}</i>{{ end }}<main>{{ .Content }}</main>",
            ),
            (
                "layouts/_default/list.html",
                "<!doctype html><title>{{ .Title }}</title><ul>{{ range .Pages }}\
                 <li><a href=\"{{ .RelPermalink }}\">{{ .Title }}</a></li>{{ end }}</ul>",
            ),
        ],
        entries: ("content/posts", "html"),
        front: |title, date, tags| {
            format!("+++\ntitle = {title}\ndate = {date}\ntags = {tags}\n+++\n")
        },
    },
    Other {
        name: "zola",
        unchanged: "zola, nothing changed",
        version: "--version",
        arguments: &["build", "--force"],
        files: &[
            (
                "config.toml",
                "base_url = \"https://example.org\"\ntitle = \"Generated\"\ngenerate_feeds = true\n\
                 feed_limit = 50\ntaxonomies = [{ name = \"tags\" }]\n",
            ),
            ("content/_index.md", "+++\n+++\n"),
            (
                "content/posts/_index.md",
                "+++\nsort_by = \"date\"\nrender = false\n+++\n",
            ),
            (
                "templates/index.html",
                "<!doctype html><title>{{ config.title }}</title>{% set posts = get_section(path=\"posts/_index.md\") %}\
                 <ul>{% for page in posts.pages | slice(end=30) %}\
                 <li><a href=\"{{ page.permalink }}\">{{ page.title }}</a></li>{% endfor %}</ul>",
            ),
            ("templates/section.html", ""),
            (
                "templates/page.html",
                "<!doctype html><title>{{ page.title }}</title><h1>{{ page.title }}</h1><time>{{ page.date }}</time>\
                 {% for tag in page.taxonomies.tags %}<i>{{ tag }}</i>{% endfor %}\
                 <main>{{ page.content | safe }}</main>",
            ),
            (
                "templates/taxonomy_list.html",
                "<!doctype html><ul>{% for term in terms %}<li><a href=\"{{ term.permalink }}\">{{ term.name }}</a></li>{% endfor %}</ul>",
            ),
            (
                "templates/taxonomy_single.html",
                "<!doctype html><title>{{ term.name }}</title><ul>{% for page in term.pages %}\
                 <li><a href=\"{{ page.permalink }}\">{{ page.title }}</a></li>{% endfor %}</ul>",
            ),
        ],
        entries: ("content/posts", "md"),
        front: |title, date, tags| {
            format!("+++\ntitle = {title}\ndate = {date}\n[taxonomies]\ntags = {tags}\n+++\n")
        },
    },
    Other {
        name: "eleventy",
        unchanged: "eleventy, nothing changed",
        version: "--version",
        arguments: &["--quiet"],
        files: &[
            (
                "eleventy.config.js",
                "module.exports = function (config) {\n\
                 config.addFilter(\"newest\", (all) => all.slice(-30).reverse());\n\
                 return { htmlTemplateEngine: false, dir: { input: \"content\", includes: \"../includes\", output: \"public\" } };\n};\n",
            ),
            (
                "content/posts/posts.json",
                "{ \"layout\": \"post.liquid\", \"shelf\": \"posts\" }\n",
            ),
            (
                "includes/post.liquid",
                "<!doctype html><title>{{ title }}</title><h1>{{ title }}</h1><time>{{ date }}</time>\
                 {% for tag in tags %}<i>{{ tag }}</i>{% endfor %}<main>{{ content }}</main>",
            ),
            (
                "content/index.liquid",
                "<!doctype html><ul>{% assign posts = collections.all | newest %}{% for post in posts %}\
                 <li><a href=\"{{ post.url }}\">{{ post.data.title }}</a></li>{% endfor %}</ul>",
            ),
            (
                "content/tags.liquid",
                "---\npagination:\n  data: collections\n  size: 1\n  alias: tag\n  filter: [all]\npermalink: \"/tags/{{ tag | slugify }}/\"\n---\n\
                 <!doctype html><title>{{ tag }}</title><ul>{% for post in collections[tag] %}\
                 <li><a href=\"{{ post.url }}\">{{ post.data.title }}</a></li>{% endfor %}</ul>",
            ),
        ],
        entries: ("content/posts", "html"),
        front: |title, date, tags| {
            format!("---\ntitle: {title}\ndate: {date}\ntags: {tags}\n---\n")
        },
    },
];

/// Builds the same entries with every generator that is here, cold and again.
pub(crate) fn measure(size: &Size, runs: usize, page: &mut Page) -> Result<(), Box<dyn Error>> {
    page.say("### Other generators, the same entries\n");
    let mut rows = vec![build_heading("build")];
    for other in &OTHERS {
        let Some(version) = version(other) else {
            page.say(&format!("`{}` is not on the PATH.\n", other.name));
            continue;
        };
        page.say(&format!("`{}`: {version}.\n", other.name));
        let place = Place::of(None)?;
        write(other, &place.root, size)?;
        let [mut cold, mut again] = [other.name, other.unchanged].map(Runs::new);
        for _ in 0..runs {
            let _ = fs::remove_dir_all(place.root.join("public"));
            build(other, &place.root, &mut cold)?;
        }
        for _ in 0..runs {
            build(other, &place.root, &mut again)?;
        }
        let wrote = Some(weigh(&place.root.join("public"))?);
        rows.push(build_row(&cold, size.entries, wrote));
        rows.push(build_row(&again, size.entries, wrote));
    }
    if rows.len() > 1 {
        page.table(&rows);
    }
    Ok(())
}

/// The version that a program says it is; none where there is no such program.
fn version(other: &Other) -> Option<String> {
    let mut command = Command::new(other.name);
    let said = command.arg(other.version).output().ok()?;
    let said = String::from_utf8_lossy(&said.stdout);
    let number = said
        .split([' ', '-', '+', '\n'])
        .find(|word| word.contains('.'));
    number.map(str::to_owned)
}

fn build(other: &Other, root: &Path, runs: &mut Runs) -> Result<(), Box<dyn Error>> {
    let mut command = Command::new(other.name);
    command.args(other.arguments).current_dir(root);
    runs.add(measure::run(&mut command)?, None);
    Ok(())
}

fn write(other: &Other, root: &Path, size: &Size) -> io::Result<()> {
    let (folder, extension) = other.entries;
    let folder = root.join(folder);
    fs::create_dir_all(&folder)?;
    for (path, text) in other.files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap_or(root))?;
        fs::write(path, text)?;
    }
    archive::each(size, |feed, entry| {
        let path = folder.join(format!("{feed}-{}.{extension}", entry.number));
        fs::write(path, front(other, entry) + &entry.body)
    })
}

/// Strings and lists of JSON are such in TOML and YAML, too.
fn front(other: &Other, entry: &Entry) -> String {
    let tags: Vec<String> = entry.tags.iter().map(|tag| spoken(tag)).collect();
    let [title, tags] = [serde_json::json!(entry.title), serde_json::json!(tags)];
    (other.front)(&title.to_string(), &time(entry.shared), &tags.to_string())
}

/// A tag's name without the signs that not every generator can tell apart in a path.
fn spoken(tag: &str) -> String {
    tag.replace('+', "p").replace('#', " sharp")
}
