//! 4, 5: consumers and their offsets.

use contracts::order::SellerOrderDelivered;
use contracts::topics;
use mall::registry;
use mall::verify::rebuild;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use testkit::sample;

use crate::stage::Stage;

async fn stage() -> Stage {
    let topics = [&topics::ORDER_ORDER_EVT, &topics::ADMIN_DECISION_EVT];
    let mut stage = Stage::set(&["rating"], &topics).await;
    let entry = registry::all().into_iter().find(|entry| entry.name == "rating").unwrap();
    let consumers =
        (entry.consumers)(stage.common.clone(), Vec::new(), stage.pool("rating").clone());
    stage.stack.consumers.insert("rating", consumers.await.unwrap());
    stage.bus.emit(&sample::<SellerOrderDelivered>()).await;
    hear(&stage).await;
    stage
}

/// Takes in what is on the topics.
async fn hear(stage: &Stage) {
    let effects = &stage.stack.consumers["rating"].effects;
    rebuild::replay(&stage.stack.broker, effects).await.unwrap();
}

#[tokio::test]
async fn an_event_passed_over_half_taken_in_or_not_read_is_found() {
    let stage = stage().await;
    stage
        .finds(
            4,
            "rating",
            &[(
                "create table aside as select * from chassis.inbox; delete from chassis.inbox",
                "insert into chassis.inbox select * from aside",
                "rating passed over seller_order.delivered.v1",
            )],
        )
        .await;

    stage.bus.emit(&sample::<SellerOrderDelivered>()).await;
    stage.breaks(4, "rating has not read order.order.evt.v1 to its end").await;
    hear(&stage).await;

    stage.run("rating", "delete from purchases").await;
    stage.breaks(4, "but rating has no such row in purchases").await;
}

#[tokio::test]
async fn a_dead_letter_is_not_passed_over() {
    let stage = stage().await;
    let mut poison = stage.bus.outgoing(&sample::<SellerOrderDelivered>());
    poison.payload = Some(b"{}".to_vec());
    stage.bus.publish(&[poison]).await;
    hear(&stage).await;
    stage.holds(4).await;

    stage.run("rating", "delete from chassis.dead_letter").await;
    stage.breaks(4, "it is neither taken in nor a dead letter").await;
}

#[tokio::test]
async fn an_offset_that_went_back_is_found_by_the_inbox_and_by_what_the_broker_was_told() {
    let stage = stage().await;
    let set = |next: i64| format!("update chassis.consumer_offset set next_offset = {next}");
    let (back, beyond, right) = (set(0), set(9), set(1));
    stage
        .finds(
            5,
            "rating",
            &[
                (&back, &right, "but stands before it: its offset went back"),
                (&beyond, &right, "the topic lost records"),
            ],
        )
        .await;

    tell_the_broker(&stage, 3);
    stage
        .breaks(
            5,
            "rating stands at 1 of order.order.evt.v1[0], but had told the broker 3: it went back",
        )
        .await;
}

fn tell_the_broker(stage: &Stage, offset: i64) {
    let client: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", testkit::servers::kafka_brokers())
        .set("group.id", format!("{}rating", stage.bus.prefix))
        .create()
        .unwrap();
    let mut list = TopicPartitionList::new();
    let topic = format!("{}{}", stage.bus.prefix, topics::ORDER_ORDER_EVT.name);
    list.add_partition_offset(&topic, 0, Offset::Offset(offset)).unwrap();
    client.commit(&list, CommitMode::Sync).unwrap();
}
