//! Events in: the facts that order-service hears.

mod refunds;

use chassis::{EventHandler, Meta, Subscriptions, Tx};
use contracts::cart::CheckoutRequested;
use contracts::payment::{
    CodAccepted, CodCollected, CodRefused, DisputeChanged, ForeignRefundSeen, PaymentCancelled,
    PaymentCaptured, PaymentCreated, PaymentMismatch, PaymentUnclaimed, RefundDone, RefundFailed,
    RefundRequested,
};
use contracts::product::{CommitFailed, ProductUpserted, StockRejected, StockReserved};
use contracts::user::ContactUpdated;
use contracts::vendor::VendorChanged;

use crate::App;
use crate::error::Error;
use crate::usecases::{self, Answer};

/// Everything heard.
pub fn subscriptions() -> Subscriptions<App> {
    Subscriptions::default()
        .handle::<CheckoutRequested>()
        .handle::<StockReserved>()
        .handle::<StockRejected>()
        .handle::<CommitFailed>()
        .handle::<PaymentCreated>()
        .handle::<PaymentCaptured>()
        .handle::<PaymentCancelled>()
        .handle::<CodAccepted>()
        .handle::<CodRefused>()
        .handle::<DisputeChanged>()
        .handle::<PaymentMismatch>()
        .handle::<PaymentUnclaimed>()
        .project::<CodCollected>()
        .project::<RefundRequested>()
        .project::<ForeignRefundSeen>()
        .project::<RefundFailed>()
        .project::<RefundDone>()
        .project::<ProductUpserted>()
        .project::<VendorChanged>()
        .project::<ContactUpdated>()
}

impl EventHandler<CheckoutRequested> for App {
    async fn handle(&self, event: CheckoutRequested, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::place(self, tx, &event).await
    }
}

impl EventHandler<StockReserved> for App {
    async fn handle(&self, event: StockReserved, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::ask_payment(self, tx, &event).await
    }
}

impl EventHandler<StockRejected> for App {
    async fn handle(&self, event: StockRejected, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::reject(self, tx, &event).await
    }
}

impl EventHandler<CommitFailed> for App {
    async fn handle(&self, event: CommitFailed, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::take_back_what_is_gone(self, tx, &event).await
    }
}

impl EventHandler<PaymentCreated> for App {
    async fn handle(&self, event: PaymentCreated, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::note_payment(self, tx, &event).await
    }
}

impl EventHandler<PaymentCaptured> for App {
    async fn handle(&self, event: PaymentCaptured, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::take_answer(self, tx, &event.payment, Answer::Captured).await
    }
}

impl EventHandler<CodAccepted> for App {
    async fn handle(&self, event: CodAccepted, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::take_answer(self, tx, &event.payment, Answer::CodAccepted).await
    }
}

impl EventHandler<PaymentCancelled> for App {
    async fn handle(&self, event: PaymentCancelled, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::take_answer(self, tx, &event.payment, Answer::Cancelled).await
    }
}

impl EventHandler<CodRefused> for App {
    async fn handle(&self, event: CodRefused, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::take_answer(self, tx, &event.payment, Answer::CodRefused).await
    }
}

impl EventHandler<DisputeChanged> for App {
    async fn handle(&self, event: DisputeChanged, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::take_back_disputed(self, tx, &event).await
    }
}

impl EventHandler<PaymentMismatch> for App {
    async fn handle(&self, event: PaymentMismatch, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let PaymentMismatch { payment, received, .. } = &event;
        usecases::note_wrong_money(self, tx, payment, *received, "payment.mismatch").await
    }
}

impl EventHandler<PaymentUnclaimed> for App {
    async fn handle(&self, event: PaymentUnclaimed, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        let PaymentUnclaimed { payment, received, .. } = &event;
        usecases::note_wrong_money(self, tx, payment, *received, "payment.unclaimed").await
    }
}

impl EventHandler<ProductUpserted> for App {
    async fn handle(&self, event: ProductUpserted, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::remember_product(tx, event, meta).await
    }

    async fn handle_tombstone(&self, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::drop_product(tx, meta).await
    }
}

impl EventHandler<VendorChanged> for App {
    async fn handle(&self, event: VendorChanged, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::remember_vendor(tx, event, meta).await
    }
}

impl EventHandler<ContactUpdated> for App {
    async fn handle(&self, event: ContactUpdated, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::remember_contact(tx, event, meta).await
    }

    async fn handle_tombstone(&self, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::forget_contact(tx, meta).await
    }
}
