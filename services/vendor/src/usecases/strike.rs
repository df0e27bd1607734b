//! A seller rejected something, or was late: it counts.

use chassis::Tx;
use contracts::order::{CreditCause, SellerOrderCredited};

use crate::domain::strikes::Strike;
use crate::error::Error;
use crate::store;

pub async fn strike(tx: &mut Tx, event: &SellerOrderCredited) -> Result<(), Error> {
    let strike = match event.cause {
        CreditCause::VendorRejected => Strike::Rejected,
        CreditCause::SlaExpired => Strike::Late,
        CreditCause::BuyerCancelled
        | CreditCause::StaffCancelled
        | CreditCause::Unavailable
        | CreditCause::ReturnedToOrigin
        | CreditCause::Lost
        | CreditCause::Returned
        | CreditCause::Disputed
        | CreditCause::PriceReduced
        | CreditCause::Unknown => return Ok(()),
    };
    let of = &event.seller_order;
    Ok(store::strikes::insert(tx.conn(), event.credit_id, of.vendor_id, strike, of.at).await?)
}
