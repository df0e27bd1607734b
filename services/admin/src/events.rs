//! Events in: everything staff look at was heard. All of it but the audit trail is a copy and may be heard again from the start.

mod money;
mod orders;
mod trail;

use chassis::{EventHandler, Meta, Subscriptions, Tx};
use contracts::email::{EmailBounced, EmailSent};
use contracts::invoice::{CreditNoteIssued, InvoiceIssued};
use contracts::ops::{DeadLettered, Redriven, StaffActed};
use contracts::order::{
    OrderCancelled, OrderConfirmed, OrderPlaced, OrderRejected, ReturnChanged, ReturnState,
    SellerOrderAccepted, SellerOrderArrived, SellerOrderCredited, SellerOrderDelivered,
    SellerOrderPacked, SellerOrderShipped,
};
use contracts::payment::{
    CodAccepted, CodCollected, CodRefused, DisputeChanged, ForeignRefundSeen, PaymentCancelled,
    PaymentCaptured, PaymentCreated, PaymentFailed, PaymentMismatch, PaymentUnclaimed,
    PayoutChanged, RefundDone, RefundFailed, RefundRequested, VendorBalanceWrittenOff,
};
use contracts::product::ProductUpserted;
use contracts::rating::{ReviewPublished, ReviewRemoved, ReviewSubmitted};
use contracts::user::AccountUpdated;
use contracts::vendor::{KycSubmitted, VendorChanged};

use crate::App;
use crate::error::Error;
use crate::store::{after_sales, queues, watch};
use crate::usecases;

/// Everything that is heard.
pub fn subscriptions() -> Subscriptions<App> {
    Subscriptions::default()
        .handle::<StaffActed>()
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
        .project::<SellerOrderArrived>()
        .project::<SellerOrderCredited>()
        .project::<ReturnChanged>()
        .project::<PaymentCreated>()
        .project::<PaymentFailed>()
        .project::<CodAccepted>()
        .project::<CodRefused>()
        .project::<CodCollected>()
        .project::<PaymentMismatch>()
        .project::<PaymentCaptured>()
        .project::<PaymentCancelled>()
        .project::<PaymentUnclaimed>()
        .project::<ForeignRefundSeen>()
        .project::<DisputeChanged>()
        .project::<RefundRequested>()
        .project::<RefundFailed>()
        .project::<RefundDone>()
        .project::<PayoutChanged>()
        .project::<VendorBalanceWrittenOff>()
        .project::<InvoiceIssued>()
        .project::<CreditNoteIssued>()
        .project::<EmailSent>()
        .project::<EmailBounced>()
        .project::<AccountUpdated>()
        .project::<DeadLettered>()
        .project::<Redriven>()
}

impl EventHandler<StaffActed> for App {
    async fn handle(&self, event: StaffActed, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::record_act(tx, meta.id, event).await
    }
}

impl EventHandler<VendorChanged> for App {
    async fn handle(&self, event: VendorChanged, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(queues::upsert_vendor(tx.conn(), &event, meta.version).await?)
    }
}

impl EventHandler<KycSubmitted> for App {
    async fn handle(&self, event: KycSubmitted, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        for document in &event.documents {
            queues::insert_document(tx.conn(), event.vendor_id, document).await?;
        }
        Ok(())
    }
}

impl EventHandler<ProductUpserted> for App {
    async fn handle(&self, event: ProductUpserted, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(queues::upsert_product(tx.conn(), &event, meta.version).await?)
    }
}

impl EventHandler<ReviewSubmitted> for App {
    async fn handle(&self, event: ReviewSubmitted, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(queues::insert_review(tx.conn(), &event, meta.version).await?)
    }
}

impl EventHandler<ReviewPublished> for App {
    async fn handle(&self, event: ReviewPublished, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let (id, subject) = (event.review_id, event.subject);
        Ok(queues::set_review_status(tx.conn(), id, subject, "published", meta.version).await?)
    }
}

impl EventHandler<ReviewRemoved> for App {
    async fn handle(&self, event: ReviewRemoved, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let (id, subject) = (event.review_id, event.subject);
        Ok(queues::set_review_status(tx.conn(), id, subject, "removed", meta.version).await?)
    }
}

impl EventHandler<ReturnChanged> for App {
    async fn handle(&self, event: ReturnChanged, _meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        after_sales::return_moved(tx.conn(), &event).await?;
        let (id, at) = (event.return_id, event.seller_order.at);
        let is_contested = event.state == ReturnState::Contested;
        Ok(watch::return_moved(tx.conn(), id, is_contested, at).await?)
    }
}

impl EventHandler<EmailBounced> for App {
    async fn handle(&self, event: EmailBounced, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        trail::mail(tx, meta, event.order_id, event.message_id, &event.kind).await?;
        Ok(watch::mail_bounced(tx.conn(), event.message_id).await?)
    }
}

impl EventHandler<AccountUpdated> for App {
    async fn handle(&self, event: AccountUpdated, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        Ok(watch::upsert_account(tx.conn(), &event, meta.version).await?)
    }
}

impl EventHandler<DeadLettered> for App {
    async fn handle(&self, event: DeadLettered, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let DeadLettered { service, consumer, topic, partition, offset, .. } = event;
        watch::letter(tx.conn(), &service, &consumer, &topic, partition, offset, true).await?;
        Ok(())
    }
}

impl EventHandler<Redriven> for App {
    async fn handle(&self, event: Redriven, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let Redriven { service, consumer, topic, partition, offset, .. } = event;
        watch::letter(tx.conn(), &service, &consumer, &topic, partition, offset, false).await?;
        Ok(())
    }
}
