//! Where each partition stands, as far as this process knows.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sqlx::Row;

use crate::apply::Consumer;

/// A topic's name in the catalogue and a partition of it.
pub(super) type Place = (Arc<str>, i32);

#[derive(Debug, Clone, Copy, Default)]
struct Standing {
    /// Everything below is in the database.
    next: i64,
    /// Where the partition ended when the broker last said so.
    end: i64,
    /// The broker's time of the first record that is being taken in, while one is.
    since_ms: Option<i64>,
}

/// The lag of one topic: records not taken in yet, and for how long the oldest of them has been waiting.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Lag {
    pub records: i64,
    pub seconds: i64,
}

/// Shared by the polling thread, the workers and the supervisor.
#[derive(Debug, Clone, Default)]
pub(super) struct Progress(Arc<Mutex<HashMap<Place, Standing>>>);

impl Progress {
    fn lock(&self) -> MutexGuard<'_, HashMap<Place, Standing>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what the database knows, which is the truth, other replicas' work included.
    pub(super) async fn refresh(&self, consumer: &Consumer) -> Result<(), sqlx::Error> {
        let rows = sqlx::query(
            "select topic, partition, next_offset from chassis.consumer_offset where consumer = $1",
        )
        .bind(&consumer.name)
        .fetch_all(consumer.db.pool())
        .await?;
        for row in rows {
            let topic: String = row.try_get("topic")?;
            self.advance(&(topic.into(), row.try_get("partition")?), row.try_get("next_offset")?);
        }
        Ok(())
    }

    /// Everything below `next` is in the database.
    pub(super) fn advance(&self, place: &Place, next: i64) {
        let mut all = self.lock();
        let standing = all.entry(place.clone()).or_default();
        standing.next = standing.next.max(next);
    }

    /// A batch whose first record the broker got at `since_ms` is being taken in, or none is.
    pub(super) fn busy(&self, place: &Place, since_ms: Option<i64>) {
        self.lock().entry(place.clone()).or_default().since_ms = since_ms;
    }

    /// The broker said where the partition ends.
    pub(super) fn ends_at(&self, place: &Place, end: i64) {
        self.lock().entry(place.clone()).or_default().end = end;
    }

    /// Where to go on; nothing when nothing of the partition was ever taken in.
    pub(super) fn next(&self, place: &Place) -> Option<i64> {
        self.lock().get(place).map(|s| s.next).filter(|next| *next > 0)
    }

    /// Whether everything below these offsets is in the database.
    pub(super) fn reached(&self, ends: &HashMap<Place, i64>) -> bool {
        let all = self.lock();
        ends.iter().all(|(place, end)| all.get(place).is_some_and(|s| s.next >= *end))
    }

    /// The lag over `places`, by topic.
    pub(super) fn lag(&self, places: &[Place], now_ms: i64) -> HashMap<Arc<str>, Lag> {
        let all = self.lock();
        let mut by_topic: HashMap<Arc<str>, Lag> = HashMap::new();
        for place in places {
            let standing = all.get(place).copied().unwrap_or_default();
            let lag = by_topic.entry(place.0.clone()).or_default();
            lag.records += (standing.end - standing.next).max(0);
            let waited_ms = standing.since_ms.map_or(0, |since| (now_ms - since).max(0));
            lag.seconds = lag.seconds.max(waited_ms / 1000);
        }
        by_topic
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::{Lag, Place, Progress};

    fn place(partition: i32) -> Place {
        ("a.topic".into(), partition)
    }

    #[test]
    fn progress_never_goes_back() {
        let progress = Progress::default();
        progress.advance(&place(0), 7);
        progress.advance(&place(0), 3);
        assert_eq!(progress.next(&place(0)), Some(7));
        assert_eq!(progress.next(&place(1)), None);
        assert!(progress.reached(&HashMap::from([(place(0), 7)])));
        assert!(!progress.reached(&HashMap::from([(place(0), 7), (place(1), 1)])));
    }

    #[test]
    fn the_lag_of_a_topic_is_the_sum_of_records_and_the_oldest_wait() {
        let progress = Progress::default();
        for (partition, next, end, since) in [(0, 4, 10, Some(1_000)), (1, 9, 9, None)] {
            progress.advance(&place(partition), next);
            progress.ends_at(&place(partition), end);
            progress.busy(&place(partition), since);
        }
        let lag = progress.lag(&[place(0), place(1)], 8_500);
        assert_eq!(lag[&*place(0).0], Lag { records: 6, seconds: 7 });
    }
}
