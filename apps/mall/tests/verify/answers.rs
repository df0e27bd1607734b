//! 7: idempotency keys.

use mall::verify::stand::Corner;
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

#[tokio::test]
async fn a_till_that_answered_twice_or_for_nothing_is_found() {
    let mut stage = Stage::set(&["order"], &[]).await;
    let corner =
        Corner::connect(&servers::redis_url().into(), &format!("{}:", servers::unique())).unwrap();
    let mut redis = corner.redis.clone();
    let prefix = corner.prefix.clone();
    stage.stand.carts = Some(corner);
    let mut keep = async |key: &str, checkout: &str| {
        let body = format!(r#"{{"request": "x", "body": "{{\"checkout_id\": \"{checkout}\"}}"}}"#);
        let name = format!("{prefix}cart:answer:a-buyer:{key}");
        redis.set_ex::<_, _, ()>(name, body, 600).await.unwrap();
    };

    keep("first", "01934e5f-0000-7000-8000-00000000001e").await;
    stage.holds(7).await;
    keep("second", "01934e5f-0000-7000-8000-00000000001e").await;
    stage.breaks(7, "was answered to two keys: a-buyer:first, a-buyer:second").await;
    keep("third", "01934e5f-0000-7000-8000-0000000000ff").await;
    stage.breaks(7, "cart: a-buyer:third was answered with checkout").await;
}
