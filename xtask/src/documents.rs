//! Documents that must say what the code does: a README with its six headings, a page per problem, every due route.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::generate;

const HEADINGS: &[&str] =
    &["What it does", "Words", "Hears and says", "A walk", "Tables", "How it fails and what then"];

/// The routes clients rely on, one `METHOD /path` a line.
const ROUTES: &str = include_str!("routes.txt");

/// Missing headings, missing pages, missing routes.
pub fn troubles(root: &Path) -> Vec<String> {
    let mut troubles = missing_headings(root);
    troubles.extend(missing_pages(root));
    troubles.extend(missing_routes());
    troubles
}

fn missing_headings(root: &Path) -> Vec<String> {
    let services = generate::documents();
    let missing = services.iter().flat_map(|(service, _)| {
        let path = format!("services/{service}/README.md");
        let text = fs::read_to_string(root.join(&path)).unwrap_or_default();
        HEADINGS
            .iter()
            .filter(move |heading| !text.contains(&format!("# {heading}")))
            .map(move |heading| format!("{path}: no heading \"{heading}\""))
            .collect::<Vec<_>>()
    });
    missing.collect()
}

/// Every slug a service or the chassis can answer with has a page. Slugs are the string literals in `error.rs` and in
/// the chassis' list that look like one.
fn missing_pages(root: &Path) -> Vec<String> {
    let mut slugs: BTreeSet<String> = BTreeSet::new();
    let files = generate::documents()
        .into_iter()
        .map(|(service, _)| format!("services/{service}/src/error.rs"))
        .chain(["libs/chassis/src/problem.rs".to_owned()]);
    for file in files {
        let text = fs::read_to_string(root.join(file)).unwrap_or_default();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        slugs.extend(code.split('"').skip(1).step_by(2).filter(|s| is_slug(s)).map(str::to_owned));
    }
    slugs
        .into_iter()
        .filter(|slug| !root.join(format!("docs/problems/{slug}.md")).exists())
        .map(|slug| format!("docs/problems/{slug}.md is missing"))
        .collect()
}

fn is_slug(text: &str) -> bool {
    let word = |w: &str| {
        !w.is_empty()
            && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    let parts: Vec<&str> = text.split('/').collect();
    let alone =
        ["internal", "unavailable", "overloaded", "timeout", "forbidden", "unauthenticated"];
    match parts.as_slice() {
        [one] => word(one) && (alone.contains(one) || one.contains('-')),
        [service, slug] => word(service) && word(slug) && !text.contains("application"),
        _ => false,
    }
}

fn missing_routes() -> Vec<String> {
    let offered: BTreeSet<String> = generate::documents()
        .into_iter()
        .flat_map(|(_, document)| operations(&serde_json::to_value(document).unwrap_or_default()))
        .collect();
    let due = ROUTES.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    due.map(plain)
        .filter(|route| !offered.contains(route))
        .map(|r| format!("no service offers {r}"))
        .collect()
}

fn operations(document: &Value) -> Vec<String> {
    let paths = document["paths"].as_object().cloned().unwrap_or_default();
    let each = paths.iter().flat_map(|(path, item)| {
        let methods =
            item.as_object().map(|i| i.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
        methods.into_iter().map(move |method| plain(&format!("{} {path}", method.to_uppercase())))
    });
    each.collect()
}

/// Names of path parameters do not matter.
fn plain(route: &str) -> String {
    let parts = route.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}
