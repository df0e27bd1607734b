//! The verbs of the email service.

mod confirm;
mod deliver;
mod disputes;
mod money;
mod payouts;
mod project;
mod queue;
mod rates;
mod resend;
mod returns;
mod ruled;
mod sellers;
mod settle;
mod taken_back;
mod write;

use chassis::Jobs;
pub use confirm::{take_invoice, take_order};
pub use disputes::mail_dispute;
pub use money::{mail_refund_delayed, mail_refund_done, mail_rejected, mail_unclaimed};
pub use payouts::{mail_account_changed, mail_overdue, mail_payout, mail_postponed};
pub use project::{forget_contact, project_contact, project_vendor};
pub use queue::{SendCode, SendMail};
pub use rates::{mail_barred, mail_rate_ending};
pub use resend::resend;
pub use returns::mail_return;
pub use ruled::{mail_seller_rejected, mail_seller_suspended, mail_turned_down, mail_written_off};
pub use sellers::mail_due_soon;
pub use taken_back::{TellTakenBack, mail_taken_back, take_credit_note};
pub use write::{
    mail_approved, mail_cancelled, mail_code, mail_delivered, mail_session_ended, mail_shipped,
};

use crate::App;

/// Codes are jobs of a kind of their own, so that they do not wait behind other mail.
pub fn jobs(app: &App) -> Jobs {
    Jobs::default()
        .handle::<SendCode, _>(app)
        .handle::<SendMail, _>(app)
        .handle::<TellTakenBack, _>(app)
}
