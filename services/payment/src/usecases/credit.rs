//! The order service takes back something that was sold.

use chassis::Tx;
use contracts::order::{CreditCause, SellerOrderCredited};
use kernel::{CreditId, Money, SellerOrderId};
use tracing::info;

use super::foreign::adopt;
use super::give_back::request;
use super::release::{lock_if_ended, release_ended};
use super::settle_hold::settle_hold;
use super::take_cash::take;
use crate::domain::ledger::{Cause, Journal, Since};
use crate::domain::refund::{Kind, Owed};
use crate::domain::{Payment, PaymentProgress, Refused, Share, calendar, month, share};
use crate::error::Error;
use crate::store::shares::Standing;
use crate::store::{attempts, credits, disputes, ledger, payments, sellers, shares};

/// How the seller order was paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Paid {
    /// At the provider.
    ByUpi,
    /// In cash, which was taken.
    InCash,
    /// In cash, which is due.
    NotYet,
}

/// Takes a credit back from everybody's share of the payment, once, and gives the buyer what was paid for it.
pub async fn credit(tx: &mut Tx, event: SellerOrderCredited) -> Result<(), Error> {
    let (order, back) = (event.seller_order, event.share);
    let (seller_order, now) = (order.seller_order_id, tx.now());
    if back.seller_order_id != seller_order {
        return Err(Refused::NotCreditable("it is of another seller order").into());
    }
    let found = shares::find_payment(tx.conn(), order.vendor_id, seller_order).await?;
    let payment_id = found.ok_or(Error::NotYet("the payment"))?;
    // Credits of one payment take turns, so that none goes over what the others left.
    let mut payment = payments::lock(tx.conn(), payment_id).await?.ok_or(Error::NotFound)?;
    let id = event.credit_id;
    if !credits::insert(tx.conn(), id, payment_id, &back, event.cause, now).await? {
        return Ok(());
    }
    let standing =
        shares::find(tx.conn(), payment_id, seller_order).await?.ok_or(Error::NotFound)?;
    let mut paid = paid(&payment, &standing)?;
    share::check_credit(&standing.left, &back)?;
    // A buyer gives the cash for a parcel to get it: what is sent back or kept was paid for, reported or not.
    let was_handed_over = matches!(event.cause, CreditCause::Returned | CreditCause::PriceReduced);
    if paid == Paid::NotYet && was_handed_over {
        take(tx, &mut payment, &standing.left).await?;
        paid = Paid::InCash;
    }
    shares::credit(tx.conn(), payment_id, &back).await?;
    let ended = lock_if_ended(tx, &payment, seller_order).await?;
    match (event.cause, paid) {
        (CreditCause::Disputed, _) => pay_dispute(tx, &payment, id, &back, paid).await?,
        (_, Paid::NotYet) => end_if_nothing_is_due(tx, &mut payment).await?,
        (_, Paid::ByUpi | Paid::InCash) => give_back(tx, &payment, id, &back, paid).await?,
    }
    if let Some(left) = ended {
        release_ended(tx, payment_id, &left).await?;
    }
    settle_hold(tx, &payment).await?;
    info!(credit.id = %id, payment.id = %payment_id, seller_order.id = %seller_order, "credit {id} of {} is taken in", back.gross);
    Ok(())
}

fn paid(payment: &Payment, standing: &Standing) -> Result<Paid, Error> {
    let status = payment.status;
    if status == PaymentProgress::Captured {
        return Ok(Paid::ByUpi);
    }
    if [PaymentProgress::CodAccepted, PaymentProgress::CodCollected].contains(&status) {
        return Ok(if standing.collected.is_some() { Paid::InCash } else { Paid::NotYet });
    }
    let over = [
        PaymentProgress::Cancelled,
        PaymentProgress::CapturedLate,
        PaymentProgress::CodRefused,
        PaymentProgress::CodVoid,
    ];
    if over.contains(&status) {
        return Err(Refused::NotCreditable("its payment came to nothing").into());
    }
    Err(Error::NotYet("the capture"))
}

async fn give_back(
    tx: &mut Tx,
    payment: &Payment,
    credit: CreditId,
    back: &Share,
    paid: Paid,
) -> Result<(), Error> {
    let paying = attempts::find_paying(tx.conn(), payment.id).await?;
    let since = since(tx, payment, back, paid, paying.as_deref()).await?;
    if !book(tx, payment, credit, back, since).await? {
        return Ok(());
    }
    let provider_payment_id = match paid {
        Paid::ByUpi => Some(paying.ok_or(Error::NotYet("the capture"))?),
        Paid::InCash | Paid::NotYet => None,
    };
    let owed = Owed {
        kind: Kind::Credit,
        credit_id: Some(credit),
        seller_order_id: Some(back.seller_order_id),
        provider_payment_id,
        amount: back.gross,
    };
    // What somebody gave back for it already is not paid twice.
    if adopt(tx, payment, &owed).await? {
        return Ok(());
    }
    request(tx, payment, owed).await
}

/// What the buyer's bank took is taken back from everybody's share; the buyer has it already.
async fn pay_dispute(
    tx: &mut Tx,
    payment: &Payment,
    credit: CreditId,
    back: &Share,
    paid: Paid,
) -> Result<(), Error> {
    if !disputes::is_borne_by_sellers(tx.conn(), payment.id).await? {
        return Err(Refused::NotCreditable("its sellers bear no dispute").into());
    }
    let paying = attempts::find_paying(tx.conn(), payment.id).await?;
    let since = since(tx, payment, back, paid, paying.as_deref()).await?;
    credits::mark_disputed(tx.conn(), credit).await?;
    let since = Since { is_disputed: true, ..since };
    book(tx, payment, credit, back, since).await.map(drop)
}

/// What happened to the sale since it was paid for.
async fn since(
    tx: &mut Tx,
    payment: &Payment,
    back: &Share,
    paid: Paid,
    paying: Option<&str>,
) -> Result<Since, Error> {
    let now = tx.now();
    let sale = sale(payment, back.seller_order_id, paid);
    let mut sold_at = ledger::find_posted_at(tx.conn(), &sale).await?;
    if let (None, Some(paying)) = (sold_at, paying) {
        // A person took other money for it.
        sold_at = ledger::find_posted_at(tx.conn(), &Cause::Accept(paying.to_owned())).await?;
    }
    let sold_at = sold_at.ok_or(Error::NotYet("the sale"))?;
    let released = Cause::Release(back.seller_order_id);
    Ok(Since {
        tds_deposited: Some(tds_deposited(tx, back, month::is_same(sold_at, now)).await?),
        year_is_over: calendar::is_of_earlier_year(sold_at, now),
        is_released: ledger::find_posted_at(tx.conn(), &released).await?.is_some(),
        is_disputed: false,
    })
}

/// How much of the income tax that is taken back is with the state.
async fn tds_deposited(tx: &mut Tx, back: &Share, is_same_month: bool) -> Result<Money, Error> {
    if !is_same_month {
        return Ok(back.tds);
    }
    let owed = ledger::find_tds_owed(tx.conn(), back.seller_order_id).await?.max(0);
    Ok(Money::new((back.tds.minor() - owed).max(0), back.tds.currency()))
}

/// Books a credit. False where there is nothing to book.
async fn book(
    tx: &mut Tx,
    payment: &Payment,
    credit: CreditId,
    back: &Share,
    since: Since,
) -> Result<bool, Error> {
    let is_late = since.year_is_over && !back.tds.is_zero();
    if since.is_released || is_late {
        // A payout that is being reckoned at this moment counts what is taken back, or is over.
        sellers::lock(tx.conn(), &[back.vendor_id], back.payable.currency()).await?;
    }
    let journal = Journal::credit(credit, back, since)?;
    if journal.postings.is_empty() {
        return Ok(false);
    }
    let now = tx.now();
    ledger::post(tx.conn(), payment.id, &journal, now).await?;
    if is_late {
        // It counts for no sale of this year: what is taken back late is charged as at the end of the year.
        credits::mark_charged(tx.conn(), credit, back.tds).await?;
        let journal = Journal::late_tax(credit, back)?;
        ledger::post(tx.conn(), payment.id, &journal, now).await?;
    }
    Ok(true)
}

/// What brought the journal of the sale about.
const fn sale(payment: &Payment, seller_order: SellerOrderId, paid: Paid) -> Cause {
    match paid {
        Paid::ByUpi => Cause::Capture(payment.id),
        Paid::InCash | Paid::NotYet => Cause::Cash(seller_order),
    }
}

/// What is left of the order may have been paid for already, or nothing is left of it.
async fn end_if_nothing_is_due(tx: &mut Tx, payment: &mut Payment) -> Result<(), Error> {
    let (collected, all) = shares::count_collected(tx.conn(), payment.id).await?;
    if collected < all {
        return Ok(());
    }
    payment.status =
        if all == 0 { PaymentProgress::CodVoid } else { PaymentProgress::CodCollected };
    let now = tx.now();
    Ok(payments::update(tx.conn(), payment, now).await?)
}
