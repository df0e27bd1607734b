//! The verbs.

mod copy;
mod draw_up;
mod links;
mod number;
mod open;
mod print;

use chassis::Jobs;
use chassis::auth::Caller;

pub use copy::{copy_recipient, copy_seller, forget_recipient};
pub use links::{make_link, revoke_links};
pub use number::{lock_series, number};
pub use open::open_link;
pub use print::{PrintInvoice, PrintInvoices};

use crate::App;
use crate::domain::link::Audience;
use crate::store::invoices::Summary;

/// The outside work of this service.
pub fn jobs(app: &App) -> Jobs {
    Jobs::default().on::<PrintInvoices, _>(app).on::<PrintInvoice, _>(app)
}

/// As whom `caller` may read `invoice`, if at all.
pub fn reader(caller: &Caller, invoice: &Summary) -> Option<Audience> {
    if caller.user_id == invoice.buyer {
        return Some(Audience::User(invoice.buyer));
    }
    caller.vendors.contains(&invoice.vendor_id).then_some(Audience::Vendor(invoice.vendor_id))
}
