//! Files that need each other in a circle cannot be read one after the other. Here the `crate::` and `super::` paths of
//! every crate are followed, also through what a module hands on (`use`), and neighbours below one module, files or
//! folders, must not come back to where they began.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::iter;
use std::path::Path;

use crate::rooms::rust_files;

/// A module by its path in the crate; the root has none.
type Module = Vec<String>;

/// The code of each module that has a file.
type Files = BTreeMap<Module, String>;

/// Which neighbours a module needs, and the file that says so first.
type Arrows = BTreeMap<String, BTreeMap<String, String>>;

/// Modules hand on what others handed to them so many times at most.
const HANDS: u8 = 5;

/// Neighbours that need each other, one sentence for each circle.
pub fn troubles(root: &Path) -> Vec<String> {
    let mut crates: BTreeMap<String, Files> = BTreeMap::new();
    for file in rust_files(root) {
        let shown = file.strip_prefix(root).unwrap_or(&file).display().to_string();
        let Some((name, inside)) = shown.split_once("/src/") else { continue };
        let text = fs::read_to_string(&file).unwrap_or_default();
        let files = crates.entry(format!("{name}/src")).or_default();
        files.entry(module(inside)).or_default().push_str(&code(&text));
    }
    crates.iter().flat_map(|(name, files)| circles(name, files)).collect()
}

/// `events/apply.rs` is the module `events::apply`.
fn module(path: &str) -> Module {
    match path {
        "lib.rs" | "main.rs" => Module::new(),
        _ => path.trim_end_matches(".rs").split('/').map(str::to_owned).collect(),
    }
}

/// Without comments, and without the tests at the end.
fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

fn circles(name: &str, files: &Files) -> Vec<String> {
    let mut folders: BTreeMap<&[String], Arrows> = BTreeMap::new();
    for (here, code) in files {
        for path in named(here, code) {
            let there = follow(files, &path, HANDS);
            let shared = here.iter().zip(&there).take_while(|(a, b)| a == b).count();
            let (Some(from), Some(to)) = (here.get(shared), there.get(shared)) else { continue };
            let arrows = folders.entry(&here[..shared]).or_default();
            let arrows = arrows.entry(from.clone()).or_default();
            arrows.entry(to.clone()).or_insert_with(|| here[shared..].join("/") + ".rs");
        }
    }
    let mut found = Vec::new();
    for (folder, arrows) in &folders {
        let mut told = BTreeSet::new();
        for start in arrows.keys() {
            let Some(circle) = circle(arrows, start) else { continue };
            if circle.iter().any(|module| told.contains(module)) {
                continue;
            }
            let onward = circle.iter().cycle().skip(1);
            let needs = circle.iter().zip(onward).map(|(from, to)| {
                let file = &arrows[*from][*to];
                format!("{from} needs {to} ({file})")
            });
            let needs = needs.collect::<Vec<_>>().join(", ");
            let place = iter::once(name).chain(folder.iter().map(String::as_str));
            let place = place.collect::<Vec<_>>().join("/");
            found.push(format!("{place} has a circle: {needs}"));
            told.extend(circle);
        }
    }
    found
}

/// The shortest way from `start` back to itself.
fn circle<'a>(arrows: &'a Arrows, start: &'a String) -> Option<Vec<&'a String>> {
    let (mut seen, mut ways) = (BTreeSet::new(), VecDeque::from([vec![start]]));
    while let Some(way) = ways.pop_front() {
        let onward = way.last().and_then(|last| arrows.get(*last));
        for next in onward.into_iter().flat_map(BTreeMap::keys) {
            if next == start {
                return Some(way);
            }
            if seen.insert(next) {
                ways.push_back([&way[..], &[next]].concat());
            }
        }
    }
    None
}

/// The modules and items that `code` of the module `here` names, from the crate's root.
fn named(here: &[String], code: &str) -> Vec<Module> {
    let keywords = ["crate::", "super::"].into_iter().flat_map(|word| code.match_indices(word));
    let begins = keywords.filter(|(at, _)| {
        let before = code[..*at].chars().next_back();
        before.is_none_or(|c| c != ':' && c != '_' && !c.is_alphanumeric())
    });
    let paths = begins.flat_map(|(at, _)| spread(&code[at..]));
    paths.map(|path| absolute(here, &path)).collect()
}

/// `a::{b, c::D}` is `a::b` and `a::c::D`.
fn spread(text: &str) -> Vec<Module> {
    let text = text.trim_start();
    if let Some(inner) = text.strip_prefix('{') {
        return between_commas(inner).into_iter().flat_map(spread).collect();
    }
    let end = text.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    match rest.strip_prefix("::") {
        Some(rest) => {
            let paths = spread(rest).into_iter();
            paths.map(|path| iter::once(name.to_owned()).chain(path).collect()).collect()
        }
        None => vec![vec![name.to_owned()]],
    }
}

/// What stands in a brace that was opened, up to where it closes.
fn between_commas(inner: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, c) in inner.char_indices() {
        if depth == 0 && (c == ',' || c == '}') {
            parts.push(&inner[start..at]);
            start = at + 1;
        }
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            _ => {}
        }
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// What `path` in the module `here` is from the crate's root.
fn absolute(here: &[String], path: &[String]) -> Module {
    let mut above = here.to_vec();
    let mut rest = path;
    while let Some((word, then)) = rest.split_first() {
        match word.as_str() {
            "crate" => above.clear(),
            "super" => drop(above.pop()),
            "self" => {}
            _ => break,
        }
        rest = then;
    }
    [above, rest.to_vec()].concat()
}

/// The file that `path` leads to.
fn follow(files: &Files, path: &[String], hands: u8) -> Module {
    let mut here = Module::new();
    for (nth, name) in path.iter().enumerate() {
        let below = [&here[..], std::slice::from_ref(name)].concat();
        if files.contains_key(&below) {
            here = below;
        } else if let Some(handed) = handed_on(files, &here, name).filter(|_| hands > 0) {
            return follow(files, &[&handed[..], &path[nth + 1..]].concat(), hands - 1);
        } else {
            break;
        }
    }
    here
}

/// Where the module `here` has `name` from, if it is not its own.
fn handed_on(files: &Files, here: &[String], name: &str) -> Option<Module> {
    let uses = files.get(here)?.split("use ").skip(1);
    let paths = uses.flat_map(|rest| spread(rest.split(';').next().unwrap_or_default()));
    let mut paths = paths.map(|path| match path.split_last() {
        Some((last, module)) if last == "self" => module.to_vec(),
        _ => path,
    });
    let path = paths.find(|path| path.last().is_some_and(|last| last == name))?;
    Some(absolute(here, &path))
}

#[cfg(test)]
mod tests {
    use super::{circles, code, module};

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let files = files.iter().map(|(path, text)| (module(path), code(text)));
        circles("libs/shop/src", &files.collect())
    }

    #[test]
    fn two_files_that_need_each_other_are_named_with_their_folder() {
        let troubles = found(&[
            ("lib.rs", "mod shelf;"),
            ("shelf.rs", "mod article;\nmod price;\npub use price::Price;"),
            ("shelf/article.rs", "use super::Price;\n"),
            ("shelf/price.rs", "use super::{\n    stock::Count, article::{self, Article},\n};"),
        ]);
        let expected = "libs/shop/src/shelf has a circle: article needs price (article.rs), \
                        price needs article (price.rs)";
        assert_eq!(troubles, [expected]);
    }

    #[test]
    fn a_circle_of_folders_is_seen_from_the_files_in_them() {
        let troubles = found(&[
            ("door.rs", "use crate::shelf::Article;"),
            ("shelf.rs", ""),
            ("shelf/price.rs", "fn of() { crate::till::total() }"),
            ("till.rs", "fn total() { super::door::open() }"),
        ]);
        let expected = "libs/shop/src has a circle: door needs shelf (door.rs), \
                        shelf needs till (shelf/price.rs), till needs door (till.rs)";
        assert_eq!(troubles, [expected]);
    }

    #[test]
    fn parents_know_their_children_and_tests_whom_they_like() {
        let troubles = found(&[
            ("shelf.rs", "mod price;\nuse price::Price;"),
            ("shelf/price.rs", "use super::Article;\nuse crate::till;"),
            ("till.rs", "// crate::shelf\n#[cfg(test)]\nmod tests { use crate::shelf::Article; }"),
        ]);
        assert_eq!(troubles, Vec::<String>::new());
    }
}
