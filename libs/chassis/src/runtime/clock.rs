//! The time of a process. In development it can be moved on while the process runs, so that a test need not wait for
//! days; in production there is neither the setting nor the route.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use jiff::{SignedDuration, Timestamp};
use kernel::{Clock, ShiftedClock, SystemClock};
use serde::{Deserialize, Serialize};

use crate::config::Common;
use crate::db::Wakers;

/// Ten years: nothing waits for longer, and times can still be told.
const FURTHEST_S: i64 = 10 * 366 * 86_400;

/// A clock that is off by a fixed number of seconds, for tests of skew.
#[derive(Debug)]
struct OffsetClock(SignedDuration, Arc<dyn Clock>);

impl Clock for OffsetClock {
    fn now(&self) -> Timestamp {
        self.1.now() + self.0
    }
}

/// The clock that a configuration asks for, and the one in it that can be moved.
pub fn of(common: &Common) -> (Arc<dyn Clock>, Option<ShiftedClock>) {
    let movable = common.clock_shift_s.map(ShiftedClock::ahead_by);
    if let Some(clock) = &movable {
        let shift_s = clock.shift_s();
        tracing::warn!(shift_s, "the clock can be moved, and is {shift_s} s ahead: for tests only");
    }
    let clock: Arc<dyn Clock> = match &movable {
        Some(clock) => Arc::new(clock.clone()),
        None => Arc::new(SystemClock),
    };
    match common.clock_offset_s {
        0 => (clock, movable),
        offset => (Arc::new(OffsetClock(SignedDuration::from_secs(offset), clock)), movable),
    }
}

#[derive(Debug, Clone)]
struct Movable {
    clock: ShiftedClock,
    wakers: Wakers,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MoveRequest {
    shift_s: i64,
}

#[derive(Debug, Serialize)]
struct Shown {
    now: Timestamp,
    shift_s: i64,
}

/// `/clock`, if there is one that can be moved.
pub fn routes(clock: Option<ShiftedClock>, wakers: Wakers) -> Router {
    let Some(clock) = clock else { return Router::new() };
    Router::new().route("/clock", get(show).post(forward)).with_state(Movable { clock, wakers })
}

async fn show(State(movable): State<Movable>) -> Json<Shown> {
    Json(Shown { now: movable.clock.now(), shift_s: movable.clock.shift_s() })
}

/// Moves the clock on. Whoever waits for a time looks at once whether it has come.
async fn forward(
    State(movable): State<Movable>,
    Json(body): Json<MoveRequest>,
) -> Result<Json<Shown>, (StatusCode, String)> {
    if body.shift_s > FURTHEST_S {
        let no = format!("at most {FURTHEST_S} seconds\n");
        return Err((StatusCode::UNPROCESSABLE_ENTITY, no));
    }
    let moved = movable.clock.forward_to(body.shift_s);
    moved.map_err(|back| (StatusCode::CONFLICT, format!("{back}\n")))?;
    tracing::warn!(shift_s = body.shift_s, "the clock is {} s ahead now", body.shift_s);
    movable.wakers.jobs().notify_one();
    movable.wakers.clock().send_replace(());
    Ok(show(State(movable)).await)
}
