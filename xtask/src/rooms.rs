//! What each room of a service may know, and how long a file may be.

use std::fs;
use std::path::{Path, PathBuf};

/// Lines of code in a file, tests at its end not counted.
const LONGEST: usize = 400;

/// Rooms, and the words that must not occur in them.
const FORBIDDEN: &[(&str, &[&str])] = &[
    (
        "domain",
        &[
            "sqlx",
            "axum",
            "tokio",
            "chassis::",
            "crate::store",
            "crate::http",
            "crate::usecases",
            "SystemClock",
        ],
    ),
    ("store", &["axum", "crate::http", "crate::usecases", "crate::events"]),
    ("usecases", &["axum", "crate::http", "crate::events", "sqlx::query"]),
    ("http", &["crate::events", "sqlx::query"]),
    ("events", &["crate::http", "sqlx::query"]),
];

/// Ways to serve a route without documenting it. `routes!` does both or neither.
const HIDES: &[&str] =
    &[".route(", ".route_service(", ".nest(", ".nest_service(", ".merge(", ".fallback("];

/// Routes that no document names.
pub fn hidden_routes(root: &Path) -> Vec<String> {
    let mut troubles = Vec::new();
    for file in rust_files(root) {
        let shown = file.strip_prefix(root).unwrap_or(&file).display().to_string();
        if room(&shown) != Some("http") && room(&shown) != Some("lib") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap_or_default();
        let hides = HIDES.iter().filter(|way| mentions(&text, way));
        troubles.extend(hides.map(|way| format!("{shown}: {way} serves what no document names")));
    }
    troubles
}

/// What takes an `Idempotency-Key`: the chassis' extractor, and those of payment-service that hold one.
const KEYED: [&str; 3] = ["Idempotent<", "Asked<", "Wish<"];

/// Operations that take an `Idempotency-Key` their document does not name, or the other way round: what follows from
/// the header is filled in by the chassis.
fn untold_keys(shown: &str, code: &str) -> Vec<String> {
    let operations = code.split("#[utoipa::path(").skip(1);
    operations
        .filter_map(|operation| {
            let (told, handler) = operation.split_once("\n)]\n")?;
            let signature = handler.split("{\n").next()?;
            let told = told.contains("\"Idempotency-Key\"");
            let taken = KEYED.iter().any(|extractor| signature.contains(extractor));
            let name = signature.split_once("fn ")?.1.split('(').next()?;
            (told != taken).then(|| {
                format!("{shown}: {name} and its document do not both take an Idempotency-Key")
            })
        })
        .collect()
}

/// Rooms that reach where they should not, and files that are too long.
pub fn troubles(root: &Path) -> Vec<String> {
    let mut troubles = hidden_routes(root);
    for file in rust_files(root) {
        let text = fs::read_to_string(&file).unwrap_or_default();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let shown = file.strip_prefix(root).unwrap_or(&file).display().to_string();
        let lines = code.lines().count();
        if lines > LONGEST {
            troubles.push(format!("{shown}: {lines} lines, {LONGEST} at most"));
        }
        if !text.starts_with("//!") && !text.starts_with("#![doc") {
            troubles.push(format!("{shown}: no `//!` line on top"));
        }
        let Some(here) = room(&shown) else { continue };
        troubles.extend(untold_keys(&shown, code));
        for (name, words) in FORBIDDEN.iter().filter(|(name, _)| *name == here) {
            for word in words.iter().filter(|word| mentions(code, word)) {
                troubles.push(format!("{shown}: {name} must not know {word}"));
            }
        }
    }
    troubles
}

fn mentions(code: &str, word: &str) -> bool {
    code.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(word))
}

/// `services/order/src/store/orders.rs` is in the room `store`.
fn room(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("services/")?.split_once("/src/")?.1;
    Some(inside.split(['/', '.']).next().unwrap_or(inside))
}

/// All our Rust files.
pub fn rust_files(root: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for folder in ["libs", "services", "apps", "e2e", "bench", "xtask"] {
        walk(&root.join(folder), &mut files);
    }
    files
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::untold_keys;

    #[test]
    fn a_key_is_taken_and_told() {
        let operation = |told: &str, taken: &str| {
            format!(
                "#[utoipa::path(\n    post, path = \"/v1/x\", {told}\n)]\npub async fn x({taken}) -> () {{\n}}\n"
            )
        };
        let told = r#"params(("Idempotency-Key" = Option<String>, Header))"#;
        for (told, taken, troubles) in [
            (told, "_: Idempotent<NoBody>", 0),
            ("", "", 0),
            (told, "wish: Wish<RefundMark>", 0),
            ("", "_: Idempotent<NoBody>", 1),
            (told, "", 1),
        ] {
            assert_eq!(
                untold_keys("x.rs", &operation(told, taken)).len(),
                troubles,
                "{told} {taken}"
            );
        }
    }
}
