//! Orders and their parts, as far as they got.

use contracts::order::{
    CreditCause, OrderCancelled, OrderConfirmed, OrderPlaced, OrderRejected, SellerOrderAccepted,
    SellerOrderArrived, SellerOrderCredited, SellerOrderDelivered, SellerOrderPacked,
    SellerOrderShipped,
};

use crate::App;
use crate::error::Error;
use crate::store::strikes::Strike;
use crate::store::{orders, strikes};

chassis::hears! {
    App, Error, |app, event, meta, tx|
    project OrderPlaced { Ok(orders::insert(tx.conn(), &event.order).await?) }
    project OrderConfirmed {
        orders::insert(tx.conn(), &event.order).await?;
        orders::set_status(tx.conn(), event.order.order_id, orders::CONFIRMED).await?;
        for part in &event.order.parts {
            orders::move_part(tx.conn(), part.seller_order_id, orders::CONFIRMED).await?;
        }
        Ok(())
    }
    project OrderRejected {
        Ok(orders::set_status(tx.conn(), event.order_id, orders::REJECTED).await?)
    }
    project OrderCancelled {
        Ok(orders::set_status(tx.conn(), event.order_id, orders::CANCELLED).await?)
    }
    project SellerOrderAccepted {
        let part = event.seller_order.seller_order_id;
        Ok(orders::move_part(tx.conn(), part, orders::ACCEPTED).await?)
    }
    project SellerOrderPacked {
        let part = event.seller_order.seller_order_id;
        Ok(orders::move_part(tx.conn(), part, orders::PACKED).await?)
    }
    project SellerOrderShipped {
        let part = event.seller_order.seller_order_id;
        Ok(orders::move_part(tx.conn(), part, orders::SHIPPED).await?)
    }
    project SellerOrderDelivered {
        // One of several parcels, perhaps: of the last one it is said that all of it arrived.
        if event.parcel_id.is_some() {
            return Ok(());
        }
        let part = event.seller_order.seller_order_id;
        Ok(orders::move_part(tx.conn(), part, orders::DELIVERED).await?)
    }
    project SellerOrderArrived {
        let part = event.seller_order.seller_order_id;
        Ok(orders::move_part(tx.conn(), part, orders::DELIVERED).await?)
    }
    project SellerOrderCredited {
        if let Some(strike) = strike(event.cause) {
            strikes::insert(tx.conn(), &event.seller_order, event.credit_id, strike).await?;
        }
        if !event.ended {
            return Ok(());
        }
        let part = event.seller_order.seller_order_id;
        Ok(orders::move_part(tx.conn(), part, orders::TAKEN_BACK).await?)
    }
}

/// Whether a credit counts against its seller.
const fn strike(cause: CreditCause) -> Option<Strike> {
    match cause {
        CreditCause::VendorRejected => Some(Strike::Rejected),
        CreditCause::SlaExpired => Some(Strike::Late),
        CreditCause::BuyerCancelled
        | CreditCause::StaffCancelled
        | CreditCause::Unavailable
        | CreditCause::ReturnedToOrigin
        | CreditCause::Lost
        | CreditCause::Returned
        | CreditCause::Disputed
        | CreditCause::PriceReduced
        | CreditCause::Unknown => None,
    }
}
