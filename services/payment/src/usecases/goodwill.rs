//! The platform gives a buyer money of its own. One member of staff proposes it.

use chassis::Tx;
use kernel::{Money, OrderId, PaymentId, UserId};
use tracing::info;

use crate::domain::refund::{Kind, Owed};
use crate::domain::{Payment, Refund, Refused};
use crate::error::Error;
use crate::store::{payments, refunds};

/// For what the buyer paid.
#[derive(Debug, Clone, Copy)]
pub enum Paid {
    Payment(PaymentId),
    Order(OrderId),
}

/// What one member of staff proposes.
#[derive(Debug)]
pub struct Goodwill<'a> {
    pub who: UserId,
    /// Their own name for it, which makes it one proposal.
    pub name: &'a str,
    pub amount: Money,
    /// Why, in their words.
    pub words: String,
}

/// Proposes to give money. Nothing is owed before somebody else agrees.
pub async fn propose_goodwill(
    tx: &mut Tx,
    paid: Paid,
    goodwill: Goodwill<'_>,
) -> Result<(Payment, Refund), Error> {
    let now = tx.now();
    let Goodwill { who, name, amount, words } = goodwill;
    if amount.minor() <= 0 {
        return Err(Refused::Unpayable("the amount must be more than nothing").into());
    }
    let id = match paid {
        Paid::Payment(id) => Some(id),
        Paid::Order(order) => payments::find_of_order(tx.conn(), order).await?,
    };
    let id = id.ok_or(Error::NotFound)?;
    // Whatever else is given back of it takes turns.
    let payment = payments::lock(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    let refund_id = Refund::goodwill_id(id, who, name);
    if let Some(known) = refunds::find(tx.conn(), refund_id).await? {
        return Ok((payment, known));
    }
    let room = refunds::find_room(tx.conn(), id).await?;
    let (provider_payment_id, room) = room.ok_or(Refused::GoodwillTooMuch)?;
    if room.currency() != amount.currency() || amount.minor() > room.minor() {
        return Err(Refused::GoodwillTooMuch.into());
    }
    let kind = Kind::Goodwill;
    let owed = Owed { kind, credit_id: None, seller_order_id: None, provider_payment_id, amount };
    let refund = Refund::proposed(refund_id, id, owed, who, words, now);
    refunds::insert(tx.conn(), &refund, None).await?;
    info!(refund.id = %refund_id, payment.id = %id, staff.id = %who, "{amount} of goodwill are proposed");
    Ok((payment, refund))
}
