//! Gives every seller's part of a confirmed order its document and its number, in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use chassis::Tx;
use contracts::order::{OrderFact, SellerPart};
use jiff::Timestamp;
use kernel::{InvoiceId, SellerOrderId, VendorId};
use tracing::info;

use super::draw_up::{Parties, draw_up};
use super::print::PrintInvoices;
use crate::domain::party::Recipient;
use crate::domain::series::Series;
use crate::error::Error;
use crate::store::invoices::Numbered;
use crate::store::recipients::Person;
use crate::store::sellers::Seller;
use crate::store::{counters, invoices, recipients, sellers};

/// Numbers one document per part of `order`; parts that have theirs keep it.
pub async fn number(tx: &mut Tx, order: &OrderFact) -> Result<(), Error> {
    let parties = parties(tx, order).await?;
    let vendors = vendors(&order.parts);
    let sellers = sellers::list(tx.conn(), &vendors).await?;
    let now = tx.now();
    let series = series(&vendors, now);
    // Locked until the commit, so that a number is given once, and a rollback leaves no gap.
    let mut lasts = counters::lock(tx.conn(), &series).await?;
    let parts = unnumbered(tx, order).await?;

    let mut numbered = Vec::with_capacity(parts.len());
    for part in parts {
        let seller = sellers.get(&part.vendor_id).ok_or(Error::NotYet("seller"))?;
        let last = lasts.entry(part.vendor_id).or_default();
        numbered.push(number_part(order, part, seller, parties.clone(), last, now)?);
    }
    insert(tx, &numbered, series, &lasts).await
}

/// Locks the series of all `orders` at once: batches that lock order by order could wait for each other.
pub async fn lock_series(
    tx: &mut Tx,
    orders: impl Iterator<Item = &OrderFact>,
) -> Result<(), Error> {
    let vendors = vendors(orders.flat_map(|order| &order.parts));
    let now = tx.now();
    counters::lock(tx.conn(), &series(&vendors, now)).await?;
    Ok(())
}

fn vendors<'a>(parts: impl IntoIterator<Item = &'a SellerPart>) -> BTreeSet<VendorId> {
    parts.into_iter().map(|part| part.vendor_id).collect()
}

fn series(vendors: &BTreeSet<VendorId>, now: Timestamp) -> Vec<Series> {
    vendors.iter().map(|id| Series::of_sales(*id, now)).collect()
}

/// Under the locks of the counters: whoever numbered the same parts before has committed by now.
async fn unnumbered<'a>(tx: &mut Tx, order: &'a OrderFact) -> Result<Vec<&'a SellerPart>, Error> {
    let ids: Vec<SellerOrderId> = order.parts.iter().map(|part| part.seller_order_id).collect();
    let numbered = invoices::list_numbered(tx.conn(), &ids).await?;
    Ok(order.parts.iter().filter(|part| !numbered.contains(&part.seller_order_id)).collect())
}

/// Takes the number after `last` for `part`.
fn number_part(
    order: &OrderFact,
    part: &SellerPart,
    seller: &Seller,
    parties: Parties,
    last: &mut i32,
    now: Timestamp,
) -> Result<Numbered, Error> {
    let series = Series::of_sales(part.vendor_id, now);
    let (serial, number) = series.next(*last, &seller.prefix)?;
    let document = draw_up(order, part, seller.supplier.clone(), parties, number, now)?;
    *last = serial;

    let id = InvoiceId::new();
    Ok(Numbered {
        id,
        serial: (series, serial),
        about: (order.checkout_id, order.order_id, part.seller_order_id),
        buyer: order.buyer,
        object_key: object_key(part.vendor_id, &series, id),
        document,
    })
}

async fn insert(
    tx: &mut Tx,
    numbered: &[Numbered],
    series: Vec<Series>,
    lasts: &BTreeMap<VendorId, i32>,
) -> Result<(), Error> {
    if numbered.is_empty() {
        return Ok(());
    }
    let taken: Vec<_> = series
        .into_iter()
        .filter_map(|series| Some((series, *lasts.get(&series.vendor_id)?)))
        .collect();
    invoices::insert(tx.conn(), numbered).await?;
    counters::set(tx.conn(), &taken).await?;

    let invoice_ids = numbered.iter().map(|n| n.id).collect();
    tx.schedule(&PrintInvoices { invoice_ids }, tx.now()).await?;
    for Numbered { id, serial, about, .. } in numbered {
        info!(invoice.id = %id, order.id = %about.1, vendor.id = %serial.0.vendor_id, "an invoice was numbered");
    }
    Ok(())
}

/// Made of ids only: nothing that somebody typed ends up in a path.
fn object_key(vendor_id: VendorId, series: &Series, id: InvoiceId) -> String {
    format!("{vendor_id}/{}/{id}.pdf", series.year)
}

async fn parties(tx: &mut Tx, order: &OrderFact) -> Result<Parties, Error> {
    let person = recipients::find(tx.conn(), order.buyer).await?;
    let name = match person.ok_or(Error::NotYet("buyer"))? {
        Person::Known(name) => name,
        Person::Forgotten => {
            let nobody = Recipient::erased(order.place_of_supply);
            return Ok(Parties { bill_to: nobody.clone(), ship_to: nobody });
        }
    };
    let (id, version) = (order.address_id, order.address_version);
    let ship_to = recipients::find_address(tx.conn(), order.buyer, id, version).await?;
    let ship_to = ship_to.ok_or(Error::NotYet("address"))?;
    let bill_to =
        Recipient { name: name.unwrap_or_else(|| ship_to.name.clone()), ..ship_to.clone() };
    Ok(Parties { bill_to, ship_to })
}
