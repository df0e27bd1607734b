//! Which crate may know which: `kernel <- contracts <- chassis <- services <- apps`, `paper <- services`, and no
//! service another.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// The libraries that run; each may know those before it, but `paper`, which knows none. The others serve tests.
const LIBS: &[&str] = &["kernel", "contracts", "chassis", "paper"];

/// Dependencies that point the wrong way, those of tests, too.
pub fn troubles(root: &Path) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root)
        .output();
    let metadata = match output {
        Ok(output) => serde_json::from_slice::<Value>(&output.stdout).unwrap_or_default(),
        Err(error) => return vec![format!("cargo metadata: {error}")],
    };
    let packages = metadata["packages"].as_array().cloned().unwrap_or_default();
    if packages.is_empty() {
        return vec!["cargo metadata named no package".into()];
    }
    wrong_ways(&packages)
}

fn wrong_ways(packages: &[Value]) -> Vec<String> {
    let ours: Vec<Crate<'_>> = packages.iter().filter_map(Crate::of).collect();
    let find = |name| ours.iter().find(|c| c.name == name).copied();
    let mut wrong = Vec::new();
    for package in packages {
        let Some(from) = Crate::of(package) else { continue };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let name = dependency["name"].as_str().unwrap_or_default();
            let to = find(name).unwrap_or(Crate { name, layer: "" });
            match dependency["kind"].as_str() {
                Some("dev") if from.is_below(to) => {
                    wrong.push(format!("the tests of {} must not depend on {name}", from.name));
                }
                None | Some("build") if from.must_not_know(to) => {
                    wrong.push(format!("{} must not depend on {name}", from.name));
                }
                _ => {}
            }
        }
    }
    wrong
}

/// A crate and the folder it lies in; none for one that is not ours.
#[derive(Clone, Copy)]
struct Crate<'a> {
    name: &'a str,
    layer: &'a str,
}

impl<'a> Crate<'a> {
    fn of(package: &'a Value) -> Option<Self> {
        let path = package["manifest_path"].as_str()?;
        let layer = ["services", "apps", "libs", "e2e", "xtask"]
            .into_iter()
            .find(|folder| path.contains(&format!("/{folder}/")))?;
        Some(Self { name: package["name"].as_str()?, layer })
    }

    /// Whether `other` lies above, or beside as a service does. What serves tests lies below them.
    fn is_below(self, other: Self) -> bool {
        ["libs", "services"].contains(&self.layer) && !["", "libs"].contains(&other.layer)
    }

    fn must_not_know(self, other: Self) -> bool {
        let known = match (self.layer, self.name) {
            ("libs", "kernel" | "paper") => 0,
            ("libs", "contracts") => 1,
            ("libs", "chassis") => 2,
            ("libs" | "services", _) => LIBS.len(),
            _ => return false,
        };
        let beyond = other.layer == "libs" && !LIBS[..known].contains(&other.name);
        beyond || self.is_below(other) || (self.layer == "services" && other.name == "rdkafka")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::wrong_ways;

    fn package(folder: &str, name: &str, dependencies: &[(&str, Option<&str>)]) -> Value {
        let dependencies =
            dependencies.iter().map(|(name, kind)| json!({"name": name, "kind": kind}));
        json!({ "name": name, "manifest_path": format!("/mall/{folder}/{name}/Cargo.toml"),
                "dependencies": dependencies.collect::<Vec<_>>() })
    }

    #[test]
    fn neither_a_crate_nor_its_tests_reach_up_or_aside() {
        let tests = Some("dev");
        let wrong = wrong_ways(&[
            package("libs", "kernel", &[("serde", None), ("contracts", None)]),
            package("libs", "contracts", &[("kernel", None)]),
            package("libs", "chassis", &[("testkit", tests), ("order", tests)]),
            package("libs", "paper", &[("contracts", None)]),
            package("libs", "testkit", &[("chassis", None)]),
            package("services", "order", &[("chassis", None), ("paper", None), ("testkit", tests)]),
            package("services", "payment", &[("testkit", None), ("order", tests), ("mall", tests)]),
            package("apps", "mall", &[("order", None), ("testkit", tests)]),
        ]);
        let expected = [
            "kernel must not depend on contracts",
            "the tests of chassis must not depend on order",
            "paper must not depend on contracts",
            "payment must not depend on testkit",
            "the tests of payment must not depend on order",
            "the tests of payment must not depend on mall",
        ];
        assert_eq!(wrong, expected);
    }
}
