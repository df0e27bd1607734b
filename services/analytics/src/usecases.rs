//! The verbs: facts in, numbers up, in one transaction.

use std::collections::BTreeMap;

use chassis::Tx;
use contracts::cart::ItemAdded;
use contracts::order::{
    OrderConfirmed, OrderFact, SellerOrderCredited, SellerOrderRef, SellerPart,
};
use contracts::payment::RefundRef;
use contracts::rating::ReviewPublished;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Id, Money, OrderId, PaymentId, ProductId, SellerOrderId, VendorId};
use sqlx::PgConnection;

use crate::domain::period::day;
use crate::domain::story::{Count, Happened};
use crate::error::Error;
use crate::store::facts::{self, Addition};
use crate::store::orders;
use crate::store::revisions::{self, Scope};
use crate::store::rollups::{self, Counts, Sales};

/// Adds a fact to the story of an order and counts what is new in it.
pub async fn follow(tx: &mut Tx, id: OrderId, what: Happened) -> Result<Vec<Count>, Error> {
    let conn = tx.conn();
    // Before anything is read, and by every writer: two batches that raise the same days in different orders would wait
    // for each other, and two that read one story would both count what is new in it.
    revisions::take_turn(conn).await?;
    let mut story = orders::find_story(conn, id).await?;
    let counts = story.apply(what);
    if counts.is_empty() {
        return Ok(counts);
    }

    orders::keep_days(conn, id, &story).await?;
    for count in &counts {
        tally(conn, *count).await?;
    }
    revisions::raise(conn, &[Scope::Mall]).await?;
    Ok(counts)
}

async fn tally(conn: &mut PgConnection, count: Count) -> sqlx::Result<()> {
    let none = Counts::default();
    let (day, counts) = match count {
        Count::Placed(day) => (day, Counts { placed: 1, ..none }),
        Count::Rejected(day) => (day, Counts { rejected: 1, ..none }),
        Count::Cancelled(day) => (day, Counts { cancelled: 1, ..none }),
        Count::Delivered(day) => (day, Counts { delivered: 1, ..none }),
        Count::PartDelivered(vendor, day) => return rollups::add_delivery(conn, day, vendor).await,
        // Sales carry amounts: see `sell`.
        Count::Confirmed(_) => return Ok(()),
    };
    rollups::add_counts(conn, day, counts).await
}

/// An order was sold: its amounts count, for the mall, each seller and each product.
pub async fn sell(tx: &mut Tx, event: &OrderConfirmed) -> Result<(), Error> {
    let (order, on) = (&event.order, day(event.confirmed_at));
    let what = Happened::Confirmed(on, order.parts.len());
    // First: it takes the turn, and says whether this sale is new.
    let counts = follow(tx, order.order_id, what).await?;
    if !counts.contains(&Count::Confirmed(on)) {
        return Ok(());
    }

    let conn = tx.conn();
    orders::insert_sale(conn, order, on).await?;
    orders::insert_parts(conn, order, on).await?;
    orders::insert_lines(conn, order, on).await?;
    add_up(conn, order, on).await
}

/// Adds a sale to the sums of its day.
async fn add_up(conn: &mut PgConnection, order: &OrderFact, on: Date) -> Result<(), Error> {
    let currency = order.total.currency();
    rollups::add_product_sales(conn, on, currency, &products(order)).await?;
    let sellers: Vec<_> = order.parts.iter().map(|part| (part.vendor_id, share(part))).collect();
    rollups::add_vendor_sales(conn, on, currency, &sellers).await?;
    let scopes: Vec<_> = sellers.iter().map(|(vendor, _)| Scope::Seller(*vendor)).collect();
    revisions::raise(conn, &scopes).await?;
    let units = order.parts.iter().map(units).sum();
    let sales = Sales { orders: 1, units, gross: order.total.minor(), ..Sales::default() };
    Ok(rollups::add_sales(conn, on, currency, sales).await?)
}

fn units(part: &SellerPart) -> i64 {
    part.lines.iter().map(|line| i64::from(line.quantity)).sum()
}

fn share(part: &SellerPart) -> Sales {
    let share = &part.share;
    Sales {
        orders: 1,
        units: units(part),
        gross: share.gross.minor(),
        commission: share.commission.minor(),
        payable: share.payable.minor(),
        ..Sales::default()
    }
}

/// What was sold of each product, by seller: two lines may be of one.
fn products(order: &OrderFact) -> BTreeMap<(ProductId, VendorId), Sales> {
    let mut all: BTreeMap<_, Sales> = BTreeMap::new();
    for part in &order.parts {
        for line in &part.lines {
            let sales = all.entry((line.product_id, part.vendor_id)).or_default();
            sales.units += i64::from(line.quantity);
            sales.gross += line.total.minor();
        }
    }
    all
}

/// All of a seller's part is with the buyer.
pub async fn deliver(tx: &mut Tx, part: &SellerOrderRef) -> Result<(), Error> {
    let (id, vendor, on) = (part.seller_order_id, part.vendor_id, day(part.at));
    let counts = follow(tx, part.order_id, Happened::Delivered(id, vendor, on)).await?;
    if counts.contains(&Count::PartDelivered(vendor, on)) {
        orders::keep_delivery(tx.conn(), part.order_id, id, vendor, on).await?;
        revisions::raise(tx.conn(), &[Scope::Seller(vendor)]).await?;
    }
    Ok(())
}

/// Money came, for a whole payment or in cash for one part.
pub async fn collect(
    tx: &mut Tx,
    what: (PaymentId, Option<SellerOrderId>),
    amount: Money,
    at: Timestamp,
) -> Result<(), Error> {
    let (conn, on) = (tx.conn(), day(at));
    revisions::take_turn(conn).await?;
    if facts::insert_payment(conn, what.0, what.1, amount, on).await? {
        let sales = Sales { collected: amount.minor(), ..Sales::default() };
        rollups::add_sales(conn, on, amount.currency(), sales).await?;
        revisions::raise(conn, &[Scope::Mall]).await?;
    }
    Ok(())
}

/// Something is taken back: it counts on the day of that, for the mall and its seller.
pub async fn credit(tx: &mut Tx, event: &SellerOrderCredited) -> Result<(), Error> {
    let (conn, on) = (tx.conn(), day(event.seller_order.at));
    let units = event.lines.iter().map(|line| i64::from(line.quantity)).sum();
    revisions::take_turn(conn).await?;
    if !facts::insert_credit(conn, event, units, on).await? {
        return Ok(());
    }
    let (vendor, share) = (event.seller_order.vendor_id, &event.share);
    let sales = Sales {
        credited: share.gross.minor(),
        credited_payable: share.payable.minor(),
        ..Sales::default()
    };
    rollups::add_sales(conn, on, share.gross.currency(), sales).await?;
    rollups::add_vendor_sales(conn, on, share.gross.currency(), &[(vendor, sales)]).await?;
    Ok(revisions::raise(conn, &[Scope::Mall, Scope::Seller(vendor)]).await?)
}

/// Money is back with a buyer.
pub async fn refund(tx: &mut Tx, refund: &RefundRef) -> Result<(), Error> {
    let (conn, on) = (tx.conn(), day(refund.at));
    revisions::take_turn(conn).await?;
    if facts::insert_refund(conn, refund.refund_id, refund.amount, on).await? {
        let sales = Sales { refunded: refund.amount.minor(), ..Sales::default() };
        rollups::add_sales(conn, on, refund.amount.currency(), sales).await?;
        revisions::raise(conn, &[Scope::Mall]).await?;
    }
    Ok(())
}

/// A review is public. One that comes back after it was removed is known.
pub async fn count_review(tx: &mut Tx, event: &ReviewPublished) -> Result<(), Error> {
    let (conn, on) = (tx.conn(), day(event.published_at));
    revisions::take_turn(conn).await?;
    if facts::insert_review(conn, event.review_id, on).await? {
        rollups::add_counts(conn, on, Counts { reviews: 1, ..Counts::default() }).await?;
        revisions::raise(conn, &[Scope::Mall]).await?;
    }
    Ok(())
}

pub async fn fill_carts(tx: &mut Tx, added: &[(ItemAdded, Timestamp)]) -> Result<(), Error> {
    let of = |(event, at): &(ItemAdded, Timestamp)| {
        let cart = Id::<()>::derived("cart", &[&event.cart]).as_uuid();
        (cart, event.cart_version, day(*at))
    };
    let additions: Vec<Addition> = added.iter().map(of).collect();
    let conn = tx.conn();
    revisions::take_turn(conn).await?;
    let new = facts::insert_additions(conn, &additions).await?;
    for (on, carts) in &new {
        rollups::add_counts(conn, *on, Counts { carts: *carts, ..Counts::default() }).await?;
    }
    if !new.is_empty() {
        revisions::raise(conn, &[Scope::Mall]).await?;
    }
    Ok(())
}
