//! Door 2: the facts that order-service hears.

use chassis::{Hear, Listeners, Meta, Tx};
use contracts::cart::CheckoutRequested;
use contracts::payment::{
    CodAccepted, CodRefused, PaymentCancelled, PaymentCaptured, PaymentCreated,
};
use contracts::product::{CommitFailed, ProductUpserted, StockRejected, StockReserved};
use contracts::user::ContactUpdated;
use contracts::vendor::VendorChanged;

use crate::App;
use crate::error::Error;
use crate::usecases::{self, Paid, Unpaid};

/// Everything heard.
pub fn listeners(app: &App) -> Listeners {
    Listeners::default()
        .on::<CheckoutRequested, _>(app)
        .on::<StockReserved, _>(app)
        .on::<StockRejected, _>(app)
        .on::<CommitFailed, _>(app)
        .on::<PaymentCreated, _>(app)
        .on::<PaymentCaptured, _>(app)
        .on::<PaymentCancelled, _>(app)
        .on::<CodAccepted, _>(app)
        .on::<CodRefused, _>(app)
        .copy::<ProductUpserted, _>(app)
        .copy::<VendorChanged, _>(app)
        .copy::<ContactUpdated, _>(app)
}

impl Hear<CheckoutRequested> for App {
    type Error = Error;

    async fn hear(&self, event: CheckoutRequested, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::place(self, tx, &event).await
    }
}

impl Hear<StockReserved> for App {
    type Error = Error;

    async fn hear(&self, event: StockReserved, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::ask_payment(self, tx, &event).await
    }
}

impl Hear<StockRejected> for App {
    type Error = Error;

    async fn hear(&self, event: StockRejected, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::reject(self, tx, &event).await
    }
}

impl Hear<CommitFailed> for App {
    type Error = Error;

    async fn hear(&self, event: CommitFailed, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::note_commit_failed(self, tx, &event).await
    }
}

impl Hear<PaymentCreated> for App {
    type Error = Error;

    async fn hear(&self, event: PaymentCreated, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::note_payment(self, tx, &event).await
    }
}

impl Hear<PaymentCaptured> for App {
    type Error = Error;

    async fn hear(&self, event: PaymentCaptured, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::confirm(self, tx, &event.payment, Paid::Captured).await
    }
}

impl Hear<CodAccepted> for App {
    type Error = Error;

    async fn hear(&self, event: CodAccepted, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::confirm(self, tx, &event.payment, Paid::CodAccepted).await
    }
}

impl Hear<PaymentCancelled> for App {
    type Error = Error;

    async fn hear(&self, event: PaymentCancelled, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::give_up(self, tx, &event.payment, Unpaid::Cancelled).await
    }
}

impl Hear<CodRefused> for App {
    type Error = Error;

    async fn hear(&self, event: CodRefused, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::give_up(self, tx, &event.payment, Unpaid::CodRefused).await
    }
}

impl Hear<ProductUpserted> for App {
    type Error = Error;

    async fn hear(&self, event: ProductUpserted, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::remember_product(tx, event, meta).await
    }

    async fn forget(&self, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::drop_product(tx, meta).await
    }
}

impl Hear<VendorChanged> for App {
    type Error = Error;

    async fn hear(&self, event: VendorChanged, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::remember_vendor(tx, event, meta).await
    }
}

impl Hear<ContactUpdated> for App {
    type Error = Error;

    async fn hear(&self, event: ContactUpdated, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::remember_contact(tx, event, meta).await
    }

    async fn forget(&self, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::forget_contact(tx, meta).await
    }
}
