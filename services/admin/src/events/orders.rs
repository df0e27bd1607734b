//! Orders and their parts, as far as they got.

use chassis::{EventHandler, Meta, Tx};
use contracts::order::{
    CreditCause, OrderCancelled, OrderConfirmed, OrderPlaced, OrderRejected, SellerOrderAccepted,
    SellerOrderArrived, SellerOrderCredited, SellerOrderDelivered, SellerOrderPacked,
    SellerOrderShipped,
};

use crate::App;
use crate::error::Error;
use crate::store::strikes::Strike;
use crate::store::{orders, strikes};

impl EventHandler<OrderPlaced> for App {
    async fn handle(&self, event: OrderPlaced, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(orders::insert(tx.conn(), &event.order).await?)
    }
}

impl EventHandler<OrderConfirmed> for App {
    async fn handle(&self, event: OrderConfirmed, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        orders::insert(tx.conn(), &event.order).await?;
        orders::set_status(tx.conn(), event.order.order_id, orders::CONFIRMED).await?;
        for part in &event.order.parts {
            orders::set_part_status(tx.conn(), part.seller_order_id, orders::CONFIRMED).await?;
        }
        Ok(())
    }
}

impl EventHandler<OrderRejected> for App {
    async fn handle(&self, event: OrderRejected, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(orders::set_status(tx.conn(), event.order_id, orders::REJECTED).await?)
    }
}

impl EventHandler<OrderCancelled> for App {
    async fn handle(&self, event: OrderCancelled, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(orders::set_status(tx.conn(), event.order_id, orders::CANCELLED).await?)
    }
}

impl EventHandler<SellerOrderAccepted> for App {
    async fn handle(&self, event: SellerOrderAccepted, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let part = event.seller_order.seller_order_id;
        Ok(orders::set_part_status(tx.conn(), part, orders::ACCEPTED).await?)
    }
}

impl EventHandler<SellerOrderPacked> for App {
    async fn handle(&self, event: SellerOrderPacked, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let part = event.seller_order.seller_order_id;
        Ok(orders::set_part_status(tx.conn(), part, orders::PACKED).await?)
    }
}

impl EventHandler<SellerOrderShipped> for App {
    async fn handle(&self, event: SellerOrderShipped, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let part = event.seller_order.seller_order_id;
        Ok(orders::set_part_status(tx.conn(), part, orders::SHIPPED).await?)
    }
}

impl EventHandler<SellerOrderDelivered> for App {
    async fn handle(
        &self,
        event: SellerOrderDelivered,
        _: &Meta,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        // One of several parcels, perhaps: of the last one it is said that all of it arrived.
        if event.parcel_id.is_some() {
            return Ok(());
        }
        let part = event.seller_order.seller_order_id;
        Ok(orders::set_part_status(tx.conn(), part, orders::DELIVERED).await?)
    }
}

impl EventHandler<SellerOrderArrived> for App {
    async fn handle(&self, event: SellerOrderArrived, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let part = event.seller_order.seller_order_id;
        Ok(orders::set_part_status(tx.conn(), part, orders::DELIVERED).await?)
    }
}

impl EventHandler<SellerOrderCredited> for App {
    async fn handle(
        &self,
        event: SellerOrderCredited,
        _meta: &Meta,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        if let Some(strike) = strike(event.cause) {
            let (of, id) = (&event.seller_order, event.credit_id);
            strikes::insert(tx.conn(), id, of.vendor_id, strike, of.at).await?;
        }
        if !event.ended {
            return Ok(());
        }
        let part = event.seller_order.seller_order_id;
        Ok(orders::set_part_status(tx.conn(), part, orders::TAKEN_BACK).await?)
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
