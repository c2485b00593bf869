//! What themes there are, for people: each with its options and templates, in lines of 80 columns.
//!
//! A theme of the site comes from files that may have been taken from elsewhere: what is quoted of
//! them is escaped.

use std::io::{self, Write};

use anstyle::Style;
use gleaner::diag::escape_controls;
use gleaner::pipeline::{ThemeInfo, ThemeOptionInfo};

/// How wide a line may be.
const WIDTH: usize = 80;
/// How wide the column of names may be before what follows goes to a line of its own.
const NAMES: usize = 22;
/// What is looked for on the page.
const NAME: Style = Style::new().bold();
/// What comes next.
const CLOSING: &str = "Choose a theme in site.toml by `theme.name`, and its options under \
    `[theme.options]`. `gleaner theme export entry.html` copies a template to change it.";

/// Prints each theme at length.
pub(super) fn print(out: &mut impl Write, themes: &[ThemeInfo]) -> io::Result<()> {
    for theme in themes {
        let name = escape_controls(&theme.name);
        writeln!(out, "{NAME}{name}{NAME:#} ({})", standing(theme))?;
        if let Some(description) = &theme.description {
            paragraph(out, 2, description)?;
        }
        if !theme.options.is_empty() {
            writeln!(out, "\n  Options")?;
        }
        for option in &theme.options {
            print_option(out, option)?;
        }
        if !theme.templates.is_empty() {
            writeln!(out, "\n  Templates")?;
        }
        let longest = theme.templates.iter().map(|template| template.name.len());
        let column = longest.max().unwrap_or_default().min(NAMES);
        for template in &theme.templates {
            let name = escape_controls(&template.name);
            match &template.about {
                Some(about) => row(out, &name, column, about)?,
                None => writeln!(out, "    {name}")?,
            }
        }
        writeln!(out)?;
    }
    paragraph(out, 0, CLOSING)
}

/// Prints a line for each theme.
pub(super) fn print_short(out: &mut impl Write, themes: &[ThemeInfo]) -> io::Result<()> {
    for theme in themes {
        let (name, standing) = (escape_controls(&theme.name), standing(theme));
        let description = theme.description.as_deref().map(escape_controls);
        let description = description.map(|text| format!(": {text}"));
        writeln!(
            out,
            "{name} ({standing}){}",
            description.unwrap_or_default()
        )?;
    }
    Ok(())
}

/// Where a theme comes from, and whether the site uses it.
fn standing(theme: &ThemeInfo) -> String {
    let origin = match &theme.extends {
        _ if theme.built_in => "built in".to_owned(),
        Some(base) if *base == theme.name => "your changes to the built-in theme".to_owned(),
        Some(base) => format!("yours, extends `{}`", escape_controls(base)),
        None => "yours".to_owned(),
    };
    if theme.in_use {
        format!("{origin}, in use")
    } else {
        origin
    }
}

/// `density = "calm"` with its choices, then what it changes.
fn print_option(out: &mut impl Write, option: &ThemeOptionInfo) -> io::Result<()> {
    let name = escape_controls(&option.name);
    let default = escape_controls(&option.default.to_string());
    writeln!(out, "    {NAME}{name}{NAME:#} = {default}")?;
    let others = option
        .choices
        .iter()
        .filter(|choice| **choice != option.default);
    let others: Vec<String> = others.map(ToString::to_string).collect();
    let mut text = option.description.clone();
    if !others.is_empty() {
        text.push_str(&format!("; or {}", others.join(", ")));
    }
    paragraph(out, 8, &text)
}

/// A name and what is to be said of it, side by side where there is room.
fn row(out: &mut impl Write, name: &str, column: usize, text: &str) -> io::Result<()> {
    let indent = 4 + column + 2;
    let lines = wrapped(text, WIDTH - indent);
    if name.chars().count() > column {
        writeln!(out, "    {name}")?;
    } else {
        let first = lines.first().map_or("", String::as_str);
        writeln!(out, "    {name:<column$}  {first}")?;
    }
    let told = usize::from(name.chars().count() <= column);
    for line in lines.iter().skip(told) {
        writeln!(out, "{:indent$}{line}", "")?;
    }
    Ok(())
}

fn paragraph(out: &mut impl Write, indent: usize, text: &str) -> io::Result<()> {
    for line in wrapped(text, WIDTH - indent) {
        writeln!(out, "{:indent$}{line}", "")?;
    }
    Ok(())
}

/// Lines of at most this many characters, where words allow it.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in escape_controls(text).split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_wrapped_and_none_is_lost() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("unbreakable x", 4), ["unbreakable", "x"]);
        assert_eq!(wrapped("", 4), [""; 0]);
    }
}
