//! The laws of sanitizing, for any HTML: nothing is left that runs, doing it twice changes nothing,
//! and what its page hid is not shown.

use proptest::prelude::*;

use super::sanitize_one;
use super::tests::{base, dangers, policy, usual};
use crate::config::{Embeds, Images};
use crate::model::Role;

/// Pieces of HTML, well-formed or not, to be put together at random.
fn piece() -> impl Strategy<Value = String> {
    let names = prop::sample::select(vec![
        "a",
        "abbr",
        "amp-img",
        "dialog",
        "font",
        "mfrac",
        "mi",
        "mn",
        "msup",
        "nobr",
        "x-card",
        "b",
        "blockquote",
        "body",
        "br",
        "button",
        "caption",
        "code",
        "dd",
        "del",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "form",
        "h1",
        "h3",
        "h6",
        "hr",
        "i",
        "iframe",
        "img",
        "input",
        "li",
        "math",
        "noscript",
        "object",
        "ol",
        "p",
        "pre",
        "q",
        "rp",
        "rt",
        "ruby",
        "script",
        "select",
        "source",
        "span",
        "strong",
        "style",
        "sub",
        "summary",
        "svg",
        "table",
        "tbody",
        "td",
        "template",
        "textarea",
        "tfoot",
        "th",
        "thead",
        "time",
        "title",
        "tr",
        "u",
        "ul",
        "video",
        "xmp",
    ]);
    let attributes = prop::sample::select(vec![
        "",
        "",
        "",
        " id=x",
        " id='uc-x'",
        " id=y",
        " name=x",
        " href=#x",
        " href='#y'",
        " href=/z?a=1&b=%|[",
        " href='javascript:x'",
        " href",
        " src=a.png",
        " src='data:image/png;base64,AAAA'",
        " class=highlight",
        " class='line'",
        " class=k",
        " class='c-k language-x'",
        " class=g-table",
        " class=g-embed href=https://youtu.be/x",
        " class=g-image href=https://x.org/a.png",
        " class=g-image href=http://x.org/#x",
        " class='g-embed g-image' href=#x",
        " src='#x'",
        " src=http://x.org:443/a.png",
        " src=https://www.youtube.com/embed/x",
        " colspan=3",
        " rowspan=9",
        " onclick=x",
        " style='x:y'",
        " title=\"<b>\"",
        " alt='a\"b'",
        " width=1",
        " srcset='a 1x, b 2x'",
        " datetime=2025-01-02",
        " lang=de",
        " dir=rtl",
        " open",
        " class=gutter",
        " class=lineno",
        " value=3",
        " start=2",
        " controls /",
        " /",
        " hidden",
        " hidden id=x",
        " style='display:none'",
        " style='font-size:0'",
        " style='font-size:9px;visibility:visible'",
        " style='visibility:hidden'",
        " style='opacity:0'",
        " class=sr-only",
        " class=katex-html",
        " class=MathJax_Preview",
        " aria-hidden=true",
        " type='math/tex'",
        " class=emoji alt='😀'",
        " class=latex alt='x^2' src=l.png",
        " src=https://x.org/emoji/1f600.png",
        " data-src=b.png",
    ]);
    let text = prop::sample::select(vec![
        "word",
        " ",
        "\n",
        "\n\n",
        "&amp;",
        "&lt;b&gt;",
        "<",
        "&",
        "\u{a0}",
        "#",
        "¶",
        "<!--",
        "-->",
        "<!x>",
        "</",
        "ä\u{1}",
        "&nbsp;",
        "&#x200b;",
        "\"",
        "'",
        "  two  ",
        "]]>",
        "漢",
        "\u{202e}",
        "&#x202c;",
        "\u{2067}x",
        "\u{2069}",
    ]);
    prop_oneof![
        3 => (names.clone(), attributes).prop_map(|(name, attributes)| format!("<{name}{attributes}>")),
        2 => names.prop_map(|name| format!("</{name}>")),
        2 => text.prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_html_becomes_safe_and_then_stays_as_it_is(pieces in prop::collection::vec(piece(), 0..40)) {
        let raw = pieces.concat();
        for policy in [usual(), policy(Images::Click, Embeds::Click)] {
            let once = sanitize_one(&policy, &raw, Some(&base()), Role::Text);
            prop_assert_eq!(dangers(&once.html), Vec::<String>::new(), "{}", once.html);
            let twice = sanitize_one(&policy, &once.html, Some(&base()), Role::Text);
            prop_assert_eq!(twice, once, "{}", raw);
        }
    }

    #[test]
    fn in_every_role_it_stays_as_it_is_too(pieces in prop::collection::vec(piece(), 0..25)) {
        let raw = pieces.concat();
        for (role, base) in [
            (Role::Text, None),
            (Role::Page, None),
            (Role::Aside, None),
            (Role::Aside, Some(base())),
            (Role::Note, Some(base())),
        ] {
            let once = sanitize_one(&usual(), &raw, base.as_ref(), role);
            prop_assert_eq!(&sanitize_one(&usual(), &once.html, base.as_ref(), role), &once, "{}", raw);
            let has_id = once.html.contains(" id=\"") || once.html.contains("href=\"#");
            prop_assert!(!has_id || matches!(role, Role::Text | Role::Page), "{}", once.html);
        }
    }

    #[test]
    fn what_is_hidden_is_not_shown_beside_what_is_seen(
        before in prop::collection::vec(plain_piece(), 0..12),
        inside in prop::collection::vec(plain_piece(), 0..12),
        after in prop::collection::vec(plain_piece(), 0..12),
    ) {
        let [before, inside, after] = [before, inside, after].map(|pieces| pieces.concat());
        let hidden = format!("<div style=display:none>secret{inside}</div>");
        let raw = format!("<p>seen</p>{before}{hidden}{after}");
        let safe = sanitize_one(&usual(), &raw, Some(&base()), Role::Text);
        prop_assert!(safe.html.contains("seen"));
        prop_assert!(!safe.html.contains("secret"), "{} {}", raw, safe.html);
    }
}

/// A piece after which a tag is still a tag, and not the text of an element or a comment.
fn plain_piece() -> impl Strategy<Value = String> {
    const SWALLOWS: [&str; 16] = [
        "<!", "button", "iframe", "math", "noscript", "object", "script", "select", "source",
        "style>", "svg", "template", "textarea", "title>", "video", "xmp",
    ];
    piece().prop_filter("what swallows the tags behind it", |piece| {
        let swallows = SWALLOWS.iter().any(|name| piece.contains(name));
        !swallows
            && !matches!(piece.as_str(), "<" | "</")
            && !piece.starts_with("<style")
            && !piece.starts_with("<title")
    })
}
