//! What was sold and not shipped is taken back: by its buyer, its seller, or staff.

use contracts::cart::PaymentMethod;
use contracts::order::{CreditCause, Disposition, OrderConfirmed, SellerOrderShipped};
use kernel::{Money, SellerOrderId};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::sold::{
    act, amounts, await_payment, cancel, cancel_part, cancel_part_as, confirmed, credits, go, open,
    part_of, pieces, statuses,
};
use crate::world::{captured, cod_accepted};

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_buyer_cancels_a_confirmed_order_and_gets_all_of_it_back(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    let view = cancel(&world, &order).await.expect(200);
    assert_eq!(view["status"], "confirmed", "what comes after it is told of its parts");
    assert_eq!(statuses(&view), ["buyer_cancelled"; 3]);
    let totals: Vec<_> = view["seller_orders"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| part["credits"][0]["total"]["amount"].as_i64().unwrap())
        .collect();
    assert_eq!(totals, [149_700, 259_800, 25_000]);
    assert_eq!(view["seller_orders"][0]["cancellable"], false);
    assert!(view["seller_orders"][0].get("due_at").is_none());

    let said = credits(&world).await;
    let whole: Vec<_> = order.parts.iter().map(|part| part.share).collect();
    assert_eq!(said.iter().map(|credit| credit.share).collect::<Vec<_>>(), whole);
    for (credit, part) in said.iter().zip(&order.parts) {
        assert_eq!(credit.seller_order.seller_order_id, part.seller_order_id);
        assert_eq!((credit.cause, credit.nth), (CreditCause::BuyerCancelled, 1));
        assert!(credit.ended);
        assert_eq!(credit.lines[0].stock, Disposition::Uncommit);
    }
    cancel(&world, &order).await.problem(409, "order/not-cancellable");
    assert!(credits(&world).await.is_empty());
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_buyer_cancels_one_part_and_its_siblings_stay_as_they_were(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    let before = world.order(order.order_id).await;
    let part = part_of(&order, 2);
    let view = cancel_part(&world.client(), order.order_id, part, Value::Null).await.expect(200);
    assert_eq!(statuses(&view), ["confirmed", "confirmed", "buyer_cancelled"]);
    assert_eq!(view["seller_orders"][0], before["seller_orders"][0]);
    assert_eq!(view["seller_orders"][1], before["seller_orders"][1]);
    let credit = credits(&world).await.remove(0);
    assert_eq!(amounts(&credit.share), [22_025, 2500, 450, 0, 25]);
    assert_eq!(credit.lines[0].tax, Money::inr(0));

    let again = cancel_part(&world.client(), order.order_id, part, Value::Null).await;
    again.problem(409, "order/transition-refused");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn one_of_three_pieces_is_cancelled_and_the_other_two_are_shipped(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    go(&world, &order, 0, &["accept"]).await;
    let part = part_of(&order, 0);
    let view = cancel_part(&world.client(), order.order_id, part, pieces(1)).await.expect(200);
    let mine = &view["seller_orders"][0];
    assert_eq!((&mine["status"], &mine["cancellable"]), (&json!("accepted"), &json!(true)));
    assert_eq!(
        (&mine["lines"][0]["quantity"], &mine["lines"][0]["cancelled"]),
        (&json!(3), &json!(1))
    );
    let credit = &mine["credits"][0];
    assert_eq!(
        (&credit["cause"], &credit["total"]["amount"], &credit["lines"][0]["quantity"]),
        (&json!("buyer_cancelled"), &json!(49_900), &json!(1))
    );

    let said = credits(&world).await.remove(0);
    assert_eq!(amounts(&said.share), [43_757, 4990, 899, 212, 42]);
    let line = &said.lines[0];
    assert_eq!((line.position, line.quantity), (0, 1));
    assert_eq!([line.total, line.taxable, line.tax].map(Money::minor), [49_900, 42_288, 2 * 3806]);
    assert!(!said.ended);

    go(&world, &order, 0, &["pack", "ship"]).await;
    let shipped = world.app.emitted::<SellerOrderShipped>().await.remove(0);
    assert_eq!(shipped.lines[0].quantity, 2);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn piece_by_piece_adds_up_to_the_whole_and_ends_the_part(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    let part = part_of(&order, 0);
    for _ in 0..3 {
        let one = cancel_part(&world.client(), order.order_id, part, pieces(1)).await;
        one.expect(200);
    }
    let said = credits(&world).await;
    let payable: Vec<_> = said.iter().map(|credit| credit.share.payable.minor()).collect();
    assert_eq!(payable, [43_757, 43_759, 43_758]);
    assert_eq!(said.iter().map(|credit| credit.nth).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(said.iter().map(|credit| credit.ended).collect::<Vec<_>>(), [false, false, true]);
    let mut ids: Vec<_> = said.iter().map(|credit| credit.credit_id).collect();
    ids.dedup();
    assert_eq!(ids.len(), 3);
    assert_eq!(statuses(&world.order(order.order_id).await)[0], "buyer_cancelled");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_piece_is_cancelled_once_per_key(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    let part = part_of(&order, 0);
    let without = cancel_part_as(world.client(), order.order_id, part, pieces(1)).await;
    without.problem(422, "idempotency/key-required");
    let client = || world.client().key("one-lamp-less");
    let first = cancel_part_as(client(), order.order_id, part, pieces(1)).await;
    let again = cancel_part_as(client(), order.order_id, part, pieces(1)).await;
    assert_eq!(again.expect(200), first.expect(200));
    assert_eq!(credits(&world).await.len(), 1);
    // All that is left can be cancelled once only.
    let all = cancel_part_as(world.client(), order.order_id, part, Value::Null).await;
    assert_eq!(statuses(&all.expect(200))[0], "buyer_cancelled");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn more_than_is_left_is_refused(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    let (id, part, client) = (order.order_id, part_of(&order, 0), world.client());
    cancel_part(&client, id, part, pieces(2)).await.expect(200);
    let refused = cancel_part(&client, id, part, pieces(2)).await.problem(409, "order/not-left");
    assert_eq!(refused["detail"], "line 0 has 1 left, and more were asked for");
    let unknown = json!({"lines": [{"position": 7, "quantity": 1}]});
    let unknown = cancel_part(&client, id, part, unknown).await;
    assert_eq!(unknown.problem(422, "order/no-such-line")["detail"], "there is no line 7");
    for wrong in
        [pieces(0), json!({"lines": []}), json!({"lines": [{"position": -1, "quantity": 1}]})]
    {
        cancel_part(&client, id, part, wrong).await.problem(422, "validation-error");
    }
    let unknown = json!({"everything": true});
    cancel_part(&client, id, part, unknown).await.problem(400, "unknown-field");
    assert_eq!(credits(&world).await.len(), 1);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn what_a_carrier_has_is_not_cancelled(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    go(&world, &order, 0, &["accept", "pack", "ship"]).await;
    let before = world.order(order.order_id).await;
    let part = part_of(&order, 0);
    for body in [Value::Null, pieces(1)] {
        let answer = cancel_part(&world.client(), order.order_id, part, body).await;
        answer.problem(409, "order/transition-refused");
    }
    act(&world, &order, 0, "reject").await.problem(409, "order/transition-refused");
    assert_eq!(world.order(order.order_id).await, before);
    assert!(credits(&world).await.is_empty());

    // Of the whole order, the rest is cancelled.
    let view = cancel(&world, &order).await.expect(200);
    assert_eq!(statuses(&view), ["shipped", "buyer_cancelled", "buyer_cancelled"]);
    assert_eq!(view["seller_orders"][0], before["seller_orders"][0]);
    assert_eq!(credits(&world).await.len(), 2);
    cancel(&world, &order).await.problem(409, "order/not-cancellable");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_seller_rejects_what_it_cannot_supply(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    go(&world, &order, 1, &["accept", "pack"]).await;
    let view = act(&world, &order, 1, "reject").await.expect(200);
    assert_eq!(view["status"], "vendor_rejected");
    assert_eq!(view["credits"][0]["reason"], "the kiln broke");
    let credit = credits(&world).await.remove(0);
    assert_eq!(credit.cause, CreditCause::VendorRejected);
    assert_eq!(credit.reason.as_deref(), Some("the kiln broke"));
    assert_eq!(credit.share, order.parts[1].share);
    assert_eq!(amounts(&credit.share), [227_823, 25_980, 4676, 1101, 220]);
    assert_eq!(credit.lines[0].tax, Money::inr(39_631));
    let buyers = world.order(order.order_id).await;
    assert_eq!(statuses(&buyers), ["confirmed", "vendor_rejected", "confirmed"]);
    assert_eq!(buyers["seller_orders"][1]["credits"][0]["reason"], "the kiln broke");

    for nth in [0, 2] {
        act(&world, &order, nth, "reject").await.expect(200);
    }
    assert_eq!(statuses(&world.order(order.order_id).await), ["vendor_rejected"; 3]);
    act(&world, &order, 0, "accept").await.problem(409, "order/transition-refused");
    let path = format!("/v1/vendors/{}/orders", order.parts[0].vendor_id);
    let path = format!("{path}/{}/reject", part_of(&order, 0));
    world.seller(0).post(&path, json!({})).await.problem(422, "validation-error");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn staff_cancel_a_part(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    let path = format!("/v1/admin/orders/{}/cancel", part_of(&order, 1));
    let reason = json!({"reason": "the seller is gone"});
    for stranger in [world.client(), world.seller(1), world.app.as_staff(&["look"])] {
        stranger.post(&path, &reason).await.problem(403, "forbidden");
    }
    let staff = world.app.as_staff(&["orders.cancel"]);
    let unknown = format!("/v1/admin/orders/{}/cancel", SellerOrderId::new());
    staff.post(&unknown, &reason).await.problem(404, "not-found");
    let view = staff.post(&path, &reason).await.expect(200);
    assert_eq!(view["status"], "staff_cancelled");
    assert!(view.get("delivery").is_none(), "no address");
    let credit = credits(&world).await.remove(0);
    assert_eq!(credit.cause, CreditCause::StaffCancelled);
    assert_eq!(credit.share, order.parts[1].share);
    staff.post(&path, &reason).await.problem(409, "order/transition-refused");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_buyer_who_cancelled_while_the_money_came_gets_it_back(pool: PgPool) {
    let world = open(pool).await;
    let payment = await_payment(&world, PaymentMethod::Upi).await;
    let path = format!("/v1/orders/{}/cancel", payment.order_id);
    world.client().post(&path, ()).await.expect(202);
    for _ in 0..2 {
        world.app.deliver(captured(&payment)).await;
    }
    let names = world.app.emitted_names().await;
    let credited = "seller_order.credited.v1";
    assert_eq!(names[names.len() - 4..], ["order.confirmed.v1", credited, credited, credited]);
    let said = credits(&world).await;
    assert_eq!(said.iter().map(|credit| credit.share).collect::<Vec<_>>(), payment.shares);
    let view = world.order(payment.order_id).await;
    assert_eq!(view["status"], "confirmed");
    assert_eq!(statuses(&view), ["buyer_cancelled"; 3]);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn what_is_paid_at_the_door_is_taken_back_alike(pool: PgPool) {
    let world = open(pool).await;
    let payment = await_payment(&world, PaymentMethod::Cod).await;
    assert_eq!(world.order(payment.order_id).await.get("due_at_door"), None, "it is not granted");
    world.app.deliver(cod_accepted(&payment)).await;
    let path = format!("/v1/orders/{}/cancel", payment.order_id);
    world.client().post(&path, ()).await.expect(200);
    let none = world.order(payment.order_id).await;
    assert_eq!((none.get("due_at_door"), none.get("paid_by_bank")), (None, None));
    let said = credits(&world).await;
    assert_eq!(said.iter().map(|credit| credit.share).collect::<Vec<_>>(), payment.shares);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn what_is_due_at_the_door_is_what_is_left(pool: PgPool) {
    let world = open(pool).await;
    let payment = await_payment(&world, PaymentMethod::Cod).await;
    world.app.deliver(cod_accepted(&payment)).await;
    let due = |view: &Value| view["due_at_door"]["amount"].as_i64();
    let view = world.order(payment.order_id).await;
    assert_eq!(due(&view), view["total"]["amount"].as_i64());

    let order = world.app.emitted::<OrderConfirmed>().await.remove(0).order;
    let buyer = world.client();
    cancel_part(&buyer, order.order_id, part_of(&order, 0), pieces(2)).await.expect(200);
    let left = world.order(payment.order_id).await;
    assert_eq!(due(&left["seller_orders"][0]), Some(49_900));
    assert_eq!(due(&left), due(&view).map(|all| all - 99_800));
    go(&world, &order, 0, &["accept", "pack"]).await;
    let theirs = act(&world, &order, 0, "ship").await.expect(200);
    assert_eq!(due(&theirs), Some(49_900));
    let theirs = act(&world, &order, 0, "deliver").await.expect(200);
    assert_eq!(due(&theirs), None);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_buyer_and_a_seller_who_take_the_same_back_at_once_take_it_back_once(pool: PgPool) {
    let world = open(pool).await;
    for _ in 0..25 {
        let order = confirmed(&world).await;
        let client = world.client();
        let (buyers, sellers) = tokio::join!(
            cancel_part(&client, order.order_id, part_of(&order, 0), pieces(2)),
            act(&world, &order, 0, "reject"),
        );
        assert_eq!(sellers.status.as_u16(), 200, "it gets the rest, or all of it");
        let said = credits(&world).await;
        match buyers.status.as_u16() {
            200 => assert_eq!(said.len(), 2),
            409 => assert_eq!(said.len(), 1),
            other => panic!("{other}"),
        }
        let total: i64 = said.iter().map(|credit| credit.share.gross.minor()).sum();
        let payable: i64 = said.iter().map(|credit| credit.share.payable.minor()).sum();
        assert_eq!((total, payable), (149_700, 131_274));
    }
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn only_what_is_ones_own_can_be_taken_back(pool: PgPool) {
    let world = open(pool).await;
    let (order, other) = (confirmed(&world).await, confirmed(&world).await);
    let (id, part) = (order.order_id, part_of(&order, 0));
    let stranger = world.app.as_buyer();
    cancel_part(&stranger, id, part, Value::Null).await.problem(404, "not-found");
    cancel_part(&world.seller(0), id, part, Value::Null).await.problem(404, "not-found");
    // A part of another order of the same buyer.
    let mixed = cancel_part(&world.client(), id, part_of(&other, 0), Value::Null).await;
    mixed.problem(404, "not-found");
    for vendor in [order.parts[0].vendor_id, order.parts[1].vendor_id] {
        let path = format!("/v1/vendors/{vendor}/orders/{part}/reject");
        let answer = world.seller(1).post(&path, json!({"reason": "not mine"})).await;
        answer.problem(404, "not-found");
    }
    assert!(credits(&world).await.is_empty());
    let unpaid = await_payment(&world, PaymentMethod::Upi).await;
    let pending = world.order(unpaid.order_id).await["seller_orders"][0]["seller_order_id"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let early = cancel_part(&world.client(), unpaid.order_id, pending, Value::Null).await;
    early.problem(409, "order/transition-refused");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn the_timeline_says_what_went_back(pool: PgPool) {
    let world = open(pool).await;
    let order = confirmed(&world).await;
    let (id, part) = (order.order_id, part_of(&order, 0));
    cancel_part(&world.client(), id, part, pieces(1)).await.expect(200);
    act(&world, &order, 0, "reject").await.expect(200);
    let path = format!("/v1/orders/{id}/timeline?limit=100");
    let timeline = world.client().get(&path).await.expect(200);
    let steps = timeline["items"].as_array().unwrap();
    let (remark, end) = (&steps[steps.len() - 2], &steps[steps.len() - 1]);
    assert_eq!(
        (&remark["cause"], &remark["detail"], &remark["to"]),
        (&json!("buyer.cancel"), &json!("1 x NILA-1, ₹499.00 back"), &Value::Null)
    );
    assert_eq!(remark["text"], "You cancelled 1 x nila's best, ₹499.00 back.");
    assert_eq!(
        (&end["cause"], &end["detail"], &end["to"]),
        (
            &json!("vendor.reject"),
            &json!("2 x NILA-1, ₹998.00 back: the kiln broke"),
            &json!("vendor_rejected")
        )
    );
    assert_eq!(end["seller_order_id"], part.to_string());
}
