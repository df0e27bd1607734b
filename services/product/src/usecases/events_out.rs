//! What this service says, out of what it knows.

use chassis::Tx;
use contracts::product as said;
use kernel::CategorySlug;

use crate::domain::demand::{LineTrouble, Trouble};
use crate::domain::product::{Product, Variant};
use crate::domain::reservation::{Reservation, State};
use crate::domain::shelf::Crossed;
use crate::domain::status::Status;
use crate::domain::stock::Level;
use crate::error::Error;
use crate::store;

/// Says how a product stands.
pub async fn product(tx: &mut Tx, product: &Product) -> Result<(), Error> {
    let path = store::categories::path(tx.conn(), &product.content.category).await?;
    tx.emit(&upserted(product, path));
    Ok(())
}

fn upserted(product: &Product, category_path: Vec<CategorySlug>) -> said::ProductUpserted {
    let content = &product.content;
    said::ProductUpserted {
        product_id: product.id,
        vendor_id: product.vendor_id,
        title: content.title.as_str().to_owned(),
        description: content.description.as_str().to_owned(),
        category: content.category.clone(),
        category_path,
        hsn: content.hsn.as_str().to_owned(),
        gst_rate_bp: content.gst_rate_bp,
        status: status(&product.status),
        variants: product.variants.iter().map(variant).collect(),
        created_at: product.created_at,
    }
}

fn variant(variant: &Variant) -> said::Variant {
    said::Variant {
        sku: variant.sku.clone(),
        options: variant.options.get().clone(),
        price: variant.price.money(),
    }
}

fn status(status: &Status) -> said::ProductStatus {
    match status {
        Status::Draft => said::ProductStatus::Draft,
        Status::Proposed => said::ProductStatus::Proposed,
        Status::Published => said::ProductStatus::Published,
        Status::Rejected { .. } => said::ProductStatus::Rejected,
        Status::Unlisted { .. } => said::ProductStatus::Unlisted,
    }
}

/// Says that the coarse level of a SKU is another one.
pub fn level(tx: &mut Tx, crossed: Crossed) {
    tx.emit(&said::StockLevelChanged {
        sku: crossed.sku,
        product_id: crossed.product_id,
        vendor_id: crossed.vendor_id,
        level: match crossed.level {
            Level::Out => said::StockLevel::Out,
            Level::Low => said::StockLevel::Low,
            Level::In => said::StockLevel::In,
        },
    });
}

/// Says where a reservation stands: every state but the first has its own event.
pub fn reservation(tx: &mut Tx, reservation: &Reservation) {
    let (checkout_id, order_id) = (reservation.checkout_id, reservation.order_id);
    match &reservation.state {
        State::New => {}
        State::Held { until } => {
            tx.emit(&said::StockReserved { checkout_id, order_id, expires_at: *until });
        }
        State::Rejected { problems } => {
            let problems = problems.iter().map(trouble).collect();
            tx.emit(&said::StockRejected { checkout_id, order_id, problems });
        }
        State::Committed => tx.emit(&said::StockCommitted { checkout_id, order_id }),
        State::CommitFailed { missing } => {
            tx.emit(&said::CommitFailed { checkout_id, order_id, skus: missing.clone() });
        }
        State::Released => tx.emit(&said::StockReleased { checkout_id, order_id }),
        State::Expired => tx.emit(&said::ReservationExpired { checkout_id, order_id }),
    }
}

fn trouble(line: &LineTrouble) -> said::LineTrouble {
    let (trouble, price) = match line.trouble {
        Trouble::NotSellable => (said::Trouble::NotSellable, None),
        Trouble::SellerNotActive => (said::Trouble::SellerNotActive, None),
        Trouble::OutOfStock => (said::Trouble::OutOfStock, None),
        Trouble::PriceChanged { price } => (said::Trouble::PriceChanged, Some(price)),
    };
    said::LineTrouble { sku: line.sku.clone(), trouble, price }
}
