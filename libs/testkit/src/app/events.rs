//! What others say to the service, and what it says.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use chassis::record::Record;
use chassis::subscriptions::Kind;
use chassis::{Consumer, Service, dead_letters};
use contracts::Event;
use kernel::{Clock, EventId};
use sqlx::Row;

use super::TestApp;

impl<S: Service> TestApp<S> {
    /// Lets the service hear `event`, as the next one of its key.
    ///
    /// # Panics
    /// When it cannot be handled.
    pub async fn deliver<E: Event>(&self, event: E) {
        self.deliver_record(self.record(&event)).await;
        if self.db.is_none() {
            return;
        }
        let letters = dead_letters::list(self.db()).await.expect("dead letters can be listed");
        assert!(letters.is_empty(), "{letters:?}");
    }

    /// A record of `event` as the broker would hand it over. Offsets and versions grow with every call.
    pub fn record<E: Event>(&self, event: &E) -> Record {
        let offset = self.offset.fetch_add(1, Ordering::Relaxed);
        let headers = BTreeMap::from([
            ("ce_specversion".to_owned(), "1.0".to_owned()),
            ("ce_id".into(), EventId::new().to_string()),
            ("ce_type".into(), E::NAME.into()),
            ("ce_source".into(), "test".into()),
            ("ce_time".into(), self.clock.now().to_string()),
            ("ce_aggversion".into(), (offset + 1).to_string()),
            ("ce_correlationid".into(), event.key()),
        ]);
        Record {
            topic: E::TOPIC.name.into(),
            partition: 0,
            offset,
            key: event.key(),
            payload: Some(serde_json::to_vec(event).expect("events are JSON")),
            headers,
            timestamp_ms: self.clock.now().as_millisecond(),
        }
    }

    /// Lets the service hear a record, through the consumers that read its topic, or overhear it.
    pub async fn deliver_record(&self, record: Record) {
        self.deliver_batch(&[record]).await;
    }

    /// Lets the service hear records of one partition in one transaction.
    pub async fn deliver_batch(&self, records: &[Record]) {
        for record in records {
            self.subscribed.apply_in_memory(record);
        }
        let (Some(db), Some(first)) = (&self.db, records.first()) else { return };
        for kind in [Kind::Effect, Kind::Projection] {
            let consumer: Consumer = chassis::run::consumer::<S>(db, &self.subscribed, kind);
            if consumer.handlers.topics().contains(&&*first.topic) {
                let applied = consumer.apply(records).await;
                applied.unwrap_or_else(|e| panic!("{} was not taken in: {e:?}", first.name()));
            }
        }
    }

    /// Takes everything of this kind that the service said and nobody took yet, in order.
    pub async fn emitted<E: Event>(&self) -> Vec<E> {
        let rows = sqlx::query("delete from chassis.outbox where type = $1 returning seq, payload")
            .bind(E::NAME)
            .fetch_all(self.db().pool())
            .await
            .expect("the outbox can be read");
        let mut emitted: Vec<(i64, Vec<u8>)> =
            rows.iter().map(|row| (row.get("seq"), row.get("payload"))).collect();
        emitted.sort_by_key(|(seq, _)| *seq);
        let read =
            |(_, body): &(i64, Vec<u8>)| serde_json::from_slice(body).expect("our own event");
        emitted.iter().map(read).collect()
    }

    /// The names of everything said and not taken yet, in order, but for acts of staff, which every service says.
    pub async fn emitted_names(&self) -> Vec<String> {
        sqlx::query_scalar(
            "select type from chassis.outbox where type <> 'ops.staff_acted.v1' order by seq",
        )
        .fetch_all(self.db().pool())
        .await
        .expect("the outbox can be read")
    }
}
