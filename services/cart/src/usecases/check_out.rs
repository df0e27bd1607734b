//! The till.

use std::time::Duration;

use chassis::Tx;
use chassis::idempotency::{Key, Reused};
use contracts::cart::{CheckoutRequested, FrozenLine, PaymentMethod};
use jiff::SignedDuration;
use kernel::{AddressId, CheckoutId, Money, UserId};

use super::lines::price;
use super::settle::{self, Settle};
use crate::App;
use crate::domain::cart::{Cart, Priced};
use crate::domain::limits::fallen_short_of;
use crate::domain::owner::Owner;
use crate::domain::shelf::Edition;
use crate::error::{Error, Unbuyable};
use crate::store::carts::Kept;
use crate::store::checkouts::{self, Checkout};
use crate::store::standing;

/// How long a checkout waits to hear of an address that was written a moment ago.
const ADDRESS_PATIENCE: Duration = Duration::from_millis(1500);

/// The time for which checkouts are counted: as long as the stock of an unpaid order is held.
const WINDOW: SignedDuration = SignedDuration::from_mins(15);

/// For how long a checkout of which nothing is heard counts as an unpaid order: longer than one stays unpaid. A service of
/// ours that is away must not lock a buyer out.
const UNANSWERED: SignedDuration = SignedDuration::from_hours(1);

/// For how long it is remembered that a parcel was not taken.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(90 * 24);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckoutCommand {
    pub buyer: UserId,
    pub address_id: AddressId,
    pub payment_method: PaymentMethod,
    pub expected_total: Money,
}

#[derive(Debug)]
pub struct Till {
    kept: Kept,
    known: Result<Edition, Error>,
}

#[derive(Debug)]
pub enum CheckedOut {
    /// The order is asked for; what was ordered leaves the cart.
    Now(CheckoutId, Settle),
    /// It was, under this key, longer ago than the chassis remembers its answer.
    Before(CheckoutId),
    /// Another request ordered these lines, and they have not left the cart yet.
    Behind(Settle),
}

/// Reads what the cart holds. No transaction waits for Redis or for an address: this comes before one begins.
pub async fn reach_till(app: &App, command: &CheckoutCommand) -> Result<Till, Error> {
    let known = know_address(app, command).await;
    Ok(Till { kept: app.redis.find(&Owner::user(command.buyer)).await?, known })
}

/// Freezes the cart and asks for an order: every line of a cart once.
pub async fn check_out(
    app: &App,
    tx: &mut Tx,
    command: &CheckoutCommand,
    key: &Key,
    Till { kept, known }: Till,
) -> Result<CheckedOut, Error> {
    let buyer = command.buyer;
    // The chassis forgets an answer after two days; a key makes one checkout for ever.
    if let Some((id, request)) = checkouts::find(tx.conn(), buyer, &key.key).await? {
        return if request == key.request {
            Ok(CheckedOut::Before(id))
        } else {
            Err(Reused.into())
        };
    }
    // The checkouts of a buyer take turns, so that of two at once the second finds what the first has ordered.
    checkouts::take_turn(tx.conn(), buyer).await?;
    let ordered = checkouts::find_last_version(tx.conn(), buyer).await?;
    if let Some(cart_version) = ordered.filter(|ordered| kept.holds_of(*ordered)) {
        return Ok(CheckedOut::Behind(Settle { buyer, cart_version }));
    }
    // Only here: what was ordered before is answered even if its address is gone.
    let edition = known?;
    let cart = price(app, kept)?;
    let event = freeze(app, command, edition, &cart)?;
    count(app, tx, buyer).await?;
    look_at_standing(app, tx, command).await?;
    let settle = Settle { buyer, cart_version: cart.version };
    insert(tx, key, &event, settle).await?;
    Ok(CheckedOut::Now(event.checkout_id, settle))
}

/// An address that was just written reaches us a moment later, or when the broker is back: the no invites to ask again.
async fn know_address(app: &App, command: &CheckoutCommand) -> Result<Edition, Error> {
    let known = async {
        // A look into memory costs next to nothing.
        let mut tick = tokio::time::interval(Duration::from_millis(20));
        loop {
            if let Some(edition) = app.shelf.address(command.buyer, command.address_id) {
                return edition;
            }
            tick.tick().await;
        }
    };
    tokio::time::timeout(ADDRESS_PATIENCE, known).await.map_err(|_| Error::UnknownAddress)
}

/// What cannot be paid in this way is not ordered, either.
fn can_pay(app: &App, method: PaymentMethod, total: Money) -> Result<(), Error> {
    if let Some(least) = fallen_short_of(method, total) {
        return Err(Error::MethodMinimum { least });
    }
    let exceeded = app.limits.exceeded_by(method, total);
    exceeded.map_or(Ok(()), |most| Err(Error::MethodLimit { most }))
}

fn freeze(
    app: &App,
    command: &CheckoutCommand,
    Edition(address_version): Edition,
    cart: &Cart,
) -> Result<CheckoutRequested, Error> {
    let expected_total = check(app, command, cart)?;
    Ok(CheckoutRequested {
        checkout_id: CheckoutId::new(),
        buyer: command.buyer,
        address_id: command.address_id,
        address_version,
        payment_method: command.payment_method,
        expected_total,
        lines: cart.lines.iter().map(frozen).collect(),
        requested_at: app.clock.now(),
    })
}

/// Whether the cart can be bought as it is; what it costs.
fn check(app: &App, command: &CheckoutCommand, cart: &Cart) -> Result<Money, Error> {
    if cart.lines.is_empty() {
        return Err(Error::Empty);
    }
    let unbuyable = cart.lines.iter().filter(|line| !line.can_be_bought());
    let unbuyable = unbuyable.map(|line| Unbuyable { sku: line.sku.clone(), left: line.left });
    let unbuyable: Vec<_> = unbuyable.collect();
    if !unbuyable.is_empty() {
        return Err(Error::Flagged(unbuyable));
    }
    let total = cart.total()?;
    if total != command.expected_total {
        return Err(Error::TotalDiffers { total });
    }
    can_pay(app, command.payment_method, total)?;
    Ok(total)
}

fn frozen(line: &Priced) -> FrozenLine {
    FrozenLine {
        sku: line.sku.clone(),
        product_id: line.article.product_id,
        vendor_id: line.article.vendor_id,
        quantity: line.quantity,
        unit_price: line.article.price,
    }
}

/// Refuses a buyer who has checked out often enough for now.
async fn count(app: &App, tx: &mut Tx, buyer: UserId) -> Result<(), Error> {
    let nth_last = checkouts::find_nth_last(tx.conn(), buyer, app.checkouts_per_window).await?;
    let free_in = nth_last.map_or(SignedDuration::ZERO, |at| WINDOW - tx.now().duration_since(at));
    if free_in.is_positive() {
        let retry_after_s = u32::try_from(free_in.as_secs()).unwrap_or(0).max(1);
        return Err(Error::TooOften { retry_after_s });
    }
    Ok(())
}

/// Refuses a buyer who has as much open as anybody may.
async fn look_at_standing(app: &App, tx: &mut Tx, command: &CheckoutCommand) -> Result<(), Error> {
    let (unanswered, remembered) = (tx.now() - UNANSWERED, tx.now() - REMEMBERED);
    let standing = standing::find(tx.conn(), command.buyer, unanswered, remembered).await?;
    app.most.forbids(standing, command.payment_method).map_or(Ok(()), |why| Err(why.into()))
}

/// Keeps the checkout and asks for the order. The lines leave the cart afterwards, even if this process does not
/// live to see to it.
async fn insert(
    tx: &mut Tx,
    key: &Key,
    event: &CheckoutRequested,
    settle: Settle,
) -> Result<(), Error> {
    let checkout = Checkout {
        id: event.checkout_id,
        buyer: event.buyer,
        key: &key.key,
        request: &key.request,
        cart_version: settle.cart_version,
        method: standing::word(event.payment_method),
        at: event.requested_at,
    };
    checkouts::insert(tx.conn(), &checkout).await?;
    tx.emit(event);
    tx.schedule(&settle, tx.now() + settle::LATER).await?;
    Ok(())
}
