//! What is done to the process, and what must be true afterwards.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use contracts::topics;
use contracts::vendor::VendorSuspended;
use kernel::VendorId;
use serde_json::json;
use testkit::sample;
use testkit::wait::within;
use tokio::task::JoinHandle;

use crate::child::{Process, World};

type Scenario = fn() -> Pin<Box<dyn Future<Output = ()>>>;

pub const ALL: &[(&str, Scenario)] = &[
    ("process::a_configuration_is_checked_without_starting", || Box::pin(config_is_checked())),
    ("process::sigterm_under_load_keeps_every_promise", || Box::pin(sigterm_under_load())),
    ("process::kill_under_load_loses_and_doubles_nothing", || Box::pin(kill_under_load())),
    ("process::a_frozen_replica_is_replaced_and_does_no_harm", || Box::pin(frozen_replica())),
];

const APPLIED: &str = "select count(*) from applied";
const MADE: &str = "select count(*) from made";

/// Requests that run beside the test.
struct Load {
    answered: Arc<AtomicUsize>,
    running: JoinHandle<Vec<String>>,
}

impl Load {
    /// Twenty clients that together send `requests`, each with a name of its own.
    fn start(process: &Process, names: &str, requests: usize) -> Self {
        let (url, answered) = (format!("{}/v1/things", process.url), Arc::new(AtomicUsize::new(0)));
        let client = reqwest::Client::builder().timeout(Duration::from_secs(15)).build().unwrap();
        let (counter, names) = (answered.clone(), names.to_owned());
        let next = Arc::new(AtomicUsize::new(0));
        let running = tokio::spawn(async move {
            let clients: Vec<_> = (0..20)
                .map(|_| {
                    let (client, url, counter) = (client.clone(), url.clone(), counter.clone());
                    let (next, names) = (next.clone(), names.clone());
                    tokio::spawn(async move {
                        let mut promised = Vec::new();
                        loop {
                            let n = next.fetch_add(1, Ordering::SeqCst);
                            if n >= requests {
                                return promised;
                            }
                            let name = format!("{names} {n}");
                            let body = json!({"name": name}).to_string();
                            let asked =
                                client.post(&url).header("content-type", "application/json");
                            let answer = asked.body(body).send().await;
                            counter.fetch_add(1, Ordering::SeqCst);
                            promised
                                .extend(answer.is_ok_and(|a| a.status() == 201).then_some(name));
                        }
                    })
                })
                .collect();
            let mut promised = Vec::new();
            for client in clients {
                promised.extend(client.await.unwrap());
            }
            promised
        });
        Self { answered, running }
    }

    async fn is_on(&self, answered: usize) {
        within(Duration::from_mins(1), "the load is on", async || {
            (self.answered.load(Ordering::SeqCst) >= answered).then_some(())
        })
        .await;
    }
}

/// Every promise is in the database, everything in the database was said once and heard once.
async fn nothing_lost_nothing_doubled(world: &World, promised: &[String]) {
    let made: Vec<String> =
        sqlx::query_scalar("select what from made").fetch_all(&world.pool).await.unwrap();
    assert!(promised.iter().all(|name| made.contains(name)), "a promise was not kept");
    world.counted(APPLIED, i64::try_from(made.len()).unwrap()).await;
    let doubled = "select count(*) - count(distinct event_id) from applied";
    assert_eq!(world.count(doubled).await, 0);
    world.counted("select count(*) from (select from chassis.outbox limit 1) o", 0).await;
    let mut emitted: Vec<_> =
        world.bus.read(&topics::VENDOR_VENDOR_EVT).iter().map(|r| r.meta().unwrap().id).collect();
    emitted.sort_unstable();
    emitted.dedup();
    assert_eq!(emitted.len(), made.len());
}

async fn config_is_checked() {
    let world = World::new(1).await;
    let (mut good, _, _) = world.command();
    assert!(good.arg("--check-config").status().await.unwrap().success());
    let (mut bad, _, _) = world.command();
    let bad = bad.env("MALL__NONSENSE", "1").arg("--check-config").output().await.unwrap();
    assert!(!bad.status.success());
    assert!(String::from_utf8_lossy(&bad.stderr).contains("nonsense"));
    world.end().await;
}

async fn sigterm_under_load() {
    let world = World::new(2).await;
    let process = world.start().await;
    let load = Load::start(&process, "term", 400);
    load.is_on(100).await;

    process.signal("TERM").await;

    assert!(process.ended().await, "it ends in good order");
    let promised = load.running.await.unwrap();
    assert!(promised.len() >= 80, "{}", promised.len());
    let left = world.count("select count(*) from chassis.outbox").await;
    assert_eq!(left, 0, "what was said was carried before the end");
    let next = world.start().await;
    nothing_lost_nothing_doubled(&world, &promised).await;
    next.signal("TERM").await;
    assert!(next.ended().await);
    world.end().await;
}

async fn kill_under_load() {
    let world = World::new(2).await;
    let mut promised = Vec::new();
    for round in 0..4 {
        let process = world.start().await;
        let load = Load::start(&process, &format!("kill {round}"), 200);
        load.is_on(60).await;
        process.signal("KILL").await;
        assert!(!process.ended().await);
        promised.extend(load.running.await.unwrap());
    }
    assert!(promised.len() >= 100, "{}", promised.len());
    let last = world.start().await;
    nothing_lost_nothing_doubled(&world, &promised).await;
    last.signal("TERM").await;
    assert!(last.ended().await);
    world.end().await;
}

async fn frozen_replica() {
    let world = World::new(2).await;
    let (frozen, other) = (world.start().await, world.start().await);
    let load = Load::start(&frozen, "freeze", 100);
    load.is_on(50).await;
    let keys: Vec<VendorId> = (0..10).map(|_| VendorId::new()).collect();
    publish_to_all(&world, &keys).await;

    frozen.signal("STOP").await;
    for _ in 0..9 {
        publish_to_all(&world, &keys).await;
    }
    // The other one has to wait until the group and the database give the frozen one up.
    let heard = "select count(*) from applied where topic = 'vendor.suspended.v1'";
    world.counted(heard, 100).await;
    frozen.signal("CONT").await;
    let promised = load.running.await.unwrap();
    world.counted(heard, 100).await;

    let made = world.count(MADE).await;
    world.counted(APPLIED, made + 100).await;
    for process in [frozen, other] {
        process.signal("TERM").await;
        assert!(process.ended().await);
    }
    assert!(promised.len() >= 30, "{}", promised.len());
    assert_eq!(world.count("select count(*) - count(distinct event_id) from applied").await, 0);
    let disorder = "select count(*) from (
        select version, lag(version, 1, 0::bigint) over (partition by key order by nth) as before from applied
         where topic = 'vendor.suspended.v1') a
        where version <> before + 1";
    assert_eq!(world.count(disorder).await, 0);
    world.end().await;
}

async fn publish_to_all(world: &World, keys: &[VendorId]) {
    let records: Vec<_> = keys
        .iter()
        .map(|key| world.bus.outgoing(&VendorSuspended { vendor_id: *key, ..sample() }))
        .collect();
    world.bus.publish(&records).await;
}
