//! A formula in MathML → one line of text that can be read, searched and quoted: `x²`, `√(a + b)`,
//! `(n + 1)/2`.
//!
//! Formulas are not kept as MathML: its elements are where parsers and sanitizers have disagreed
//! about what is text and what is HTML. Text cannot run. Where MathML says nothing, the source
//! stays, as its author wrote it.

use std::borrow::Cow;

use super::decode::decode;
use super::mathml::{Part, read as parts};

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

/// A line of a formula that is being written.
#[derive(Default)]
struct Line {
    out: String,
    /// Without spaces around operators, as an index is written.
    tight: bool,
    /// Where the last word ended, such as the name of a function.
    word_end: usize,
}

impl Line {
    fn row(&mut self, parts: &[Part<'_>]) {
        let mut parts = parts.iter().filter(|part| !is_nothing(part)).peekable();
        while let Some(part) = parts.next() {
            let next = parts.peek().copied();
            self.part(part, next);
        }
    }

    fn part(&mut self, part: &Part<'_>, next: Option<&Part<'_>>) {
        let child = |at: usize| {
            part.children
                .iter()
                .filter(|part| !is_nothing(part))
                .nth(at)
        };
        match part.name.to_ascii_lowercase().as_str() {
            "" | "mtext" | "ms" => self.words(&part.all_text()),
            "mi" | "mn" | "ci" | "cn" => self.sign(part.all_text().trim()),
            "mo" => self.operator(part.all_text().trim(), next),
            "mspace" => self.gap(),
            "mphantom" | "annotation" | "annotation-xml" | "mprescripts" | "none" => {}
            "semantics" | "maction" => self.row(part.children.get(..1).unwrap_or_default()),
            "mfrac" => self.fraction(part, next),
            "msqrt" => {
                let inside = self.apart(&part.children);
                self.root("√", &inside);
            }
            "mroot" => {
                let inside = self.inside(child(0));
                let index = self.inside(child(1));
                let sign = match index.as_str() {
                    "3" => "∛".to_owned(),
                    "4" => "∜".to_owned(),
                    index => raised(index)
                        .map_or_else(|| format!("root {index} of "), |index| format!("{index}√")),
                };
                self.root(&sign, &inside);
            }
            "msup" => self.scripts(child(0), None, child(1)),
            "msub" => self.scripts(child(0), child(1), None),
            "msubsup" | "munderover" => self.scripts(child(0), child(1), child(2)),
            "munder" => self.scripts(child(0), child(1), None),
            "mover" => self.over(child(0), child(1)),
            "mmultiscripts" => self.multiscripts(part),
            "mfenced" => self.fenced(part),
            "mtable" => self.table(part),
            _ => self.row(&part.children),
        }
    }

    /// A letter or a number; words and numbers stay apart.
    fn sign(&mut self, sign: &str) {
        let ends_word = self.out.ends_with(|c: char| c.is_ascii_digit())
            && sign.starts_with(|c: char| c.is_ascii_digit())
            || is_word(sign) && self.out.ends_with(char::is_alphanumeric)
            || self.word_end > 0
                && self.word_end == self.out.len()
                && sign.starts_with(|c: char| c.is_alphanumeric() || c == '√');
        if ends_word {
            self.gap();
        }
        self.out.push_str(sign);
        if is_word(sign) {
            self.word_end = self.out.len();
        }
    }

    fn words(&mut self, text: &str) {
        if text.trim().is_empty() {
            if text.contains('\u{a0}') {
                self.gap();
            }
            return;
        }
        if text.starts_with(char::is_whitespace) {
            self.gap();
        }
        self.sign(&text.split_whitespace().collect::<Vec<_>>().join(" "));
        if text.ends_with(char::is_whitespace) {
            self.gap();
        }
    }

    fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with(' ') {
            self.out.push(' ');
        }
    }

    fn operator(&mut self, sign: &str, next: Option<&Part<'_>>) {
        match sign {
            // Multiplied, added, or an index beside an index: nobody sees these.
            "\u{2062}" | "\u{2064}" | "\u{200b}" => {}
            "\u{2063}" => self.out.push(','),
            // A function and what it is of.
            "\u{2061}" => {
                let bracketed = next.is_some_and(|next| opens(&next.all_text()));
                if !bracketed {
                    self.gap();
                }
            }
            "," | ";" => {
                self.out.push_str(sign);
                if !self.tight {
                    self.gap();
                }
            }
            _ if is_infix(sign) && self.is_infix_here() && next.is_some() && !self.tight => {
                self.gap();
                self.out.push_str(sign);
                self.gap();
            }
            _ => self.out.push_str(sign),
        }
    }

    /// Whether an operator has something before it that it works on.
    fn is_infix_here(&self) -> bool {
        let before = self.out.trim_end();
        let last = before.chars().next_back();
        last.is_some_and(|last| !opens(&last.to_string()) && !is_infix(&last.to_string()))
    }

    /// What parts say on a line of their own.
    fn apart(&self, parts: &[Part<'_>]) -> String {
        let mut line = Line {
            tight: self.tight,
            ..Line::default()
        };
        line.row(parts);
        line.out.trim().to_owned()
    }

    fn inside(&self, part: Option<&Part<'_>>) -> String {
        let mut line = Line {
            tight: self.tight,
            ..Line::default()
        };
        if let Some(part) = part {
            line.part(part, None);
        }
        line.out.trim().to_owned()
    }

    fn script(part: Option<&Part<'_>>) -> String {
        let line = Line {
            tight: true,
            ..Line::default()
        };
        line.inside(part)
    }

    fn fraction(&mut self, part: &Part<'_>, next: Option<&Part<'_>>) {
        let mut children = part.children.iter().filter(|part| !is_nothing(part));
        let (above, below) = (self.inside(children.next()), self.inside(children.next()));
        let flat = part.attribute("linethickness");
        let no_line = flat.is_some_and(|width| {
            let number = width.trim_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
            number.trim().parse() == Ok(0.0)
        });
        if no_line {
            self.gap();
            self.out.push_str(&format!("{above} over {below}"));
            return;
        }
        let fraction = format!("{}/{}", grouped(&above), divisor(&below));
        let follows = next.is_some_and(|next| !next.is("mo") && !is_nothing(next));
        if self.out.ends_with(char::is_alphanumeric) {
            self.gap();
        }
        if follows {
            self.out.push_str(&format!("({fraction})"));
        } else {
            self.out.push_str(&fraction);
        }
    }

    fn root(&mut self, sign: &str, inside: &str) {
        if sign.starts_with(char::is_alphanumeric) {
            self.gap();
        }
        self.out.push_str(sign);
        if inside.chars().count() > 1 && !inside.bytes().all(|byte| byte.is_ascii_digit()) {
            self.out.push_str(&format!("({inside})"));
        } else {
            self.out.push_str(inside);
        }
    }

    fn scripts(
        &mut self,
        base: Option<&Part<'_>>,
        below: Option<&Part<'_>>,
        above: Option<&Part<'_>>,
    ) {
        let base = self.inside(base);
        let base = if base.chars().any(|c| c == '/' || c == ' ') {
            grouped(&base)
        } else {
            base.into()
        };
        self.sign(&base);
        self.below(&Self::script(below));
        self.above(&Self::script(above));
        if base.starts_with(is_large) || is_word(&base) {
            self.gap();
        }
    }

    fn above(&mut self, script: &str) {
        if script.is_empty() {
            return;
        }
        let mark = |c: char| matches!(c, '′' | '″' | '‴' | '\'' | '*' | '∗' | '†' | '°');
        match raised(script) {
            _ if script.chars().all(mark) => self.out.push_str(script),
            _ if script == "∘" => self.out.push('°'),
            Some(raised) => self.out.push_str(&raised),
            None => self.out.push_str(&format!("^{}", grouped(script))),
        }
    }

    fn below(&mut self, script: &str) {
        if script.is_empty() {
            return;
        }
        match lowered(script) {
            Some(lowered) => self.out.push_str(&lowered),
            None => self.out.push_str(&format!("_{}", grouped(script))),
        }
    }

    /// An accent, or what stands above a sum.
    fn over(&mut self, base: Option<&Part<'_>>, above: Option<&Part<'_>>) {
        let accent = match Self::script(above).as_str() {
            "^" | "ˆ" | "\u{302}" => "\u{302}",
            "~" | "˜" | "∼" | "\u{303}" => "\u{303}",
            "¯" | "‾" | "―" | "_" | "\u{304}" => "\u{304}",
            "→" | "⃗" => "\u{20d7}",
            "." | "˙" => "\u{307}",
            ".." | "¨" => "\u{308}",
            _ => return self.scripts(base, None, above),
        };
        let base = self.inside(base);
        self.sign(&base);
        // Over many letters it would stand over the last one alone.
        if base.chars().count() == 1 {
            self.out.push_str(accent);
        }
    }

    fn multiscripts(&mut self, part: &Part<'_>) {
        let children = part
            .children
            .iter()
            .filter(|part| !is_nothing(part) || part.is("none"));
        let children: Vec<_> = children.collect();
        let split = children.iter().position(|part| part.is("mprescripts"));
        let (after, before) = children.split_at(split.unwrap_or(children.len()));
        for pair in before.get(1..).unwrap_or_default().chunks(2) {
            self.above(&Self::script(pair.get(1).copied()));
            self.below(&Self::script(pair.first().copied()));
        }
        let base = self.inside(after.first().copied());
        self.out.push_str(&base);
        for pair in after.get(1..).unwrap_or_default().chunks(2) {
            self.below(&Self::script(pair.first().copied()));
            self.above(&Self::script(pair.get(1).copied()));
        }
    }

    fn fenced(&mut self, part: &Part<'_>) {
        let said = |name, usual: &'static str| {
            part.attribute(name)
                .map_or(usual.into(), |said| decode(said))
        };
        let separator = said("separators", ",").trim().chars().next();
        let children = part.children.iter().filter(|part| !is_nothing(part));
        let inside: Vec<_> = children.map(|part| self.inside(Some(part))).collect();
        let between = separator.map_or_else(String::new, |separator| format!("{separator} "));
        self.out.push_str(said("open", "(").trim());
        self.out.push_str(&inside.join(&between));
        self.out.push_str(said("close", ")").trim());
    }

    /// Cells with commas and rows with semicolons; lines under each other have no commas.
    fn table(&mut self, part: &Part<'_>) {
        let fenced = self.out.trim_end().ends_with(['(', '[', '|', '‖', '⟨']);
        let rows = part.children.iter().filter(|row| !is_nothing(row));
        let rows = rows.map(|row| {
            let label = usize::from(row.is("mlabeledtr"));
            let cells = row.children.iter().filter(|cell| !is_nothing(cell));
            let cells = cells.skip(label).map(|cell| self.inside(Some(cell)));
            let cells: Vec<_> = cells.filter(|cell| !cell.is_empty()).collect();
            cells.join(if fenced { ", " } else { " " })
        });
        let rows: Vec<_> = rows.filter(|row| !row.is_empty()).collect();
        self.out.push_str(&rows.join("; "));
    }
}

/// White space between the parts of a formula.
fn is_nothing(part: &Part<'_>) -> bool {
    part.name.is_empty() && part.text.bytes().all(|byte| byte.is_ascii_whitespace())
}

/// Sums, products, integrals, and what else works on all that follows.
fn is_large(c: char) -> bool {
    matches!(c, '∏'..='∑' | '∫'..='∳' | '⋀'..='⋃' | '⨀'..='⨆')
}

/// The name of a function, or a word: more than one letter.
fn is_word(sign: &str) -> bool {
    sign.chars().count() > 1 && sign.chars().all(char::is_alphabetic)
}

fn opens(text: &str) -> bool {
    text.trim().starts_with(['(', '[', '{', '⟨', '|', '⌊', '⌈'])
}

/// Operators that stand between two things, with space around them.
fn is_infix(sign: &str) -> bool {
    let mut characters = sign.chars();
    let Some(first) = characters.next() else {
        return false;
    };
    matches!(
        first,
        '+' | '-' | '−' | '=' | '<' | '>' | '±' | '×' | '÷' | '∣'
    ) || matches!(first, '←'..='⇿' | '∈'..='∌' | '∓' | '∗' | '∘' | '∝' | '∥'..='∪' | '∴'..='⋬' | '⟵'..='⟿' | '⪅'..='⪼')
        || sign == ":="
}

/// In parentheses, if it is more than one thing.
fn grouped(text: &str) -> Cow<'_, str> {
    let joint = |c: char| {
        !(c.is_alphanumeric() || matches!(c, '.' | '′' | '°' | '√' | '∞' | '\u{300}'..='\u{36f}'))
            && raised_digit(c).is_none()
            && lowered_digit(c).is_none()
    };
    if text.chars().count() > 1 && text.contains(joint) && !is_enclosed(text) {
        Cow::Owned(format!("({text})"))
    } else {
        Cow::Borrowed(text)
    }
}

/// What a fraction is divided by: a product must not be taken for a divisor and a factor.
fn divisor(text: &str) -> Cow<'_, str> {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let product = letters > 1 && !is_word(text)
        || letters == 1 && text.starts_with(|c: char| c.is_ascii_digit());
    if product && !is_enclosed(text) {
        return Cow::Owned(format!("({text})"));
    }
    grouped(text)
}

/// Whether the parentheses at both ends belong to each other.
fn is_enclosed(text: &str) -> bool {
    if !text.starts_with('(') {
        return false;
    }
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at + c.len_utf8() == text.len();
        }
    }
    false
}

fn raised(text: &str) -> Option<String> {
    text.chars().map(raise).collect()
}

fn lowered(text: &str) -> Option<String> {
    text.chars().map(lower).collect()
}

/// The characters that stand high in every font, and low.
const SCRIPTS: [(char, char, char); 15] = [
    ('0', '⁰', '₀'),
    ('1', '¹', '₁'),
    ('2', '²', '₂'),
    ('3', '³', '₃'),
    ('4', '⁴', '₄'),
    ('5', '⁵', '₅'),
    ('6', '⁶', '₆'),
    ('7', '⁷', '₇'),
    ('8', '⁸', '₈'),
    ('9', '⁹', '₉'),
    ('+', '⁺', '₊'),
    ('−', '⁻', '₋'),
    ('-', '⁻', '₋'),
    ('(', '⁽', '₍'),
    (')', '⁾', '₎'),
];

fn raise(c: char) -> Option<char> {
    let known = SCRIPTS.iter().find(|(plain, ..)| *plain == c);
    known.map_or((c == 'n').then_some('ⁿ'), |(_, high, _)| Some(*high))
}

fn lower(c: char) -> Option<char> {
    let known = SCRIPTS.iter().find(|(plain, ..)| *plain == c);
    known.map(|(.., low)| *low)
}

fn raised_digit(c: char) -> Option<char> {
    let known = SCRIPTS.iter().find(|(_, high, _)| *high == c);
    known.map(|(plain, ..)| *plain)
}

fn lowered_digit(c: char) -> Option<char> {
    let known = SCRIPTS.iter().find(|(.., low)| *low == c);
    known.map(|(plain, ..)| *plain)
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
