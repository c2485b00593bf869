//! What single values are: URLs, plain values, and the names of their types.

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
