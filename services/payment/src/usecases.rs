//! The verbs.

mod absorb;
mod cancel;
mod check;
mod collect;
mod copy_delivery;
mod create;
mod open;
mod receive;
mod retry;
mod say;
mod take_in;

pub use cancel::cancel;
use chassis::{Jobs, Timers};
pub use collect::{Collected, collect};
pub use copy_delivery::copy_delivery;
pub use create::create;
pub use receive::{Delivered, receive};
pub use retry::retry;

use crate::App;

/// What is done outside.
pub fn jobs(app: &App) -> Jobs {
    Jobs::default()
        .on::<open::Open, _>(app)
        .on::<take_in::TakeIn, _>(app)
        .on::<check::Check, _>(app)
}

/// What falls due.
pub fn timers(app: &App) -> Timers {
    Timers::default().on_each::<check::Due, _>(app)
}
