//! Which crate may know which: `kernel <- contracts <- chassis <- services <- apps`, and no service another.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Dependencies that point the wrong way.
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
    let layers: Vec<(String, &str)> = packages.iter().filter_map(layer).collect();
    if layers.is_empty() {
        return vec!["cargo metadata named no package".into()];
    }
    packages.iter().flat_map(|package| wrong_ways(package, &layers)).collect()
}

fn layer(package: &Value) -> Option<(String, &'static str)> {
    let name = package["name"].as_str()?.to_owned();
    let path = package["manifest_path"].as_str()?;
    let folder = ["services", "apps", "libs", "e2e", "xtask"]
        .into_iter()
        .find(|folder| path.contains(&format!("/{folder}/")))?;
    Some((name, folder))
}

fn wrong_ways(package: &Value, layers: &[(String, &str)]) -> Vec<String> {
    let Some((name, layer)) = layer(package) else { return Vec::new() };
    let layer_of = |other: &str| layers.iter().find(|(n, _)| n == other).map(|(_, l)| *l);
    let dependencies = package["dependencies"].as_array().cloned().unwrap_or_default();
    let normal = dependencies.iter().filter(|d| d["kind"].is_null());
    normal
        .filter_map(|d| d["name"].as_str())
        .filter(|other| forbidden(&name, layer, other, layer_of(other)))
        .map(|other| format!("{name} must not depend on {other}"))
        .collect()
}

fn forbidden(name: &str, layer: &str, other: &str, other_layer: Option<&str>) -> bool {
    match layer {
        "libs" => {
            let below: &[&str] = match name {
                "kernel" => &[],
                "contracts" => &["kernel"],
                "chassis" => &["kernel", "contracts"],
                _ => &["kernel", "contracts", "chassis"],
            };
            other_layer.is_some() && !below.contains(&other)
        }
        "services" => {
            matches!(other_layer, Some("services" | "apps" | "e2e" | "xtask"))
                || other == "testkit"
                || other == "rdkafka"
        }
        _ => false,
    }
}
