//! Staff changes what somebody may do.

use chassis::auth::callers::{Permission, may};
use chassis::auth::{Act, Acting};
use chassis::etag::IfMatch;
use contracts::user::AccountChange;
use kernel::UserId;
use serde_json::json;
use tracing::info;

use super::{end, events_out, lock_named};
use crate::App;
use crate::domain::{Account, Own, Refused, Rights};
use crate::error::Error;
use crate::store::accounts;

/// Gives an account the rights `next`. What is taken away ends at once, with the sessions that carried it.
#[tracing::instrument(name = "user.set_rights", skip_all, fields(user.id = %user_id))]
pub async fn set_rights(
    app: &App,
    staff: &Acting<may::ManageUsers>,
    user_id: UserId,
    next: Rights,
    seen: IfMatch,
) -> Result<Account, Error> {
    let caller = &staff.caller;
    let mut tx = app.db.begin().await?;
    let now = tx.now();
    // The turn before the account, as in `erase`.
    accounts::take_turn(tx.conn()).await?;
    let mut account = lock_named(&mut tx, user_id).await?;
    seen.check(account.version)?;
    let own = if caller.user_id == user_id { Own::Yes } else { Own::No };
    let giver = Rights::kept(caller.roles.clone(), caller.perms.clone());
    account.rights.give(&next, &giver, own)?;
    let others = accounts::count_others(tx.conn(), user_id, may::ManageUsers::NAME).await?;
    if account.rights.manages_users() && !next.manages_users() && others == 0 {
        return Err(Refused::LastAdmin.into());
    }

    staff.tell(&mut tx, Act::new("user.set_rights").on(user_id.as_uuid()), &json!(next));
    let lowered = !account.rights.is_within(&next);
    account.rights = next;
    account.version += 1;
    accounts::update(tx.conn(), &account, now).await?;
    let ended = if lowered { end::end_all(&mut tx, user_id, None).await? } else { Vec::new() };
    let by = Some(caller.user_id);
    events_out::emit_account(&mut tx, &account, AccountChange::RoleChanged, by).await?;
    end::commit_ended(app, tx, &ended).await?;

    info!(user.id = %user_id, staff.id = %caller.user_id, "rights were changed");
    Ok(account)
}
