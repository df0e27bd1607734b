//! Documents that must say what the code does: a README with its six headings, a page per problem, every due route,
//! walks that name functions which exist, the invariants that are checked, and lists of the services that are whole.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use chassis::problem::SLUGS;
use serde_json::Value;

use crate::generate;
use crate::rooms::rust_files;
use crate::security::{rows, unproven};

const HEADINGS: &[&str] =
    &["What it does", "Words", "Hears and says", "A walk", "Tables", "How it fails and what then"];

/// The routes clients rely on, one `METHOD /path` a line.
const ROUTES: &str = include_str!("routes.txt");

/// Where the services are listed by hand, and how: whoever is missing there is not run or not checked.
const LISTS: &[(&str, &str)] = &[
    ("xtask/src/generate.rs", "@::openapi()"),
    ("apps/mall/src/operator/registry.rs", "entry::<@::App>()"),
    ("e2e/src/supervisor.rs", "\"@\","),
    ("deploy/native/lib/home.sh", "@"),
];

/// The page of the invariants. Its first table names those that `mall verify` checks.
const INVARIANTS: &str = "docs/invariants.md";

/// Missing headings, pages, routes and services; walks through functions that are not there; unchecked invariants.
pub fn troubles(root: &Path) -> Vec<String> {
    let mut troubles = missing_headings(root);
    troubles.extend(missing_pages(root));
    troubles.extend(missing_routes());
    troubles.extend(lost_walks(root));
    troubles.extend(forgotten_services(root));
    troubles.extend(other_invariants(root));
    troubles.extend(unproven(root, INVARIANTS));
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

fn forgotten_services(root: &Path) -> Vec<String> {
    let folders = fs::read_dir(root.join("services")).into_iter().flatten().flatten();
    let services: Vec<String> =
        folders.filter_map(|folder| folder.file_name().into_string().ok()).collect();
    let missing = LISTS.iter().flat_map(|(list, entry)| {
        let text = fs::read_to_string(root.join(list)).unwrap_or_default();
        let listed = |service: &&String| text.contains(&entry.replace('@', service));
        let forgotten: Vec<&String> = services.iter().filter(|service| !listed(service)).collect();
        forgotten.into_iter().map(move |service| format!("{list} does not list {service}"))
    });
    missing.collect()
}

/// `service::function` in ARCHITECTURE.md stands for a function in the sources of that service.
fn lost_walks(root: &Path) -> Vec<String> {
    let text = fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap_or_default();
    let services = generate::documents();
    let steps = text.split('`').skip(1).step_by(2).filter_map(|code| code.split_once("::"));
    let steps: BTreeSet<(&str, &str)> =
        steps.filter(|(service, _)| services.iter().any(|(name, _)| name == service)).collect();
    let files = rust_files(root);
    let lost = steps.iter().filter(|(service, function)| {
        let sources = root.join("services").join(service).join("src");
        let signature = format!("fn {function}(");
        !files
            .iter()
            .filter(|file| file.starts_with(&sources))
            .any(|file| fs::read_to_string(file).unwrap_or_default().contains(&signature))
    });
    lost.map(|(service, function)| {
        format!("ARCHITECTURE.md walks through {service}::{function}, which does not exist")
    })
    .collect()
}

/// Numbers and names of invariants that stand on the page or in `CHECKS` only.
fn other_invariants(root: &Path) -> Vec<String> {
    let page = fs::read_to_string(root.join(INVARIANTS)).unwrap_or_default();
    let code = fs::read_to_string(root.join("apps/mall/src/verify.rs")).unwrap_or_default();
    let promised = rows(page.split("\n## ").next().unwrap_or_default());
    let promised: BTreeSet<_> = promised.map(|row| (row[0], row.get(1).copied())).collect();
    let checked: BTreeSet<_> = code.split('(').filter_map(numbered).collect();
    let other = promised.symmetric_difference(&checked);
    other
        .map(|(id, name)| {
            let name = name.unwrap_or_default();
            format!("{INVARIANTS} and `mall verify` do not both say {id}: {name}")
        })
        .collect()
}

/// Number and name of a check, as in `check(9, "every piece of stock is accounted for", ..)`.
fn numbered(arguments: &str) -> Option<(&str, Option<&str>)> {
    let (id, rest) = arguments.trim_start().split_once(',')?;
    id.parse::<u8>().ok()?;
    let name = rest.trim_start().strip_prefix('"')?;
    Some((id, name.split('"').next()))
}

/// Every problem that a service or the chassis can answer with has a page, and every page a problem.
fn missing_pages(root: &Path) -> Vec<String> {
    let mut slugs: BTreeSet<String> = SLUGS.iter().map(|slug| (*slug).to_owned()).collect();
    let documents = generate::documents();
    let services: Vec<&str> = documents.iter().map(|(service, _)| *service).collect();
    for file in rust_files(root).iter().filter(|file| is_source(file)) {
        let text = fs::read_to_string(file).unwrap_or_default();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        slugs.extend(slugs_in(code, &services));
    }
    let pages = pages(&root.join("docs/problems"), "");
    let missing = slugs.iter().filter(|slug| !pages.contains(*slug));
    // The gateway's are made by its configuration.
    let idle = pages.iter().filter(|p| !slugs.contains(*p) && !p.starts_with("gateway/"));
    missing
        .map(|slug| format!("docs/problems/{slug}.md is missing"))
        .chain(idle.map(|page| format!("docs/problems/{page}.md explains what nobody answers")))
        .collect()
}

fn is_source(file: &Path) -> bool {
    let path = file.to_string_lossy();
    path.contains("/services/") && path.contains("/src/")
}

/// A slug of a service is a text that begins with the service's name.
fn slugs_in(code: &str, services: &[&str]) -> Vec<String> {
    let texts = code.lines().flat_map(|line| line.split('"').skip(1).step_by(2));
    let slugs = texts.filter(|text| {
        let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        text.split_once('/').is_some_and(|(service, slug)| {
            services.contains(&service) && !slug.is_empty() && slug.bytes().all(letter)
        })
    });
    slugs.map(str::to_owned).collect()
}

fn pages(folder: &Path, above: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() {
            found.extend(pages(&entry.path(), &format!("{name}/")));
        } else if let Some(slug) = name.strip_suffix(".md") {
            found.insert(format!("{above}{slug}"));
        }
    }
    found
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
