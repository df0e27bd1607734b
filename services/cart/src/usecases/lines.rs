//! Looking at a cart and changing it.

use contracts::cart::{ItemAdded, ItemRemoved};
use kernel::{Quantity, Sku};

use super::activity::Change;
use crate::App;
use crate::domain::cart::{Cart, CartLine, Priced};
use crate::domain::owner::Owner;
use crate::error::Error;
use crate::store::carts::Kept;

/// The cart, priced by what the shelf says now.
pub async fn look(app: &App, owner: &Owner) -> Result<Cart, Error> {
    price(app, app.redis.find(owner).await?)
}

pub(super) fn price(app: &App, kept: Kept) -> Result<Cart, Error> {
    let mut lines = Vec::with_capacity(kept.lines.len());
    for (sku, line) in kept.lines {
        // An article nobody offers any more leaves the cart by itself.
        if let Some(article) = app.shelf.article(&sku) {
            lines.push(Priced::of(sku, &line, article)?);
        }
    }
    Ok(Cart { version: kept.version, lines })
}

/// Puts an article in, or sets how many. The cart afterwards.
pub async fn set_line(
    app: &App,
    owner: &Owner,
    sku: &Sku,
    quantity: Quantity,
) -> Result<Cart, Error> {
    let article = app.shelf.article(sku).filter(|a| a.listed).ok_or(Error::NotFound)?;
    if article.out {
        return Err(Error::OutOfStock(sku.clone()));
    }
    // Refused now: a line beyond counting could not be shown any more.
    article.price.times(quantity.get())?;
    let now = app.clock.now();
    let line = CartLine::new(quantity.get(), article.price, now);

    let kept = app.redis.set_line(owner, sku, &line, now).await?;
    app.activity.note(Change::Added(ItemAdded {
        cart: owner.name().to_owned(),
        cart_version: kept.version,
        sku: sku.clone(),
        product_id: article.product_id,
        quantity: quantity.get(),
    }));

    price(app, kept)
}

pub async fn remove_line(app: &App, owner: &Owner, sku: &Sku) -> Result<(), Error> {
    let removed = app.redis.remove_line(owner, sku, app.clock.now()).await?;
    let cart_version = removed.ok_or(Error::NotFound)?;
    let cart = owner.name().to_owned();
    app.activity.note(Change::Removed(ItemRemoved { cart, cart_version, sku: sku.clone() }));
    Ok(())
}

pub async fn clear(app: &App, owner: &Owner) -> Result<(), Error> {
    app.redis.clear(owner, i64::MAX, app.clock.now()).await
}

/// Moves a guest's lines into the user's cart as far as they fit; of a line in both, the larger quantity stays.
pub async fn merge(app: &App, guest: &Owner, user: &Owner) -> Result<(), Error> {
    app.redis.merge(guest, user, app.clock.now()).await
}
