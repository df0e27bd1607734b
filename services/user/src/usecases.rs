//! The verbs.

mod addresses;
mod ask_code;
mod edit_profile;
mod end;
mod erase;
mod events_out;
mod finish_sign_in;
mod keys;
mod project_members;
mod refresh;
mod second_factor;
mod set_rights;
mod sign_in;
mod sign_out;
mod suspend;
mod tidy;
mod tokens;

pub use addresses::{add_address, change_address, remove_address};
pub use ask_code::ask_code;
use chassis::{Timers, Tx};
pub use edit_profile::edit_profile;
pub use erase::erase;
pub use finish_sign_in::finish_sign_in;
use kernel::UserId;
pub use keys::published;
pub use project_members::project_members;
pub use refresh::refresh;
pub use second_factor::{
    confirm_second_factor, register_second_factor, remove_second_factor, renew_recovery_codes,
    step_up,
};
pub use set_rights::set_rights;
pub use sign_in::{Proved, sign_in};
pub use sign_out::{end_session, sign_out, sign_out_holder};
pub use suspend::{Suspension, suspend};
pub use tokens::SignedIn;

use crate::App;
use crate::domain::{Account, AccountStanding};
use crate::error::Error;
use crate::store::accounts;

pub fn timers(app: &App) -> Timers {
    Timers::default().handle::<keys::Rotation, _>(app).handle::<tidy::Tidying, _>(app)
}

/// Locks the caller's account, so that changes of it and of its address book take turns and are said in that order.
/// Whoever was shut out meanwhile is nobody any more.
async fn lock_own(tx: &mut Tx, user_id: UserId) -> Result<Account, Error> {
    accounts::lock(tx.conn(), user_id)
        .await?
        .filter(|account| account.standing == AccountStanding::Active)
        .ok_or(Error::Unauthenticated)
}

/// Locks the account that staff named; one that was erased is not there.
async fn lock_named(tx: &mut Tx, user_id: UserId) -> Result<Account, Error> {
    accounts::lock(tx.conn(), user_id)
        .await?
        .filter(|account| account.standing != AccountStanding::Erased)
        .ok_or(Error::NotFound)
}
