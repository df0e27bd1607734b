//! Writes to a seller what the platform charged for a month, and what it took back of months before.

use std::collections::BTreeSet;
use std::sync::Arc;

use chassis::{Job, JobHandler, Tx};
use contracts::payment::{CommissionClosed, CommissionTotals};
use kernel::{FinancialYear, InvoiceId, SupplyType};
use serde::{Deserialize, Serialize};
use tracing::info;

use super::print::PrintInvoices;
use crate::App;
use crate::domain::commission::{
    Booked, Charged, CommissionPaper, CommissionPurpose, place_of_supply,
};
use crate::domain::flaw::{Flaw, InvoiceRefused};
use crate::domain::party::Recipient;
use crate::domain::platform::Platform;
use crate::domain::series::{SeriesKind, moment_in};
use crate::error::Error;
use crate::store::commissions::{self, Numbered};
use crate::store::issued::Printed;
use crate::store::sellers::{self, Seller};

/// Write the documents over a month of a seller that is over.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BillCommission {
    /// The month.
    pub closed: CommissionClosed,
}

impl Job for BillCommission {
    const KIND: &'static str = "bill_commission";
    // As for a part of an order: a week of trying, ten minutes apart in the end.
    const MAX_ATTEMPTS: i32 = 1000;
}

/// Print this document of the platform and put it away.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PrintCommission {
    /// Which one.
    pub invoice_id: InvoiceId,
}

impl Job for PrintCommission {
    const KIND: &'static str = "print_commission";
    const MAX_ATTEMPTS: i32 = PrintInvoices::MAX_ATTEMPTS;
}

/// Has a month billed. By a job from the start: it waits for the seller longer than the other news of its key can.
pub async fn close_month(tx: &mut Tx, closed: CommissionClosed) -> Result<(), Error> {
    let now = tx.now();
    Ok(tx.schedule(&BillCommission { closed }, now).await?)
}

impl JobHandler<BillCommission> for App {
    type Output = ();

    async fn run(&self, _: &BillCommission) -> Result<(), Error> {
        Ok(())
    }

    async fn complete(&self, job: BillCommission, (): (), tx: &mut Tx) -> Result<(), Error> {
        bill(&self.platform, tx, &job.closed).await
    }
}

impl JobHandler<PrintCommission> for App {
    type Output = Printed;

    async fn run(&self, job: &PrintCommission) -> Result<Printed, Error> {
        let document = {
            let mut conn = self.db.read().await?;
            commissions::find_document(&mut conn, job.invoice_id).await?
        };
        let (paper, key) = document.ok_or(Error::NotFound)?;
        let bytes = self.press.print_commission(Arc::new(paper)).await?;
        self.put_away(job.invoice_id, key, bytes).await
    }

    async fn complete(
        &self,
        _: PrintCommission,
        printed: Printed,
        tx: &mut Tx,
    ) -> Result<(), Error> {
        let now = tx.now();
        commissions::set_issued(tx.conn(), &printed, now).await?;
        info!(invoice.id = %printed.invoice_id, "a document over commission was issued");
        Ok(())
    }
}

/// One invoice over what was charged in the month less what was taken back of it, and one credit note over what was taken
/// back of months before; none over nothing. A month that has its documents keeps them.
async fn bill(platform: &Platform, tx: &mut Tx, closed: &CommissionClosed) -> Result<(), Error> {
    let vendor_id = closed.vendor_id;
    let sellers = sellers::list(tx.conn(), &BTreeSet::from([vendor_id])).await?;
    let seller = sellers.into_values().next().ok_or(Error::NotYet("seller"))?;
    let net = booked(closed.charged).less(booked(closed.taken_back));
    let net = net.map_err(InvoiceRefused::from).map_err(Flaw::from)?;

    for (kind, over) in
        [(SeriesKind::Sale, net), (SeriesKind::Credit, booked(closed.taken_back_of_before))]
    {
        if over.is_negative() {
            return Err(Flaw::Commission.into());
        }
        if !over.is_nothing() {
            number(platform, tx, closed, &seller, kind, over).await?;
        }
    }
    Ok(())
}

fn booked(totals: CommissionTotals) -> Booked {
    Booked { commission: totals.commission, tax: totals.tax }
}

async fn number(
    platform: &Platform,
    tx: &mut Tx,
    closed: &CommissionClosed,
    seller: &Seller,
    kind: SeriesKind,
    over: Booked,
) -> Result<(), Error> {
    let (vendor_id, month) = (closed.vendor_id, closed.month);
    let before = tx.now();
    let year = FinancialYear::of(before);
    // Locked until the commit, so that a number is given once, and a rollback leaves no gap.
    let last = commissions::lock_counter(tx.conn(), year, kind).await?;
    if commissions::is_written(tx.conn(), vendor_id, month, kind).await? {
        return Ok(());
    }
    let issued_at = moment_in(year, tx.now(), before);
    let (serial, number) = kind.next(last, &platform.prefix, year)?;
    let purpose = match kind {
        SeriesKind::Sale => CommissionPurpose::Charge,
        SeriesKind::Credit => {
            let charges = commissions::list_charges_before(tx.conn(), vendor_id, month).await?;
            CommissionPurpose::TakeBack { against: against(charges, over) }
        }
    };
    let seller = recipient(seller);
    let supplier = platform.supplier.clone();
    let supply = SupplyType::of(supplier.address.state, place_of_supply(&seller));
    let tax = over.by_heads(supply).map_err(InvoiceRefused::from).map_err(Flaw::from)?;
    let document =
        CommissionPaper { purpose, number, issued_at, month, supplier, seller, supply, tax };

    let id = InvoiceId::new();
    let object_key = format!("platform/{year}/{id}.pdf");
    let numbered = Numbered { id, year, kind, serial, vendor_id, object_key, document };
    commissions::insert(tx.conn(), &numbered).await?;
    let now = tx.now();
    tx.schedule(&PrintCommission { invoice_id: id }, now).await?;
    info!(invoice.id = %id, vendor.id = %vendor_id, %month, "commission was billed");
    Ok(())
}

/// The newest documents that together hold what is taken back.
fn against(charges: Vec<(Charged, i64)>, over: Booked) -> Vec<Charged> {
    let mut open = over.commission.minor().saturating_add(over.tax.minor());
    let mut against = Vec::new();
    for (charged, total) in charges {
        if open <= 0 {
            break;
        }
        open = open.saturating_sub(total);
        against.push(charged);
    }
    against
}

fn recipient(seller: &Seller) -> Recipient {
    let supplier = &seller.supplier;
    Recipient {
        name: supplier.legal_name.clone(),
        address: supplier.address.clone(),
        gstin: supplier.registration.gstin().cloned(),
    }
}
