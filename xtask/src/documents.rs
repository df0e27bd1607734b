//! Documents that must say what the code does: READMEs of one shape, a page per problem, walks that name functions
//! which exist, the invariants that are checked, and lists of the services that are whole.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use chassis::problem::SLUGS;
use mall::registry;

use crate::rooms::rust_files;
use crate::security::{rows, unproven};

const HEADINGS: &[&str] =
    &["What it does", "Words", "Hears and says", "A walk", "Tables", "How it fails and what then"];

/// Where the shell lists the services: it gives them their ports before there is a program to ask.
const SHELL: &str = "deploy/native/lib/home.sh";

/// Where each of them is killed, in a test that has its name.
const DEATHS: &str = "e2e/tests/crash/targets.rs";

/// The page of the invariants. Its first table names those that `mall verify` checks.
const INVARIANTS: &str = "docs/invariants.md";

/// Other headings; missing pages and services; walks through functions that are not there; unchecked invariants.
pub fn troubles(root: &Path) -> Vec<String> {
    let mut troubles = other_headings(root);
    troubles.extend(missing_pages(root));
    troubles.extend(lost_walks(root));
    troubles.extend(forgotten_services(root));
    troubles.extend(other_invariants(root));
    troubles.extend(unproven(root, INVARIANTS));
    troubles
}

fn other_headings(root: &Path) -> Vec<String> {
    let mut troubles = Vec::new();
    for service in registry::names() {
        let path = format!("services/{service}/README.md");
        let text = fs::read_to_string(root.join(&path)).unwrap_or_default();
        let settings = settings(root, service);
        let mut due = format!("# {service}\n## {}", HEADINGS.join("\n## "));
        if !settings.is_empty() {
            due += "\n## Settings";
        }
        let headings: Vec<&str> = text.lines().filter(|line| line.starts_with('#')).collect();
        if headings.join("\n") != due {
            troubles.push(format!("{path} has other headings than these:\n{due}"));
        }
        let told = section(&text, "Settings");
        let untold = settings.iter().filter(|name| !told.contains(&format!("`{name}`")));
        troubles.extend(untold.map(|name| format!("{path} keeps quiet about {name}")));
    }
    troubles
}

/// What stands under a heading of a README.
pub fn section<'a>(text: &'a str, heading: &str) -> &'a str {
    let below = text.split_once(&format!("\n## {heading}\n")).map_or("", |(_, below)| below);
    below.split("\n## ").next().unwrap_or_default()
}

/// The variables that a service reads for itself: `ORDER__RESERVATION_S`.
fn settings(root: &Path, service: &str) -> Vec<String> {
    let path = root.join("services").join(service).join("src/config.rs");
    let text = fs::read_to_string(path).unwrap_or_default();
    let config = text.split_once("pub struct Config {").map_or("", |(_, fields)| fields);
    let lines = config.lines().take_while(|line| *line != "}");
    let names = lines.filter_map(|line| line.trim().strip_prefix("pub ")?.split(':').next());
    names.map(|name| format!("{service}__{name}").to_uppercase()).collect()
}

fn forgotten_services(root: &Path) -> Vec<String> {
    let known = registry::names();
    let mut troubles = Vec::new();
    let folders = fs::read_dir(root.join("services")).into_iter().flatten().flatten();
    for folder in folders.filter_map(|folder| folder.file_name().into_string().ok()) {
        if !known.contains(&folder.as_str()) {
            troubles.push(format!("services/{folder} is not in the registry"));
        }
    }
    let read = |path| fs::read_to_string(root.join(path)).unwrap_or_default();
    if !read(SHELL).contains(&format!("\nservices=({})\n", known.join(" "))) {
        troubles.push(format!("{SHELL} does not list the services as the registry does"));
    }
    let deaths = read(DEATHS);
    let spared = known.iter().filter(|service| !deaths.contains(&format!("(\"{service}\")")));
    troubles.extend(spared.map(|service| format!("{DEATHS} does not kill {service}")));
    troubles
}

/// `service::function` in ARCHITECTURE.md stands for a function in the sources of that service.
fn lost_walks(root: &Path) -> Vec<String> {
    let text = fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap_or_default();
    let services = registry::names();
    let steps = text.split('`').skip(1).step_by(2).filter_map(|code| code.split_once("::"));
    let steps: BTreeSet<(&str, &str)> =
        steps.filter(|(service, _)| services.contains(service)).collect();
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
    let services = registry::names();
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
