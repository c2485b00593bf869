//! What single values are: URLs, plain values, and the names of their types.

use std::fmt;

use toml::de::DeValue;

use crate::model::SafeUrl;

/// An http or https URL, or what is wrong with it.
pub(crate) fn parse_web_url(raw: &str) -> Result<SafeUrl, String> {
    let is_web = |url: &SafeUrl| url.as_str().starts_with("http");
    match SafeUrl::parse(raw) {
        Some(url) if is_web(&url) => Ok(url),
        _ if !raw.contains("://") && SafeUrl::parse(&format!("https://{raw}")).is_some() => {
            Err(format!("did you mean `https://{raw}`?"))
        }
        _ => Err("a URL starts with `https://` or `http://`, without a user name".to_owned()),
    }
}

/// A string, boolean or integer, or, where `lists` says so, a list of these; none for all else.
pub(super) fn plain(value: &DeValue<'_>, lists: bool) -> Option<toml::Value> {
    match value {
        DeValue::String(string) => Some(toml::Value::String(string.clone().into_owned())),
        DeValue::Boolean(boolean) => Some(toml::Value::Boolean(*boolean)),
        DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
            .ok()
            .map(toml::Value::Integer),
        DeValue::Array(array) if lists => array
            .iter()
            .map(|value| plain(value.get_ref(), false))
            .collect::<Option<Vec<_>>>()
            .map(toml::Value::Array),
        _ => None,
    }
}

/// What may stand behind a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Table,
    Plain,
    String,
    Strings,
    /// One of the strings of a list.
    Item,
    Boolean,
    Integer,
}

impl fmt::Display for Wanted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Wanted::Table => "a table",
            Wanted::Plain => "a string, an integer, a boolean or a list of these",
            Wanted::String | Wanted::Item => "a string",
            Wanted::Strings => "a list of strings",
            Wanted::Boolean => "`true` or `false`",
            Wanted::Integer => "an integer",
        })
    }
}

/// What to write instead of a value of the wrong type, where that is plain; `written` is how the
/// file writes it.
pub(super) fn mended(
    key: &str,
    wanted: Wanted,
    found: &DeValue<'_>,
    written: &str,
) -> Option<String> {
    use DeValue::{Array, Boolean, Datetime, Float, Integer, String};
    let value = match (wanted, found) {
        (Wanted::Table, _) => {
            return Some(format!(
                "write `[{key}]` on a line of its own, and its keys on the lines below"
            ));
        }
        (Wanted::Item, Integer(_) | Float(_) | Boolean(_) | Datetime(_)) => {
            return Some(format!("write `\"{written}\"`"));
        }
        (Wanted::String, Integer(_) | Float(_) | Boolean(_) | Datetime(_)) => {
            format!("\"{written}\"")
        }
        (Wanted::String, Array(array)) => match &array[..] {
            [one] => match one.get_ref() {
                String(_) => written.trim_matches(['[', ']', ' ']).to_owned(),
                _ => return None,
            },
            _ => return None,
        },
        (Wanted::Strings, String(text)) if text.contains(',') => {
            let items: Vec<_> = text
                .split(',')
                .map(|item| format!("\"{}\"", item.trim()))
                .collect();
            format!("[{}]", items.join(", "))
        }
        (Wanted::Strings, String(_)) => format!("[{written}]"),
        (Wanted::Boolean, String(text)) => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => "true".to_owned(),
            "false" | "no" | "off" => "false".to_owned(),
            _ => return None,
        },
        (Wanted::Boolean, Integer(number)) => match number.as_str() {
            "1" => "true".to_owned(),
            "0" => "false".to_owned(),
            _ => return None,
        },
        (Wanted::Integer, String(text)) if text.trim().parse::<i64>().is_ok() => {
            text.trim().to_owned()
        }
        _ => return None,
    };
    // A list over many lines is no hint.
    (!value.contains('\n')).then(|| format!("write `{key} = {value}`"))
}

/// What a message calls the type of a value.
pub(super) fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a floating-point number",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
