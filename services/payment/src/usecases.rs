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
mod close_tax_month;
mod close_year;
mod collect;
mod create;
mod credit;
mod deposit_tax;
mod dismiss;
mod dispute;
mod disputed;
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
mod reconcile;
mod reconcile_days;
mod refund_jobs;
mod release;
mod remit;
mod retry;
mod review;
mod run_payouts;
mod second_look;
mod send_payout;
mod send_refund;
mod set_off;
mod settle_hold;
mod settle_refund;
mod take_cash;
mod take_in;

pub use approve::{approve, decline};
pub use cancel::cancel;
use chassis::{Jobs, Timers};
pub use collect::{Collected, collect};
pub use create::create;
pub use credit::credit;
pub use deposit_tax::{approve_deposit, decline_deposit, report_deposit};
pub use dismiss::dismiss;
pub use dispute::bear;
pub use goodwill::{Paid, Proposal, propose};
pub use project_carrier::project_carrier;
pub use project_delivery::project_delivery;
pub use project_seller::project_seller;
pub use receive::{Delivered, receive};
pub use reconcile_days::reconcile;
pub use release::release;
pub use remit::remit;
pub use retry::retry;
pub use review::review;
pub use run_payouts::run_payouts;
pub use second_look::{approve_payout, hold_payout};
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
        .handle::<payout_jobs::RemindOfPayout, _>(app)
        .handle::<close_year::ChargeYear, _>(app)
        .handle::<reconcile::Reconcile, _>(app)
}

pub fn timers(app: &App) -> Timers {
    Timers::default()
        .handle_each::<check::Due, _>(app)
        .handle_each::<forgotten::Forgotten, _>(app)
        .handle::<run_payouts::Payday, _>(app)
        .handle::<close_month::MonthEnd, _>(app)
        .handle::<close_year::YearEnd, _>(app)
        .handle::<reconcile_days::Nights, _>(app)
        .handle::<close_tax_month::TaxMonthEnd, _>(app)
}
