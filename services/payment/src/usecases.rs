//! The verbs.

mod absorb;
mod absorb_payout;
mod absorb_refund;
mod answer;
mod approve;
mod away;
mod bearing;
mod bearing_alone;
mod cancel;
mod check;
mod close_month;
mod close_tax_month;
mod close_year;
mod collect;
mod create;
mod credit;
mod decide;
mod deposit_tax;
mod dismiss;
mod dispute;
mod disputed;
mod events_out;
mod explain;
mod follow_foreign;
mod foreign;
mod forget;
mod forgotten;
mod give_back;
mod goodwill;
mod last_look;
mod look_at_refund;
mod open;
mod own;
mod pay_out;
mod payout_jobs;
mod project_carrier;
mod project_delivery;
mod project_seller;
mod receive;
mod reconcile;
mod reconcile_days;
mod refund_account;
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
mod stop_payout;
mod take_cash;
mod take_in;
mod watch;
mod write_off;

pub use approve::{approve_refund, decline_refund};
pub use bearing::{Borne, approve_bearing, decline_bearing, say_bearer};
pub use bearing_alone::Say;
pub use cancel::cancel;
use chassis::{Jobs, Timers};
pub use collect::{Collected, collect};
pub use create::create;
pub use credit::credit;
pub use decide::{Decided, approve, decline};
pub use deposit_tax::report_deposit;
pub use dismiss::dismiss;
pub use explain::propose_explanation;
pub use forget::project_account;
pub use goodwill::{Goodwill, Paid, propose_goodwill};
pub use own::{refuse_own, refuse_own_payout};
pub use project_carrier::project_carrier;
pub use project_delivery::project_delivery;
pub use project_seller::project_seller;
pub use receive::receive;
pub use reconcile_days::reconcile;
pub use refund_account::{OwnAccount, give_account, read_account, show_account};
pub use release::release;
pub use remit::remit;
pub use retry::retry;
pub use review::review;
pub use run_payouts::run_payouts;
pub use second_look::{approve_payout, hold_payout};
pub use settle_refund::{Reported, settle_refund};
pub use write_off::propose_write_off;

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
        .handle::<forget::Leftovers, _>(app)
        .handle::<run_payouts::Payday, _>(app)
        .handle::<close_month::MonthEnd, _>(app)
        .handle::<close_year::YearEnd, _>(app)
        .handle::<reconcile_days::Nights, _>(app)
        .handle::<close_tax_month::TaxMonthEnd, _>(app)
        .handle::<watch::Watch, _>(app)
}
