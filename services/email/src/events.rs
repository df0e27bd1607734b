//! Events in: what people are written to about, and the copies that say how to reach them.

use chassis::{EventHandler, Meta, Subscriptions, Tx};
use contracts::invoice::InvoiceIssued;
use contracts::order::{
    OrderCancelled, OrderConfirmed, OrderRejected, ReturnChanged, SellerOrderArrived,
    SellerOrderCredited, SellerOrderDueSoon, SellerOrderShipped,
};
use contracts::payment::{
    DisputeChanged, PaymentUnclaimed, PayoutChanged, PayoutPostponed, RefundDone, RefundFailed,
};
use contracts::product::RateEnding;
use contracts::user::{ContactUpdated, SendOtp, SessionRevoked};
use contracts::vendor::{PayoutAccountChanged, VendorApproved, VendorChanged};

use crate::error::Error;
use crate::{App, usecases};

/// Everything heard.
pub fn subscriptions() -> Subscriptions<App> {
    Subscriptions::default()
        .handle::<SendOtp>()
        .handle::<SessionRevoked>()
        .handle::<OrderConfirmed>()
        .handle::<InvoiceIssued>()
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
        .handle::<RateEnding>()
        .handle::<VendorApproved>()
        .handle::<PayoutAccountChanged>()
        .project::<ContactUpdated>()
        .project::<VendorChanged>()
}

impl EventHandler<SendOtp> for App {
    async fn handle(&self, event: SendOtp, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_code(tx, event).await
    }
}

impl EventHandler<SessionRevoked> for App {
    async fn handle(&self, event: SessionRevoked, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_session_ended(tx, &event).await
    }
}

impl EventHandler<OrderConfirmed> for App {
    async fn handle(&self, event: OrderConfirmed, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::take_order(tx, &event).await
    }
}

impl EventHandler<InvoiceIssued> for App {
    async fn handle(&self, event: InvoiceIssued, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::take_invoice(tx, event).await
    }
}

impl EventHandler<OrderCancelled> for App {
    async fn handle(&self, event: OrderCancelled, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_cancelled(tx, &event).await
    }
}

impl EventHandler<SellerOrderShipped> for App {
    async fn handle(&self, event: SellerOrderShipped, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_shipped(tx, &event).await
    }
}

impl EventHandler<SellerOrderArrived> for App {
    async fn handle(&self, event: SellerOrderArrived, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_delivered(tx, &event).await
    }
}

impl EventHandler<OrderRejected> for App {
    async fn handle(&self, event: OrderRejected, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_rejected(tx, &event).await
    }
}

impl EventHandler<SellerOrderCredited> for App {
    async fn handle(&self, event: SellerOrderCredited, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_taken_back(tx, &event).await
    }
}

impl EventHandler<SellerOrderDueSoon> for App {
    async fn handle(&self, event: SellerOrderDueSoon, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_due_soon(tx, &event).await
    }
}

impl EventHandler<ReturnChanged> for App {
    async fn handle(&self, event: ReturnChanged, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_return(tx, &event).await
    }
}

impl EventHandler<PaymentUnclaimed> for App {
    async fn handle(&self, event: PaymentUnclaimed, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_unclaimed(tx, &event).await
    }
}

impl EventHandler<RefundDone> for App {
    async fn handle(&self, event: RefundDone, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_refund_done(tx, &event).await
    }
}

impl EventHandler<RefundFailed> for App {
    async fn handle(&self, event: RefundFailed, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_refund_delayed(tx, &event).await
    }
}

impl EventHandler<PayoutChanged> for App {
    async fn handle(&self, event: PayoutChanged, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_payout(tx, &event).await
    }
}

impl EventHandler<DisputeChanged> for App {
    async fn handle(&self, event: DisputeChanged, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_dispute(tx, &event).await
    }
}

impl EventHandler<PayoutPostponed> for App {
    async fn handle(&self, event: PayoutPostponed, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_postponed(tx, &event).await
    }
}

impl EventHandler<PayoutAccountChanged> for App {
    async fn handle(
        &self,
        event: PayoutAccountChanged,
        _: &Meta,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        usecases::mail_account_changed(tx, &event).await
    }
}

impl EventHandler<RateEnding> for App {
    async fn handle(&self, event: RateEnding, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_rate_ending(tx, &event).await
    }
}

impl EventHandler<VendorApproved> for App {
    async fn handle(&self, event: VendorApproved, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::mail_approved(tx, &event).await
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
