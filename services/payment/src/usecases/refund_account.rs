//! A buyer who paid in cash, or whose bank did not take it back, says where it goes; whoever pays it out by hand reads that.

use chassis::seal::SealError;
use chassis::{Sealer, Tx};
use kernel::{PaymentId, RefundId, UserId, Vpa};
use sqlx::PgConnection;
use tracing::info;

use crate::App;
use crate::domain::refund_account::RefundAccount;
use crate::domain::{Payment, Refused};
use crate::error::Error;
use crate::store::{erased_buyers, payments, refund_accounts, refunds};

/// What a buyer sees of it.
#[derive(Debug)]
pub struct OwnAccount {
    pub account: Option<RefundAccount>,
    /// Whether it can be given or changed now.
    pub changeable: bool,
}

/// Shows the account of a payment of this buyer.
pub async fn show_account(app: &App, buyer: UserId, id: PaymentId) -> Result<OwnAccount, Error> {
    let mut conn = app.db.read().await?;
    let found = payments::find(&mut conn, id).await?;
    let payment = found.filter(|payment| payment.buyer == buyer).ok_or(Error::NotFound)?;
    let account = find(app, &mut conn, id).await?;
    let changeable = match may_change(&mut conn, &payment).await {
        Ok(()) => true,
        Err(Error::Refused(_)) => false,
        Err(error) => return Err(error),
    };
    Ok(OwnAccount { account, changeable })
}

/// Keeps where the buyer of a payment wants its money back. Said again, it is as before.
pub async fn give_account(
    app: &App,
    buyer: UserId,
    id: PaymentId,
    vpa: &Vpa,
) -> Result<OwnAccount, Error> {
    let mut tx = app.db.begin().await?;
    // Whoever reports that a refund was paid out takes the same lock.
    let locked = payments::lock(tx.conn(), id).await?;
    let payment = locked.filter(|payment| payment.buyer == buyer).ok_or(Error::NotFound)?;
    // A token outlives its account by minutes.
    if erased_buyers::is_erased(tx.conn(), buyer).await? {
        return Err(Error::NotFound);
    }
    takes_account(tx.conn(), &payment).await?;
    if find(app, tx.conn(), id).await?.is_none_or(|known| known.vpa != *vpa) {
        keep(app, &mut tx, &payment, vpa).await?;
    }
    tx.commit().await?;
    show_account(app, buyer, id).await
}

async fn keep(app: &App, tx: &mut Tx, payment: &Payment, vpa: &Vpa) -> Result<(), Error> {
    refuse_underway(tx.conn(), payment.id).await?;
    let (id, now) = (payment.id, tx.now());
    let sealed = seal(&app.settings.sealer, id, vpa).map_err(Error::Seal)?;
    refund_accounts::upsert(tx.conn(), id, payment.buyer, &sealed, now).await?;
    info!(payment.id = %id, "the buyer of payment {id} says where money goes back to");
    Ok(())
}

/// The account that a refund is to be paid to, for whoever pays it.
pub async fn read_account(app: &App, tx: &mut Tx, id: RefundId) -> Result<RefundAccount, Error> {
    let refund = refunds::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    if !refund.is_by_a_person() || !refund.is_to_account() {
        return Err(Refused::NotByHand.into());
    }
    find(app, tx.conn(), refund.payment_id).await?.ok_or(Error::NotFound)
}

async fn may_change(conn: &mut PgConnection, payment: &Payment) -> Result<(), Error> {
    takes_account(conn, payment).await?;
    refuse_underway(conn, payment.id).await
}

/// Whether its buyer has to say where money goes back to: always of cash, and of what the provider will not give back.
async fn takes_account(conn: &mut PgConnection, payment: &Payment) -> Result<(), Error> {
    if refund_accounts::is_awaited(conn, payment.id).await? {
        return Ok(());
    }
    Ok(payment.takes_account()?)
}

async fn refuse_underway(conn: &mut PgConnection, payment: PaymentId) -> Result<(), Error> {
    if refund_accounts::is_being_paid(conn, payment).await? {
        return Err(Refused::RefundUnderway.into());
    }
    Ok(())
}

async fn find(
    app: &App,
    conn: &mut PgConnection,
    id: PaymentId,
) -> Result<Option<RefundAccount>, Error> {
    let Some(kept) = refund_accounts::find(conn, id).await? else { return Ok(None) };
    let vpa = open(&app.settings.sealer, id, &kept.sealed).map_err(Error::Seal)?;
    Ok(Some(RefundAccount { vpa, given_at: kept.given_at }))
}

/// Bound to the payment, so that a sealed value is worth nothing in another row.
fn context(id: PaymentId) -> String {
    format!("{id}:refund_account")
}

fn seal(with: &Sealer, id: PaymentId, vpa: &Vpa) -> Result<String, SealError> {
    with.seal(vpa.as_str().as_bytes(), &context(id))
}

fn open(with: &Sealer, id: PaymentId, sealed: &str) -> Result<Vpa, SealError> {
    let bytes = with.open(sealed, &context(id))?;
    Ok(Vpa::kept(std::str::from_utf8(&bytes).map_err(|_| SealError)?))
}
