//! Somebody edits their profile.

use chassis::etag::IfMatch;
use contracts::user::AccountChange;
use kernel::UserId;

use super::{events_out, lock_own};
use crate::App;
use crate::domain::{Account, Changes};
use crate::error::Error;
use crate::store::accounts;

#[tracing::instrument(name = "user.edit_profile", skip_all)]
pub async fn edit_profile(
    app: &App,
    user_id: UserId,
    changes: Changes,
    seen: IfMatch,
) -> Result<Account, Error> {
    let mut tx = app.db.begin().await?;
    let now = tx.now();
    // Compared under the lock: of two edits of one version the second is refused.
    let mut account = lock_own(&mut tx, user_id).await?;
    seen.check(account.version)?;

    account.edit(changes);
    accounts::update(tx.conn(), &account, now).await?;
    events_out::emit_all(&mut tx, &account, AccountChange::Updated).await?;
    tx.commit().await?;

    Ok(account)
}
