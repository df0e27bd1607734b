//! Order-service asks to hold stock for a checkout.

use chassis::Tx;
use contracts::product::Reserve;

use super::settle;
use crate::domain::demand::Wanted;
use crate::error::Error;
use crate::store;

/// Holds all lines or none, and answers. Asked again, it answers where the reservation stands.
pub async fn reserve(tx: &mut Tx, asked: Reserve) -> Result<(), Error> {
    let Reserve { checkout_id, order_id, lines, expires_at } = asked;
    let now = tx.now();
    let wanted: Vec<Wanted> = lines
        .into_iter()
        .map(|l| Wanted { sku: l.sku, quantity: l.quantity, expected: l.expected_price })
        .collect();
    let skus = wanted.iter().map(|line| &line.sku);
    let (mut reservation, mut shelf) = settle::lock(tx, checkout_id, order_id, skus).await?;
    // Read once the SKUs are locked: whoever changed a price or took a product down before is heard, and the day decides
    // which rates of tax there are.
    let skus: Vec<String> = wanted.iter().map(|line| line.sku.as_str().to_owned()).collect();
    let offers = store::variants::offers(tx.conn(), &skus, now).await?;

    let before = reservation.lines.clone();
    let step = reservation.reserve(&wanted, expires_at, &offers, &shelf);
    if reservation.lines != before {
        store::reservations::set_lines(tx.conn(), &reservation).await?;
    }
    settle::settle(tx, &reservation, &mut shelf, step).await
}
