//! The verbs.

mod absorb;
mod absorb_refund;
mod answer;
mod cancel;
mod check;
mod collect;
mod create;
mod credit;
mod events_out;
mod give_back;
mod last_look;
mod look_at_refund;
mod open;
mod project_delivery;
mod receive;
mod refund_jobs;
mod release;
mod retry;
mod send_refund;
mod settle_refund;
mod take_in;

pub use cancel::cancel;
use chassis::{Jobs, Timers};
pub use collect::{Collected, collect};
pub use create::create;
pub use credit::credit;
pub use project_delivery::project_delivery;
pub use receive::{Delivered, receive};
pub use release::release;
pub use retry::retry;
pub use settle_refund::settle_refund;

use crate::App;

pub fn jobs(app: &App) -> Jobs {
    Jobs::default()
        .handle::<open::Open, _>(app)
        .handle::<take_in::TakeIn, _>(app)
        .handle::<check::Check, _>(app)
        .handle::<last_look::LastLook, _>(app)
        .handle::<refund_jobs::SendRefund, _>(app)
        .handle::<refund_jobs::LookAtRefund, _>(app)
}

pub fn timers(app: &App) -> Timers {
    Timers::default().handle_each::<check::Due, _>(app)
}
