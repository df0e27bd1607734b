//! Gives every seller's part of a confirmed order its document and its number, in one transaction.

use chassis::Tx;
use contracts::order::{OrderFact, SellerPart};
use kernel::{InvoiceId, VendorId};
use tracing::info;

use super::draw_up::{Parties, draw_up};
use super::print::PrintInvoice;
use crate::domain::party::Recipient;
use crate::domain::series::Series;
use crate::error::Error;
use crate::store::recipients::Person;
use crate::store::sellers::Seller;
use crate::store::{counters, invoices, recipients, sellers};

/// Numbers one document per part of `order`; parts that have theirs keep it.
pub async fn number(tx: &mut Tx, order: &OrderFact) -> Result<(), Error> {
    let parties = parties(tx, order).await?;
    let mut parts: Vec<(&SellerPart, Seller)> = Vec::new();
    for part in &order.parts {
        let seller = sellers::find(tx.conn(), part.vendor_id).await?;
        parts.push((part, seller.ok_or(Error::NotYet("seller"))?));
    }
    // Counters are locked in one order, so that two orders of the same sellers cannot wait for each other.
    parts.sort_by_key(|(part, _)| part.vendor_id);

    for (part, seller) in parts {
        number_part(tx, (order, part), seller, parties.clone()).await?;
    }
    Ok(())
}

async fn number_part(
    tx: &mut Tx,
    (order, part): (&OrderFact, &SellerPart),
    seller: Seller,
    parties: Parties,
) -> Result<(), Error> {
    let now = tx.now();
    let series = Series::of_sales(part.vendor_id, now);
    let last = counters::lock(tx.conn(), &series).await?;
    // Under the lock: whoever numbered the same part before has committed by now.
    if invoices::exists(tx.conn(), part.seller_order_id).await? {
        return Ok(());
    }
    let (serial, number) = series.next(last, &seller.prefix)?;
    let document = draw_up((order, part), seller.supplier, parties, (number, now))?;

    let id = InvoiceId::new();
    let numbered = invoices::Numbered {
        id,
        serial: (series, serial),
        about: (order.checkout_id, order.order_id, part.seller_order_id),
        buyer: order.buyer,
        object_key: &object_key(part.vendor_id, &series, id),
        document: &document,
    };
    invoices::insert(tx.conn(), &numbered).await?;
    counters::set(tx.conn(), &series, serial).await?;
    tx.schedule(&PrintInvoice { invoice_id: id }, now).await?;

    info!(invoice.id = %id, order.id = %order.order_id, vendor.id = %part.vendor_id, "an invoice was numbered");
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
        Person::Forgotten => return Err(Error::RecipientForgotten),
    };
    let edition = (order.address_id, order.address_version);
    let ship_to = recipients::find_address(tx.conn(), order.buyer, edition).await?;
    let ship_to = ship_to.ok_or(Error::NotYet("address"))?;
    let bill_to =
        Recipient { name: name.unwrap_or_else(|| ship_to.name.clone()), ..ship_to.clone() };
    Ok(Parties { bill_to, ship_to })
}
