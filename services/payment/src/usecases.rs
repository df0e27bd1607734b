//! The verbs.

mod absorb;
mod absorb_payout;
mod absorb_refund;
mod answer;
mod approve;
mod away;
mod cancel;
mod check;
mod close_month;
mod collect;
mod create;
mod credit;
mod dispute;
mod events_out;
mod follow_foreign;
mod foreign;
mod forgotten;
mod give_back;
mod goodwill;
mod last_look;
mod look_at_refund;
mod open;
mod pay_out;
mod payout_jobs;
mod project_carrier;
mod project_delivery;
mod project_seller;
mod receive;
mod refund_jobs;
mod release;
mod remit;
mod retry;
mod review;
mod run_payouts;
mod send_payout;
mod send_refund;
mod set_off;
mod settle_refund;
mod take_in;

pub use approve::{approve, decline};
pub use cancel::cancel;
use chassis::{Jobs, Timers};
pub use collect::{Collected, collect};
pub use create::create;
pub use credit::credit;
pub use dispute::bear;
pub use goodwill::{Paid, Proposal, propose};
pub use project_carrier::project_carrier;
pub use project_delivery::project_delivery;
pub use project_seller::project_seller;
pub use receive::{Delivered, receive};
pub use release::release;
pub use remit::remit;
pub use retry::retry;
pub use review::review;
pub use run_payouts::run_payouts;
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
        .handle::<payout_jobs::PayOut, _>(app)
        .handle::<payout_jobs::SendPayout, _>(app)
        .handle::<payout_jobs::LookAtPayout, _>(app)
}

pub fn timers(app: &App) -> Timers {
    Timers::default()
        .handle_each::<check::Due, _>(app)
        .handle_each::<forgotten::Forgotten, _>(app)
        .handle::<run_payouts::Payday, _>(app)
        .handle::<close_month::MonthEnd, _>(app)
}
