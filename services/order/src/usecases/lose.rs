//! A seller says that the carrier lost a parcel.

use chassis::Tx;
use kernel::{ParcelId, SellerOrderId, UserId, VendorId};

use super::parcels;
use super::step::Locked;
use super::take_back::{Decision, take_back_one};
use crate::App;
use crate::domain::credit::CreditCause;
use crate::domain::seller_order::Act;
use crate::error::Error;
use crate::store;

/// Takes back what the carrier lost. A seller might say it of a parcel whose cash it keeps, so it has to be on its way for
/// a while: then the buyer, who is told, had the time to say that it came.
#[tracing::instrument(name = "order.lose", skip_all, fields(seller_order.id = %seller_order_id))]
pub async fn lose(
    app: &App,
    tx: &mut Tx,
    vendor_id: VendorId,
    seller_order_id: SellerOrderId,
    parcel: Option<ParcelId>,
    who: UserId,
) -> Result<(), Error> {
    let origin = store::parts::find_origin(tx.conn(), seller_order_id, vendor_id).await?;
    let order_id = origin.ok_or(Error::NotFound)?.order_id;
    let order = Locked::take(tx, order_id).await?;
    let part = store::parts::find(tx.conn(), order_id, seller_order_id).await?;
    let part = part.ok_or(Error::NotFound)?;
    let sent = parcels::list_of(tx, &order, &part).await?;
    let gone = parcels::sending(&part, &sent).addressed(Act::Lose, parcel)?;
    let gone = sent.iter().filter(|parcel| gone.contains(&parcel.id));
    let shipped = gone.filter_map(|parcel| parcel.shipped_at).max();
    let from = shipped.map(|at| at + app.config.lost_after());
    if let Some(from) = from.filter(|from| tx.now() < *from) {
        return Err(Error::NotLostYet { from });
    }
    let by_seller = Decision::by(Some(who), CreditCause::Lost);
    let decision = Decision { parcel, ..by_seller };
    take_back_one(tx, &order, seller_order_id, &decision, None).await
}
