//! Every link within a site leads to a file that is there, and every fragment to an id on it.

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use crate::site::attributes;

/// The links of a site that lead nowhere, as `page → link`. Pages are looked at as they would be
/// at `base`, which may be a folder of a server or of a disk.
pub(crate) fn broken(tree: &BTreeMap<String, Vec<u8>>, base: &str) -> Vec<String> {
    let base = Url::parse(base).unwrap();
    let pages: BTreeMap<&str, String> = tree
        .iter()
        .filter(|(path, _)| path.ends_with(".html"))
        .map(|(path, bytes)| (path.as_str(), String::from_utf8(bytes.clone()).unwrap()))
        .collect();
    let ids: BTreeMap<&str, BTreeSet<String>> = pages
        .iter()
        .map(|(path, page)| (*path, attributes(page, "id").into_iter().collect()))
        .collect();

    let mut broken = Vec::new();
    for (path, page) in &pages {
        let here = base.join(path).unwrap();
        let links = attributes(page, "href")
            .into_iter()
            .chain(attributes(page, "src"));
        for link in links {
            let target = here.join(&link).unwrap();
            let Some(file) = target.as_str().strip_prefix(base.as_str()) else {
                continue;
            };
            let file = file.split(['#', '?']).next().unwrap();
            let file = percent_encoding::percent_decode_str(file)
                .decode_utf8()
                .unwrap();
            let file = match base.scheme() {
                "file" => file.to_string(),
                _ if file.is_empty() || file.ends_with('/') => format!("{file}index.html"),
                _ => file.to_string(),
            };
            let fragment = target.fragment().filter(|fragment| !fragment.is_empty());
            let found = match fragment {
                None => tree.contains_key(&file),
                Some(id) => ids.get(file.as_str()).is_some_and(|ids| {
                    ids.contains(&*percent_encoding::percent_decode_str(id).decode_utf8_lossy())
                }),
            };
            if !found {
                broken.push(format!("{path} → {link}"));
            }
        }
    }
    broken
}
