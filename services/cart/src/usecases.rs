//! The verbs of the cart.

use std::time::Duration;

use chassis::idempotency::{Key, reused};
use contracts::cart::{CheckoutRequested, FrozenLine, ItemAdded, ItemRemoved, PaymentMethod};
use contracts::order::OrderRejected;
use kernel::{AddressId, CheckoutId, Money, Quantity, Sku, UserId};

use crate::App;
use crate::domain::cart::{Cart, Line, Priced};
use crate::domain::owner::Owner;
use crate::error::Error;
use crate::store::carts::{Answered, Frozen, Kept};

/// Tries of a checkout against a cart that keeps changing.
const TRIES: usize = 5;

/// How long a checkout waits to hear of an address that was written a moment ago.
const ADDRESS_PATIENCE: Duration = Duration::from_millis(1500);

/// The cart, priced by what the shelf says now.
pub async fn look(app: &App, owner: &Owner) -> Result<Cart, Error> {
    let kept = app.redis.find(owner).await?;
    price(app, kept)
}

fn price(app: &App, kept: Kept) -> Result<Cart, Error> {
    let mut lines = Vec::with_capacity(kept.lines.len());
    for (sku, line) in kept.lines {
        // An article nobody offers any more leaves the cart by itself.
        if let Some(article) = app.shelf.article(&sku) {
            lines.push(Priced::of(sku, &line, article)?);
        }
    }
    Ok(Cart { version: kept.version, lines })
}

/// Puts an article in, or sets how many.
pub async fn set_line(
    app: &App,
    owner: &Owner,
    sku: &Sku,
    quantity: Quantity,
) -> Result<(), Error> {
    let article = app.shelf.article(sku).filter(|a| a.listed).ok_or(Error::NotFound)?;
    if article.out {
        return Err(Error::OutOfStock(sku.clone()));
    }
    article.price.times(quantity.get())?;
    let now = app.clock.now();
    let line = Line::new(quantity.get(), article.price, now);
    let event = ItemAdded {
        cart: owner.name().to_owned(),
        cart_version: 0,
        sku: sku.clone(),
        product_id: article.product_id,
        quantity: quantity.get(),
    };
    app.redis.set_line(owner, (sku, &line), event, now).await
}

/// Takes an article out.
pub async fn remove_line(app: &App, owner: &Owner, sku: &Sku) -> Result<(), Error> {
    let event = ItemRemoved { cart: owner.name().to_owned(), cart_version: 0, sku: sku.clone() };
    let removed = app.redis.remove_line(owner, sku, event, app.clock.now()).await?;
    if removed { Ok(()) } else { Err(Error::NotFound) }
}

/// Empties the cart.
pub async fn clear(app: &App, owner: &Owner) -> Result<(), Error> {
    app.redis.clear(owner).await
}

/// Moves a guest's lines into the user's cart as far as they fit; of a line in both, the larger quantity stays.
pub async fn merge(app: &App, guest: &Owner, user: &Owner) -> Result<(), Error> {
    app.redis.merge(guest, user).await
}

/// What a buyer asks for at the till.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Who buys.
    pub buyer: UserId,
    /// Where to.
    pub address_id: AddressId,
    /// How paid.
    pub payment_method: PaymentMethod,
    /// What the buyer saw.
    pub expected_total: Money,
}

/// What came of a checkout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckedOut {
    /// It goes its way now.
    Now(String),
    /// It did already, under the same key.
    Before(String),
}

/// Freezes the cart and asks for an order, once per key.
///
/// `answer` makes the answer's body out of the checkout's id.
pub async fn check_out(
    app: &App,
    wish: &Wish,
    key: &Key,
    answer: impl Fn(CheckoutId) -> Result<String, Error>,
) -> Result<CheckedOut, Error> {
    let owner = Owner::user(wish.buyer);
    let request = hex::encode(&key.request);
    for _ in 0..TRIES {
        let cart = look(app, &owner).await?;
        // After the cart: one that a request with this key has just frozen looks empty, and is answered already.
        if let Some(before) = app.redis.find_answer(&owner, &key.key).await? {
            return replay(before, &request);
        }
        know_address(app, wish).await?;
        let event = freeze(app, wish, &cart)?;
        let answered = Answered { request: request.clone(), body: answer(event.checkout_id)? };
        let frozen = app.redis.freeze(&owner, (&key.key, &answered), cart.version, &event).await?;
        match frozen {
            Frozen::Done => return Ok(CheckedOut::Now(answered.body)),
            Frozen::Before(before) => return replay(before, &request),
            Frozen::Changed => {}
            Frozen::Enough(retry_after_s) => return Err(Error::TooOften { retry_after_s }),
        }
    }
    Err(Error::Busy)
}

fn replay(before: Answered, request: &str) -> Result<CheckedOut, Error> {
    if before.request == request {
        Ok(CheckedOut::Before(before.body))
    } else {
        Err(reused().into())
    }
}

/// An address that was just written reaches us a moment later, or when the broker is back: the no invites to ask again.
async fn know_address(app: &App, wish: &Wish) -> Result<(), Error> {
    let known = async {
        let mut tick = tokio::time::interval(Duration::from_millis(20));
        while !app.shelf.has_address(wish.buyer, wish.address_id) {
            tick.tick().await;
        }
    };
    tokio::time::timeout(ADDRESS_PATIENCE, known).await.map_err(|_| Error::UnknownAddress)
}

fn freeze(app: &App, wish: &Wish, cart: &Cart) -> Result<CheckoutRequested, Error> {
    if cart.lines.is_empty() {
        return Err(Error::Empty);
    }
    let unbuyable = cart.lines.iter().filter(|l| !l.can_be_bought()).map(|l| l.sku.clone());
    let unbuyable: Vec<Sku> = unbuyable.collect();
    if !unbuyable.is_empty() {
        return Err(Error::Flagged(unbuyable));
    }
    let total = cart.total()?;
    if total != wish.expected_total {
        return Err(Error::TotalDiffers { total });
    }
    let lines = cart.lines.iter().map(|line| FrozenLine {
        sku: line.sku.clone(),
        product_id: line.product_id,
        vendor_id: line.vendor_id,
        quantity: line.quantity,
        unit_price: line.unit_price,
    });
    Ok(CheckoutRequested {
        checkout_id: CheckoutId::new(),
        buyer: wish.buyer,
        address_id: wish.address_id,
        payment_method: wish.payment_method,
        expected_total: total,
        lines: lines.collect(),
        requested_at: app.clock.now(),
    })
}

/// Puts the lines of a rejected checkout back, flagged, once.
pub async fn restore(app: &App, rejected: &OrderRejected) -> Result<(), Error> {
    let lines: Vec<(Sku, Line)> = rejected
        .lines
        .iter()
        .map(|line| {
            let mut kept = Line::new(line.quantity, line.unit_price, rejected.rejected_at);
            kept.trouble =
                rejected.problems.iter().find(|p| p.sku == line.sku).map(|problem| problem.trouble);
            (line.sku.clone(), kept)
        })
        .collect();
    let marker = rejected.checkout_id.to_string();
    app.redis.put_back(&Owner::user(rejected.buyer), &marker, &lines).await
}
