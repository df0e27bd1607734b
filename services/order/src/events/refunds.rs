//! Money at the door, and on its way back to buyers.

use chassis::{EventHandler, Meta, Tx};
use contracts::payment::{
    CodCollected, ForeignRefundSeen, RefundDone, RefundFailed, RefundRequested,
};

use crate::error::Error;
use crate::{App, usecases};

impl EventHandler<CodCollected> for App {
    async fn handle(&self, event: CodCollected, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::note_cash(tx, &event).await
    }
}

impl EventHandler<RefundRequested> for App {
    async fn handle(&self, event: RefundRequested, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::note_refund(tx, &event).await
    }
}

impl EventHandler<ForeignRefundSeen> for App {
    async fn handle(&self, event: ForeignRefundSeen, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::note_foreign_refund(tx, &event).await
    }
}

impl EventHandler<RefundFailed> for App {
    async fn handle(&self, event: RefundFailed, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::note_refund_failed(tx, &event).await
    }
}

impl EventHandler<RefundDone> for App {
    async fn handle(&self, event: RefundDone, _: &Meta, tx: &mut Tx) -> Result<(), Error> {
        usecases::note_refund_done(tx, &event).await
    }
}
