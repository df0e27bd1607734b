//! The verbs.

pub mod announce;
pub mod apply;
pub mod change_account;
pub mod decide;
pub mod edit;
mod events_out;
pub mod examine;
pub mod look;
pub mod open;
pub mod payout_account;
pub mod project_rating;
mod seal;
pub mod strike;
pub mod submit;
pub mod tax_identities;
pub mod unmarked;

use chassis::{Jobs, Timers};
use kernel::{UserId, VendorId};
pub use seal::Seals;
use sqlx::PgConnection;

use crate::App;
use crate::domain::vendor::Vendor;
use crate::error::Error;
use crate::store;

pub fn jobs(app: &App) -> Jobs {
    Jobs::default().handle::<payout_account::RegisterAccount, _>(app)
}

pub fn timers(app: &App) -> Timers {
    Timers::default()
        .handle::<payout_account::Unregistered, _>(app)
        .handle::<unmarked::Unmarked, _>(app)
}

/// A seller that `caller` acts for, by our own table, which knows it first.
async fn find_own(
    conn: &mut PgConnection,
    vendor_id: VendorId,
    caller: UserId,
) -> Result<Vendor, Error> {
    let found = store::vendors::find(conn, vendor_id).await?;
    found.filter(|vendor| vendor.members.contains(&caller)).ok_or(Error::NotFound)
}

/// The same, locked, so that changes of a seller take turns.
async fn lock_own(
    conn: &mut PgConnection,
    vendor_id: VendorId,
    caller: UserId,
) -> Result<Vendor, Error> {
    // Before the lock: a stranger must not hold up the seller's own requests.
    find_own(conn, vendor_id, caller).await?;
    store::vendors::lock(conn, vendor_id).await?.ok_or(Error::NotFound)
}
