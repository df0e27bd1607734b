//! 7: idempotency keys.

use mall::verify::stack::RedisKeyspace;
use redis::AsyncCommands as _;
use testkit::servers;

use crate::stage::Stage;

const PRODUCT: &str = "01934e5f-0000-7000-8000-000000000014";

fn answer(key: &str, product: &str) -> String {
    format!(
        "insert into chassis.idempotency values ('a-user', '{key}', 'x', 201, '{{\"product_id\": \"{product}\"}}', now())"
    )
}

#[tokio::test]
async fn a_key_without_answer_an_answer_without_effect_and_two_keys_for_one_effect_are_found() {
    let stage = Stage::set(&["product"], &[]).await;
    stage.run("product", &answer("first", PRODUCT)).await;
    let undo = "delete from chassis.idempotency where key <> 'first'";
    stage.finds(7, "product", &[
        (
            "insert into chassis.idempotency values ('a-user', 'open', 'x', null, null, now())",
            undo,
            "product: user a-user used key open",
        ),
        (&answer("second", PRODUCT), undo, "was answered to two keys: first of user a-user, second of user a-user"),
        (
            &answer("third", "01934e5f-0000-7000-8000-0000000000ff"),
            undo,
            "key third of user a-user was answered with product_id 01934e5f-0000-7000-8000-0000000000ff, but products has no such row",
        ),
    ]).await;
}

const CHECKOUT: &str = "01934e5f-0000-7000-8000-00000000001e";
const BUYER: &str = "01934e5f-0000-7000-8000-000000000001";

fn checkout(id: &str, version: i64) -> String {
    format!(
        "insert into checkouts values ('{id}', '{BUYER}', 'key-{version}', 'x', {version}, now());
         insert into chassis.event_version values ('cart.checkout.evt.v1', '{id}', 1)"
    )
}

#[tokio::test]
async fn a_till_that_answered_twice_or_for_nothing_is_found() {
    let stage = Stage::set(&["cart", "order"], &[]).await;
    stage.run("cart", &checkout(CHECKOUT, 1)).await;
    let answer = |key: &str, id: &str| {
        format!(
            "insert into chassis.idempotency values ('a-buyer', '{key}', 'x', 202, '{{\"checkout_id\": \"{id}\"}}', now())"
        )
    };
    stage.run("cart", &answer("first", CHECKOUT)).await;
    let undo = "delete from chassis.idempotency where key <> 'first'";
    let other = "01934e5f-0000-7000-8000-0000000000ff";
    let forget = format!("delete from checkouts where checkout_id = '{other}'");
    stage.finds(7, "cart", &[
        (&answer("second", CHECKOUT), undo, "was answered to two keys: first of user a-buyer, second of user a-buyer"),
        (&answer("third", other), undo, "but checkouts has no such row"),
        (&checkout(other, 2), &forget, &format!("checkout {other} was kept, but order has no order of it")),
        (
            "delete from chassis.event_version",
            &format!("insert into chassis.event_version values ('cart.checkout.evt.v1', '{CHECKOUT}', 1)"),
            &format!("checkout {CHECKOUT} of user {BUYER} was never said"),
        ),
    ]).await;
}

#[tokio::test]
async fn a_line_that_was_ordered_and_is_still_in_the_cart_is_found() {
    let mut stage = Stage::set(&["cart"], &[]).await;
    let keyspace =
        RedisKeyspace::connect(&servers::redis_url().into(), &format!("{}:", servers::unique()))
            .unwrap();
    let mut redis = keyspace.redis.clone();
    let cart = format!("{}cart:of:{BUYER}", keyspace.prefix);
    stage.stack.carts = Some(keyspace);
    stage.run("cart", &checkout(CHECKOUT, 7)).await;
    redis.hset::<_, _, _, ()>(&cart, "l:BOWL", "8 0 {}").await.unwrap();
    stage.holds(7).await;

    redis.hset::<_, _, _, ()>(&cart, "l:LAMP", "7 0 {}").await.unwrap();
    stage.breaks(7, "LAMP of user 01934e5f-0000-7000-8000-000000000001 was ordered at").await;
    let job = format!(
        "insert into chassis.job values (gen_random_uuid(), 'settle', '{{\"buyer\": \"{BUYER}\"}}', now(), 0,
                                         null, null, null, null, '', now())"
    );
    stage.run("cart", &job).await;
    let found = stage.look(7).await;
    assert!(found.violations.is_empty(), "it is still to be emptied: {:?}", found.violations);
    redis.del::<_, ()>(&cart).await.unwrap();
}
