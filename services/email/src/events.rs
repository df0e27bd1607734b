//! Door 2: what people are written to about, and the copies that say how to reach them.

use chassis::{Hear, Listeners, Meta, Tx};
use contracts::invoice::InvoiceIssued;
use contracts::order::{OrderCancelled, OrderConfirmed, SellerOrderShipped};
use contracts::user::{ContactUpdated, SendOtp, SessionRevoked};
use contracts::vendor::{VendorApproved, VendorChanged};

use crate::error::Error;
use crate::{App, usecases};

/// Everything heard.
pub fn listeners(app: &App) -> Listeners {
    Listeners::default()
        .on::<SendOtp, _>(app)
        .on::<SessionRevoked, _>(app)
        .on::<OrderConfirmed, _>(app)
        .on::<InvoiceIssued, _>(app)
        .on::<OrderCancelled, _>(app)
        .on::<SellerOrderShipped, _>(app)
        .on::<VendorApproved, _>(app)
        .copy::<ContactUpdated, _>(app)
        .copy::<VendorChanged, _>(app)
}

impl Hear<SendOtp> for App {
    type Error = Error;

    async fn hear(&self, event: SendOtp, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_code(tx, event).await
    }
}

impl Hear<SessionRevoked> for App {
    type Error = Error;

    async fn hear(&self, event: SessionRevoked, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_session_ended(tx, &event).await
    }
}

impl Hear<OrderConfirmed> for App {
    type Error = Error;

    async fn hear(&self, event: OrderConfirmed, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::take_order(tx, &event.order).await
    }
}

impl Hear<InvoiceIssued> for App {
    type Error = Error;

    async fn hear(&self, event: InvoiceIssued, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::take_invoice(tx, event).await
    }
}

impl Hear<OrderCancelled> for App {
    type Error = Error;

    async fn hear(&self, event: OrderCancelled, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_cancelled(tx, &event).await
    }
}

impl Hear<SellerOrderShipped> for App {
    type Error = Error;

    async fn hear(&self, event: SellerOrderShipped, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_shipped(tx, &event).await
    }
}

impl Hear<VendorApproved> for App {
    type Error = Error;

    async fn hear(&self, event: VendorApproved, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_approved(tx, &event).await
    }
}

impl Hear<ContactUpdated> for App {
    type Error = Error;

    async fn hear(&self, event: ContactUpdated, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::copy_contact(tx, event, meta.version).await
    }

    async fn forget(&self, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::forget_contact(tx, &meta.key, meta.version).await
    }
}

impl Hear<VendorChanged> for App {
    type Error = Error;

    async fn hear(&self, event: VendorChanged, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::copy_vendor(tx, event, meta.version).await
    }
}
