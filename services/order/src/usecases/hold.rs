//! What product-service answered about the stock.

use chassis::Tx;
use contracts::order::OrderRejected;
use contracts::product::{CommitFailed, StockRejected, StockReserved};
use kernel::text::Text;

use super::events_out;
use super::step::Locked;
use super::take_back::take_back_gone;
use crate::App;
use crate::domain::order::PaymentStatus;
use crate::error::Error;
use crate::store;
use crate::store::history::{Cause, What};
use crate::store::orders::Change;

/// Stock is held: asks for the payment.
#[tracing::instrument(name = "order.ask_payment", skip_all, fields(order.id = %held.order_id))]
pub async fn ask_payment(app: &App, tx: &mut Tx, held: &StockReserved) -> Result<(), Error> {
    let mut order = Locked::take_for_fact(tx, held.order_id).await?;
    let Some(reserved) = order.next(order.row.state.reserved(), "stock.reserved")? else {
        return Ok(());
    };
    let asked = reserved.ask_payment(order.row.method);
    let Some(awaiting) = order.next(asked, "stock.reserved")? else { return Ok(()) };

    // The buyer must not be able to pay for stock that is not held any more.
    let expires_at = (tx.now() + app.config.payment_window()).min(held.expires_at);
    let change = Change {
        payable_until: Some(expires_at),
        payment: Some(PaymentStatus::Requested),
        ..Change::default()
    };
    order.transition(app, tx, &[reserved, awaiting], "stock.reserved", &change).await?;
    let whole = store::parts::load_order(tx.conn(), &order.row).await?;
    tx.emit(&events_out::create_payment(&whole, expires_at));
    Ok(())
}

/// At least one line cannot be sold: the order ends here, and the cart comes back.
#[tracing::instrument(name = "order.reject", skip_all, fields(order.id = %refused.order_id))]
pub async fn reject(app: &App, tx: &mut Tx, refused: &StockRejected) -> Result<(), Error> {
    let mut order = Locked::take_for_fact(tx, refused.order_id).await?;
    let Some(next) = order.next(order.row.state.refused(), "stock.rejected")? else {
        return Ok(());
    };
    let change = Change { problems: refused.problems.clone(), ..Change::default() };
    order.transition(app, tx, &[next], "stock.rejected", &change).await?;
    order.void_parts(tx, "stock.rejected").await?;
    let whole = store::parts::load_order(tx.conn(), &order.row).await?;
    tx.emit(&OrderRejected {
        checkout_id: whole.checkout_id,
        order_id: whole.id,
        buyer: whole.buyer,
        lines: events_out::frozen_lines(&whole),
        problems: refused.problems.clone(),
        titles: events_out::titles(&whole),
        rejected_at: tx.now(),
    });
    Ok(())
}

/// A confirmed order's stock is gone: what cannot be supplied is taken back, and the rest goes on.
pub async fn take_back_what_is_gone(
    app: &App,
    tx: &mut Tx,
    failed: &CommitFailed,
) -> Result<(), Error> {
    let order = Locked::take_for_fact(tx, failed.order_id).await?;
    // After a restore it may be heard before the payment that confirms the order: nothing can be taken back before that.
    order.next(order.row.state.stock_gone(), "stock.commit_failed")?;
    let skus: Vec<&str> = failed.skus.iter().map(Text::as_str).collect();
    tracing::warn!(
        order.id = %failed.order_id, skus = skus.join(" "),
        "order {} is confirmed, but its stock is gone", order.row.number
    );
    let (id, now) = (order.row.order_id, tx.now());
    let cause = Cause { name: "stock.commit_failed", at: now };
    let skus = skus.join(" ");
    store::history::insert(tx.conn(), id, What::default().saying(&skus), cause).await?;
    store::orders::touch(tx.conn(), id, now).await?;
    app.changes.notify(tx, order.row.checkout_id);
    take_back_gone(tx, &order, &failed.skus).await
}
