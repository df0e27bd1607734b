//! The verbs.

mod cancel;
mod count;
mod deadline;
mod events_out;
mod expire;
mod fulfil;
mod hold;
mod pay;
mod place;
mod remember;
mod step;
mod take_back;
mod watch;

use chassis::Timers;

pub use cancel::cancel;
pub use fulfil::{FulfilmentCommand, fulfil};
pub use hold::{ask_payment, reject, take_back_what_is_gone};
pub use pay::{Paid, Unpaid, confirm, give_up, note_payment};
pub use place::place;
pub use remember::{
    drop_product, forget_contact, remember_contact, remember_product, remember_vendor,
};
pub use take_back::{Decision, cancel_by_staff, cancel_part, take_back_as_seller};
pub use watch::{Changes, Hold, await_checkout, find_checkout};

use crate::App;

pub fn timers(app: &App) -> Timers {
    Timers::default()
        .handle_each::<expire::Overdue, _>(app)
        .handle_each::<deadline::SellerLate, _>(app)
        .handle::<count::OpenOrders, _>(app)
}
