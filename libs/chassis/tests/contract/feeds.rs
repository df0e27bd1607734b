//! State that is overheard: read from the start by every replica, before it says that it is ready.

use chassis::auth::Signer;
use contracts::product::StockLevelChanged;
use contracts::topics;
use contracts::user::{KeyPublished, SessionRevoked};
use kernel::{Sku, UserId};
use sqlx::PgPool;
use testkit::{Live, TestApp, eventually, sample};

use crate::probe::{Config, Probe, tables};
use crate::stage::{bus, kafka, live};

fn level(sku: &str) -> StockLevelChanged {
    StockLevelChanged { sku: Sku::parse(sku).unwrap(), ..sample() }
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_replica_knows_everything_that_was_said_before_it_is_ready(pool: PgPool) {
    let bus = bus(3).await;
    for n in 0..300 {
        bus.emit(&level(&format!("SKU-{}", n % 100))).await;
    }
    let mut gone = bus.outgoing(&level("SKU-7"));
    gone.payload = None;
    bus.publish(&[gone]).await;

    let (first, strings) = live(&bus, &pool).await;
    let there = strings.levels.there();
    assert_eq!(there.len(), 99, "all but the one that is gone");
    assert!(there.values().all(|version| *version == 3));
    assert!(!there.contains_key("SKU-7"));

    bus.emit(&level("SKU-7")).await;
    eventually("it hears what is said later", async || {
        (strings.levels.there().get("SKU-7") == Some(&5)).then_some(())
    })
    .await;
    first.stop().await;
    let (second, strings) = live(&bus, &pool).await;
    assert_eq!(strings.levels.there().len(), 100, "it reads from the start each time");
    second.stop().await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn it_is_not_ready_while_a_topic_it_overhears_is_missing(pool: PgPool) {
    tables(&pool).await;
    let all = crate::stage::TOPICS;
    let prefix = testkit::servers::unique();
    let some: Vec<_> = all.iter().copied().filter(|t| **t != topics::USER_KEY_STATE).collect();
    let bus = testkit::Bus::with_topics(&prefix, &some).await;
    let config = Config::default();
    let live = Live::begin::<Probe>(testkit::live::common(&bus, Some(&pool)), config);
    let readyz = format!("{}/readyz", live.ops);
    let said = eventually("it says why it is not ready", async || {
        let answer = reqwest::get(&readyz).await.ok()?;
        let status = answer.status();
        let text = answer.text().await.ok()?;
        text.contains("still reading").then_some((status, text))
    })
    .await;
    assert_eq!(said.0, 503);
    let alive = reqwest::get(format!("{}/livez", live.ops)).await.unwrap();
    assert_eq!(alive.status(), 200, "it is alive all the same");

    kafka(&bus.prefix).ensure_topics(&[&topics::USER_KEY_STATE], 1).await.unwrap();

    live.ready().await;
    live.stop().await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn keys_and_revocations_reach_the_door_without_anybody_being_asked(pool: PgPool) {
    let bus = bus(1).await;
    let (signer, _) = Signer::generate().unwrap();
    let published = KeyPublished { kid: signer.kid().into(), x: signer.x().into(), ..sample() };
    bus.emit(&published).await;
    let (live, _) = live(&bus, &pool).await;
    let mut claims =
        TestApp::<Probe>::start(pool.clone(), Config::default()).await.claims(UserId::new());
    let now = jiff_now();
    (claims.iat, claims.nbf, claims.exp) = (now, now, now + 600);
    let token = signer.sign(&claims).unwrap();
    let me = async || {
        let asked = reqwest::Client::new().get(format!("{}/v1/me", live.url)).bearer_auth(&token);
        asked.send().await.unwrap().status()
    };
    assert_eq!(me().await, 200);

    let forget_at = jiff::Timestamp::from_second(now + 600).unwrap();
    let revoked = SessionRevoked { session_id: claims.sid, forget_at, ..sample() };
    bus.emit(&revoked).await;
    eventually("the session is not believed any more", async || (me().await == 401).then_some(()))
        .await;

    // The same state again, older: a retired key does not come back to life.
    let fresh = signer.sign(&kept(&claims)).unwrap();
    let mut retired = bus.outgoing(&published);
    retired.payload = None;
    let old = bus.outgoing(&published);
    let older = chassis::kafka::Outgoing { version: 1, ..old };
    bus.publish(&[retired, older]).await;
    eventually("the key is not believed any more", async || {
        let asked = reqwest::Client::new().get(format!("{}/v1/me", live.url)).bearer_auth(&fresh);
        (asked.send().await.ok()?.status() == 401).then_some(())
    })
    .await;
    live.stop().await;
}

fn kept(claims: &chassis::auth::Claims) -> chassis::auth::Claims {
    chassis::auth::Claims { sid: kernel::SessionId::new(), ..claims.clone() }
}

fn jiff_now() -> i64 {
    use kernel::Clock;
    kernel::SystemClock.now().as_second()
}
