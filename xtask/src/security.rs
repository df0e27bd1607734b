//! The attacks of docs/security.md: each row names the tests that show its answer, and they exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::rooms::rust_files;

const PAGE: &str = "docs/security.md";

/// Rows that nothing proves, and tests that are named after a row instead of in it.
pub fn troubles(root: &Path) -> Vec<String> {
    let mut troubles = unproven(root, PAGE);
    let page = fs::read_to_string(root.join(PAGE)).unwrap_or_default();
    let ids: BTreeSet<String> = rows(&page).map(|row| row[0].to_lowercase()).collect();
    for file in rust_files(root) {
        let code = fs::read_to_string(file).unwrap_or_default();
        let named = |name: &&str| name.split_once('_').is_some_and(|(id, _)| ids.contains(id));
        let riddles = tests(&code).into_iter().filter(named);
        troubles.extend(riddles.map(|name| format!("{name}: its number belongs into {PAGE}")));
    }
    troubles
}

/// Rows of a page that stand there twice, name no test, or name one that does not exist.
pub fn unproven(root: &Path, page: &str) -> Vec<String> {
    let text = fs::read_to_string(root.join(page)).unwrap_or_default();
    let (mut troubles, mut ids) = (Vec::new(), BTreeSet::new());
    if rows(&text).next().is_none() {
        troubles.push(format!("{page} is missing or has no rows"));
    }
    for row in rows(&text) {
        let proofs = row.get(3).map(|cell| proofs(cell)).unwrap_or_default();
        if row.len() != 4 || proofs.is_empty() || !ids.insert(row[0]) {
            troubles.push(format!("{page}: {} stands twice or names no test", row[0]));
        }
        for (file, name) in proofs {
            let code = fs::read_to_string(root.join(file)).unwrap_or_default();
            if !tests(&code).contains(name) {
                troubles.push(format!("{page}: {} names {name}, no test of {file:?}", row[0]));
            }
        }
    }
    troubles
}

/// The cells of the rows that begin with an id or a number.
pub fn rows(page: &str) -> impl Iterator<Item = Vec<&str>> {
    let lines = page.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let rows = lines.map(|line| line.split(" | ").collect::<Vec<_>>());
    rows.filter(|row| row[0].bytes().any(|byte| byte.is_ascii_digit()))
}

/// The tests that a cell names, each with the file that stands before it.
fn proofs(cell: &str) -> Vec<(&str, &str)> {
    let (mut file, mut proofs) = ("", Vec::new());
    for code in cell.split('`').skip(1).step_by(2) {
        if Path::new(code).extension().is_some() {
            file = code;
        } else {
            proofs.push((file, code));
        }
    }
    proofs
}

/// Functions under a test attribute; in a script, the titles of its tests.
fn tests(code: &str) -> BTreeSet<&str> {
    let (mut found, mut is_test) = (BTreeSet::new(), false);
    for line in code.lines().map(str::trim_start) {
        if let Some(title) = line.strip_prefix("test('") {
            found.extend(title.split('\'').next());
        } else if line.starts_with("#[") {
            is_test |= line.contains("test") && !line.contains("cfg(");
        } else if let Some((_, name)) = line.split_once("fn ") {
            found.extend(name.split('(').next().filter(|_| is_test));
            is_test = false;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_a_test_that_exists_proves_a_row() {
        let page = "| id | test |\n|---|---|\n| B3 | `a.rs` `at_once`; `b.mjs` `a title` |";
        let rows: Vec<_> = super::rows(page).collect();
        assert_eq!(super::proofs(rows[0][1]), [("a.rs", "at_once"), ("b.mjs", "a title")]);
        let code = "#[sqlx::test(migrator = \"x\")]\nasync fn at_once(pool: PgPool) {\n}\n\
                    fn helper() {}\n#[cfg(test)]\nmod x;\nfn other() {}\ntest('a title', f)";
        assert!(super::tests(code).into_iter().eq(["a title", "at_once"]));
    }
}
