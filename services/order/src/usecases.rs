//! The verbs.

mod cancel;
mod count;
mod deadline;
mod disputed;
mod events_out;
mod expire;
mod forget;
mod fulfil;
mod hold;
mod lose;
mod parcels;
mod pay;
mod place;
mod received;
mod reduce;
mod refunded;
mod remember;
mod remind;
mod return_events;
mod return_timer;
mod returns;
mod settled;
mod step;
mod suspended;
mod take_back;
mod watch;
mod wrong_money;

use chassis::Timers;

pub use cancel::cancel;
pub use disputed::take_back_disputed;
pub use fulfil::{FulfilmentCommand, fulfil};
pub use hold::{ask_payment, reject, take_back_what_is_gone};
pub use lose::lose;
pub use parcels::{AtTheDoor, correct_tracking, reach_door, ship};
pub use pay::{Answer, note_payment, take_answer};
pub use place::place;
pub use received::step_as_seller;
pub use reduce::{decide_reduction, reduce_price};
pub use refunded::{
    note_cash, note_foreign_refund, note_refund, note_refund_done, note_refund_failed,
};
pub use remember::{
    drop_product, forget_contact, remember_contact, remember_product, remember_vendor,
};
pub use returns::{Deed, Wish, decide_return, request_return, step_as_buyer};
pub use take_back::{Decision, cancel_part, take_back_as_seller, take_back_as_staff};
pub use watch::{Changes, Hold, await_checkout, find_checkout};
pub use wrong_money::note_wrong_money;

use crate::App;

pub fn timers(app: &App) -> Timers {
    Timers::default()
        .handle_each::<expire::Overdue, _>(app)
        // Before what is kept is completed: an open return holds that up.
        .handle_each::<return_timer::ReturnLate, _>(app)
        .handle_each::<deadline::SellerLate, _>(app)
        .handle_each::<suspended::Suspended, _>(app)
        .handle_each::<remind::DueSoon, _>(app)
        .handle::<forget::Leftovers, _>(app)
        .handle::<count::OpenOrders, _>(app)
}
