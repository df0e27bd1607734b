//! A seller order that goes out in several parcels.

use contracts::order::{
    CreditCause, Disposition, OrderFact, SellerOrderArrived, SellerOrderDelivered,
    SellerOrderShipped,
};
use kernel::ParcelId;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::Answer;

use crate::sold::{
    act, await_payment, cancel, cancel_part, confirmed, credits, go, open, part_of, pieces,
};
use crate::world::{World, cod_accepted};

fn path(order: &OrderFact, nth: usize) -> String {
    let part = &order.parts[nth];
    format!("/v1/vendors/{}/orders/{}", part.vendor_id, part.seller_order_id)
}

async fn post(world: &World, order: &OrderFact, verb: &str, body: Value) -> Answer {
    let client = world.seller(0).key(&ParcelId::new().to_string());
    client.post(&format!("{}/{verb}", path(order, 0)), body).await
}

fn parcel(number: &str, quantity: Option<u32>) -> Value {
    let mut body = json!({"carrier": "India Post", "tracking_number": number});
    if let Some(quantity) = quantity {
        body["lines"] = pieces(quantity)["lines"].clone();
    }
    body
}

/// Two of three lamps are on their way; the third is packed.
async fn in_parts(world: &World) -> (OrderFact, String) {
    let order = confirmed(world).await;
    go(world, &order, 0, &["accept", "pack"]).await;
    let view = post(world, &order, "ship", parcel("EE1", Some(2))).await.expect(200);
    assert_eq!(view["status"], "packed");
    let first = view["parcels"][0]["parcel_id"].as_str().unwrap().to_owned();
    (order, first)
}

fn ids(view: &Value) -> Vec<String> {
    let parcels = view["parcels"].as_array().unwrap();
    parcels.iter().map(|parcel| parcel["parcel_id"].as_str().unwrap().to_owned()).collect()
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_part_goes_out_in_two_parcels_and_is_delivered_when_both_are(pool: PgPool) {
    let world = open(pool).await;
    let (order, first) = in_parts(&world).await;
    let ship = format!("{}/ship", path(&order, 0));
    let unnamed = world.seller(0).post(&ship, parcel("EE2", Some(1))).await;
    unnamed.problem(422, "idempotency/key-required");
    let too_many = post(&world, &order, "ship", parcel("EE2", Some(2))).await;
    too_many.problem(409, "order/not-left");
    let whole = post(&world, &order, "deliver", json!({})).await;
    let whole = whole.problem(409, "order/transition-refused");
    assert!(whole["detail"].as_str().unwrap().contains("`parcel_id`"), "{whole}");
    let view = post(&world, &order, "deliver", json!({"parcel_id": first})).await.expect(200);
    assert_eq!(
        (&view["status"], &view["parcels"][0]["status"]),
        (&json!("packed"), &json!("delivered"))
    );

    assert!(world.app.emitted::<SellerOrderArrived>().await.is_empty(), "one is not here yet");
    let view = post(&world, &order, "ship", parcel("EE2", None)).await.expect(200);
    assert_eq!(view["status"], "shipped");
    assert_eq!(view["parcels"][1]["lines"], json!([{"position": 0, "quantity": 1}]));
    assert_eq!(view["shipment"]["tracking_number"], "EE2");
    let view = post(&world, &order, "deliver", json!({})).await.expect(200);
    assert_eq!(view["status"], "delivered");
    let all_here = world.app.emitted::<SellerOrderArrived>().await;
    assert_eq!(all_here.len(), 1);
    let SellerOrderArrived { seller_order, lines, returnable_until } = &all_here[0];
    assert_eq!((seller_order.seller_order_id, lines[0].quantity), (part_of(&order, 0), 3));
    let until = &world.order(order.order_id).await["seller_orders"][0]["returnable_until"];
    assert_eq!(json!(returnable_until), *until, "the buyer reads the same");

    let shipped = world.app.emitted::<SellerOrderShipped>().await;
    let sent: Vec<_> = shipped.iter().map(|said| said.lines[0].quantity).collect();
    assert_eq!(sent, [2, 1]);
    assert_eq!((shipped[0].to_follow[0].quantity, shipped[1].to_follow.len()), (1, 0));
    let delivered = world.app.emitted::<SellerOrderDelivered>().await;
    let ids_of =
        |said: Vec<_>| said.into_iter().map(|id: Option<kernel::ParcelId>| id.unwrap().to_string());
    let arrived: Vec<_> = ids_of(delivered.iter().map(|said| said.parcel_id).collect()).collect();
    assert_eq!(arrived, ids(&view));
    assert_eq!(
        arrived,
        ids_of(shipped.iter().map(|said| said.parcel_id).collect()).collect::<Vec<_>>()
    );

    let texts = texts(&world, &order).await;
    assert_eq!(
        texts[texts.len() - 4..],
        [
            "nila sent 2 x nila's best, India Post EE1.",
            "A parcel of nila was delivered: 2 x nila's best, India Post EE1.",
            "nila sent 1 x nila's best, India Post EE2.",
            "The part of nila was delivered: 1 x nila's best, India Post EE2.",
        ]
    );
}

async fn texts(world: &World, order: &OrderFact) -> Vec<String> {
    let path = format!("/v1/orders/{}/timeline?limit=100", order.order_id);
    let told = world.client().get(&path).await.expect(200);
    let steps = told["items"].as_array().unwrap().iter();
    steps.map(|step| step["text"].as_str().unwrap().to_owned()).collect()
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn what_is_not_sent_yet_can_be_cancelled_and_then_the_part_goes_on(pool: PgPool) {
    let world = open(pool).await;
    let (order, first) = in_parts(&world).await;
    let part = part_of(&order, 0);
    let view = world.order(order.order_id).await;
    let left = json!([{"position": 0, "quantity": 1}]);
    assert_eq!(view["seller_orders"][0]["cancellation"]["lines"], left);
    let two = cancel_part(&world.client(), order.order_id, part, pieces(2)).await;
    two.problem(409, "order/not-left");

    let view = cancel(&world, &order).await.expect(200);
    assert_eq!(view["seller_orders"][0]["status"], "shipped");
    let texts = texts(&world, &order).await;
    assert!(
        texts.contains(&"All that is left of the part of nila is on its way.".to_owned()),
        "{texts:#?}"
    );
    let credit = credits(&world).await.remove(0);
    assert_eq!((credit.lines[0].quantity, credit.lines[0].stock), (1, Disposition::Uncommit));
    assert!(!credit.ended);
    let view = post(&world, &order, "deliver", json!({"parcel_id": first})).await.expect(200);
    assert_eq!(view["status"], "delivered");
    cancel(&world, &order).await.problem(409, "order/not-cancellable");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_seller_that_does_not_send_the_rest_in_time_loses_the_rest(pool: PgPool) {
    let world = open(pool).await;
    let (order, first) = in_parts(&world).await;
    post(&world, &order, "deliver", json!({"parcel_id": first})).await.expect(200);
    world.wait(259_200);
    world.app.run_timers().await;
    let credits = credits(&world).await;
    let late = credits.iter().find(|said| said.seller_order.seller_order_id == part_of(&order, 0));
    let late = late.unwrap();
    assert_eq!((late.cause, late.lines[0].quantity), (CreditCause::SlaExpired, 1));
    let view = world.order(order.order_id).await;
    assert_eq!(view["seller_orders"][0]["status"], "delivered");
    let all_here = world.app.emitted::<SellerOrderArrived>().await;
    assert_eq!(all_here.len(), 1, "the buyer has all that is left of it");
    assert_eq!(all_here[0].lines[0].quantity, 2);
    // The time to send it back began when nothing more was to come.
    world.wait(604_800);
    world.app.run_timers().await;
    assert_eq!(world.order(order.order_id).await["seller_orders"][0]["status"], "completed");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn each_parcel_has_its_own_way_and_what_is_taken_back_adds_up(pool: PgPool) {
    let world = open(pool).await;
    let (order, first) = in_parts(&world).await;
    let back = json!({"parcel_id": first, "condition": "resellable"});
    let early = post(&world, &order, "came-back", back.clone()).await;
    early.problem(409, "order/transition-refused");
    let view = post(&world, &order, "turned-away", json!({"parcel_id": first})).await.expect(200);
    assert_eq!((&view["status"], &view["parcels"][0]["status"]), (&json!("packed"), &json!("rto")));
    let view = post(&world, &order, "ship", parcel("EE2", None)).await.expect(200);
    assert_eq!(view["status"], "shipped");
    let second = ids(&view)[1].clone();
    let view = post(&world, &order, "came-back", back).await.expect(200);
    assert_eq!(
        (&view["status"], &view["parcels"][0]["status"]),
        (&json!("shipped"), &json!("rto_received"))
    );
    world.wait(259_200);
    let view = post(&world, &order, "lost", json!({"parcel_id": second})).await.expect(200);
    assert_eq!(view["status"], "lost");

    let said = credits(&world).await;
    let taken: Vec<_> =
        said.iter().map(|c| (c.cause, c.lines[0].quantity, c.lines[0].stock)).collect();
    let restocked = (CreditCause::ReturnedToOrigin, 2, Disposition::Restock);
    assert_eq!(taken, [restocked, (CreditCause::Lost, 1, Disposition::WriteOff)]);
    let payable: i64 = said.iter().map(|credit| credit.share.payable.minor()).sum();
    assert_eq!(payable, order.parts[0].share.payable.minor());
    assert_eq!((said[0].ended, said[1].ended), (false, true));
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn the_part_follows_the_parcel_that_goes_back_when_the_others_have_arrived(pool: PgPool) {
    let world = open(pool).await;
    let (order, first) = in_parts(&world).await;
    let view = post(&world, &order, "ship", parcel("EE2", None)).await.expect(200);
    let second = ids(&view)[1].clone();
    let view = post(&world, &order, "turned-away", json!({"parcel_id": second})).await.expect(200);
    assert_eq!(view["status"], "shipped");
    let view = post(&world, &order, "deliver", json!({"parcel_id": first})).await.expect(200);
    assert_eq!(view["status"], "rto");
    // Nothing can be sent back before the other parcel is done with; the time for it does not run before either.
    let back = format!("/v1/orders/{}/parts/{}/returns", order.order_id, part_of(&order, 0));
    let one = || json!({"lines": [{"position": 0, "quantity": 1}], "reason": "damaged"});
    let early = world.client().key("early").post(&back, one()).await;
    let early = early.problem(409, "order/transition-refused");
    assert!(early["detail"].as_str().unwrap().contains("the last of its parcels"), "{early}");
    world.wait(8 * 86_400);
    let view = act(&world, &order, 0, "came-back").await.expect(200);
    assert_eq!(view["status"], "delivered");
    assert_eq!(view["returnable_until"], "2026-12-07T12:00:00Z");
    world.client().key("in-time").post(&back, one()).await.expect(201);
    let credit = credits(&world).await.remove(0);
    assert_eq!((credit.lines[0].quantity, credit.ended), (1, false));
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_wrong_tracking_number_is_corrected_while_the_parcel_is_on_its_way(pool: PgPool) {
    let world = open(pool).await;
    let (order, first) = in_parts(&world).await;
    let tracking = format!("parcels/{first}/tracking");
    let right = parcel("EE9", None);
    let view = post(&world, &order, &tracking, right.clone()).await.expect(200);
    assert_eq!(view["parcels"][0]["tracking_number"], "EE9");
    let buyers = world.order(order.order_id).await;
    assert_eq!(buyers["seller_orders"][0]["parcels"][0]["tracking_number"], "EE9");
    let other = format!("parcels/{}/tracking", kernel::ParcelId::new());
    post(&world, &order, &other, right.clone()).await.problem(404, "not-found");
    post(&world, &order, "deliver", json!({"parcel_id": first})).await.expect(200);
    post(&world, &order, &tracking, right).await.problem(409, "order/not-on-its-way");
    assert_eq!(world.app.emitted::<SellerOrderShipped>().await.len(), 1);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn what_is_paid_at_the_door_goes_out_in_one_parcel(pool: PgPool) {
    let world = open(pool).await;
    let payment = await_payment(&world, contracts::cart::PaymentMethod::Cod).await;
    world.app.deliver(cod_accepted(&payment)).await;
    let confirmed = world.app.emitted::<contracts::order::OrderConfirmed>().await;
    let order = confirmed[0].order.clone();
    go(&world, &order, 0, &["accept", "pack"]).await;
    let some = post(&world, &order, "ship", parcel("EE1", Some(2))).await;
    some.problem(409, "order/one-parcel");
    let all = post(&world, &order, "ship", parcel("EE1", Some(3))).await.expect(200);
    assert_eq!(all["status"], "shipped");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn what_the_release_before_shipped_is_one_parcel_with_the_name_of_its_part(pool: PgPool) {
    let world = open(pool.clone()).await;
    let order = confirmed(&world).await;
    go(&world, &order, 0, &["accept", "pack", "ship"]).await;
    for sql in ["delete from parcel_lines", "delete from parcels"] {
        sqlx::query(sql).execute(&pool).await.unwrap();
    }
    let view = world.order(order.order_id).await;
    let only = &view["seller_orders"][0]["parcels"][0];
    assert_eq!(only["parcel_id"], part_of(&order, 0).to_string());
    assert_eq!(only["lines"], json!([{"position": 0, "quantity": 3}]));
    go(&world, &order, 0, &["turned-away", "came-back"]).await;
    let credit = credits(&world).await.remove(0);
    assert_eq!((credit.lines[0].quantity, credit.ended), (3, true));
}
