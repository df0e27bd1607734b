//! Settings are read from variables, and secrets from files that these name.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

/// A configuration that makes no sense.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file named by `..._FILE` cannot be read.
    #[error("{key} names {path}, which cannot be read: {error}")]
    File {
        /// The variable.
        key: String,
        /// The file.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// A key is given in the open and by a file.
    #[error("{prefix}__{key} and {prefix}__{key}_FILE are both given")]
    Twice {
        /// Whose configuration.
        prefix: String,
        /// The key.
        key: String,
    },
    /// A key is unknown or missing, or a value is wrong.
    #[error("{prefix}__*: {error}")]
    Value {
        /// Whose configuration.
        prefix: String,
        /// What is wrong.
        error: serde_html_form::de::Error,
    },
}

/// Reads all variables that start with `prefix` and two underscores.
pub fn read<C: DeserializeOwned>(
    prefix: &str,
    vars: impl Iterator<Item = (String, String)>,
) -> Result<C, ConfigError> {
    let start = format!("{}__", prefix.to_uppercase());
    let mut values = BTreeMap::new();
    for (key, value) in vars {
        let Some(name) = key.strip_prefix(&start) else { continue };
        let (name, value) = given(&key, name, value)?;
        if values.insert(name.to_lowercase(), value).is_some() {
            return Err(ConfigError::Twice { prefix: prefix.to_uppercase(), key: name.to_owned() });
        }
    }
    let pairs: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    serde_html_form::to_string(&pairs)
        .map_err(|_| serde::de::Error::custom("a value cannot be written"))
        .and_then(|text: String| serde_html_form::from_str(&text))
        .map_err(|error| ConfigError::Value { prefix: prefix.to_uppercase(), error })
}

/// The value itself, or what the file says that it names.
fn given<'k>(key: &str, name: &'k str, value: String) -> Result<(&'k str, String), ConfigError> {
    let Some(name) = name.strip_suffix("_FILE") else { return Ok((name, value)) };
    match std::fs::read_to_string(&value) {
        Ok(text) => Ok((name, text.trim_end().to_owned())),
        Err(error) => Err(ConfigError::File { key: key.to_owned(), path: value, error }),
    }
}
