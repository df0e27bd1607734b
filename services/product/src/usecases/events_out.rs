//! What this service says, out of what it knows.

use chassis::Tx;
use contracts::product as events;

use crate::domain::product::{Product, Variant};
use crate::domain::reservation::{Reservation, ReservationState};
use crate::domain::shelf::Crossed;
use crate::domain::status::ListingStatus;
use crate::domain::stock::Level;
use crate::error::Error;
use crate::store;
use crate::store::categories::Category;

pub async fn product(tx: &mut Tx, product: &Product) -> Result<(), Error> {
    let path = store::categories::path(tx.conn(), &product.content.category).await?;
    tx.emit(&upserted(product, path));
    Ok(())
}

/// Why staff said no, if they did: of what they let in, its seller sees that it is on the shelf.
pub fn turned_down(tx: &mut Tx, product: &Product) {
    let Some(reason) = product.status.reason() else { return };
    tx.emit(&events::ProductTurnedDown {
        product_id: product.id,
        vendor_id: product.vendor_id,
        title: product.content.title.as_str().to_owned(),
        status: status(&product.status),
        reason: reason.to_owned(),
        at: tx.now(),
    });
}

fn upserted(product: &Product, path: Vec<Category>) -> events::ProductUpserted {
    let content = &product.content;
    let (category_path, category_names) =
        path.into_iter().map(|category| (category.slug, category.name)).unzip();
    events::ProductUpserted {
        product_id: product.id,
        vendor_id: product.vendor_id,
        title: content.title.as_str().to_owned(),
        description: content.description.as_str().to_owned(),
        category: content.category.clone(),
        category_path,
        category_names,
        hsn: content.hsn.as_str().to_owned(),
        gst_rate_bp: content.gst_rate_bp,
        status: status(&product.status),
        variants: product.variants.iter().map(variant).collect(),
        created_at: product.created_at,
    }
}

fn variant(variant: &Variant) -> events::Variant {
    events::Variant {
        sku: variant.sku.clone(),
        options: variant.options.get().clone(),
        price: variant.price.money(),
    }
}

fn status(status: &ListingStatus) -> events::ProductStatus {
    match status {
        ListingStatus::Draft => events::ProductStatus::Draft,
        ListingStatus::Proposed => events::ProductStatus::Proposed,
        ListingStatus::Published => events::ProductStatus::Published,
        ListingStatus::Rejected { .. } => events::ProductStatus::Rejected,
        ListingStatus::Unlisted { .. } => events::ProductStatus::Unlisted,
    }
}

pub fn level(tx: &mut Tx, crossed: Crossed) {
    tx.emit(&events::StockLevelChanged {
        sku: crossed.sku,
        product_id: crossed.product_id,
        vendor_id: crossed.vendor_id,
        level: match crossed.level {
            Level::Out => events::StockLevel::Out,
            Level::Low => events::StockLevel::Low,
            Level::In => events::StockLevel::In,
        },
    });
}

/// Says where a reservation stands: every state but the first has its own event.
pub fn reservation(tx: &mut Tx, reservation: &Reservation) {
    let (checkout_id, order_id) = (reservation.checkout_id, reservation.order_id);
    match &reservation.state {
        ReservationState::New => {}
        ReservationState::Held { until } => {
            tx.emit(&events::StockReserved { checkout_id, order_id, expires_at: *until });
        }
        ReservationState::Rejected { problems } => {
            let problems = problems.clone();
            tx.emit(&events::StockRejected { checkout_id, order_id, problems });
        }
        ReservationState::Committed => tx.emit(&events::StockCommitted { checkout_id, order_id }),
        ReservationState::CommitFailed { missing } => {
            tx.emit(&events::CommitFailed { checkout_id, order_id, skus: missing.clone() });
        }
        ReservationState::Released => tx.emit(&events::StockReleased { checkout_id, order_id }),
        ReservationState::Expired => tx.emit(&events::ReservationExpired { checkout_id, order_id }),
    }
}
