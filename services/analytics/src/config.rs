//! What only the analytics service needs to be told: nothing yet.

use serde::Deserialize;

/// Read once at start; an unknown key stops the service before it takes a request.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {}
