//! Coming to rest.

use std::time::Duration;

use contracts::order::OrderPlaced;
use contracts::topics;
use mall::verify::settle;
use testkit::sample;

use crate::stage::Stage;

#[tokio::test]
async fn it_waits_for_what_is_on_its_way_and_says_what_did_not_arrive() {
    let stage = Stage::set(&["order"], &[&topics::ORDER_ORDER_EVT]).await;
    assert_eq!(settle::wait(&stage.stack, Duration::ZERO).await.unwrap(), Vec::<String>::new());
    stage.commit("order", &sample::<OrderPlaced>()).await;
    let moving = settle::wait(&stage.stack, Duration::ZERO).await.unwrap();
    assert_eq!(moving, ["order has 1 events to say"]);

    let (moving, ()) =
        tokio::join!(settle::wait(&stage.stack, Duration::from_secs(20)), stage.carry("order"));
    assert_eq!(moving.unwrap(), Vec::<String>::new());
}
