//! What sanitizing promises, told from the outside: what comes out of each fixture, that nothing
//! is left that runs, and that nobody can make it slow. What holds for any HTML is in `laws.rs`.

mod slow;

use crate::config::{self, Config, ContentConfig, Embeds, Images};
use crate::diag::Code;
use crate::model::{Archive, Bodies, Entry, RawBody, Revision, Role, SafeUrl};

use super::token::{Token, Tokens};
use super::{Policy, Sanitized, sanitize_alone, sanitize_one};

pub(super) fn policy(images: Images, embeds: Embeds) -> Policy {
    Policy::new(&ContentConfig { images, embeds })
}

pub(super) fn usual() -> Policy {
    policy(Images::Remote, Embeds::Link)
}

/// The settings of a site that says this under `[site]`, or below it.
pub(super) fn settings(more: &str) -> Config {
    let toml = format!("[site]\ntitle = 'T'\nbase_url = 'https://example.org/'\n{more}");
    let (config, problems) = config::read("site.toml", &toml, &config::Overrides::default());
    assert_eq!(problems, []);
    config.unwrap()
}

pub(super) fn base() -> SafeUrl {
    SafeUrl::parse("https://example.org/posts/one.html").unwrap()
}

fn sanitized(html: &str) -> Sanitized {
    sanitize_one(&usual(), html, Some(&base()), Role::Text)
}

fn html(raw: &str) -> String {
    sanitized(raw).html
}

/// Asserts what becomes of HTML, and that doing it twice changes nothing.
#[track_caller]
fn assert_shown_for_good(policy: &Policy, raw: &str, shown: &str) {
    let once = sanitize_one(policy, raw, Some(&base()), Role::Text);
    assert_eq!(once.html, shown);
    let twice = sanitize_one(policy, &once.html, Some(&base()), Role::Text);
    assert_eq!(twice, once);
}

/// Everything in safe HTML that could run, load what it may not, or meet the page's own ids.
pub(super) fn dangers(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut tokens = Tokens::new(html);
    while let Some(token) = tokens.next() {
        let Token::Start(name) = token else { continue };
        if super::policy::element(name).is_none() || name == "iframe" {
            found.push(format!("element {name}"));
        }
        for (attribute, value) in tokens.all_attributes() {
            if attribute.starts_with("on") || !ATTRIBUTES.contains(attribute) {
                found.push(format!("attribute {attribute}"));
            }
            let link = matches!(
                *attribute,
                "href" | "src" | "cite" | "poster" | "data-frame"
            );
            let safe = ["http://", "https://", "mailto:", "#uc-", "data:image/"];
            if link && !safe.iter().any(|start| value.starts_with(start)) {
                found.push(format!("{attribute} {value}"));
            }
            if *attribute == "id" && !value.starts_with("uc-") {
                found.push(format!("id {value}"));
            }
        }
    }
    found
}

/// Every attribute that safe HTML may hold.
const ATTRIBUTES: &[&str] = &[
    "alt",
    "cite",
    "class",
    "colspan",
    "controls",
    "data-frame",
    "datetime",
    "decoding",
    "dir",
    "height",
    "href",
    "id",
    "lang",
    "loading",
    "open",
    "poster",
    "preload",
    "referrerpolicy",
    "rel",
    "reversed",
    "rowspan",
    "scope",
    "sizes",
    "src",
    "srcset",
    "start",
    "tabindex",
    "title",
    "type",
    "value",
    "width",
];

#[test]
fn each_fixture_becomes_what_its_snapshot_shows() {
    insta::glob!("../../tests/fixtures/html", "*.html", |path: &Path| {
        #[expect(clippy::disallowed_methods, reason = "a test reads its fixture")]
        let raw = std::fs::read_to_string(path).unwrap();
        let result = sanitized(&raw);
        assert_eq!(dangers(&result.html), Vec::<String>::new());
        assert_eq!(
            sanitized(&result.html),
            Sanitized {
                flattened: false,
                ..result.clone()
            }
        );
        let facts = format!("{:#?}", result.facts);
        insta::assert_snapshot!(format!("{}\n\n{facts}", result.html));
    });
}

#[test]
fn nothing_is_left_that_runs() {
    for raw in [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href=javascript:alert(1)>x</a>",
        "<a href='  java\tscript:alert(1)'>x</a>",
        "<a href='&#106;avascript:alert(1)'>x</a>",
        "<svg><script>alert(1)</script></svg>",
        "<svg/onload=alert(1)>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<iframe src=javascript:alert(1)></iframe>",
        "<object data=data:text/html,<script>alert(1)</script>></object>",
        "<embed src=//evil.example/x.swf>",
        "<base href=//evil.example/><a href=x>y</a>",
        "<meta http-equiv=refresh content=0;url=javascript:alert(1)>",
        "<link rel=stylesheet href=//evil.example/x.css>",
        "<p style='background:url(javascript:alert(1))'>x",
        "<textarea></textarea><img src=x onerror=alert(1)></textarea>",
        "<title><img src=x onerror=alert(1)></title>",
        "<xmp><img src=x onerror=alert(1)></xmp>",
        "<plaintext><img src=x onerror=alert(1)>",
        "<template><img src=x onerror=alert(1)></template>",
        "<select><template><img src=x onerror=alert(1)>",
        "<!--><img src=x onerror=alert(1)>-->",
        "<!-- --!><img src=x onerror=alert(1)>",
        "<![CDATA[<img src=x onerror=alert(1)>]]>",
        "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
        "<img srcset='javascript:alert(1) 1x, data:text/html,x 2x'>",
        "<video poster=javascript:alert(1) src=x onplay=alert(1)></video>",
        "<a id=x name=y href=# onclick=alert(1)>z</a>",
        "<button formaction=javascript:alert(1)>x",
        "<details ontoggle=alert(1) open><summary>x</summary>y</details>",
        "<a href='https://x.org/\"onmouseover=alert(1)'>x</a>",
        "<img alt='`><script>alert(1)</script>' src=x>",
        "<a href=vbscript:x>y</a><a href=data:text/html,x>z</a><a href=file:///x>f</a>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "<a title='</a><script>alert(1)</script>' href=x>y</a>",
    ] {
        let safe = html(raw);
        assert_eq!(dangers(&safe), Vec::<String>::new(), "{raw}\n{safe}");
        assert_eq!(html(&safe), safe, "{raw}");
    }
}

#[test]
fn images_and_frames_are_what_the_owner_wants() {
    let raw =
        "<p><img src=/a.png alt='A cat'></p><iframe src=https://www.youtube.com/embed/x1></iframe>";
    let rel = "rel=\"nofollow noopener ugc\"";
    for (images, embeds, shown) in [
        (
            Images::Click,
            Embeds::Click,
            format!(
                "<p><a class=\"g-image\" href=\"https://example.org/a.png\" {rel}>A cat</a></p>\
                 <p><a class=\"g-embed\" href=\"https://www.youtube.com/watch?v=x1\" \
                 data-frame=\"https://www.youtube-nocookie.com/embed/x1\" {rel}>Video on YouTube</a></p>"
            ),
        ),
        (Images::None, Embeds::None, "<p>A cat</p>".to_owned()),
    ] {
        assert_shown_for_good(&policy(images, embeds), raw, &shown);
    }
}

#[test]
fn a_link_around_a_silent_picture_has_a_name() {
    let image = |alt: &str| {
        format!(
            "<img src=\"https://example.org/a.png\" alt=\"{alt}\" loading=\"lazy\" \
             decoding=\"async\" referrerpolicy=\"no-referrer\">"
        )
    };
    let link = "<a href=\"https://www.other.example/b\"";
    let rel = "rel=\"nofollow noopener ugc\"";
    for (raw, shown) in [
        (
            format!("{link}><img src=/a.png></a>"),
            format!("{link} {rel}>{}</a>", image("other.example")),
        ),
        (
            format!("{link}><img src=/a.png> words</a>"),
            format!("{link} {rel}>{} words</a>", image("")),
        ),
        (
            format!("{link}><img src=/a.png alt=A></a>"),
            format!("{link} {rel}>{}</a>", image("A")),
        ),
    ] {
        assert_shown_for_good(&usual(), &raw, &shown);
    }
}

#[test]
fn a_stranger_who_wears_our_marks_gains_nothing_and_loses_no_words() {
    let raw = "<p><a class=\"g-embed\" href=\"/a\">words</a> \
               <a class=\"g-image\" href=\"/b\"><b>more</b> words</a> \
               <a class=\"g-embed\" href=\"mailto:a@x.org\">mail</a></p>";
    let rel = "rel=\"nofollow noopener ugc\"";
    let image = format!("<a href=\"https://example.org/b\" {rel}><b>more</b> words</a>");
    let mail = "<a href=\"mailto:a@x.org\">mail</a>";
    let frame = format!("<a class=\"g-embed\" href=\"https://example.org/a\" {rel}>words</a>");
    for (images, embeds, shown) in [
        (
            Images::Click,
            Embeds::Click,
            format!("<p>{frame} {image} {mail}</p>"),
        ),
        (
            Images::Remote,
            Embeds::Link,
            format!("<p>{frame} {image} {mail}</p>"),
        ),
        (
            Images::None,
            Embeds::None,
            "<p>words <b>more</b> words mail</p>".to_owned(),
        ),
    ] {
        assert_shown_for_good(&policy(images, embeds), raw, &shown);
    }
}

#[test]
fn of_several_texts_on_a_page_one_keeps_its_ids() {
    let raw = "<h2 id=\"h\">H</h2><p id=\"a\"><a href=\"#h\">up</a> <a name=\"b\"></a>x</p>";
    let href = |href: &str, rel: &str| {
        format!("<h2>H</h2><p><a href=\"{href}\" rel=\"{rel}\">up</a> x</p>")
    };
    let original = "https://example.org/posts/one.html#h";
    for (role, base, shown) in [
        (
            Role::Aside,
            Some(base()),
            href(original, "nofollow noopener ugc"),
        ),
        (Role::Aside, None, "<h2>H</h2><p>up x</p>".to_owned()),
        (Role::Note, Some(base()), "<h2>H</h2><p>up x</p>".to_owned()),
    ] {
        let safe = sanitize_one(&usual(), raw, base.as_ref(), role);
        assert_eq!(safe.html, shown, "{role:?}");
    }
    assert!(html(raw).contains("href=\"#uc-h\""));
}

#[test]
fn what_is_loaded_is_loaded_by_https_but_from_a_site_without_it() {
    let image = |base: &str, role: Role| {
        let base = SafeUrl::parse(base);
        let safe = sanitize_one(&usual(), "<img src=\"/a.png\">", base.as_ref(), role);
        let start = safe.html.split("a.png").next().unwrap_or_default();
        start.replace("<img src=\"", "")
    };
    assert_eq!(image("http://x.org/", Role::Text), "https://x.org/");
    assert_eq!(image("http://[::1]:80/", Role::Text), "https://[::1]/");
}

#[test]
fn a_note_links_to_its_site_from_wherever_it_is_shown() {
    let base = SafeUrl::parse("http://localhost:8000/archive/");
    let note = |raw: &str| sanitize_one(&usual(), raw, base.as_ref(), Role::Note);
    for (raw, shown) in [
        ("about.html", "\u{2}about.html"),
        ("img/a b.png?x#y", "\u{2}img/a%20b.png?x#y"),
        ("/archive/a.html", "\u{2}a.html"),
        ("/elsewhere", "http://localhost:8000/elsewhere"),
        ("//other.example/x", "http://other.example/x"),
        (
            "http://localhost:8000/archive/a",
            "http://localhost:8000/archive/a",
        ),
        ("\u{2}about.html", "\u{2}about.html"),
    ] {
        let safe = note(&format!("<a href=\"{raw}\">x</a>"));
        assert!(
            safe.html.contains(&format!("href=\"{shown}\"")),
            "{raw}: {}",
            safe.html
        );
        assert_eq!(note(&safe.html).html, safe.html, "{raw}");
    }
    let picture = note("<img src=\"p.png\" srcset=\"p.png 1x, q.png 2x\">").html;
    assert!(picture.contains("src=\"\u{2}p.png\""), "{picture}");
    assert!(!picture.contains("localhost"), "{picture}");
    let text = sanitize_one(
        &usual(),
        "\u{2}<b title=\"\u{2}\">\u{2}x</b>",
        base.as_ref(),
        Role::Text,
    );
    assert!(
        !text.html.contains('\u{2}'),
        "nobody else writes the mark: {}",
        text.html
    );
}

#[test]
fn the_owner_keeps_ids_and_relative_links() {
    let raw = "<h2 id=\"a\">A</h2><p><a href=\"tags/x.html\">x</a> <a href=\"#a\">a</a> <img src=\"cat.png\"></p>";
    let own = sanitize_one(&usual(), raw, None, Role::Page);
    assert!(own.html.starts_with("<h2 id=\"a\">A</h2><p><a href=\"tags/x.html\">x</a> <a href=\"#a\">a</a> <img src=\"cat.png\""));
    assert_eq!(sanitize_one(&usual(), &own.html, None, Role::Page), own);
}

#[test]
fn an_archive_keeps_its_entries_and_each_body_is_sanitized_once() {
    let bodies = Bodies::default();
    let raw = |html: &str| RawBody {
        html: bodies.store_raw(html),
        base: Some(base()),
        role: Role::Text,
    };
    let (good, empty) = (
        raw("<p>Good<script>x()</script></p>"),
        raw("<script>x()</script>"),
    );
    let deep = raw(&format!("{}deep", "<div>".repeat(1000)));
    let entry = |name: &str, body: &RawBody, note: &RawBody| Entry {
        body: Some(body.clone()),
        notes: vec![note.clone()],
        revisions: vec![Revision {
            body: good.clone(),
            title: None,
            first_seen: None,
        }],
        ..Entry::bare(name, name)
    };
    let entries = [entry("a", &good, &empty), entry("b", &empty, &deep)];
    let archive = Archive {
        entries: entries.map(Into::into).into(),
        coverage: Vec::new(),
    };
    let (archive, diagnostics) = sanitize_alone(archive, &bodies, &settings(""));

    let [a, b] = archive.entries.as_slice() else {
        panic!("two entries")
    };
    assert_eq!(&*bodies.safe(a.body.as_ref().unwrap().html), "<p>Good</p>");
    assert_eq!(a.revisions[0].body, b.revisions[0].body);
    assert!(
        a.notes.is_empty() && b.body.is_none(),
        "what is empty is none"
    );
    assert_eq!(&*bodies.safe(b.notes[0].html), "<div>deep</div>");
    let told: Vec<_> = diagnostics
        .iter()
        .map(|told| (told.code, told.message.as_str()))
        .collect();
    let message = "text cut or flattened, too large or too deep: `b`";
    assert_eq!(told, [(Code::BodyTooComplex, message)]);
}
