//! Placing an order: the checkout is heard, everything is frozen, and stock is asked for.

use std::collections::BTreeMap;

use chassis::Tx;
use contracts::cart::CheckoutRequested;
use contracts::order::{OrderPlaced, OrderRejected};
use jiff::{SignedDuration, Timestamp};
use kernel::{StateCode, VendorId};
use uuid::Uuid;

use super::events_out;
use crate::App;
use crate::domain::order::{Destination, Order};
use crate::domain::placing::{Checkout, Wanted};
use crate::domain::saga::{OrderState, OrderStep};
use crate::domain::seller_order::Transition;
use crate::domain::split::Seller;
use crate::domain::trouble::{Finding, LineTrouble, SaleStatus, Trouble};
use crate::error::Error;
use crate::store;
use crate::store::history::Cause;
use crate::store::inserts::Start;
use crate::store::projections::Product;

/// How long a copy may be behind the cart before it is believed that something cannot be sold. Shorter than the
/// chassis goes on trying.
const PATIENCE: SignedDuration = SignedDuration::from_secs(5);

const CAUSE: &str = "cart.checkout_requested";

/// Places an order over a checkout, or rejects it when it is known that a line cannot be sold.
#[tracing::instrument(name = "order.place", skip_all, fields(checkout.id = %asked.checkout_id))]
pub async fn place(app: &App, tx: &mut Tx, asked: &CheckoutRequested) -> Result<(), Error> {
    // One order of each checkout, even if it is said again under another event id.
    if store::inserts::is_placed(tx.conn(), asked.checkout_id).await? {
        return Ok(());
    }
    let (checkout, mut problems) = load_checkout(app, tx, asked).await?;
    if is_stale(app, tx, asked).await? {
        problems = checkout.lines.iter().map(|(line, _)| stale(line)).collect();
    }
    // Nobody waits for a number, and a rollback leaves a gap. A checkout that waits for a copy takes none.
    let counter = store::inserts::take_number(tx.conn()).await?;
    let order = Order::place(&checkout, counter, tx.now())?;

    let next = if problems.is_empty() {
        OrderState::Placed.reserve()
    } else {
        OrderState::Placed.refused()
    };
    let OrderStep::Moved(state) = next else { return Ok(()) };
    let expires_at = tx.now() + app.config.reservation();
    let due_at = problems.is_empty().then_some(expires_at);

    insert(tx, &order, &Start { state, due_at, problems: &problems }).await?;
    tx.emit(&OrderPlaced { order: events_out::order_fact(&order) });
    if problems.is_empty() {
        tx.emit(&events_out::reserve(&order, expires_at));
    } else {
        tx.emit(&rejected(&order, &problems, tx.now()));
    }
    app.changes.notify(tx, order.checkout_id);
    tracing::info!(
        order.id = %order.id, problems = problems.len(),
        "order {} placed in {} parts", order.number, order.parts.len()
    );
    Ok(())
}

/// Whether nobody stands at the till any more. What this service said something about is no news: it lies before the
/// checkout only where the database was restored, and the buyer may have paid since.
async fn is_stale(app: &App, tx: &mut Tx, asked: &CheckoutRequested) -> Result<bool, Error> {
    if tx.now() <= asked.requested_at + app.config.checkout_max_age() {
        return Ok(false);
    }
    let said = tx.has_said::<OrderPlaced>(&asked.checkout_id.to_string()).await?;
    if !said {
        tracing::warn!(requested_at = %asked.requested_at, "checkout {} is too old", asked.checkout_id);
    }
    Ok(!said)
}

fn stale(line: &Wanted) -> LineTrouble {
    LineTrouble { sku: line.sku.clone(), trouble: Trouble::Stale, price: None, left: None }
}

fn rejected(order: &Order, problems: &[LineTrouble], now: Timestamp) -> OrderRejected {
    OrderRejected {
        checkout_id: order.checkout_id,
        order_id: order.id,
        buyer: order.buyer,
        lines: events_out::frozen_lines(order),
        problems: problems.to_vec(),
        titles: events_out::titles(order),
        rejected_at: now,
    }
}

async fn insert(tx: &mut Tx, order: &Order, start: &Start<'_>) -> Result<(), Error> {
    let now = tx.now();
    let conn = tx.conn();
    store::inserts::insert_order(conn, order, start).await?;
    store::inserts::insert_parts(conn, order).await?;
    store::inserts::insert_lines(conn, order).await?;
    let path = [OrderState::Placed, start.state];
    let cause = Cause { name: CAUSE, at: now };
    store::history::insert_path(conn, order.id, None, &path, cause).await?;
    store::history::insert_parts_began(conn, order.id, cause).await?;
    if start.state == OrderState::Rejected {
        store::parts::set_all(conn, order.id, Transition::VOID, cause).await?;
    }
    Ok(())
}

/// Puts together what has to be known, from the projections, and the lines known not to be sellable.
async fn load_checkout(
    app: &App,
    tx: &mut Tx,
    asked: &CheckoutRequested,
) -> Result<(Checkout, Vec<LineTrouble>), Error> {
    let method = events_out::method(asked.payment_method)?;
    let wanted = events_out::wanted(asked);
    let products: Vec<Uuid> = wanted.iter().map(|line| line.product_id.as_uuid()).collect();
    let vendors: Vec<Uuid> = wanted.iter().map(|line| line.vendor_id.as_uuid()).collect();

    let edition = (asked.address_id, asked.address_version);
    let whereto = store::projections::find_destination(tx.conn(), asked.buyer, edition).await?;
    let products = store::projections::list_products(tx.conn(), &products).await?;
    let vendors = store::projections::list_vendors(tx.conn(), &vendors).await?;
    let now = tx.now();
    let rates = store::rates::find(tx.conn(), now).await?;

    let erased = whereto.is_some_and(|w| w.erased);
    let overtaken = whereto.is_some_and(|w| w.overtaken);
    let destination = whereto.and_then(|w| w.destination).or_else(|| {
        // The book of a buyer who is gone is gone, too, and the order goes nowhere: any place of supply will do.
        let (seller, _) = vendors.values().next().filter(|_| erased)?;
        Some(Destination { address_id: asked.address_id, version: 1, state: seller.state })
    });
    let destination = destination.ok_or(Error::NotYet("the buyer's address"))?;
    let at =
        Judged { place: destination.state, is_fresh: tx.now() < asked.requested_at + PATIENCE };
    let (mut lines, mut problems) = (Vec::new(), Vec::new());
    for line in wanted {
        let product = products.get(&line.product_id).ok_or(Error::NotYet("a product"))?;
        if erased {
            problems.push(LineTrouble {
                sku: line.sku.clone(),
                trouble: Trouble::NotSellable,
                price: None,
                left: None,
            });
        } else if overtaken {
            // The edition that the buyer saw will never be heard, and nobody asked about the one after it.
            problems.push(stale(&line));
        } else {
            problems.extend(trouble(&line, product, &vendors, at)?);
        }
        let goods = product.variant(&line.sku);
        lines.push((line, goods));
    }
    let checkout = Checkout {
        id: asked.checkout_id,
        buyer: asked.buyer,
        method,
        expected_total: asked.expected_total,
        destination,
        lines,
        sellers: vendors.into_iter().map(|(id, (seller, _))| (id, seller)).collect(),
        rates,
        platform: app.config.platform_state,
    };
    Ok((checkout, problems))
}

type Sellers = BTreeMap<VendorId, (Seller, SaleStatus)>;

/// Where to and when a line is judged.
#[derive(Debug, Clone, Copy)]
struct Judged {
    /// The state of the address.
    place: StateCode,
    /// While the checkout is fresh, a copy that contradicts the cart counts as behind.
    is_fresh: bool,
}

/// What is wrong with a line.
fn trouble(
    line: &Wanted,
    product: &Product,
    sellers: &Sellers,
    at: Judged,
) -> Result<Option<LineTrouble>, Error> {
    let (seller, standing) = sellers.get(&line.vendor_id).ok_or(Error::NotYet("a seller"))?;
    let trouble = match Finding::about(line, &product.shelf, *standing) {
        Finding::Sellable if seller.may_supply_to(at.place) => return Ok(None),
        Finding::Sellable => Trouble::NotDeliverable,
        Finding::Doubt(_) if at.is_fresh => {
            return Err(Error::NotYet("that a line may be sold"));
        }
        Finding::Trouble(trouble) | Finding::Doubt(trouble) => trouble,
    };
    Ok(Some(LineTrouble { sku: line.sku.clone(), trouble, price: None, left: None }))
}
