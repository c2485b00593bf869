//! A formula in MathML → one line of text that can be read, searched and quoted: `x²`, `√(a + b)`,
//! `(n + 1)/2`.
//!
//! Formulas are not kept as MathML: its elements are where parsers and sanitizers have disagreed
//! about what is text and what is HTML. Text cannot run. Where MathML says nothing, the source
//! stays, as its author wrote it.

mod line;
mod signs;

use std::borrow::Cow;

use super::decode::decode;
use super::mathml::{Part, read as parts};
use line::Line;
use signs::{lowered_digit, raised_digit};

/// What is left of a formula.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Formula<'a> {
    /// What it says.
    Text(String),
    /// How it was written, with its references.
    Source(Cow<'a, str>),
}

/// How a script writes a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    MathMl,
    /// TeX or AsciiMath.
    Text,
}

impl Source {
    /// By the type of the script.
    pub(super) fn of(kind: &str) -> Option<Self> {
        let kind = kind.split(';').next()?.trim().to_ascii_lowercase();
        match kind.as_str() {
            "math/mml" => Some(Source::MathMl),
            "math/tex" | "math/asciimath" => Some(Source::Text),
            _ => None,
        }
    }
}

/// The source in a script, without the marks that kept XML's parsers away from it.
pub(super) fn source(script: &str) -> &str {
    let script = script.trim();
    let inside = script
        .strip_prefix("% <![CDATA[")
        .or_else(|| script.strip_prefix("<![CDATA["));
    let inside = inside.map_or(script, |inside| {
        inside
            .trim_end()
            .trim_end_matches("]]>")
            .trim_end_matches(['%', ' '])
    });
    inside.trim()
}

/// The source that stands in the description of a picture of a formula.
pub(super) fn described(alt: &str) -> &str {
    let alt = alt.trim();
    let braced = alt.strip_prefix('{').and_then(|alt| alt.strip_suffix('}'));
    let styled = braced.and_then(|inside| {
        inside
            .strip_prefix("\\displaystyle")
            .or_else(|| inside.strip_prefix("\\textstyle"))
    });
    let alt = styled.unwrap_or(alt).trim();
    let alt = alt.strip_prefix("\\displaystyle ").unwrap_or(alt);
    alt.trim_matches('$').trim()
}

/// Reads what stands between `<math>` and `</math>`; `alternative` is its `alttext`.
pub(super) fn read<'a>(markup: &'a str, alternative: Option<&'a str>) -> Formula<'a> {
    let math = parts(markup);
    let mut line = Line::default();
    line.row(&math.children);
    let text = line.out.trim();
    let source = annotation(&math).filter(|source| !source.trim().is_empty());
    if !text.is_empty() && source.as_ref().is_none_or(|source| is_whole(text, source)) {
        return Formula::Text(text.to_owned());
    }
    let source = source.or_else(|| alternative.map(|alternative| decode(alternative).into_owned()));
    let source = source.unwrap_or_default();
    let escaped = described(&source).replace('&', "&amp;");
    Formula::Source(escaped.into())
}

/// Whether no number was lost: who sends the text on may have dropped elements that they did not
/// know.
fn is_whole(text: &str, source: &str) -> bool {
    let digits = |text: &str| {
        let plain = |c: char| raised_digit(c).or(lowered_digit(c)).unwrap_or(c);
        text.chars().filter(|c| plain(*c).is_ascii_digit()).count()
    };
    // Roots have digits of their own.
    text.contains(['∛', '∜']) || digits(text) >= digits(source)
}

/// The source beside the signs.
fn annotation(part: &Part<'_>) -> Option<String> {
    if part.is("annotation") {
        return Some(part.all_text());
    }
    part.children.iter().find_map(annotation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_reads(markup: &str, text: &str) {
        assert_eq!(
            read(markup, None),
            Formula::Text(text.to_owned()),
            "{markup}"
        );
    }

    #[test]
    fn formulas_are_read_as_they_are_spoken() {
        let x2 = "<msup><mi>x</mi><mn>2</mn></msup>";
        let sum = "<mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow>";
        for (markup, text) in [
            (x2.to_owned(), "x²"),
            ("<mfrac><mn>1</mn><mn>2</mn></mfrac>".to_owned(), "1/2"),
            (format!("<mfrac>{sum}<mn>2</mn></mfrac>"), "(a + b)/2"),
            (
                "<mfrac><mn>1</mn><mrow><mn>2</mn><mi>π</mi></mrow></mfrac>".to_owned(),
                "1/(2π)",
            ),
            (
                format!("<mfrac><mn>1</mn><mn>2</mn></mfrac><mi>m</mi>{x2}"),
                "(1/2)mx²",
            ),
            (
                "<mi>x</mi><mo>=</mo><mo>-</mo><mfrac><mi>p</mi><mi>q</mi></mfrac>".to_owned(),
                "x = -p/q",
            ),
            (format!("<msqrt>{sum}</msqrt>"), "√(a + b)"),
            ("<msqrt><mn>2</mn></msqrt>".to_owned(), "√2"),
            ("<mroot><mi>x</mi><mn>3</mn></mroot>".to_owned(), "∛x"),
            ("<mroot><mi>x</mi><mn>5</mn></mroot>".to_owned(), "⁵√x"),
            (format!("<msup><mi>e</mi>{sum}</msup>"), "e^(a+b)"),
            ("<msup><mi>e</mi><mi>x</mi></msup>".to_owned(), "e^x"),
            ("<msub><mi>a</mi><mn>12</mn></msub>".to_owned(), "a₁₂"),
            ("<msub><mi>x</mi><mi>max</mi></msub>".to_owned(), "x_max"),
            ("<msup><mi>f</mi><mo>′</mo></msup>".to_owned(), "f′"),
            (
                "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>\
                 <msub><mi>x</mi><mi>i</mi></msub>"
                    .to_owned(),
                "∑_(i=1)ⁿ x_i",
            ),
            (
                "<mi>sin</mi><mo>&#x2061;</mo><mi>x</mi><mo>&lt;</mo><mi>f</mi><mo>&#8289;</mo>\
                 <mrow><mo>(</mo><mi>y</mi><mo>)</mo></mrow>"
                    .to_owned(),
                "sin x < f(y)",
            ),
            ("<mn>2</mn><mo>&InvisibleTimes;</mo><mi>x</mi>".to_owned(), "2x"),
            ("<mover><mi>x</mi><mo>→</mo></mover>".to_owned(), "x\u{20d7}"),
            (
                "<mo>(</mo><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>0</mn></mtd></mtr>\
                 <mtr><mtd><mn>0</mn></mtd><mtd><mn>1</mn></mtd></mtr></mtable><mo>)</mo>"
                    .to_owned(),
                "(1, 0; 0, 1)",
            ),
            (
                "<mfenced><mi>a</mi><mi>b</mi></mfenced>".to_owned(),
                "(a, b)",
            ),
            (
                "<mmultiscripts><mi>U</mi><mprescripts/><mn>92</mn><mn>238</mn></mmultiscripts>".to_owned(),
                "²³⁸₉₂U",
            ),
            (
                "<mi>x</mi><mtext> if </mtext><mi>y</mi>".to_owned(),
                "x if y",
            ),
            (
                "<m:mfrac><m:mi>a</m:mi><m:mi>b</m:mi></m:mfrac>".to_owned(),
                "a/b",
            ),
            (
                format!("<semantics><mrow>{x2}</mrow><annotation encoding='application/x-tex'>x^2</annotation></semantics>"),
                "x²",
            ),
        ] {
            assert_reads(&markup, text);
        }
    }

    #[test]
    fn without_signs_the_source_is_left() {
        let tex = "<semantics><annotation encoding='application/x-tex'>a &amp;&lt; b</annotation></semantics>";
        assert_eq!(read(tex, None), Formula::Source("a &amp;< b".into()));
        let cut = "<semantics><mi>x</mi><annotation>x^2</annotation></semantics>";
        assert_eq!(read(cut, None), Formula::Source("x^2".into()));
        let described = read("<mrow></mrow>", Some("{\\displaystyle x^{2}}"));
        assert_eq!(described, Formula::Source("x^{2}".into()));
        assert_eq!(read("", None), Formula::Source("".into()));
    }

    #[test]
    fn what_no_formula_holds_is_text_at_most() {
        assert_reads("<mi>a</mi><style>b{}</style><script>c()</script>", "a");
        assert_reads("</mrow></b><mi>a<mi>b", "ab");
        let deep = format!("{}x{}", "<msqrt>".repeat(5_000), "</msqrt>".repeat(5_000));
        assert!(matches!(read(&deep, None), Formula::Text(_)));
    }

    #[test]
    fn the_source_of_a_script_stands_without_its_marks() {
        assert_eq!(source("% <![CDATA[\nx &= y %]]>"), "x &= y");
        assert_eq!(source(" x^2 "), "x^2");
        assert_eq!(Source::of("math/tex; mode=display"), Some(Source::Text));
        assert_eq!(Source::of("text/javascript"), None);
    }
}
