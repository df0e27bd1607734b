//! Changing prices.

use contracts::product::{ProductUpserted, StockRejected, Trouble};
use kernel::Money;
use serde_json::json;
use sqlx::PgPool;

use crate::stage::{Checkout, Seller, open, shop};

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_new_price_is_said_and_the_old_one_refuses_a_reservation(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::approved(&mall).await;
    let id = seller.sells(&mall, &["L-18", "L-24"], 9).await;
    let new = json!({ "price": { "amount": 139_900, "currency": "INR" } });
    let set = seller.client.put(&seller.path("/prices/L-24"), &new).await.expect(200);
    assert_eq!(set, json!({ "sku": "L-24", "price": new["price"] }));
    let emitted = mall.emitted::<ProductUpserted>().await;
    assert_eq!(emitted[0].variants[1].price, Money::inr(139_900));
    let shown = mall.anonymous().get(&format!("/v1/products/{id}")).await.expect(200);
    assert_eq!(shown["variants"][1]["price"]["amount"], 139_900);

    mall.deliver(Checkout::of(&mall, &[("L-18", 1), ("L-24", 1)]).reserve()).await;
    let rejected = mall.emitted::<StockRejected>().await;
    assert_eq!(rejected[0].problems.len(), 1);
    assert_eq!(rejected[0].problems[0].trouble, Trouble::PriceChanged);
    assert_eq!(rejected[0].problems[0].price, Some(Money::inr(139_900)));

    seller.client.put(&seller.path("/prices/L-24"), &new).await.expect(200);
    assert!(mall.emitted::<ProductUpserted>().await.is_empty(), "the same price is no news");
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_price_is_more_than_nothing(pool: PgPool) {
    let (_mall, seller) = shop(pool, &["L-18"], 0).await;
    let path = seller.path("/prices/L-18");
    for price in [
        json!({ "amount": 0, "currency": "INR" }),
        json!({ "amount": -1, "currency": "INR" }),
        json!({ "amount": 1, "currency": "EUR" }),
        json!({ "amount": 1.5, "currency": "INR" }),
        json!(100),
    ] {
        let answer = seller.client.put(&path, json!({ "price": price })).await;
        answer.problem(422, "validation-error");
    }
    let stale = seller.client.clone().with("if-match", "\"1\"");
    let good = json!({ "price": { "amount": 1, "currency": "INR" } });
    stale.put(&path, &good).await.problem(412, "precondition-failed");
    let unknown = seller.client.put(&seller.path("/prices/NONE"), &good).await;
    unknown.problem(404, "not-found");
}
