//! The verbs.

mod absorb;
mod cancel;
mod check;
mod collect;
mod create;
mod events_out;
mod open;
mod project_delivery;
mod receive;
mod retry;
mod take_in;

pub use cancel::cancel;
use chassis::{Jobs, Timers};
pub use collect::{Collected, collect};
pub use create::create;
pub use project_delivery::project_delivery;
pub use receive::{Delivered, receive};
pub use retry::retry;

use crate::App;

pub fn jobs(app: &App) -> Jobs {
    Jobs::default()
        .handle::<open::Open, _>(app)
        .handle::<take_in::TakeIn, _>(app)
        .handle::<check::Check, _>(app)
}

pub fn timers(app: &App) -> Timers {
    Timers::default().handle_each::<check::Due, _>(app)
}
