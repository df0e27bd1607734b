//! What only this service needs to be told: nothing yet.

use serde::Deserialize;

/// The service's own half of the configuration.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {}
