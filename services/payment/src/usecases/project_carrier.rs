//! Copies who carries a parcel: it takes the cash.

use chassis::Tx;
use kernel::SellerOrderId;

use crate::error::Error;
use crate::store::remittances;

/// The longest name that is kept; a longer one is cut.
const LONGEST: usize = 100;

pub async fn project_carrier(
    tx: &mut Tx,
    seller_order: SellerOrderId,
    carrier: &str,
) -> Result<(), Error> {
    let words: Vec<_> = carrier.split_whitespace().collect();
    let plain =
        words.join(" ").chars().filter(|c| !c.is_control()).take(LONGEST).collect::<String>();
    let carrier = plain.trim();
    if carrier.is_empty() {
        return Ok(());
    }
    Ok(remittances::keep_carrier(tx.conn(), seller_order, carrier).await?)
}
