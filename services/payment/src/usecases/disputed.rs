//! A refund of money that a buyer's bank asks back, too, or of which the provider has too little left: the buyer gets it
//! once.

use chassis::Tx;
use kernel::Money;
use sqlx::PgConnection;
use tracing::{info, warn};

use super::absorb_refund::finish;
use super::give_back::{begin, needs_a_person};
use super::refund_jobs::SendRefund;
use super::settle_hold::settle_hold;
use crate::domain::dispute::{Bearer, Dispute, State};
use crate::domain::ledger::Journal;
use crate::domain::refund::{DISPUTED, Kind, TOO_LITTLE};
use crate::domain::{Payment, Refund, RefundStatus};
use crate::error::Error;
use crate::store::{disputes, ledger, refunds};

/// Which way a refund goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The provider gives it back.
    ByProvider,
    /// It waits until a dispute is decided.
    Later,
    /// The provider has too little left of the capture, or a bank took the same money.
    Taken,
}

/// Which way a refund goes, by what is left of its capture.
pub async fn way(conn: &mut PgConnection, refund: &Refund) -> Result<Way, Error> {
    let Some(capture) = &refund.provider_payment_id else { return Ok(Way::ByProvider) };
    let disputes = disputes::list_of_capture(conn, capture).await?;
    if disputes.iter().any(|dispute| dispute.state == State::Open) {
        return Ok(Way::Later);
    }
    // Sellers bear all that was left of the order: what is taken back since then for another reason the bank has given.
    let mut is_borne = false;
    for dispute in disputes.iter().filter(|dispute| dispute.bearer == Some(Bearer::Sellers)) {
        let awaited = awaited(conn, refund, dispute).await?;
        is_borne |= refund.kind == Kind::Credit && refund.amount.minor() <= awaited.minor();
    }
    // What was lost may have been for something else: as long as there is enough for both, both go.
    let room = disputes::find_room(conn, capture, refund.id).await?;
    let is_taken = is_borne || room < refund.amount.minor();
    Ok(if is_taken { Way::Taken } else { Way::ByProvider })
}

/// What the sellers bear and was not taken back from them so far, where the refund is of something that was taken back
/// since.
async fn awaited(
    conn: &mut PgConnection,
    refund: &Refund,
    dispute: &Dispute,
) -> Result<Money, Error> {
    let since = dispute.borne_at.is_some_and(|at| refund.requested_at >= at);
    let awaited = if since { disputes::find_awaited(conn, dispute.payment_id).await? } else { 0 };
    Ok(Money::new(awaited, dispute.amount.currency()))
}

/// A refund whose payment is locked waits until the dispute is decided, which goes on with it.
pub async fn hold(tx: &mut Tx, refund: &mut Refund) -> Result<(), Error> {
    let now = tx.now();
    refund.hold();
    refunds::update(tx.conn(), refund, now).await?;
    let id = refund.id;
    info!(refund.id = %id, "refund {id} waits: the buyer's bank asks for the same money");
    Ok(())
}

/// The bank has decided: what waited for that goes on. The payment is locked.
pub async fn go_on(tx: &mut Tx, dispute: &Dispute) -> Result<(), Error> {
    let is_lost = dispute.state == State::Lost;
    let capture = &dispute.provider_payment_id;
    for id in refunds::list_held(tx.conn(), capture, is_lost).await? {
        let mut refund = refunds::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
        go_again(tx, &mut refund).await?;
    }
    Ok(())
}

/// It is looked at once more whether the provider gives a refund back, or a bank has. The payment is locked.
pub async fn go_again(tx: &mut Tx, refund: &mut Refund) -> Result<(), Error> {
    let now = tx.now();
    if refund.status == RefundStatus::Requested {
        refund.reason = None;
    } else {
        // The buyer may have it by the dispute now.
        refund.start_over(DISPUTED);
    }
    refunds::update(tx.conn(), refund, now).await?;
    // It may have been asked for before the dispute was heard of.
    let job = SendRefund { look_first: true, ..SendRefund::of(refund) };
    Ok(tx.schedule(&job, now).await?)
}

/// Pays what the provider cannot give back as a whole: by a dispute, for what a bank took the buyer has; then as much as
/// is left of the capture. The rest is a refund of its own, and what nothing pays a person sees to. The payment is locked.
pub async fn pay_in_parts(
    tx: &mut Tx,
    payment: &Payment,
    refund: &mut Refund,
) -> Result<(), Error> {
    let capture = refund.provider_payment_id.clone().unwrap_or_default();
    let lost = list_lost(tx.conn(), &capture).await?;
    let reason = if lost.is_empty() { TOO_LITTLE } else { DISPUTED };
    // What the platform gives of its own the buyer did not have to ask a bank for.
    if refund.kind == Kind::Goodwill {
        return give_up(tx, payment, refund, reason).await;
    }
    if let Some((dispute, part)) = choose(tx.conn(), refund, lost).await? {
        if part.minor() < refund.amount.minor() {
            split_off(tx, payment, refund, part).await?;
        }
        return pay_by_dispute(tx, payment, refund, dispute).await;
    }
    let room = disputes::find_room(tx.conn(), &capture, refund.id).await?;
    if !Refund::is_enough(room) || room >= refund.amount.minor() {
        return give_up(tx, payment, refund, reason).await;
    }
    split_off(tx, payment, refund, Money::new(room, refund.amount.currency())).await?;
    let now = tx.now();
    refund.start_over(TOO_LITTLE);
    refunds::update(tx.conn(), refund, now).await?;
    Ok(tx.schedule(&SendRefund::of(refund), now).await?)
}

async fn list_lost(conn: &mut PgConnection, capture: &str) -> Result<Vec<Dispute>, Error> {
    let all = disputes::list_of_capture(conn, capture).await?;
    Ok(all.into_iter().filter(|dispute| dispute.state == State::Lost).collect())
}

/// Whether a bank took what a refund would give back, or a part of it, so that nobody has to pay it by hand.
pub async fn is_with_a_bank(conn: &mut PgConnection, refund: &Refund) -> Result<bool, Error> {
    if refund.kind == Kind::Goodwill || way(conn, refund).await? != Way::Taken {
        return Ok(false);
    }
    let capture = refund.provider_payment_id.as_deref().unwrap_or_default();
    let lost = list_lost(conn, capture).await?;
    Ok(choose(conn, refund, lost).await?.is_some())
}

/// The dispute that pays a refund, or the most of it, and how much.
async fn choose(
    conn: &mut PgConnection,
    refund: &Refund,
    lost: Vec<Dispute>,
) -> Result<Option<(Dispute, Money)>, Error> {
    let mut best: Option<(Dispute, Money)> = None;
    for dispute in lost {
        let most = dispute.most(awaited(conn, refund, &dispute).await?).minor();
        let part = most.min(refund.amount.minor());
        if part > best.as_ref().map_or(0, |(_, part)| part.minor()) {
            best = Some((dispute, Money::new(part, refund.amount.currency())));
        }
    }
    Ok(best)
}

/// The refund is over `part` from now on, and another one over the rest begins.
async fn split_off(
    tx: &mut Tx,
    payment: &Payment,
    refund: &mut Refund,
    part: Money,
) -> Result<(), Error> {
    let rest = refund.split(part)?;
    refunds::lessen(tx.conn(), refund.id, part).await?;
    refunds::insert(tx.conn(), &rest, Some(refund.id)).await?;
    info!(refund.id = %refund.id, rest.id = %rest.id, "refund {} is paid in parts: {part} of it now", refund.id);
    begin(tx, payment, &rest).await
}

/// A bank took what a refund would have given back: the buyer has it.
async fn pay_by_dispute(
    tx: &mut Tx,
    payment: &Payment,
    refund: &mut Refund,
    mut dispute: Dispute,
) -> Result<(), Error> {
    let now = tx.now();
    let awaited = awaited(tx.conn(), refund, &dispute).await?;
    let from = dispute.cover(refund.amount, awaited).ok_or(Error::NotFound)?;
    disputes::update(tx.conn(), &dispute).await?;
    let journal = Journal::dispute_paid(refund.id, refund.amount, from)?;
    ledger::post(tx.conn(), payment.id, &journal, now).await?;
    refund.pay_by_dispute(dispute.id);
    info!(refund.id = %refund.id, dispute.id = %dispute.id, "refund {} was paid by a dispute", refund.id);
    finish(tx, payment, refund, None).await?;
    settle_hold(tx, payment).await
}

async fn give_up(
    tx: &mut Tx,
    payment: &Payment,
    refund: &mut Refund,
    reason: &str,
) -> Result<(), Error> {
    let now = tx.now();
    warn!(refund.id = %refund.id, "too little is left for refund {}", refund.id);
    refund.give_up(reason);
    refunds::update(tx.conn(), refund, now).await?;
    needs_a_person(tx, payment, refund);
    settle_hold(tx, payment).await
}
