//! Where each partition stands, as far as this process knows.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::db::UNIT;
use crate::events::consumer::Consumer;

/// A topic's name in the catalogue and a partition of it.
pub(super) type Place = (Arc<str>, i32);

#[derive(Debug, Clone, Copy, Default)]
struct PartitionProgress {
    /// Everything below was taken in, or is nothing for this consumer.
    next: i64,
    /// Where the database stood when we last saw it.
    stored: i64,
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
pub(super) struct Progress(Arc<Mutex<HashMap<Place, PartitionProgress>>>);

/// The database is behind what it was when we last saw it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct WentBack;

impl Progress {
    fn lock(&self) -> MutexGuard<'_, HashMap<Place, PartitionProgress>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what the database knows, which is the truth, other replicas' work included.
    pub(super) async fn refresh(&self, consumer: &Consumer) -> sqlx::Result<Result<(), WentBack>> {
        // From before the question: what a worker commits meanwhile is no step back.
        let seen = self.lock().clone();
        let stored = stored_offsets(consumer).await?;
        for (place, at) in &stored {
            if seen.get(place).is_some_and(|known| known.stored > *at) {
                return Ok(Err(WentBack));
            }
            self.kept(place, *at);
        }
        let forgotten = seen.iter().any(|(place, s)| s.stored > 0 && !stored.contains_key(place));
        Ok(if forgotten { Err(WentBack) } else { Ok(()) })
    }

    /// Writes down how far we came where that is further than the database knows: records that are nothing for this
    /// consumer move it on without a transaction of their own.
    pub(super) async fn keep(&self, consumer: &Consumer) -> sqlx::Result<()> {
        let mut ahead: Vec<(Place, i64)> = self
            .lock()
            .iter()
            .filter(|(_, s)| s.next > s.stored)
            .map(|(place, s)| (place.clone(), s.next))
            .collect();
        if ahead.is_empty() {
            return Ok(());
        }
        ahead.sort();
        let topics: Vec<&str> = ahead.iter().map(|((topic, _), _)| &**topic).collect();
        let partitions: Vec<i32> = ahead.iter().map(|((_, partition), _)| *partition).collect();
        let offsets: Vec<i64> = ahead.iter().map(|(_, next)| *next).collect();
        let kept = sqlx::query(
            "insert into chassis.consumer_offset as o (consumer, topic, partition, next_offset)
             select $1, * from unnest($2::text[], $3::integer[], $4::bigint[])
             on conflict (consumer, topic, partition)
             do update set next_offset = greatest(o.next_offset, excluded.next_offset)",
        )
        .bind(&consumer.name)
        .bind(&topics)
        .bind(&partitions)
        .bind(&offsets)
        .execute(consumer.db.pool());
        consumer.db.within(UNIT, kept).await??;
        for (place, next) in &ahead {
            self.kept(place, *next);
        }
        Ok(())
    }

    /// Everything below `next` was taken in or passed over.
    pub(super) fn advance(&self, place: &Place, next: i64) {
        let mut all = self.lock();
        let standing = all.entry(place.clone()).or_default();
        standing.next = standing.next.max(next);
    }

    /// The database says that everything below `stored` was taken in.
    pub(super) fn kept(&self, place: &Place, stored: i64) {
        let mut all = self.lock();
        let standing = all.entry(place.clone()).or_default();
        standing.stored = standing.stored.max(stored);
        standing.next = standing.next.max(stored);
    }

    /// Where the database stood when we last saw it.
    pub(super) fn stored(&self, place: &Place) -> i64 {
        self.lock().get(place).map_or(0, |s| s.stored)
    }

    /// Forgets what the database was seen to know.
    pub(super) fn forget(&self) {
        self.lock().clear();
    }

    /// Every place that the database knows, and where it stood there when we last saw it.
    pub(super) fn all_stored(&self) -> HashMap<Place, i64> {
        let all = self.lock();
        all.iter().filter(|(_, s)| s.stored > 0).map(|(p, s)| (p.clone(), s.stored)).collect()
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

    /// Whether everything below these offsets was taken in or passed over.
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

/// Where a consumer stands, as the database has it.
pub(super) async fn stored_offsets(consumer: &Consumer) -> sqlx::Result<HashMap<Place, i64>> {
    let rows = sqlx::query_as(
        "select topic, partition, next_offset from chassis.consumer_offset where consumer = $1",
    )
    .bind(&consumer.name)
    .fetch_all(consumer.db.pool());
    let rows: Vec<(String, i32, i64)> = consumer.db.within(UNIT, rows).await??;
    let place = |(topic, partition, next): (String, i32, i64)| ((topic.into(), partition), next);
    Ok(rows.into_iter().map(place).collect())
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
