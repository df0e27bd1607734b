//! Orders and their parts, as far as they got.

use contracts::order::{
    CreditCause, Disposition, OrderCancelled, OrderConfirmed, OrderPlaced, OrderRejected,
    SellerOrderAccepted, SellerOrderArrived, SellerOrderCompleted, SellerOrderCredited,
    SellerOrderDelivered, SellerOrderPacked, SellerOrderShipped,
};

use crate::App;
use crate::domain::part::PartStatus;
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
            orders::move_part(tx.conn(), part.seller_order_id, PartStatus::Confirmed).await?;
        }
        Ok(())
    }
    project OrderRejected {
        orders::set_status(tx.conn(), event.order_id, orders::REJECTED).await?;
        Ok(orders::cancel_parts(tx.conn(), event.order_id).await?)
    }
    project OrderCancelled {
        orders::set_status(tx.conn(), event.order_id, orders::CANCELLED).await?;
        Ok(orders::cancel_parts(tx.conn(), event.order_id).await?)
    }
    project SellerOrderAccepted {
        let part = event.seller_order.seller_order_id;
        Ok(orders::move_part(tx.conn(), part, PartStatus::Accepted).await?)
    }
    project SellerOrderPacked {
        let part = event.seller_order.seller_order_id;
        Ok(orders::move_part(tx.conn(), part, PartStatus::Packed).await?)
    }
    project SellerOrderShipped {
        // It is packed while some of it is still to be sent.
        if !event.to_follow.is_empty() {
            return Ok(());
        }
        let part = event.seller_order.seller_order_id;
        Ok(orders::move_part(tx.conn(), part, PartStatus::Shipped).await?)
    }
    project SellerOrderDelivered {
        // One of several parcels, perhaps: of the last one it is said that all of it arrived.
        if event.parcel_id.is_some() {
            return Ok(());
        }
        let part = event.seller_order.seller_order_id;
        Ok(orders::move_part(tx.conn(), part, PartStatus::Delivered).await?)
    }
    project SellerOrderArrived {
        let part = event.seller_order.seller_order_id;
        Ok(orders::move_part(tx.conn(), part, PartStatus::Delivered).await?)
    }
    project SellerOrderCredited {
        if let Some(strike) = strike(event.cause) {
            strikes::insert(tx.conn(), &event.seller_order, event.credit_id, strike).await?;
        }
        if !event.ended {
            return Ok(());
        }
        let part = event.seller_order.seller_order_id;
        match PartStatus::after(event.cause) {
            Some(end) => Ok(orders::move_part(tx.conn(), part, end).await?),
            // A buyer's bank paid it back: it never left, or whoever has it keeps it.
            None if event.lines.iter().any(|line| line.stock == Disposition::Uncommit) => {
                Ok(orders::move_part(tx.conn(), part, PartStatus::StaffCancelled).await?)
            }
            None => Ok(orders::settle_sent_part(tx.conn(), part).await?),
        }
    }
    project SellerOrderCompleted {
        let part = event.seller_order.seller_order_id;
        Ok(orders::move_part(tx.conn(), part, PartStatus::Completed).await?)
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
