//! Door 2: everything staff look at was heard. All of it is a copy and may be heard again from the start.

use chassis::{Hear, Listeners, Meta, Tx};
use contracts::email::EmailBounced;
use contracts::ops::{DeadLettered, Redriven};
use contracts::order::{
    OrderCancelled, OrderConfirmed, OrderPlaced, OrderRejected, SellerOrderAccepted,
    SellerOrderDelivered, SellerOrderPacked, SellerOrderShipped,
};
use contracts::payment::PaymentMismatch;
use contracts::product::ProductUpserted;
use contracts::rating::{ReviewPublished, ReviewRemoved, ReviewSubmitted};
use contracts::user::AccountUpdated;
use contracts::vendor::{KycSubmitted, VendorChanged};

use crate::App;
use crate::error::Error;
use crate::store::{orders, queues, watch};

/// Everything that is heard.
pub fn listeners(app: &App) -> Listeners {
    Listeners::default()
        .copy::<VendorChanged, _>(app)
        .copy::<KycSubmitted, _>(app)
        .copy::<ProductUpserted, _>(app)
        .copy::<ReviewSubmitted, _>(app)
        .copy::<ReviewPublished, _>(app)
        .copy::<ReviewRemoved, _>(app)
        .copy::<OrderPlaced, _>(app)
        .copy::<OrderConfirmed, _>(app)
        .copy::<OrderRejected, _>(app)
        .copy::<OrderCancelled, _>(app)
        .copy::<SellerOrderAccepted, _>(app)
        .copy::<SellerOrderPacked, _>(app)
        .copy::<SellerOrderShipped, _>(app)
        .copy::<SellerOrderDelivered, _>(app)
        .copy::<PaymentMismatch, _>(app)
        .copy::<EmailBounced, _>(app)
        .copy::<AccountUpdated, _>(app)
        .copy::<DeadLettered, _>(app)
        .copy::<Redriven, _>(app)
}

impl Hear<VendorChanged> for App {
    type Error = Error;

    async fn hear(&self, event: VendorChanged, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(queues::upsert_vendor(tx.conn(), &event, meta.version).await?)
    }
}

impl Hear<KycSubmitted> for App {
    type Error = Error;

    async fn hear(&self, event: KycSubmitted, _meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        for document in &event.documents {
            queues::insert_document(tx.conn(), event.vendor_id, document).await?;
        }
        Ok(())
    }
}

impl Hear<ProductUpserted> for App {
    type Error = Error;

    async fn hear(&self, event: ProductUpserted, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(queues::upsert_product(tx.conn(), &event, meta.version).await?)
    }
}

impl Hear<ReviewSubmitted> for App {
    type Error = Error;

    async fn hear(&self, event: ReviewSubmitted, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(queues::insert_review(tx.conn(), &event, meta.version).await?)
    }
}

impl Hear<ReviewPublished> for App {
    type Error = Error;

    async fn hear(&self, event: ReviewPublished, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let review = (event.review_id, event.subject);
        Ok(queues::set_review_status(tx.conn(), review, "published", meta.version).await?)
    }
}

impl Hear<ReviewRemoved> for App {
    type Error = Error;

    async fn hear(&self, event: ReviewRemoved, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let review = (event.review_id, event.subject);
        Ok(queues::set_review_status(tx.conn(), review, "removed", meta.version).await?)
    }
}

impl Hear<OrderPlaced> for App {
    type Error = Error;

    async fn hear(&self, event: OrderPlaced, _meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(orders::insert(tx.conn(), &event.order).await?)
    }
}

impl Hear<OrderConfirmed> for App {
    type Error = Error;

    async fn hear(&self, event: OrderConfirmed, _meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        orders::insert(tx.conn(), &event.order).await?;
        orders::set_status(tx.conn(), event.order.order_id, orders::CONFIRMED).await?;
        for part in &event.order.parts {
            orders::set_part_status(tx.conn(), part.seller_order_id, orders::CONFIRMED).await?;
        }
        Ok(())
    }
}

impl Hear<OrderRejected> for App {
    type Error = Error;

    async fn hear(&self, event: OrderRejected, _meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(orders::set_status(tx.conn(), event.order_id, orders::REJECTED).await?)
    }
}

impl Hear<OrderCancelled> for App {
    type Error = Error;

    async fn hear(&self, event: OrderCancelled, _meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(orders::set_status(tx.conn(), event.order_id, orders::CANCELLED).await?)
    }
}

impl Hear<SellerOrderAccepted> for App {
    type Error = Error;

    async fn hear(
        &self,
        event: SellerOrderAccepted,
        _meta: &Meta,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        let part = event.seller_order.seller_order_id;
        Ok(orders::set_part_status(tx.conn(), part, orders::ACCEPTED).await?)
    }
}

impl Hear<SellerOrderPacked> for App {
    type Error = Error;

    async fn hear(&self, event: SellerOrderPacked, _meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let part = event.seller_order.seller_order_id;
        Ok(orders::set_part_status(tx.conn(), part, orders::PACKED).await?)
    }
}

impl Hear<SellerOrderShipped> for App {
    type Error = Error;

    async fn hear(
        &self,
        event: SellerOrderShipped,
        _meta: &Meta,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        let part = event.seller_order.seller_order_id;
        Ok(orders::set_part_status(tx.conn(), part, orders::SHIPPED).await?)
    }
}

impl Hear<SellerOrderDelivered> for App {
    type Error = Error;

    async fn hear(
        &self,
        event: SellerOrderDelivered,
        _meta: &Meta,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        let part = event.seller_order.seller_order_id;
        Ok(orders::set_part_status(tx.conn(), part, orders::DELIVERED).await?)
    }
}

impl Hear<PaymentMismatch> for App {
    type Error = Error;

    async fn hear(&self, event: PaymentMismatch, _meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(watch::payment_in_review(tx.conn(), event.payment.payment_id).await?)
    }
}

impl Hear<EmailBounced> for App {
    type Error = Error;

    async fn hear(&self, event: EmailBounced, _meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(watch::mail_bounced(tx.conn(), event.message_id).await?)
    }
}

impl Hear<AccountUpdated> for App {
    type Error = Error;

    async fn hear(&self, event: AccountUpdated, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(watch::upsert_account(tx.conn(), &event, meta.version).await?)
    }
}

impl Hear<DeadLettered> for App {
    type Error = Error;

    async fn hear(&self, event: DeadLettered, _meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let place = (event.topic.as_str(), event.partition, event.offset);
        Ok(watch::letter(tx.conn(), (&event.service, &event.consumer), place, true).await?)
    }
}

impl Hear<Redriven> for App {
    type Error = Error;

    async fn hear(&self, event: Redriven, _meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let place = (event.topic.as_str(), event.partition, event.offset);
        Ok(watch::letter(tx.conn(), (&event.service, &event.consumer), place, false).await?)
    }
}
