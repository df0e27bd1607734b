//! The whole service over a real broker: what it hears from Kafka leads to what it says on Kafka.

use std::time::Duration;

use contracts::cart::PaymentMethod;
use contracts::order::{OrderConfirmed, OrderPlaced};
use contracts::payment::CreatePayment;
use contracts::product::Reserve;
use contracts::topics;
use kernel::{AddressId, Clock as _, SystemClock, UserId};
use order::App;
use sqlx::PgPool;
use testkit::wait::within;
use testkit::{Bus, Live, live, servers};

use crate::world::{captured, checkout, config, contact, reserved, three_shops};

const PATIENCE: Duration = Duration::from_secs(40);

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_checkout_that_overtakes_what_it_needs_waits_and_then_goes_all_the_way(pool: PgPool) {
    let needed = [
        &topics::USER_KEY_STATE,
        &topics::USER_REVOCATION_STATE,
        &topics::USER_CONTACT_STATE,
        &topics::VENDOR_VENDOR_STATE,
        &topics::PRODUCT_PRODUCT_STATE,
        &topics::PRODUCT_RESERVATION_CMD,
        &topics::PRODUCT_RESERVATION_EVT,
        &topics::CART_CHECKOUT_EVT,
        &topics::ORDER_ORDER_EVT,
        &topics::PAYMENT_PAYMENT_CMD,
        &topics::PAYMENT_PAYMENT_EVT,
        &topics::OPS_DEAD_LETTER_EVT,
    ];
    let bus = Bus::with_topics(&servers::unique(), &needed).await;
    let service = Live::start::<App>(live::common(&bus, Some(&pool)), config()).await;

    let (buyer, address_id, shops) = (UserId::new(), AddressId::new(), three_shops());
    let lines = shops.iter().map(|shop| shop.line(1)).collect();
    let mut cart = checkout((buyer, address_id), PaymentMethod::Upi, lines);
    cart.requested_at = SystemClock.now();
    bus.emit(&cart).await;
    for shop in &shops {
        bus.emit(&shop.vendor).await;
        bus.emit(&shop.product).await;
    }
    bus.emit(&contact(buyer, address_id)).await;

    let asked =
        within(PATIENCE, "stock is asked for", async || bus.events::<Reserve>().pop()).await;
    assert_eq!(bus.events::<OrderPlaced>().len(), 1);
    bus.emit(&reserved(&asked)).await;
    let payment =
        within(PATIENCE, "payment is asked for", async || bus.events::<CreatePayment>().pop())
            .await;
    bus.emit(&captured(&payment)).await;
    bus.emit(&captured(&payment)).await;
    let confirmed =
        within(PATIENCE, "it is confirmed", async || bus.events::<OrderConfirmed>().pop()).await;
    assert_eq!(confirmed.order.checkout_id, cart.checkout_id);
    assert_eq!(confirmed.order.parts.len(), 3);

    // One story: every record of it names the checkout.
    let records = bus.read(&topics::ORDER_ORDER_EVT);
    let names: Vec<_> = records.iter().map(|record| record.name().to_owned()).collect();
    assert_eq!(names, ["order.placed.v1", "order.confirmed.v1"]);
    let story = cart.checkout_id.to_string();
    assert!(records.iter().all(|record| record.headers["ce_correlationid"] == story));
    service.stop().await;
}
