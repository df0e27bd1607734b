//! `mall replay`: copies made anew, while the service's own offsets stay where they are.

use contracts::order::{OrderConfirmed, OrderPlaced};
use contracts::topics;
use contracts::vendor::VendorChanged;
use kernel::{Clock as _, SystemClock};
use mall::operator::replay::{Replayed, replay};
use mall::registry::{self, Consumers};
use mall::verify::hearing;
use mall::verify::rebuild;
use mall::verify::stack::Scratch;
use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use testkit::sample;

use crate::stage::{Stage, admin_url};

/// A stage on which admin-service has heard of a seller and an order.
async fn stage() -> (Stage, Consumers) {
    let mut stage = Stage::bare(&["admin"], topics::ALL).await;
    let entry = registry::find("admin").unwrap();
    stage.bus.emit(&sample::<VendorChanged>()).await;
    stage.bus.emit(&sample::<OrderPlaced>()).await;
    stage.bus.emit(&sample::<OrderConfirmed>()).await;
    let consumers =
        (entry.consumers)(stage.common.clone(), Vec::new(), stage.pool("admin").clone());
    let consumers = consumers.await.unwrap();
    rebuild::replay(&stage.stack.broker, &consumers.projections).await.unwrap();
    stage.stack.scratch = Some(Scratch {
        admin_url: admin_url().into(),
        services: vec![(entry, stage.common.clone(), Vec::new())],
    });
    (stage, consumers)
}

async fn replayed(stage: &Stage, consumers: &Consumers) -> Replayed {
    let pool = stage.pool("admin");
    replay(&stage.stack.broker, pool, consumers.clone(), SystemClock.now()).await.unwrap()
}

#[tokio::test]
async fn wrong_and_missing_rows_are_made_anew_and_the_replay_is_on_record() {
    let (stage, consumers) = stage().await;
    stage.run("admin", "update orders set status = 'placed'; delete from vendors").await;
    stage.breaks(24, "admin: orders keeps").await;
    let before = hearing::stored(stage.pool("admin"), "admin.copies").await.unwrap();

    let done = replayed(&stage, &consumers).await;
    assert!(done.kept.is_empty(), "{done:?}");
    assert_eq!(done.records, 3);
    stage.holds(24).await;
    let after = hearing::stored(stage.pool("admin"), "admin.copies").await.unwrap();
    assert_eq!(after, before);
    assert!(done.record.starts_with("admin.copies.replay.20"));
    assert_eq!(hearing::stored(stage.pool("admin"), &done.record).await.unwrap().len(), 2);
}

#[tokio::test]
async fn what_the_broker_forgot_is_neither_called_wrong_nor_lost() {
    let (stage, consumers) = stage().await;
    forget(&stage, topics::ORDER_ORDER_EVT.name, 2).await;
    let found = stage.look(24).await;
    assert!(found.violations.is_empty(), "{:#?}", found.violations);
    assert!(found.unseen.iter().any(|u| u.starts_with("admin.orders follows from")), "{found:?}");
    stage.holds(3).await;

    let done = replayed(&stage, &consumers).await;
    assert!(done.kept.contains(&"orders") && done.emptied.contains(&"vendors"), "{done:?}");
    let orders: i64 = sqlx::query_scalar("select count(*) from orders where status = 'confirmed'")
        .fetch_one(stage.pool("admin"))
        .await
        .unwrap();
    assert_eq!(orders, 1);
}

/// Deletes everything below `offset`, as retention does.
async fn forget(stage: &Stage, topic: &str, offset: i64) {
    let admin: AdminClient<DefaultClientContext> = ClientConfig::new()
        .set("bootstrap.servers", testkit::servers::kafka_brokers())
        .create()
        .unwrap();
    let mut list = TopicPartitionList::new();
    let name = format!("{}{topic}", stage.bus.prefix);
    list.add_partition_offset(&name, 0, Offset::Offset(offset)).unwrap();
    admin.delete_records(&list, &AdminOptions::new()).await.unwrap();
}
