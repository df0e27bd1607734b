//! The query of a list: `from`, `to`, `count`, `skip`, and what each list adds.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use jiff::Timestamp;
use serde_json::Value;

use crate::app::App;
use crate::domain::wire;
use crate::error::Error;

const DEFAULT_COUNT: usize = 10;
const MAX_COUNT: usize = 100;

/// Which page of a list is wanted.
#[derive(Debug)]
pub struct Listing {
    /// The receipt an order must have.
    pub receipt: Option<String>,
    from: Option<i64>,
    to: Option<i64>,
    count: usize,
    skip: usize,
}

impl Listing {
    /// The page of `things`, which come newest first.
    pub fn page<'a, T: 'a>(
        &self,
        things: impl Iterator<Item = &'a T>,
        made_at: impl Fn(&T) -> Timestamp,
        entity: impl Fn(&T) -> Value,
    ) -> Value {
        let items: Vec<Value> = things
            .filter(|thing| self.covers(made_at(thing).as_second()))
            .skip(self.skip)
            .take(self.count)
            .map(entity)
            .collect();
        wire::collection(&items)
    }

    fn covers(&self, second: i64) -> bool {
        self.from.is_none_or(|from| second >= from) && self.to.is_none_or(|to| second <= to)
    }

    fn read(pairs: Vec<(String, String)>) -> Result<Self, Error> {
        let (receipt, from, to) = (None, None, None);
        let mut listing = Self { receipt, from, to, count: DEFAULT_COUNT, skip: 0 };
        for (name, value) in pairs {
            match name.as_str() {
                "receipt" => listing.receipt = Some(value),
                "from" => listing.from = Some(number(&name, &value)?),
                "to" => listing.to = Some(number(&name, &value)?),
                "count" => listing.count = number(&name, &value)?,
                "skip" => listing.skip = number(&name, &value)?,
                "expand[]" => {}
                unknown => {
                    return Err(Error::Malformed(format!(
                        "{unknown} is/are not required and should not be sent"
                    )));
                }
            }
        }
        if !(1..=MAX_COUNT).contains(&listing.count) {
            return Err(Error::Malformed("The count must be between 1 and 100.".to_owned()));
        }
        Ok(listing)
    }
}

impl FromRequestParts<App> for Listing {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let pairs = Query::from_request_parts(parts, app).await;
        let Query(pairs) = pairs.map_err(|refused| Error::Malformed(refused.body_text()))?;
        Self::read(pairs)
    }
}

fn number<T: std::str::FromStr>(name: &str, value: &str) -> Result<T, Error> {
    value.parse().map_err(|_| Error::Malformed(format!("The {name} must be an integer.")))
}
