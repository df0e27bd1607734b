//! What comes in at the door that should not.

use contracts::cart::PaymentMethod;
use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{refuses_hostile_bodies, refuses_unseen_texts};

use crate::world::{World, cancels};

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn no_route_takes_a_body_it_does_not_know(pool: PgPool) {
    let world = World::open(pool).await;
    let order = world.confirmed().await.order;
    let before = world.order(order.order_id).await;
    let part = &order.parts[0];
    let id = part.seller_order_id;
    let part = format!("/v1/vendors/{}/orders/{id}", part.vendor_id);
    let pieces = json!({"lines": [{"position": 0, "quantity": 1}]});
    let reason = json!({"reason": "the kiln broke"});
    let parcel = json!({"carrier": "India Post", "tracking_number": "EE123456789IN"});
    let staff = world.app.as_staff(&["orders.cancel"]);
    for (client, path, good) in [
        (world.client(), format!("/v1/orders/{}/cancel", order.order_id), json!({})),
        (world.seller(0), format!("{part}/accept"), json!({})),
        (world.seller(0), format!("{part}/pack"), json!({})),
        (world.seller(0), format!("{part}/ship"), parcel),
        (world.seller(0), format!("{part}/deliver"), json!({})),
        (world.seller(0), format!("{part}/reject"), reason.clone()),
        (world.seller(0), format!("{part}/turned-away"), json!({})),
        (world.seller(0), format!("{part}/came-back"), json!({"condition": "damaged"})),
        (world.seller(0), format!("{part}/lost"), json!({})),
        (world.client(), format!("/v1/orders/{}/parts/{id}/cancel", order.order_id), pieces),
        (staff.clone(), format!("/v1/admin/orders/{id}/cancel"), reason.clone()),
        (staff, format!("/v1/admin/orders/{id}/lost"), reason),
        (
            world.client().key("returned"),
            format!("/v1/orders/{}/parts/{id}/returns", order.order_id),
            json!({"lines": [{"position": 0, "quantity": 1}], "reason": "damaged"}),
        ),
        (
            world.app.as_staff(&["returns.decide"]),
            format!("/v1/admin/returns/{id}/decide"),
            json!({"outcome": "refuse", "words": "it was used"}),
        ),
    ] {
        refuses_hostile_bodies(&client, &Method::POST, &path, &good).await;
        client.post(&format!("{path}?force=1"), good).await.problem(400, "unknown-field");
    }
    assert_eq!(world.order(order.order_id).await, before);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn no_reason_and_no_carrier_is_one_that_nobody_sees(pool: PgPool) {
    let world = World::open(pool).await;
    let order = world.confirmed().await.order;
    let before = world.order(order.order_id).await;
    let part = &order.parts[0];
    let (id, vendor) = (part.seller_order_id, format!("/v1/vendors/{}", part.vendor_id));
    let reason = json!({"reason": "the kiln broke"});
    let words = json!({"words": "it was used"});
    let parcel = json!({"carrier": "India Post", "tracking_number": "EE123456789IN"});
    let decided = json!({"outcome": "refuse", "words": "it was used"});
    let back =
        json!({"lines": [{"position": 0, "quantity": 1}], "reason": "damaged", "words": "a crack"});
    let off = json!({
        "reason": "a scratch", "amount": {"amount": 100, "currency": "INR"}
    });
    let buyer = world.client().key("unseen");
    let seller = world.seller(0).key("unseen");
    let staff = world.app.as_staff(chassis::auth::callers::may::ALL);
    let staff = staff.key("unseen");
    let mine = format!("/v1/orders/{}", order.order_id);
    for (client, path, good, at) in [
        (&seller, format!("{vendor}/orders/{id}/ship"), &parcel, "/carrier"),
        (&seller, format!("{vendor}/orders/{id}/parcels/{id}/tracking"), &parcel, "/carrier"),
        (&seller, format!("{vendor}/orders/{id}/reject"), &reason, "/reason"),
        (&seller, format!("{vendor}/returns/{id}/refuse"), &words, "/words"),
        (&seller, format!("{vendor}/returns/{id}/contest"), &words, "/words"),
        (&buyer, format!("{mine}/parts/{id}/returns"), &back, "/words"),
        (&buyer, format!("{mine}/returns/{id}/contest"), &words, "/words"),
        (&buyer, format!("{mine}/returns/{id}/sent-back"), &parcel, "/carrier"),
        (&staff, format!("/v1/admin/orders/{id}/cancel"), &reason, "/reason"),
        (&staff, format!("/v1/admin/orders/{id}/lost"), &reason, "/reason"),
        (&staff, format!("/v1/admin/orders/{id}/reductions"), &off, "/reason"),
        (&staff, format!("/v1/admin/returns/{id}/decide"), &decided, "/words"),
    ] {
        refuses_unseen_texts(client, &Method::POST, &path, (good, &[at])).await;
    }
    assert_eq!(world.order(order.order_id).await, before);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_body_that_says_nothing_is_as_good_as_none(pool: PgPool) {
    let world = World::open(pool).await;
    let order = world.confirmed().await.order;
    let part = &order.parts[0];
    let part = format!("/v1/vendors/{}/orders/{}", part.vendor_id, part.seller_order_id);
    world.seller(0).post(&format!("{part}/accept"), json!({})).await.expect(200);
    let pack = world.seller(0).send(Method::POST, &format!("{part}/pack"), None).await;
    assert_eq!(pack.expect(200)["status"], "packed");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn odd_characters_and_endless_names_are_refused_and_never_break_anything(pool: PgPool) {
    let world = World::open(pool).await;
    let order = world.confirmed().await.order;
    let part = &order.parts[0];
    let path = format!("/v1/vendors/{}/orders/{}", part.vendor_id, part.seller_order_id);
    for verb in ["accept", "pack"] {
        world.seller(0).post(&format!("{path}/{verb}"), ()).await.expect(200);
    }
    let ship = format!("{path}/ship");
    let odd = [
        r"a\u0000b",
        r"\ud800",
        r"\u202etsoP",
        r"\u2066a",
        r"a\u2028b",
        "\u{1f4e6}",
        r"a\r\nBcc: x",
    ];
    let long = "x".repeat(60_000);
    for text in odd.into_iter().chain([long.as_str()]) {
        for body in [
            format!(r#"{{"carrier": "{text}", "tracking_number": "1"}}"#),
            format!(r#"{{"carrier": "India Post", "tracking_number": "{text}"}}"#),
        ] {
            let body = Some(("application/json", body.into_bytes()));
            let answer = world.seller(0).send(Method::POST, &ship, body).await;
            answer.problem(422, "validation-error");
        }
    }
    for id in ["%00", "%ff", "..%2f..%2fetc", "\u{1f4e6}", "0"] {
        let id: String =
            id.chars().map(|c| if c.is_ascii() { c.to_string() } else { "%F0".into() }).collect();
        world.client().get(&format!("/v1/orders/{id}")).await.problem(404, "not-found");
        world.client().get(&format!("/v1/checkouts/{id}")).await.problem(404, "not-found");
    }
    for query in ["limit=9223372036854775808", "limit=-1", "limit=1e3", "after=%00", "after=AAAA"] {
        let answer = world.client().get(&format!("/v1/orders?{query}")).await;
        answer.problem(422, "validation-error");
    }
    assert_eq!(world.seller(0).get(&path).await.expect(200)["status"], "packed");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn twenty_taps_on_cancel_cancel_once(pool: PgPool) {
    let world = World::open(pool).await;
    let payment = world.await_payment(PaymentMethod::Upi).await;
    let path = format!("/v1/orders/{}/cancel", payment.order_id);
    let client = world.client();
    let answers = join_all((0..20).map(|_| client.post(&path, Value::Null))).await;
    for answer in answers {
        assert_eq!(answer.expect(202)["status"], "cancel_pending");
    }
    assert_eq!(cancels(&world).await.len(), 1);
    assert_eq!(world.history(payment.order_id).await[3..], ["awaiting_payment", "cancel_pending"]);
}
