//! What the chassis promises to a service, against the real broker, database and object store.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on stops"
)]

mod away;
mod back_in_time;
mod carrying;
mod catalogue;
mod clock;
mod crashes;
mod documents;
mod door;
mod duplicates;
mod editions;
mod endings;
mod feeds;
mod idempotency;
mod jobs;
mod marks;
mod memory;
mod meters;
mod order;
mod overheard;
mod places;
mod poison;
mod pressure;
mod probe;
mod redrive;
mod routes;
mod shutdown;
mod silence;
mod smuggling;
mod stage;
mod storage;
mod timers;
mod tokens;
mod turns;
mod upgrades;
mod waiting;
mod work;
mod young;
mod zombies;
