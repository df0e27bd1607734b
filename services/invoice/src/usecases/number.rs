//! Gives every seller's part of a confirmed order its document and its number, each for itself.

use std::collections::{BTreeMap, BTreeSet};

use chassis::{Explain as _, Job, JobHandler, Tx};
use contracts::order::{OrderFact, SellerPart};
use jiff::Timestamp;
use kernel::{InvoiceId, SellerOrderId, VendorId};
use serde::{Deserialize, Serialize};
use tracing::{info, warn};

use super::draw_up::{Parties, draw_up};
use super::print::PrintInvoices;
use crate::App;
use crate::domain::party::Recipient;
use crate::domain::series::Series;
use crate::error::Error;
use crate::store::invoices::Numbered;
use crate::store::recipients::Person;
use crate::store::sellers::Seller;
use crate::store::{counters, invoices, recipients, sellers};

/// Number this part of an order, which could not be numbered with the others.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NumberPart {
    /// The order, with this part only.
    pub order: OrderFact,
}

impl Job for NumberPart {
    const KIND: &'static str = "number_part";
    // A sale without its document is against the law: a week of trying, ten minutes apart in the end.
    const MAX_ATTEMPTS: i32 = 1000;
}

impl JobHandler<NumberPart> for App {
    type Output = ();

    async fn run(&self, _: &NumberPart) -> Result<(), Error> {
        Ok(())
    }

    async fn complete(&self, job: NumberPart, (): (), tx: &mut Tx) -> Result<(), Error> {
        number(tx, &job.order).await
    }
}

/// Numbers one document per part of `order`; parts that have theirs keep it.
///
/// What is wrong with one part is not the other sellers' fault: it gets a job of its own, which waits for what is
/// missing or is given up. An order of which nothing can be numbered is refused whole.
pub async fn number(tx: &mut Tx, order: &OrderFact) -> Result<(), Error> {
    let parties = parties(tx, order).await?;
    let vendors = vendors(&order.parts);
    let sellers = sellers::list(tx.conn(), &vendors).await?;
    let before = tx.now();
    let series = series(&vendors, before);
    // Locked until the commit, so that a number is given once, and a rollback leaves no gap.
    let mut lasts = counters::lock(tx.conn(), &series).await?;
    let now = series.first().map_or(before, |series| series.moment(tx.now(), before));
    let parts = unnumbered(tx, order).await?;

    let (mut numbered, mut left) = (Vec::with_capacity(parts.len()), Vec::new());
    for part in parts {
        let seller = sellers.get(&part.vendor_id);
        let last = lasts.entry(part.vendor_id).or_default();
        match number_part(order, part, seller, parties.clone(), last, now) {
            Ok(one) => numbered.push(one),
            Err(error) => left.push((part, error)),
        }
    }
    if numbered.is_empty() {
        // One that may still come first: what is refused for good is not tried again with it.
        left.sort_by_key(|(_, error)| !error.is_not_yet());
        return left.into_iter().next().map_or(Ok(()), |(_, error)| Err(error));
    }
    insert(tx, &numbered, series, &lasts).await?;
    leave(tx, order, &left).await
}

/// Gives each part that could not be numbered a job of its own.
async fn leave(tx: &mut Tx, order: &OrderFact, left: &[(&SellerPart, Error)]) -> Result<(), Error> {
    let jobs = left.iter().map(|(part, error)| {
        warn!(order.id = %order.order_id, seller_order.id = %part.seller_order_id, %error, "a part is not numbered");
        NumberPart { order: OrderFact { parts: vec![(*part).clone()], ..order.clone() } }
    });
    Ok(tx.schedule_all(&jobs.collect::<Vec<_>>(), tx.now()).await?)
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
    seller: Option<&Seller>,
    parties: Parties,
    last: &mut i32,
    now: Timestamp,
) -> Result<Numbered, Error> {
    let seller = seller.ok_or(Error::NotYet("seller"))?;
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
        object_key: object_key(&series, id),
        reduces: None,
        document,
    })
}

async fn insert(
    tx: &mut Tx,
    numbered: &[Numbered],
    series: Vec<Series>,
    lasts: &BTreeMap<VendorId, i32>,
) -> Result<(), Error> {
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
pub(super) fn object_key(series: &Series, id: InvoiceId) -> String {
    format!("{}/{}/{id}.pdf", series.vendor_id, series.year)
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
