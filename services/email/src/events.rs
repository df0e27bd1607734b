//! Events in: what people are written to about, and the copies that say how to reach them.

use chassis::{EventHandler, Meta, Subscriptions, Tx};
use contracts::Event;
use contracts::invoice::{CreditNoteIssued, InvoiceIssued};
use contracts::order::{
    OrderCancelled, OrderConfirmed, OrderRejected, ReturnChanged, SellerOrderArrived,
    SellerOrderCredited, SellerOrderDueSoon, SellerOrderShipped,
};
use contracts::payment::{
    DisputeChanged, PaymentUnclaimed, PayoutChanged, PayoutPostponed, RefundDone, RefundFailed,
    VendorBalanceOverdue, VendorBalanceWrittenOff,
};
use contracts::product::{ProductTurnedDown, ProductsBarred, RateEnding};
use contracts::user::{ContactUpdated, SendOtp, SessionRevoked};
use contracts::vendor::{
    PayoutAccountChanged, VendorApproved, VendorChanged, VendorRejected, VendorSuspended,
};

use crate::error::Error;
use crate::{App, usecases};

/// Everything heard.
pub fn subscriptions() -> Subscriptions<App> {
    Subscriptions::default()
        .handle::<SendOtp>()
        .handle::<SessionRevoked>()
        .handle::<OrderConfirmed>()
        .handle::<InvoiceIssued>()
        .handle::<CreditNoteIssued>()
        .handle::<OrderCancelled>()
        .handle::<OrderRejected>()
        .handle::<SellerOrderShipped>()
        .handle::<SellerOrderArrived>()
        .handle::<SellerOrderCredited>()
        .handle::<SellerOrderDueSoon>()
        .handle::<ReturnChanged>()
        .handle::<PaymentUnclaimed>()
        .handle::<RefundDone>()
        .handle::<RefundFailed>()
        .handle::<DisputeChanged>()
        .handle::<PayoutChanged>()
        .handle::<PayoutPostponed>()
        .handle::<VendorBalanceOverdue>()
        .handle::<VendorBalanceWrittenOff>()
        .handle::<RateEnding>()
        .handle::<ProductsBarred>()
        .handle::<ProductTurnedDown>()
        .handle::<VendorApproved>()
        .handle::<VendorRejected>()
        .handle::<VendorSuspended>()
        .handle::<PayoutAccountChanged>()
        .project::<ContactUpdated>()
        .project::<VendorChanged>()
}

/// A fact that somebody is written to about, or that such a mail waits for.
trait Told: Event {
    fn tell(&self, tx: &mut Tx) -> impl Future<Output = Result<(), Error>> + Send;
}

impl<E: Told> EventHandler<E> for App {
    async fn handle(&self, event: E, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        event.tell(tx).await
    }
}

impl Told for SendOtp {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_code(tx, self).await
    }
}

impl Told for SessionRevoked {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_session_ended(tx, self).await
    }
}

impl Told for OrderConfirmed {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::take_order(tx, self).await
    }
}

impl Told for InvoiceIssued {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::take_invoice(tx, self).await
    }
}

impl Told for CreditNoteIssued {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::take_credit_note(tx, self).await
    }
}

impl Told for OrderCancelled {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_cancelled(tx, self).await
    }
}

impl Told for SellerOrderShipped {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_shipped(tx, self).await
    }
}

impl Told for SellerOrderArrived {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_delivered(tx, self).await
    }
}

impl Told for OrderRejected {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_rejected(tx, self).await
    }
}

impl Told for SellerOrderCredited {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_taken_back(tx, self).await
    }
}

impl Told for SellerOrderDueSoon {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_due_soon(tx, self).await
    }
}

impl Told for ReturnChanged {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_return(tx, self).await
    }
}

impl Told for PaymentUnclaimed {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_unclaimed(tx, self).await
    }
}

impl Told for RefundDone {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_refund_done(tx, self).await
    }
}

impl Told for RefundFailed {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_refund_delayed(tx, self).await
    }
}

impl Told for PayoutChanged {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_payout(tx, self).await
    }
}

impl Told for DisputeChanged {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_dispute(tx, self).await
    }
}

impl Told for PayoutPostponed {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_postponed(tx, self).await
    }
}

impl Told for PayoutAccountChanged {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_account_changed(tx, self).await
    }
}

impl Told for RateEnding {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_rate_ending(tx, self).await
    }
}

impl Told for VendorBalanceOverdue {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_overdue(tx, self).await
    }
}

impl Told for ProductsBarred {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_barred(tx, self).await
    }
}

impl Told for VendorApproved {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_approved(tx, self).await
    }
}

impl Told for VendorRejected {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_seller_rejected(tx, self).await
    }
}

impl Told for VendorSuspended {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_seller_suspended(tx, self).await
    }
}

impl Told for ProductTurnedDown {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_turned_down(tx, self).await
    }
}

impl Told for VendorBalanceWrittenOff {
    async fn tell(&self, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_written_off(tx, self).await
    }
}

impl EventHandler<ContactUpdated> for App {
    async fn handle(&self, event: ContactUpdated, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::project_contact(tx, event, meta.version).await
    }

    async fn handle_tombstone(&self, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::forget_contact(tx, &meta.key, meta.version).await
    }
}

impl EventHandler<VendorChanged> for App {
    async fn handle(&self, event: VendorChanged, meta: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::project_vendor(tx, event, meta.version).await
    }
}
