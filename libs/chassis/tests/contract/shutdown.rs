//! Asked to end under load: every answer that said yes is true, and the end comes in time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use contracts::vendor::VendorApproved;
use serde_json::json;
use sqlx::PgPool;
use testkit::eventually;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::routes::AT_LAST;
use crate::stage::{bus, count, entered, live, made};

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn every_yes_is_true_when_the_service_is_stopped_under_load(pool: PgPool) {
    let bus = bus(1).await;
    let (live, strings) = live(&bus, &pool).await;
    let (client, answered) = (reqwest::Client::new(), Arc::new(AtomicUsize::new(0)));
    let (url, ops) = (live.url.clone(), live.ops.clone());
    let asking = |n: usize| {
        let (client, url, answered) = (client.clone(), url.clone(), answered.clone());
        tokio::spawn(async move {
            let body = json!({"name": format!("thing {n}")}).to_string();
            let request = client.post(format!("{url}/v1/things")).body(body);
            let answer = request.header("content-type", "application/json").send().await;
            answered.fetch_add(1, Ordering::SeqCst);
            answer.is_ok_and(|a| a.status() == 201).then(|| format!("thing {n}"))
        })
    };
    let waiting = tokio::spawn(client.get(format!("{url}/v1/wait")).send());
    // First, for behind two hundred others it might be turned away.
    entered(&strings, 1).await;
    let requests: Vec<_> = (0..200).map(asking).collect();
    eventually("the load is on", async || (answered.load(Ordering::SeqCst) >= 50).then_some(()))
        .await;

    live.ask_to_stop();
    let began = Instant::now();
    eventually("it is not ready any more", async || {
        let answer = client.get(format!("{ops}/readyz")).send().await.ok()?;
        (answer.status() == 503).then_some(())
    })
    .await;
    strings.gate.add_permits(1);
    assert_eq!(waiting.await.unwrap().unwrap().status(), 204, "what was begun is finished");
    live.ended().await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());

    let mut told = Vec::new();
    for request in requests {
        told.extend(request.await.unwrap());
    }
    let made = made(&pool).await;
    assert!(told.len() >= 50, "{}", told.len());
    assert!(told.iter().all(|name| made.contains(name)), "a yes was not true");
    assert_eq!(count(&pool, "select count(*) from chassis.outbox").await, 0, "all was carried");
    assert_eq!(bus.events::<VendorApproved>().len(), made.len() + AT_LAST);
}

/// One request over a connection that stays open; the answer as far as it has come.
async fn ask(connection: &mut TcpStream) -> String {
    connection.write_all(b"GET /v1/rows HTTP/1.1\r\nHost: probe\r\n\r\n").await.unwrap();
    let mut answer = vec![0; 4096];
    let length = connection.read(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer[..length]).into_owned()
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn who_is_connected_when_the_end_begins_is_answered_and_let_go(pool: PgPool) {
    let bus = bus(1).await;
    let (live, _strings) = live(&bus, &pool).await;
    let address = live.url.trim_start_matches("http://").to_owned();
    let mut kept = TcpStream::connect(&address).await.unwrap();
    let answer = ask(&mut kept).await;
    assert!(answer.starts_with("HTTP/1.1 200") && !answer.contains("connection: close"));

    live.ask_to_stop();
    eventually("nobody new is let in", async || TcpStream::connect(&address).await.err()).await;
    let answer = ask(&mut kept).await;

    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
    assert_eq!(kept.read(&mut [0; 100]).await.unwrap(), 0, "the connection is closed");
    live.ended().await.unwrap();
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_request_that_never_ends_does_not_keep_the_service_alive(pool: PgPool) {
    let bus = bus(1).await;
    let (live, strings) = live(&bus, &pool).await;
    let waiting = tokio::spawn(reqwest::get(format!("{}/v1/wait", live.url)));
    entered(&strings, 1).await;
    // A client that says half a sentence to the operator's port and falls silent.
    let address = live.ops.trim_start_matches("http://").to_owned();
    let silent = TcpStream::connect(address).await.unwrap();
    silent.writable().await.unwrap();
    silent.try_write(b"GET /livez HTTP/1.1\r\n").unwrap();

    let began = Instant::now();
    live.stop().await;

    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    waiting.abort();
}
