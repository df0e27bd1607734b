//! Somebody asks to be forgotten.

use contracts::user::{AccountChange, ContactUpdated};
use kernel::UserId;
use tracing::info;

use super::sign_in::is_staff;
use super::{end, events_out, lock_own};
use crate::App;
use crate::domain::Refused;
use crate::error::Error;
use crate::store::{accounts, addresses, authenticators, half_sign_ins};

/// Takes away everything personal, ends all sessions, and tells the others to forget. The id stays: orders and
/// invoices, which the law keeps, refer to it.
#[tracing::instrument(name = "user.erase", skip_all)]
pub async fn erase(app: &App, user_id: UserId) -> Result<(), Error> {
    let mut tx = app.db.begin().await?;
    let now = tx.now();
    let mut account = lock_own(&mut tx, user_id).await?;
    let is_named = account.email.as_ref().is_some_and(|email| is_staff(app, email));
    if is_named || account.rights.is_staff() {
        return Err(Refused::IsStaff.into());
    }

    account.erase();
    accounts::update(tx.conn(), &account, now).await?;
    addresses::delete_all(tx.conn(), user_id).await?;
    authenticators::delete(tx.conn(), user_id).await?;
    half_sign_ins::delete_of(tx.conn(), user_id).await?;
    // What was answered under a key shows addresses for two days.
    tx.forget_answers_to(&user_id.to_string()).await?;
    let ended = end::end_all(&mut tx, user_id, None).await?;
    // After the book was emptied: the event lists what is in it.
    events_out::emit_account(&mut tx, &account, AccountChange::Erased, None).await?;
    tx.emit_tombstone::<ContactUpdated>(user_id.to_string());
    end::commit_ended(app, tx, &ended).await?;

    info!(user.id = %user_id, "an account was erased");
    Ok(())
}
