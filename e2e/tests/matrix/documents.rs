//! The operations that the checked-in OpenAPI documents publish.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The folder of the project.
pub fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// `GET /v1/orders/{id}` and the like, with whether the operation takes an `Idempotency-Key`.
pub fn operations() -> BTreeMap<String, bool> {
    let folder = project().join("contracts/http");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.flat_map(|file| operations_of(&std::fs::read_to_string(file).unwrap())).collect()
}

fn operations_of(document: &str) -> Vec<(String, bool)> {
    let document: Value = serde_json::from_str(document).unwrap();
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            if ["get", "put", "post", "patch", "delete"].contains(&method.as_str()) {
                let parameters = operation["parameters"].as_array().into_iter().flatten();
                let keyed = parameters.filter(|p| p["name"] == "Idempotency-Key").count() > 0;
                found.push((format!("{} {path}", method.to_uppercase()), keyed));
            }
        }
    }
    found
}
