//! `/v1/settlements`: what went to the merchant's bank.

use axum::Json;
use axum::extract::{Query, State};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;

use crate::app::App;
use crate::domain::refused::Refused;
use crate::domain::{recon, wire};
use crate::error::Error;

const MOST: usize = 1_000;

/// The query of `GET /v1/settlements/recon/combined`.
#[derive(Debug, Deserialize)]
pub struct DayQuery {
    year: i16,
    month: i8,
    day: i8,
    #[serde(default = "most")]
    count: usize,
    #[serde(default)]
    skip: usize,
}

fn most() -> usize {
    MOST
}

/// `GET /v1/settlements/recon/combined`
pub async fn combined(
    State(app): State<App>,
    Query(query): Query<DayQuery>,
) -> Result<Json<Value>, Error> {
    let day = Date::new(query.year, query.month, query.day)
        .map_err(|_| Refused::input("day", "The day is not a valid day."))?;
    if !(1..=MOST).contains(&query.count) {
        return Err(Refused::input("count", "The count must be at least 1.").into());
    }
    let now = app.clock().now();
    let all = app.read(|books| {
        let rows = recon::settled_on(books, day, now)?.into_iter();
        let rows: Vec<Value> = rows.skip(query.skip).take(query.count).collect();
        Ok(wire::collection(&rows))
    });
    all.await.map(Json)
}
