//! What sellers see and do.

use contracts::cart::PaymentMethod;
use contracts::order::{
    OrderFact, SellerOrderAccepted, SellerOrderDelivered, SellerOrderPacked, SellerOrderShipped,
};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::Answer;

use crate::world::World;

fn path(order: &OrderFact, nth: usize) -> String {
    let part = &order.parts[nth];
    format!("/v1/vendors/{}/orders/{}", part.vendor_id, part.seller_order_id)
}

fn parcel() -> Value {
    json!({"carrier": "India Post", "tracking_number": "EE123456789IN"})
}

async fn act(world: &World, order: &OrderFact, verb: &str) -> Answer {
    let path = format!("{}/{verb}", path(order, 0));
    let body = if verb == "ship" { parcel() } else { Value::Null };
    world.seller(0).post(&path, body).await
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_seller_order_goes_to_the_door_one_step_at_a_time(pool: PgPool) {
    let world = World::open(pool).await;
    let order = world.confirmed().await.order;
    for (verb, status) in
        [("accept", "accepted"), ("pack", "packed"), ("ship", "shipped"), ("deliver", "delivered")]
    {
        let view = act(&world, &order, verb).await.expect(200);
        assert_eq!(view["status"], status);
    }

    let part = &order.parts[0];
    let accepted = world.app.emitted::<SellerOrderAccepted>().await.remove(0).seller_order;
    assert_eq!(accepted.seller_order_id, part.seller_order_id);
    assert_eq!((accepted.buyer, accepted.number.as_str()), (order.buyer, part.number.as_str()));
    assert_eq!(world.app.emitted::<SellerOrderPacked>().await.len(), 1);
    let shipped = world.app.emitted::<SellerOrderShipped>().await.remove(0);
    assert_eq!(shipped.carrier, "India Post");
    assert_eq!(shipped.lines[0].quantity, 2);
    let delivered = world.app.emitted::<SellerOrderDelivered>().await.remove(0);
    assert_eq!(delivered.lines[0].product_id, part.lines[0].product_id);

    let buyers = world.order(order.order_id).await;
    assert_eq!(buyers["seller_orders"][0]["status"], "delivered");
    assert_eq!(buyers["seller_orders"][0]["shipment"], parcel());
    // Siblings stay as they were.
    assert_eq!(buyers["seller_orders"][1]["status"], "confirmed");
    assert_eq!(buyers["status"], "confirmed");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_step_repeated_with_its_key_gets_the_same_answer_and_the_same_version(pool: PgPool) {
    let world = World::open(pool).await;
    let order = world.confirmed().await.order;
    let seller = world.seller(0);
    for (verb, body) in [("accept", Value::Null), ("pack", Value::Null), ("ship", parcel())] {
        let (client, path) = (seller.clone().key(verb), format!("{}/{verb}", path(&order, 0)));
        let first = client.post(&path, &body).await;
        let again = client.post(&path, &body).await;
        assert_eq!(again.header("idempotency-replayed"), Some("true"), "{verb}");
        assert!(first.header("etag").is_some());
        assert_eq!(first.header("etag"), again.header("etag"));
        assert_eq!(first.expect(200), again.expect(200));
    }
    let other = path(&order, 0) + "/deliver";
    seller.key("ship").post(&other, ()).await.problem(422, "idempotency/key-reused");
    assert_eq!(world.app.emitted::<SellerOrderShipped>().await.len(), 1);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_step_that_the_state_machine_does_not_have_is_refused(pool: PgPool) {
    let world = World::open(pool).await;
    let order = world.confirmed().await.order;
    let way = ["accept", "pack", "ship", "deliver"];
    for done in 0..=way.len() {
        for (nth, verb) in way.into_iter().enumerate() {
            if nth != done {
                let answer = act(&world, &order, verb).await;
                let document = answer.problem(409, "order/transition-refused");
                let detail = document["detail"].as_str().unwrap();
                assert!(detail.starts_with("a seller order that is"), "{detail}");
                if (done, verb) == (1, "ship") {
                    assert!(detail.ends_with("cannot be shipped: pack it first"), "{detail}");
                }
            }
        }
        if let Some(verb) = way.get(done) {
            act(&world, &order, verb).await.expect(200);
        }
    }
    assert_eq!(world.app.emitted::<SellerOrderDelivered>().await.len(), 1);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_seller_sees_where_to_send_it_and_what_it_is_owed(pool: PgPool) {
    let world = World::open(pool).await;
    let order = world.confirmed().await.order;
    let answer = world.seller(0).get(&path(&order, 0)).await;
    let tag = answer.header("etag").unwrap().to_owned();
    let view = answer.expect(200);
    assert_eq!(
        view["delivery"],
        json!({
            "recipient": "Asha Rao", "phone": "+919876543210", "line1": "12 MG Road",
            "line2": "Ashok Nagar", "city": "Bengaluru", "state": "29", "pincode": "560001",
        })
    );
    assert_eq!(view["payable"]["amount"], order.parts[0].share.payable.minor());
    assert_eq!(view["payment_method"], "upi");
    let client = world.seller(0).with("if-none-match", &tag);
    assert_eq!(client.get(&path(&order, 0)).await.status.as_u16(), 304);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_seller_sees_how_many_of_its_orders_stand_where(pool: PgPool) {
    let world = World::open(pool).await;
    let _unpaid = world.await_payment(PaymentMethod::Upi).await;
    let (first, second) = (world.confirmed().await.order, world.confirmed().await.order);
    let _third = world.confirmed().await;
    act(&world, &second, "accept").await.expect(200);

    let orders = format!("/v1/vendors/{}/orders", world.shops[0].vendor.vendor_id);
    let counts = world.seller(0).get(&format!("{orders}/counts")).await.expect(200);
    let placed = |order: &OrderFact| order.placed_at.to_string();
    assert_eq!(
        counts,
        json!([
            { "status": "accepted", "count": 1, "oldest_at": placed(&second) },
            { "status": "confirmed", "count": 2, "oldest_at": placed(&first) },
        ])
    );
    let another = format!("/v1/vendors/{}/orders/counts", world.shops[1].vendor.vendor_id);
    world.seller(0).get(&another).await.problem(404, "not-found");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_seller_lists_its_own_orders_once_they_are_confirmed(pool: PgPool) {
    let world = World::open(pool).await;
    let unpaid = world.await_payment(PaymentMethod::Upi).await;
    let (first, second) = (world.confirmed().await.order, world.confirmed().await.order);
    act(&world, &first, "accept").await.expect(200);

    let orders = format!("/v1/vendors/{}/orders", world.shops[0].vendor.vendor_id);
    let list = |query: &str| {
        let path = format!("{orders}{query}");
        let seller = world.seller(0);
        async move { seller.get(&path).await.expect(200) }
    };
    let numbers = |page: Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap();
        items.iter().map(|item| item["number"].as_str().unwrap().to_owned()).collect()
    };
    let (one, two) = (first.parts[0].number.clone(), second.parts[0].number.clone());
    assert_eq!(numbers(list("").await), [two.clone(), one.clone()]);
    assert_eq!(numbers(list("?status=accepted").await), std::slice::from_ref(&one));
    assert_eq!(numbers(list("?status=pending").await), [""; 0]);
    let page = list("?limit=1").await;
    assert_eq!(
        page["items"][0]["due_at"], "2026-11-23T12:00:00Z",
        "until then it is to be accepted"
    );
    let next = page["next"].as_str().unwrap().to_owned();
    assert_eq!(numbers(list(&format!("?limit=1&after={next}")).await), [one]);
    let wrong = world.seller(0).get(&format!("{orders}?status=stolen")).await;
    wrong.problem(422, "validation-error");

    let hidden = world.order(unpaid.order_id).await;
    let id = hidden["seller_orders"][0]["seller_order_id"].as_str().unwrap();
    world.seller(0).get(&format!("{orders}/{id}")).await.problem(404, "not-found");
    let accept = world.seller(0).post(&format!("{orders}/{id}/accept"), ()).await;
    accept.problem(404, "not-found");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_parcel_needs_a_carrier_and_a_number(pool: PgPool) {
    let world = World::open(pool).await;
    let order = world.confirmed().await.order;
    act(&world, &order, "accept").await.expect(200);
    act(&world, &order, "pack").await.expect(200);
    let ship = format!("{}/ship", path(&order, 0));
    for wrong in [
        json!({}),
        json!({"carrier": "India Post"}),
        json!({"carrier": "", "tracking_number": "1"}),
        json!({"carrier": "India\r\nPost", "tracking_number": "1"}),
        json!({"carrier": "India Post", "tracking_number": "a b"}),
        json!({"carrier": 7, "tracking_number": "1"}),
    ] {
        world.seller(0).post(&ship, &wrong).await.problem(422, "validation-error");
    }
    let extra = json!({"carrier": "India Post", "tracking_number": "1", "status": "delivered"});
    world.seller(0).post(&ship, extra).await.problem(400, "unknown-field");
    let still = world.seller(0).get(&path(&order, 0)).await.expect(200);
    assert_eq!(still["status"], "packed");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn two_clerks_who_accept_at_once_accept_once(pool: PgPool) {
    let world = World::open(pool).await;
    let order = world.confirmed().await.order;
    let (one, two) = tokio::join!(act(&world, &order, "accept"), act(&world, &order, "accept"));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(world.app.emitted::<SellerOrderAccepted>().await.len(), 1);
}
