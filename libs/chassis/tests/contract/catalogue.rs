//! Topics as the catalogue wants them, also when they were made by an earlier one.

use chassis::config::Layout;
use contracts::topics::{PAYMENT_PAYMENT_CMD, USER_CONTACT_STATE, VENDOR_VENDOR_EVT};
use contracts::{Cleanup, Topic};
use testkit::{Bus, servers};

use crate::stage::kafka;

const COMMAND: &Topic = &PAYMENT_PAYMENT_CMD;
const STATE: &Topic = &USER_CONTACT_STATE;

fn like(topic: &Topic) -> Topic {
    let Topic { name, key, partitions, cleanup, writer } = *topic;
    Topic { name, key, partitions, cleanup, writer }
}

#[tokio::test]
async fn a_new_topic_is_what_the_catalogue_says() {
    let bus = Bus::with_topics(&servers::unique(), &[COMMAND, STATE, &VENDOR_VENDOR_EVT]).await;
    let told = kafka(&bus.prefix).align_topics(&[COMMAND, STATE, &VENDOR_VENDOR_EVT], 1).await;
    assert_eq!(told.unwrap(), [""; 0]);
}

#[tokio::test]
async fn an_old_topic_is_told_apart_and_keeps_as_long_as_it_should() {
    let cleanup = Cleanup::Delete { minutes: 7 * 24 * 60 };
    let old = Topic { cleanup, ..like(COMMAND) };
    let bus = Bus::with_topics(&servers::unique(), &[&old]).await;
    let (kafka, name) = (kafka(&bus.prefix), format!("{}{}", bus.prefix, COMMAND.name));
    let three = Layout { partitions: 3, copies: 3, min_insync: 1 };

    let told = kafka.align_topics(&[COMMAND], three).await.unwrap();

    assert_eq!(
        told,
        [
            format!("{name} has 1 partitions and should have 3"),
            format!("{name} has 1 copies and should have 3"),
            format!("{name} had retention.ms=604800000 and has 2592000000 now"),
        ]
    );
    assert_eq!(kafka.align_topics(&[COMMAND], 1).await.unwrap(), [""; 0], "it was set");
}

#[tokio::test]
async fn a_topic_that_forgets_otherwise_is_left_to_a_person() {
    let old = Topic { cleanup: Cleanup::Delete { minutes: 60 }, ..like(STATE) };
    let bus = Bus::with_topics(&servers::unique(), &[&old]).await;
    let (kafka, name) = (kafka(&bus.prefix), format!("{}{}", bus.prefix, STATE.name));
    let by_hand =
        format!("{name} has cleanup.policy=delete and should have compact: change it by hand");
    let told = kafka.align_topics(&[STATE], 1).await.unwrap();
    assert!(told.contains(&by_hand), "{told:?}");
    assert_eq!(kafka.align_topics(&[STATE], 1).await.unwrap(), [by_hand]);
}

#[tokio::test]
async fn a_broker_that_cannot_keep_three_copies_is_told_to() {
    let kafka = kafka(&format!("{}.", servers::unique()));
    let three = Layout { partitions: 1, copies: 3, min_insync: 2 };
    let made = kafka.ensure_topics(&[COMMAND], three).await;
    assert!(made.unwrap_err().to_string().contains("InvalidReplicationFactor"));
}
