//! The verbs.

mod commission;
mod credit;
mod draw_up;
mod links;
mod number;
mod open;
mod print;
mod project;

use chassis::Jobs;
use chassis::auth::Caller;

pub use commission::{BillCommission, PrintCommission, close_month};
pub use credit::{NoteCredit, credit, lock_credits};
pub use links::{make_link, revoke_links};
pub use number::{NumberPart, lock_series, number};
pub use open::open_link;
pub use print::{PrintCreditNote, PrintInvoice, PrintInvoices};
pub use project::{forget_recipient, project_recipient, project_seller};

use crate::App;
use crate::domain::link::Audience;
use crate::store::issued::Summary;

pub fn jobs(app: &App) -> Jobs {
    Jobs::default()
        .handle::<NumberPart, _>(app)
        .handle::<PrintInvoices, _>(app)
        .handle::<PrintInvoice, _>(app)
        .handle::<PrintCreditNote, _>(app)
        .handle::<NoteCredit, _>(app)
        .handle::<BillCommission, _>(app)
        .handle::<PrintCommission, _>(app)
}

/// As whom `caller` may read `invoice`, if at all.
pub fn reader(caller: &Caller, invoice: &Summary) -> Option<Audience> {
    if caller.user_id == invoice.buyer {
        return Some(Audience::User(invoice.buyer));
    }
    caller.vendors.contains(&invoice.vendor_id).then_some(Audience::Vendor(invoice.vendor_id))
}
