//! Events in: everything staff look at was heard. All of it is a copy and may be heard again from the start.

use chassis::{EventHandler, Meta, Subscriptions, Tx};
use contracts::email::EmailBounced;
use contracts::ops::{DeadLettered, Redriven};
use contracts::order::{
    OrderCancelled, OrderConfirmed, OrderPlaced, OrderRejected, ReturnChanged, ReturnState,
    SellerOrderAccepted, SellerOrderCredited, SellerOrderDelivered, SellerOrderPacked,
    SellerOrderShipped,
};
use contracts::payment::{
    DisputeChanged, DisputeState, ForeignRefundSeen, PaymentCancelled, PaymentCaptured,
    PaymentMismatch, PaymentUnclaimed, RefundDone, RefundFailed, RefundKind,
};
use contracts::product::ProductUpserted;
use contracts::rating::{ReviewPublished, ReviewRemoved, ReviewSubmitted};
use contracts::user::AccountUpdated;
use contracts::vendor::{KycSubmitted, VendorChanged};

use crate::App;
use crate::error::Error;
use crate::store::{orders, queues, watch};

/// Everything that is heard.
pub fn subscriptions() -> Subscriptions<App> {
    Subscriptions::default()
        .project::<VendorChanged>()
        .project::<KycSubmitted>()
        .project::<ProductUpserted>()
        .project::<ReviewSubmitted>()
        .project::<ReviewPublished>()
        .project::<ReviewRemoved>()
        .project::<OrderPlaced>()
        .project::<OrderConfirmed>()
        .project::<OrderRejected>()
        .project::<OrderCancelled>()
        .project::<SellerOrderAccepted>()
        .project::<SellerOrderPacked>()
        .project::<SellerOrderShipped>()
        .project::<SellerOrderDelivered>()
        .project::<SellerOrderCredited>()
        .project::<ReturnChanged>()
        .project::<PaymentMismatch>()
        .project::<PaymentCaptured>()
        .project::<PaymentCancelled>()
        .project::<PaymentUnclaimed>()
        .project::<ForeignRefundSeen>()
        .project::<DisputeChanged>()
        .project::<RefundFailed>()
        .project::<RefundDone>()
        .project::<EmailBounced>()
        .project::<AccountUpdated>()
        .project::<DeadLettered>()
        .project::<Redriven>()
}

impl EventHandler<VendorChanged> for App {
    type Error = Error;

    async fn handle(&self, event: VendorChanged, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(queues::upsert_vendor(tx.conn(), &event, meta.version).await?)
    }
}

impl EventHandler<KycSubmitted> for App {
    type Error = Error;

    async fn handle(&self, event: KycSubmitted, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        for document in &event.documents {
            queues::insert_document(tx.conn(), event.vendor_id, document).await?;
        }
        Ok(())
    }
}

impl EventHandler<ProductUpserted> for App {
    type Error = Error;

    async fn handle(&self, event: ProductUpserted, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(queues::upsert_product(tx.conn(), &event, meta.version).await?)
    }
}

impl EventHandler<ReviewSubmitted> for App {
    type Error = Error;

    async fn handle(&self, event: ReviewSubmitted, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(queues::insert_review(tx.conn(), &event, meta.version).await?)
    }
}

impl EventHandler<ReviewPublished> for App {
    type Error = Error;

    async fn handle(&self, event: ReviewPublished, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let (id, subject) = (event.review_id, event.subject);
        Ok(queues::set_review_status(tx.conn(), id, subject, "published", meta.version).await?)
    }
}

impl EventHandler<ReviewRemoved> for App {
    type Error = Error;

    async fn handle(&self, event: ReviewRemoved, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let (id, subject) = (event.review_id, event.subject);
        Ok(queues::set_review_status(tx.conn(), id, subject, "removed", meta.version).await?)
    }
}

impl EventHandler<OrderPlaced> for App {
    type Error = Error;

    async fn handle(&self, event: OrderPlaced, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(orders::insert(tx.conn(), &event.order).await?)
    }
}

impl EventHandler<OrderConfirmed> for App {
    type Error = Error;

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
    type Error = Error;

    async fn handle(&self, event: OrderRejected, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(orders::set_status(tx.conn(), event.order_id, orders::REJECTED).await?)
    }
}

impl EventHandler<OrderCancelled> for App {
    type Error = Error;

    async fn handle(&self, event: OrderCancelled, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(orders::set_status(tx.conn(), event.order_id, orders::CANCELLED).await?)
    }
}

impl EventHandler<SellerOrderAccepted> for App {
    type Error = Error;

    async fn handle(&self, event: SellerOrderAccepted, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let part = event.seller_order.seller_order_id;
        Ok(orders::set_part_status(tx.conn(), part, orders::ACCEPTED).await?)
    }
}

impl EventHandler<SellerOrderPacked> for App {
    type Error = Error;

    async fn handle(&self, event: SellerOrderPacked, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let part = event.seller_order.seller_order_id;
        Ok(orders::set_part_status(tx.conn(), part, orders::PACKED).await?)
    }
}

impl EventHandler<SellerOrderShipped> for App {
    type Error = Error;

    async fn handle(&self, event: SellerOrderShipped, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let part = event.seller_order.seller_order_id;
        Ok(orders::set_part_status(tx.conn(), part, orders::SHIPPED).await?)
    }
}

impl EventHandler<SellerOrderDelivered> for App {
    type Error = Error;

    async fn handle(
        &self,
        event: SellerOrderDelivered,
        _: &Meta,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        let part = event.seller_order.seller_order_id;
        Ok(orders::set_part_status(tx.conn(), part, orders::DELIVERED).await?)
    }
}

impl EventHandler<SellerOrderCredited> for App {
    type Error = Error;

    async fn handle(
        &self,
        event: SellerOrderCredited,
        _meta: &Meta,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        if !event.ended {
            return Ok(());
        }
        let part = event.seller_order.seller_order_id;
        Ok(orders::set_part_status(tx.conn(), part, orders::TAKEN_BACK).await?)
    }
}

impl EventHandler<ReturnChanged> for App {
    type Error = Error;

    async fn handle(&self, event: ReturnChanged, _meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let (id, at) = (event.return_id, event.seller_order.at);
        let is_contested = event.state == ReturnState::Contested;
        Ok(watch::return_moved(tx.conn(), id, is_contested, at).await?)
    }
}

impl EventHandler<RefundFailed> for App {
    type Error = Error;

    async fn handle(&self, event: RefundFailed, _meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        if !event.needs_a_person {
            return Ok(());
        }
        Ok(watch::refund_waits(tx.conn(), event.refund.refund_id).await?)
    }
}

impl EventHandler<RefundDone> for App {
    type Error = Error;

    async fn handle(&self, event: RefundDone, _meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(watch::refund_made(tx.conn(), event.refund.refund_id).await?)
    }
}

impl EventHandler<PaymentMismatch> for App {
    type Error = Error;

    async fn handle(&self, event: PaymentMismatch, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(watch::payment_in_review(tx.conn(), event.payment.payment_id).await?)
    }
}

impl EventHandler<PaymentCaptured> for App {
    type Error = Error;

    async fn handle(&self, event: PaymentCaptured, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(watch::payment_reviewed(tx.conn(), event.payment.payment_id).await?)
    }
}

impl EventHandler<PaymentCancelled> for App {
    type Error = Error;

    async fn handle(&self, event: PaymentCancelled, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(watch::payment_reviewed(tx.conn(), event.payment.payment_id).await?)
    }
}

impl EventHandler<PaymentUnclaimed> for App {
    type Error = Error;

    async fn handle(&self, event: PaymentUnclaimed, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        if event.why != RefundKind::Mismatch {
            return Ok(());
        }
        Ok(watch::payment_reviewed(tx.conn(), event.payment.payment_id).await?)
    }
}

impl EventHandler<ForeignRefundSeen> for App {
    type Error = Error;

    async fn handle(&self, event: ForeignRefundSeen, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(watch::foreign_refund(tx.conn(), event.refund.refund_id).await?)
    }
}

impl EventHandler<DisputeChanged> for App {
    type Error = Error;

    async fn handle(&self, event: DisputeChanged, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let lost = event.state == DisputeState::Lost && event.bearer.is_none();
        let waiting = event.state == DisputeState::Open || lost;
        Ok(watch::dispute(tx.conn(), event.dispute_id, waiting).await?)
    }
}

impl EventHandler<EmailBounced> for App {
    type Error = Error;

    async fn handle(&self, event: EmailBounced, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(watch::mail_bounced(tx.conn(), event.message_id).await?)
    }
}

impl EventHandler<AccountUpdated> for App {
    type Error = Error;

    async fn handle(&self, event: AccountUpdated, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(watch::upsert_account(tx.conn(), &event, meta.version).await?)
    }
}

impl EventHandler<DeadLettered> for App {
    type Error = Error;

    async fn handle(&self, event: DeadLettered, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let DeadLettered { service, consumer, topic, partition, offset, .. } = event;
        watch::letter(tx.conn(), &service, &consumer, &topic, partition, offset, true).await?;
        Ok(())
    }
}

impl EventHandler<Redriven> for App {
    type Error = Error;

    async fn handle(&self, event: Redriven, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let Redriven { service, consumer, topic, partition, offset, .. } = event;
        watch::letter(tx.conn(), &service, &consumer, &topic, partition, offset, false).await?;
        Ok(())
    }
}
