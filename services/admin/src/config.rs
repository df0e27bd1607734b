//! What only the admin service needs to be told.

use serde::Deserialize;

/// Read once at start; a wrong key or value stops the service before it takes a request.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where services answer their operator: `user=http://127.0.0.1:18201,vendor=..`. Health is about these only.
    #[serde(default)]
    pub services: String,
}

impl Config {
    /// The services by name and address.
    pub fn services(&self) -> impl Iterator<Item = (&str, &str)> {
        self.services.split(',').filter_map(|entry| entry.trim().split_once('='))
    }
}
