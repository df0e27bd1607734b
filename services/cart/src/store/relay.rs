//! Carries what was said from the stream to Kafka, and forgets it once the broker has it.

use std::time::Duration;

use chassis::kafka::{Outgoing, Publisher};
use redis::streams::{StreamId, StreamRangeReply};
use redis::{AsyncCommands, RedisError};
use tokio_util::sync::CancellationToken;

use super::Redis;

const BATCH: usize = 200;
const NET: Duration = Duration::from_secs(2);

/// Two relays at once say the same records twice, in the same order, under the same ids: harmless, so no lock.
#[derive(Debug)]
pub struct Relay {
    redis: Redis,
    publisher: Publisher,
}

impl Relay {
    /// A relay from this Redis to this broker.
    pub fn new(redis: Redis, publisher: Publisher) -> Self {
        Self { redis, publisher }
    }

    /// Runs until `stop`, then empties the stream once more.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            if let Err(error) = self.drain().await {
                tracing::warn!(%error, "the stream waits");
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            tokio::select! {
                () = self.redis.said.notified() => {}
                () = tokio::time::sleep(NET) => {}
                () = stop.cancelled() => break,
            }
        }
        drop(tokio::time::timeout(Duration::from_secs(5), self.drain()).await);
    }

    /// Empties the stream.
    pub async fn drain(&self) -> anyhow::Result<()> {
        let stream = self.redis.outbox();
        let mut connection = self.redis.connection.clone();
        loop {
            let range: StreamRangeReply = connection.xrange_count(&stream, "-", "+", BATCH).await?;
            if range.ids.is_empty() {
                return Ok(());
            }
            let outgoing = range.ids.iter().map(outgoing).collect::<Result<Vec<_>, _>>()?;
            self.publisher.publish(&outgoing).await?;
            let ids: Vec<&str> = range.ids.iter().map(|entry| entry.id.as_str()).collect();
            let _: i64 = connection.xdel(&stream, &ids).await?;
        }
    }
}

fn outgoing(entry: &StreamId) -> Result<Outgoing, RedisError> {
    let text = |key: &str| entry.get::<String>(key).unwrap_or_default();
    let id = text("id").parse().map_err(|_| {
        RedisError::from((redis::ErrorKind::UnexpectedReturnType, "an entry without an id"))
    })?;
    Ok(Outgoing {
        topic: text("topic"),
        key: text("key"),
        name: text("name"),
        id,
        payload: Some(text("payload").into_bytes()),
        version: text("version").parse().unwrap_or(1),
        correlation: text("key"),
        causation: String::new(),
        traceparent: text("traceparent"),
        source: "cart".to_owned(),
        time: text("time"),
    })
}
