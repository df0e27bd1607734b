//! A seller writes a product down.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chassis::auth::VendorOf;
use chassis::idempotency::Key;
use chassis::{Claim, Problem, Tx};
use serde::Serialize;

use super::{check_place, say};
use crate::App;
use crate::domain::product::{Content, Flaw, Product, Variant};
use crate::domain::shelf::Crossed;
use crate::domain::stock::Level;
use crate::error::Error;
use crate::store;

/// Writes a product down as a draft, once per `key`, and answers with its `view`.
#[tracing::instrument(name = "product.create", skip_all, fields(vendor.id = %seller.vendor_id))]
pub async fn create<V: Serialize>(
    app: &App,
    seller: &VendorOf,
    (content, variants): (Content, Vec<Variant>),
    key: Option<&Key>,
    view: fn(&Product) -> V,
) -> Result<Response, Problem> {
    let scope = seller.caller.user_id.to_string();
    let mut tx = app.db.begin().await.map_err(Error::from)?;
    if let Claim::Answered(replay) = tx.claim(&scope, key).await? {
        return Ok(replay.into_response());
    }

    let now = tx.now();
    let product =
        Product::draft(seller.vendor_id, content, variants, now).map_err(Error::Flawed)?;
    keep(&mut tx, &product).await?;
    say::product(&mut tx, &product).await?;

    let answer = (StatusCode::CREATED, &view(&product));
    let answer = tx.answer(&scope, key, answer).await.map_err(Error::from)?;
    tx.commit().await.map_err(Error::from)?;
    tracing::info!(product.id = %product.id, "product {} is a draft", product.id);
    Ok(answer)
}

async fn keep(tx: &mut Tx, product: &Product) -> Result<(), Error> {
    check_place(tx, &product.content, None).await?;
    store::products::insert(tx.conn(), product).await?;
    let ours = store::variants::insert(tx.conn(), product).await?;
    let taken: Vec<Flaw> = product
        .variants
        .iter()
        .enumerate()
        .filter(|(_, variant)| !ours.contains(&variant.sku))
        .map(|(i, _)| Flaw::at(format!("/variants/{i}/sku"), "is taken"))
        .collect();
    if !taken.is_empty() {
        return Err(Error::SkuTaken(taken));
    }
    let skus: Vec<String> = ours.iter().map(|sku| sku.as_str().to_owned()).collect();
    store::stock::insert(tx.conn(), &skus).await?;
    for sku in ours {
        let (product_id, vendor_id) = (product.id, product.vendor_id);
        say::level(tx, Crossed { sku, product_id, vendor_id, level: Level::Out });
    }
    Ok(())
}
