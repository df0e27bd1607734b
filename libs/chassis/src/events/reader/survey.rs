//! A look at the log before anything of it is read.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::log::{Extents, extents, lost};
use super::polling::Client;
use super::progress::{Place, Progress};
use super::{KEEP, Reader};
use crate::events::dead_letters;

impl Reader {
    /// Looks at the log before anything of it is read: gaps are noted, and what is not the log we know is waited for.
    /// Nothing when asked to stop.
    pub(super) async fn survey(
        &self,
        client: &Arc<Client>,
        progress: &Progress,
        stop: &CancellationToken,
    ) -> Option<Extents> {
        let mut rounds = 0_u32;
        loop {
            self.beat();
            let asked = (client.clone(), self.kafka.clone(), self.topics());
            let asked = tokio::task::spawn_blocking(move || extents(&asked.0, &asked.1, &asked.2));
            if let Ok(Some(extents)) = asked.await {
                let stored = progress.all_stored();
                let lost = lost(&self.consumer, &stored, &extents);
                let lost_now = u32::try_from(lost.len()).unwrap_or(u32::MAX);
                metrics::gauge!("mall_consumer_lost_logs", &self.labels()).set(lost_now);
                if rounds.is_power_of_two() || rounds == 0 {
                    for log in &lost {
                        tracing::error!("{log}");
                    }
                }
                if lost.is_empty() && self.note_gaps(&stored, &extents, progress).await {
                    return Some(extents);
                }
            } else if rounds == 0 {
                tracing::warn!(
                    consumer = self.consumer.name,
                    "the broker does not say what it has of every topic yet"
                );
            }
            rounds += 1;
            tokio::select! {
                () = tokio::time::sleep(KEEP) => {}
                () = stop.cancelled() => return None,
            }
            // An operator may have decided meanwhile.
            progress.forget();
            drop(progress.refresh(&self.consumer).await);
        }
    }

    /// Leaves a letter for each stretch that was deleted before it was heard. False when that could not be written.
    async fn note_gaps(
        &self,
        stored: &HashMap<Place, i64>,
        extents: &Extents,
        progress: &Progress,
    ) -> bool {
        for (place, extent) in extents {
            let Some(stored) = stored.get(place).filter(|stored| **stored < extent.low) else {
                continue;
            };
            let (topic, partition) = place;
            let (from, to) = (*stored, extent.low);
            let noted = dead_letters::note_gap(&self.consumer, topic, *partition, from, to).await;
            if let Err(error) = noted {
                tracing::warn!(%error, "a gap cannot be noted yet");
                return false;
            }
            progress.kept(place, extent.low);
        }
        true
    }

    /// The database is the truth about where we are; the broker's own offsets are only a hint for lag tools.
    /// Returns whether it could be asked before `stop`.
    pub(super) async fn stored_offsets(
        &self,
        progress: &Progress,
        stop: &CancellationToken,
    ) -> bool {
        let mut told = false;
        while let Err(error) = progress.refresh(&self.consumer).await {
            self.beat();
            if !told {
                tracing::warn!(%error, consumer = self.consumer.name, "the offsets cannot be read yet");
                told = true;
            }
            tokio::select! {
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
                () = stop.cancelled() => return false,
            }
        }
        true
    }
}
