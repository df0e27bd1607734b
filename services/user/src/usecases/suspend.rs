//! Staff shuts somebody out, or lets them back in.

use chassis::auth::callers::{Permission, may};
use chassis::auth::{Act, Acting};
use contracts::user::AccountChange;
use kernel::{Line, UserId};
use serde_json::json;
use tracing::info;

use super::{end, events_out, lock_named};
use crate::App;
use crate::domain::{Account, AccountStanding, Refused};
use crate::error::Error;
use crate::store::accounts;

#[derive(Debug, Clone)]
pub enum Suspension {
    Suspend(Line<500>),
    Lift,
}

#[tracing::instrument(name = "user.suspend", skip_all, fields(user.id = %user_id))]
pub async fn suspend(
    app: &App,
    staff: &Acting<may::ManageUsers>,
    user_id: UserId,
    decision: Suspension,
) -> Result<Account, Error> {
    let by = staff.caller.user_id;
    let mut tx = app.db.begin().await?;
    let now = tx.now();
    // The turn before the account, as in `erase`.
    accounts::take_turn(tx.conn()).await?;
    let mut account = lock_named(&mut tx, user_id).await?;
    let others = accounts::count_others(tx.conn(), user_id, may::ManageUsers::NAME).await?;
    let said = match &decision {
        Suspension::Suspend(reason) => json!({ "suspended": true, "reason": reason.as_str() }),
        Suspension::Lift => json!({ "suspended": false }),
    };
    staff.tell(&mut tx, Act::new("user.suspend").on(user_id.as_uuid()), &said);
    let mut ended = Vec::new();
    account.standing = match decision {
        Suspension::Suspend(_) if account.rights.manages_users() && others == 0 => {
            return Err(Refused::LastAdmin.into());
        }
        Suspension::Suspend(reason) => {
            ended = end::end_all(&mut tx, user_id, None).await?;
            AccountStanding::Suspended { reason: reason.into_string() }
        }
        Suspension::Lift => AccountStanding::Active,
    };

    account.version += 1;
    accounts::update(tx.conn(), &account, now).await?;
    events_out::emit_account(&mut tx, &account, AccountChange::StandingChanged, Some(by)).await?;
    end::commit_ended(app, tx, &ended).await?;

    info!(user.id = %user_id, staff.id = %by, "standing was changed");
    Ok(account)
}
