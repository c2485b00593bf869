//! Nobody can make sanitizing slow: what is linear stays within seconds, what is quadratic takes minutes.

use super::{dangers, sanitized};

/// Inputs that make HTML parsers slow, each of about a megabyte, or of as much as the caps let
/// through.
fn hostile() -> Vec<(&'static str, String)> {
    let many = |piece: &str| piece.repeat(1_000_000 / piece.len());
    let numbered = |piece: fn(usize) -> String| (0..60_000).map(piece).collect::<String>();
    vec![
        ("unclosed b", many("<b>")),
        ("unclosed div", many("<div>")),
        ("unclosed p", many("<p>x")),
        ("lists in lists", many("<ul><li>")),
        ("tables in tables", many("<table><tr><td>")),
        ("links in tables", many("<table><a>x")),
        ("misnested", many("<a href=x><b><i></a>y")),
        ("misnested blocks", many("<b><p>x</b>y")),
        (
            "formatting that is reopened",
            format!(
                "<p><b><i><u><s><em><strong><small><code>{}",
                many("<div>x</div>")
            ),
        ),
        (
            "formatting, all different",
            numbered(|n| format!("<p><b id=x{n}></p>")),
        ),
        (
            "attributes",
            format!("<a {}>x</a>", numbered(|n| format!("a{n} "))),
        ),
        ("references", many("&amp")),
        (
            "references in a value",
            format!("<a href=\"{}\">x</a>", many("&amp;")),
        ),
        ("comments", many("<!---->")),
        ("bogus comments", many("</ >")),
        ("unclosed comments", many("<!--")),
        ("open angles", many("<")),
        ("svg", many("<svg>")),
        ("buttons", many("<button>x")),
        ("noscript", many("<noscript>")),
        ("end tags", format!("{}{}", many("<b>"), many("</i>"))),
        ("spans of cells", many("<tr><td rowspan=100 colspan=100>x")),
        (
            "cells in a table",
            format!("<table>{}", many("<td colspan=100 rowspan=100>x")),
        ),
        ("headings", many("<h1><a href=#x>x</a>")),
        ("ruby", many("<ruby>x<rt>")),
        ("definitions", many("<dl><dt>x<dd>")),
        (
            "images",
            numbered(|n| format!("<img src=x{n} srcset='a 1x,b 2x'>")),
        ),
        ("a srcset", format!("<img srcset='{}'>", many("a 1x,"))),
        ("code lines", format!("<pre>{}", many("<div class=line>"))),
        ("details", many("<details><summary>x</summary>")),
        ("one long word", many("ä")),
        ("selects", many("<select><option>")),
        ("math", many("<math><mi>")),
        (
            "a long formula",
            format!("<math>{}</math>", many("<mi>a</mi><mo>+</mo>")),
        ),
        (
            "a deep formula",
            format!("<math>{}x</math>", many("<mfrac><mi>x</mi>")),
        ),
        ("many formulas", many("<math><mi>x</mi></math>")),
        ("hidden", many("<div hidden>x")),
        ("hidden elements of other names", many("<x-y hidden><x-y>x")),
        (
            "hidden elements with an id",
            numbered(|n| format!("<p hidden id=p{n}>x<a href=#p{n}>")),
        ),
        ("small letters", many("<x-y style='font-size:0'><p>x</x-y>")),
        (
            "styles",
            many("<p style='a:b;display:inline;color:#fff;background:url(x)'>"),
        ),
        ("a style", format!("<p style='{}'>x", many("color:red;"))),
        ("what closes itself", many("<x/><i/><iframe/>")),
        ("tags of all names", numbered(|n| format!("<x{n}/><i/>"))),
        ("directions", many("\u{202e}\u{2066}x")),
        (
            "elements with directions",
            many("<b>\u{202e}</b><i>\u{202c}"),
        ),
        ("equal headings", many("<h2>x</h2>")),
        (
            "a link around all",
            format!("<a href=x>{}", many("<div><a>")),
        ),
    ]
}

#[test]
fn nobody_can_make_it_slow() {
    for (name, raw) in hostile() {
        #[expect(clippy::disallowed_methods, reason = "the test measures")]
        let start = std::time::Instant::now();
        let once = sanitized(&raw);
        let taken = start.elapsed();
        println!(
            "{name}: {} ms, {} bytes",
            taken.as_millis(),
            once.html.len()
        );
        // A debug build on a busy machine; what is quadratic takes minutes.
        assert!(taken.as_secs() < 20, "{name}");
        assert_eq!(dangers(&once.html), Vec::<String>::new(), "{name}");
    }
}
