//! Something that was sold is taken back: its pieces go where they belong.

use chassis::Tx;
use contracts::order::{CreditedLine, Disposition, SellerOrderCredited};

use super::settle;
use crate::domain::credit::{Credited, Fate};
use crate::domain::demand::{Demand, sum};
use crate::error::Error;
use crate::store;

/// Moves what is taken back, once per credit. What was not sold yet, or has not left yet, cannot come back yet.
pub async fn credit(tx: &mut Tx, credited: SellerOrderCredited) -> Result<(), Error> {
    let SellerOrderCredited { seller_order: order, credit_id, lines, .. } = credited;
    let (checkout_id, part, now) = (order.checkout_id, order.seller_order_id, tx.now());
    let back = by_fate(&lines)?;
    // The reservation first, then its SKUs, as everybody does, so that no two wait for each other.
    let mut reservation =
        store::reservations::lock(tx.conn(), checkout_id, order.order_id, now).await?;
    let skus = back.iter().flat_map(|(_, demand)| demand.keys());
    let mut shelf = store::stock::lock(tx.conn(), skus).await?;
    if let Some(sku) = shelf.not_of(order.vendor_id) {
        return Err(Error::CreditUnmatched(sku.clone()));
    }
    // A credit counts once. One that is refused is undone with this row, and may come again.
    if !store::credits::insert(tx.conn(), checkout_id, part, credit_id, now).await? {
        return Ok(());
    }

    match reservation.credit(part, credit_id, &back) {
        Credited::TooEarly => Err(Error::NotYet("that what comes back was sold and left")),
        Credited::Unmatched(sku) => Err(Error::CreditUnmatched(sku)),
        Credited::Moved(moves) => {
            settle::carry_out(tx, &mut shelf, &moves).await?;
            Ok(store::reservations::set_lines(tx.conn(), &reservation).await?)
        }
    }
}

/// What is taken back, by what becomes of it. What becomes of it in a newer mall is for a newer reader to say.
fn by_fate(lines: &[CreditedLine]) -> Result<[(Fate, Demand); 3], Error> {
    if let Some(line) = lines.iter().find(|line| line.stock == Disposition::Unknown) {
        return Err(Error::FateUnknown(line.sku.clone()));
    }
    let of = |stock| {
        let lines = lines.iter().filter(move |line| line.stock == stock);
        sum(lines.map(|line| (line.sku.clone(), line.quantity)))
    };
    Ok([
        (Fate::Uncommit, of(Disposition::Uncommit)),
        (Fate::Restock, of(Disposition::Restock)),
        (Fate::Lose, of(Disposition::WriteOff)),
    ])
}
