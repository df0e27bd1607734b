//! Something that was sold is taken back: its pieces go where they belong.

use chassis::Tx;
use contracts::order::{
    CreditedLine, Disposition, MovedLine, ParcelEnded, ReturnReceived, SellerOrderCredited,
    SellerOrderRef,
};
use kernel::CreditId;

use super::settle;
use crate::domain::credit::{Credited, Fate};
use crate::domain::demand::{Demand, sum};
use crate::error::Error;
use crate::store;

/// Moves what is taken back, once per credit. What was not sold yet, or has not left yet, cannot come back yet.
pub async fn credit(tx: &mut Tx, credited: SellerOrderCredited) -> Result<(), Error> {
    let back = by_fate(&credited.lines)?;
    take_back(tx, &credited.seller_order, credited.credit_id, &back).await
}

/// Moves what came back although its money went another way, once per return: it is kept like a credit of that name.
pub async fn receive(tx: &mut Tx, received: ReturnReceived) -> Result<(), Error> {
    let ReturnReceived { seller_order, return_id, lines, stock } = received;
    let name = CreditId::from_uuid(return_id.as_uuid());
    move_settled(tx, &seller_order, name, lines, stock).await
}

/// Moves what was in a parcel whose money went another way, once per parcel: it is kept like a credit of that name.
pub async fn end_parcel(tx: &mut Tx, ended: ParcelEnded) -> Result<(), Error> {
    let ParcelEnded { seller_order, parcel_id, lines, stock } = ended;
    let name = CreditId::from_uuid(parcel_id.as_uuid());
    move_settled(tx, &seller_order, name, lines, stock).await
}

async fn move_settled(
    tx: &mut Tx,
    order: &SellerOrderRef,
    name: CreditId,
    lines: Vec<MovedLine>,
    stock: Disposition,
) -> Result<(), Error> {
    let pieces = lines.into_iter().map(|line| (line.sku, line.quantity));
    let back = match stock {
        Disposition::Restock => vec![(Fate::Restock, sum(pieces))],
        Disposition::WriteOff => vec![(Fate::Lose, sum(pieces))],
        // They left, so nothing else can become of them.
        Disposition::Uncommit | Disposition::None | Disposition::Unknown => {
            let sku = pieces.map(|(sku, _)| sku).next();
            return sku.map_or(Ok(()), |sku| Err(Error::FateUnknown(sku)));
        }
    };
    take_back(tx, order, name, &back).await
}

async fn take_back(
    tx: &mut Tx,
    order: &SellerOrderRef,
    credit_id: CreditId,
    back: &[(Fate, Demand)],
) -> Result<(), Error> {
    let (checkout_id, part, now) = (order.checkout_id, order.seller_order_id, tx.now());
    let skus = back.iter().flat_map(|(_, demand)| demand.keys());
    let (mut reservation, mut shelf) = settle::lock(tx, checkout_id, order.order_id, skus).await?;
    shelf.all_of(order.vendor_id).map_err(Error::CreditUnmatched)?;
    // A credit counts once. One that is refused is undone with this row, and may come again.
    if !store::credits::insert(tx.conn(), checkout_id, part, credit_id, now).await? {
        return Ok(());
    }

    match reservation.credit(part, credit_id, back) {
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
