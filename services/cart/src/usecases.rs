//! The verbs of the cart.

pub mod activity;
mod check_out;
mod lines;
mod remember;
mod restore;
mod settle;

use chassis::Jobs;
pub use check_out::{CheckedOut, CheckoutCommand, check_out, reach_till};
pub use lines::{clear, look, merge, remove_line, set_line};
pub use remember::{remember_cancelled, remember_confirmed, remember_credited, remember_delivered};
pub use restore::{PutBack, restore};
pub use settle::{Settle, settle, settle_at_once};

use crate::App;

/// Attempts of work in Redis: one every ten minutes for a month.
const PATIENCE: i32 = 4_320;

/// Work outside: in Redis, after a commit.
pub fn jobs(app: &App) -> Jobs {
    Jobs::default().handle::<Settle, _>(app).handle::<PutBack, _>(app)
}
