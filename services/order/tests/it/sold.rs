//! What was sold in the tests of what is taken back, and how they move it.

use contracts::cart::PaymentMethod;
use contracts::order::{OrderConfirmed, OrderFact, SellerOrderCredited};
use contracts::payment::{CreatePayment, Share};
use kernel::{Money, OrderId, SellerOrderId};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Answer, Client, servers};

use crate::world::{Shop, World, captured, checkout};

/// Three sellers: Nila in the buyer's state, Lotus in another, and Meera, who is not registered.
pub async fn open(pool: PgPool) -> World {
    World::with(pool, shops()).await
}

pub fn shops() -> Vec<Shop> {
    let mut meera = Shop::new("meera", "29", (25_000, 0));
    meera.vendor.gstin = None;
    let nila = Shop::new("nila", "29", (49_900, 1800));
    let lotus = Shop::new("lotus", "27", (129_900, 1800));
    vec![nila, lotus, meera]
}

/// Three lamps of Nila, two of Lotus, one thing of Meera: 4 345.00 rupees.
pub async fn await_payment(world: &World, method: PaymentMethod) -> CreatePayment {
    let lines = world.shops.iter().zip([3, 2, 1]).map(|(shop, many)| shop.line(many)).collect();
    world.await_payment_of(checkout((world.buyer, world.address_id), method, lines)).await
}

pub async fn confirmed(world: &World) -> OrderFact {
    let payment = await_payment(world, PaymentMethod::Upi).await;
    world.app.deliver(captured(&payment)).await;
    world.app.emitted::<OrderConfirmed>().await.remove(0).order
}

pub fn part_of(order: &OrderFact, nth: usize) -> SellerOrderId {
    order.parts[nth].seller_order_id
}

pub async fn cancel(world: &World, order: &OrderFact) -> Answer {
    world.client().post(&format!("/v1/orders/{}/cancel", order.order_id), ()).await
}

/// Cancels under a key that nobody used.
pub async fn cancel_part(
    client: &Client,
    order_id: OrderId,
    part: SellerOrderId,
    body: Value,
) -> Answer {
    cancel_part_as(client.clone().key(&servers::unique()), order_id, part, body).await
}

/// Cancels under the client's own key, or none.
pub async fn cancel_part_as(
    client: Client,
    order_id: OrderId,
    part: SellerOrderId,
    body: Value,
) -> Answer {
    client.post(&format!("/v1/orders/{order_id}/parts/{part}/cancel"), body).await
}

pub fn pieces(quantity: u32) -> Value {
    json!({"lines": [{"position": 0, "quantity": quantity}]})
}

pub async fn act(world: &World, order: &OrderFact, nth: usize, verb: &str) -> Answer {
    let (vendor, part) = (order.parts[nth].vendor_id, part_of(order, nth));
    let body = match verb {
        "ship" => json!({"carrier": "India Post", "tracking_number": "EE123456789IN"}),
        "reject" => json!({"reason": "the kiln broke"}),
        "came-back" => json!({"condition": "resellable"}),
        _ => Value::Null,
    };
    world.seller(nth).post(&format!("/v1/vendors/{vendor}/orders/{part}/{verb}"), body).await
}

pub async fn go(world: &World, order: &OrderFact, nth: usize, verbs: &[&str]) {
    for verb in verbs {
        act(world, order, nth, verb).await.expect(200);
    }
}

pub async fn credits(world: &World) -> Vec<SellerOrderCredited> {
    world.app.emitted::<SellerOrderCredited>().await
}

/// Payable, commission, its tax, TCS, TDS.
pub fn amounts(share: &Share) -> [i64; 5] {
    let Share { payable, commission, commission_tax, tcs, tds, .. } = *share;
    [payable, commission, commission_tax, tcs, tds].map(Money::minor)
}

pub fn statuses(order: &Value) -> Vec<&str> {
    let parts = order["seller_orders"].as_array().unwrap();
    parts.iter().map(|part| part["status"].as_str().unwrap()).collect()
}
