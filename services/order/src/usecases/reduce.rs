//! Staff reduce the price of what a buyer keeps, at its seller's cost. More than a little needs two of them.

use chassis::Tx;
use chassis::auth::Caller;
use kernel::{CreditId, Money, ReductionId, SellerOrderId, UserId};

use super::step::Locked;
use super::take_back::{Decision, in_time, write_down};
use crate::App;
use crate::domain::credit::{CreditCause, CreditRefused};
use crate::domain::reduction::{ReductionState, check_kept};
use crate::error::Error;
use crate::store;
use crate::store::credits::CreditRow;
use crate::store::parts::SellerOrderRow;
use crate::store::reductions::{self, Reduction};

/// A seller order whose order is locked, and what was taken back of it.
struct Kept {
    order: Locked,
    sold: SellerOrderRow,
    given: Vec<CreditRow>,
}

impl Kept {
    async fn lock(tx: &mut Tx, id: SellerOrderId) -> Result<Self, Error> {
        let owner = store::parts::find_owner(tx.conn(), id).await?.ok_or(Error::NotFound)?;
        let order_id = owner.order_id;
        let order = Locked::take(tx, order_id).await?;
        let sold = store::parts::find(tx.conn(), order_id, id).await?.ok_or(Error::NotFound)?;
        let mut credits = store::credits::list(tx.conn(), order_id).await?;
        Ok(Self { order, sold, given: credits.remove(&id).unwrap_or_default() })
    }

    fn check_not_own(&self, staff: &Caller) -> Result<(), Error> {
        self.order.check_not_own(self.sold.part.vendor_id, staff)
    }

    /// By how much its price was reduced already.
    fn reduced(&self) -> Result<Money, Error> {
        let given = self.given.iter().filter(|credit| credit.cause == CreditCause::PriceReduced);
        let currency = self.sold.part.total.currency();
        let sum = Money::sum(given.map(|credit| credit.gross), currency);
        Ok(sum.map_err(CreditRefused::from)?)
    }
}

/// Reduces a price, or proposes it where one may not do so alone: what one did before on the same seller order counts.
#[tracing::instrument(name = "order.reduce_price", skip_all, fields(seller_order.id = %seller_order_id))]
pub async fn reduce_price(
    app: &App,
    tx: &mut Tx,
    seller_order_id: SellerOrderId,
    amount: Money,
    reason: String,
    staff: &Caller,
) -> Result<Reduction, Error> {
    let kept = Kept::lock(tx, seller_order_id).await?;
    kept.check_not_own(staff)?;
    // What could not be given is not proposed.
    check_kept(kept.sold.state)?;
    let remainder = store::credits::remainder(&kept.sold, &kept.given);
    remainder.map_err(CreditRefused::from)?.reduce(amount)?;

    let mut new = Reduction {
        id: ReductionId::new(),
        seller_order_id,
        number: kept.sold.part.number.clone(),
        amount,
        reason,
        state: ReductionState::Proposed,
        proposed_by: staff.user_id,
        decided_by: None,
        credit_id: None,
        created_at: tx.now(),
    };
    let in_all = kept.reduced()?.add(amount).map_err(CreditRefused::from)?;
    if in_all.minor() <= app.config.alone_up_to().minor() {
        new.state = ReductionState::Done;
        new.credit_id = Some(give(tx, &kept, &new, staff.user_id).await?);
    }
    reductions::insert(tx.conn(), &new).await?;
    app.changes.notify(tx, kept.order.row.checkout_id);
    Ok(new)
}

/// Staff agree to a proposal of somebody else, or decline one. Said again by the same person, it is as before.
#[tracing::instrument(name = "order.decide_reduction", skip_all, fields(reduction.id = %id))]
pub async fn decide_reduction(
    app: &App,
    tx: &mut Tx,
    id: ReductionId,
    to: ReductionState,
    staff: &Caller,
) -> Result<Reduction, Error> {
    let who = staff.user_id;
    let found = reductions::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    let kept = Kept::lock(tx, found.seller_order_id).await?;
    // Looked at only now: somebody else may have been quicker.
    let mut found = reductions::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    if (found.state, found.decided_by) == (to, Some(who)) {
        return Ok(found);
    }
    found.state.decide(to, found.proposed_by, who)?;
    kept.check_not_own(staff)?;
    (found.state, found.decided_by) = (to, Some(who));
    if to == ReductionState::Done {
        found.credit_id = Some(give(tx, &kept, &found, who).await?);
    }
    let now = tx.now();
    reductions::set_decided(tx.conn(), &found, now).await?;
    app.changes.notify(tx, kept.order.row.checkout_id);
    Ok(found)
}

/// The buyer gets it back.
async fn give(
    tx: &mut Tx,
    kept: &Kept,
    reduction: &Reduction,
    who: UserId,
) -> Result<CreditId, Error> {
    let Kept { order, sold, given } = kept;
    // It may have been sent back since it was proposed.
    check_kept(sold.state)?;
    let remainder = store::credits::remainder(sold, given).map_err(CreditRefused::from)?;
    let credit = in_time(tx, order, remainder.reduce(reduction.amount)?)?;
    let by_staff = Decision::by(Some(who), CreditCause::PriceReduced);
    let decision = Decision { reason: Some(&reduction.reason), ..by_staff };
    write_down(tx, order, sold, given, &decision, &credit, None).await
}
