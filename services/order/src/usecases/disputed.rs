//! A buyer's bank took the money back, and the sellers bear it.

use chassis::Tx;
use contracts::payment::{DisputeBearer, DisputeChanged, DisputeState};

use super::parcels;
use super::returns::settle;
use super::settled;
use super::step::Locked;
use super::take_back::{Decision, take_back_one};
use crate::App;
use crate::domain::credit::{CreditCause, Stock};
use crate::domain::parcels::Parcel;
use crate::domain::seller_order::SellerOrderState;
use crate::error::Error;
use crate::store;
use crate::store::parts::SellerOrderRow;

/// Takes back all that is left of every part, wherever it is. Its parcels go on to their ends.
#[tracing::instrument(name = "order.take_back_disputed", skip_all, fields(order.id = %event.payment.order_id))]
pub async fn take_back_disputed(
    app: &App,
    tx: &mut Tx,
    event: &DisputeChanged,
) -> Result<(), Error> {
    let lost = event.state == DisputeState::Lost;
    if !lost || event.bearer != Some(DisputeBearer::Sellers) {
        return Ok(());
    }
    let order = Locked::take_for_fact(tx, event.payment.order_id).await?;
    let parts = store::parts::list(tx.conn(), order.row.order_id).await?;
    for part in parts.iter().filter(|part| part.is_left()) {
        let Some(stock) = stock(part) else { continue };
        let (id, by_bank) = (part.part.seller_order_id, Decision::by(None, CreditCause::Disputed));
        let sent = parcels::list_of(tx, &order, part).await?;
        // Of what goes out in several parcels, some is with carriers and some on the shelf.
        let here = parcels::sending(part, &sent).of_unsent(None)?;
        let is_out = sent.iter().any(Parcel::is_out);
        if stock == Stock::Uncommit && is_out && !here.is_empty() {
            let decision = Decision { stock, ..by_bank };
            take_back_one(tx, &order, id, &decision, Some(&here)).await?;
        }
        let stock = if is_out { Stock::None } else { stock };
        settled::keep_old(app, tx, id, &sent).await?;
        take_back_one(tx, &order, id, &Decision { stock, ..by_bank }, None).await?;
        // Nothing is left that could be credited again.
        settle(tx, &order, id).await?;
    }
    app.changes.notify(tx, order.row.checkout_id);
    Ok(())
}

/// What was not shipped stays on the shelf. Whoever has the rest keeps it. None of what was not sold, or ended otherwise.
const fn stock(part: &SellerOrderRow) -> Option<Stock> {
    match part.state {
        SellerOrderState::Confirmed | SellerOrderState::Accepted | SellerOrderState::Packed => {
            Some(Stock::Uncommit)
        }
        SellerOrderState::Shipped
        | SellerOrderState::Rto
        | SellerOrderState::Delivered
        | SellerOrderState::Completed => Some(Stock::None),
        SellerOrderState::Pending
        | SellerOrderState::VendorRejected
        | SellerOrderState::SlaExpired
        | SellerOrderState::BuyerCancelled
        | SellerOrderState::StaffCancelled
        | SellerOrderState::Unavailable
        | SellerOrderState::RtoReceived
        | SellerOrderState::Lost
        | SellerOrderState::Returned
        | SellerOrderState::Cancelled => None,
    }
}
