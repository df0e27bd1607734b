//! 8, 14: orders and their histories.

use contracts::cart::CheckoutRequested;
use contracts::topics;
use testkit::sample;

use crate::stage::Stage;

#[tokio::test]
async fn parts_that_do_not_add_up_and_orders_that_differ_from_their_carts_are_found() {
    let stage = Stage::set(&["order"], &[&topics::CART_CHECKOUT_EVT]).await;
    stage.bus.emit(&sample::<CheckoutRequested>()).await;
    stage
        .run(
            "order",
            "alter table order_lines drop constraint order_lines_total_check;
             alter table seller_orders drop constraint seller_orders_vendor_key;
             alter table orders drop constraint orders_checkout_id_key",
        )
        .await;
    stage.finds(8, "order", &[
        (
            "update orders set total = total + 1",
            "update orders set total = total - 1",
            "the parts of M261122-000001 (01934e5f-0000-7000-8000-00000000001f) add up to 259800, the buyer pays 259801",
        ),
        (
            "update order_lines set total = total - 1",
            "update order_lines set total = total + 1",
            "is over 259800, but its lines and delivery add up to 259799",
        ),
        (
            "update order_lines set quantity = 3",
            "update order_lines set quantity = 2",
            "wanted 2 of LAMP-BRASS-18 from seller 01934e5f-0000-7000-8000-00000000000a, but 3 were ordered",
        ),
        (
            "insert into seller_orders select (jsonb_populate_record(s, jsonb_build_object('seller_order_id', gen_random_uuid(),
                                               'number', 'again'))).* from seller_orders s",
            "delete from seller_orders where number = 'again'",
            "M261122-000001 (01934e5f-0000-7000-8000-00000000001f) has 2 parts of seller 01934e5f-0000-7000-8000-00000000000a",
        ),
        (
            "insert into orders select (jsonb_populate_record(o, jsonb_build_object('order_id', gen_random_uuid(), 'number', 'again',
                                        'payment_id', gen_random_uuid()))).* from orders o",
            "delete from orders where number = 'again'",
            "checkout 01934e5f-0000-7000-8000-00000000001e has 2 orders",
        ),
    ]).await;
}

#[tokio::test]
async fn a_cart_that_was_said_again_is_the_same_cart() {
    let stage = Stage::set(&["order"], &[&topics::CART_CHECKOUT_EVT]).await;
    let cart = stage.bus.outgoing(&sample::<CheckoutRequested>());
    stage.bus.publish(&[cart.clone(), cart]).await;
    stage.holds(8).await;
}

#[tokio::test]
async fn a_cart_that_no_database_could_keep_is_read_all_the_same() {
    let stage = Stage::set(&["order"], &[&topics::CART_CHECKOUT_EVT]).await;
    let mut cart = stage.bus.outgoing(&sample::<CheckoutRequested>());
    let text = String::from_utf8(cart.payload.unwrap()).unwrap();
    cart.payload = Some(text.replace("LAMP-BRASS-18", "LAMP\\u0000").into_bytes());
    stage.bus.publish(&[cart]).await;
    stage.breaks(8, "wanted 2 of LAMP\u{fffd} from seller").await;
}

#[tokio::test]
async fn a_history_that_jumps_ends_elsewhere_or_goes_both_ways_is_found() {
    let stage = Stage::set(&["order"], &[]).await;
    let step = |from: &str, to: &str| {
        format!(
            "insert into order_events (order_id, from_state, to_state, cause, at)
             values ('01934e5f-0000-7000-8000-00000000001f', '{from}', '{to}', 'planted', now())"
        )
    };
    let undo = "delete from order_events where cause = 'planted'";
    stage.finds(14, "order", &[
        (&step("confirmed", "cancelled"), undo, "steps from confirmed to cancelled at entry"),
        (&step("confirmed", "cancelled"), undo, "holds both confirmed and cancelled"),
        (&step("cancel_pending", "confirmed"), undo, "is at confirmed, but goes on from cancel_pending"),
        (
            "update seller_orders set state = 'shipped'",
            "update seller_orders set state = 'confirmed'",
            "M261122-000001-1 (01934e5f-0000-7000-8000-000000000020) is shipped, but its history ends with confirmed",
        ),
    ]).await;
}
