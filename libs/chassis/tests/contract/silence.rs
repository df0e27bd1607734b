//! A database that vanishes without a word: no answer, no end of the connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use sqlx::PgPool;
use testkit::{Bus, Live, wait};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::probe::{Config, Probe, tables};
use crate::stage::{bus, carried};

/// A wire between a service and its database.
struct Wire {
    port: u16,
    cut: Arc<AtomicUsize>,
    /// Connections that were begun.
    begun: Arc<AtomicUsize>,
    /// While it is shut, new connections are begun and carry nothing.
    open: watch::Sender<bool>,
}

impl Wire {
    async fn to(pool: &PgPool) -> Self {
        let options = pool.connect_options();
        let server = (options.get_host().to_owned(), options.get_port());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, cut) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
        let (begun, open) = (Arc::<AtomicUsize>::default(), watch::Sender::new(true));
        let (cuts, count, gate) = (cut.clone(), begun.clone(), open.subscribe());
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let (cuts, server, mut gate) = (cuts.clone(), server.clone(), gate.clone());
                tokio::spawn(async move {
                    gate.wait_for(|open| *open).await.ok();
                    let Ok(far) = TcpStream::connect(server).await else { return };
                    let ((near_in, near_out), (far_in, far_out)) =
                        (near.into_split(), far.into_split());
                    let born = cuts.load(Ordering::SeqCst);
                    tokio::spawn(pass(near_in, far_out, (cuts.clone(), born)));
                    pass(far_in, near_out, (cuts, born)).await;
                });
            }
        });
        Self { port, cut, begun, open }
    }

    /// From here on the connections that there are carry nothing, and nobody is told. New ones work.
    fn cut(&self) {
        self.cut.fetch_add(1, Ordering::SeqCst);
    }
}

async fn pass(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    (cuts, born): (Arc<AtomicUsize>, usize),
) {
    let mut bytes = vec![0; 16 * 1024];
    while let Ok(n @ 1..) = from.read(&mut bytes).await {
        if cuts.load(Ordering::SeqCst) != born {
            // Neither an answer nor an end.
            return std::future::pending().await;
        }
        if to.write_all(&bytes[..n]).await.is_err() {
            return;
        }
    }
}

/// A service whose pool is full of good connections through a wire that can be cut.
struct Cuttable {
    _bus: Bus,
    live: Live,
    wire: Wire,
    client: reqwest::Client,
}

impl Cuttable {
    async fn start(pool: &PgPool) -> Self {
        tables(pool).await;
        let (bus, wire) = (bus(1).await, Wire::to(pool).await);
        let mut common = testkit::live::common(&bus, Some(pool));
        let options = (*pool.connect_options()).clone().host("127.0.0.1").port(wire.port);
        common.database_url = Some(sqlx::ConnectOptions::to_url_lossy(&options).to_string().into());
        let live = Live::start::<Probe>(common, Config::default()).await;
        let cuttable = Self { _bus: bus, live, wire, client: reqwest::Client::new() };
        assert!(cuttable.serves().await, "the pool is full of good connections");
        carried(pool).await;
        cuttable
    }

    /// Whether ten callers at once make a thing each, and ten others read.
    async fn serves(&self) -> bool {
        let answers = self.ask(Duration::from_secs(5)).await;
        answers.into_iter().all(|answer| answer.is_ok_and(|a| a.status().is_success()))
    }

    async fn ask(&self, patience: Duration) -> Vec<reqwest::Result<reqwest::Response>> {
        let all = (0..10).flat_map(|n| {
            let thing = self.client.post(format!("{}/v1/things", self.live.url));
            let rows = self.client.get(format!("{}/v1/rows", self.live.url));
            [thing.json(&json!({"name": n.to_string()})), rows]
        });
        futures::future::join_all(all.map(|ask| ask.timeout(patience).send())).await
    }

    /// Half a minute, and half as much again for a machine that runs the other tests beside.
    async fn is_back(&self) {
        wait::within(Duration::from_secs(45), "it serves as before", async || {
            self.serves().await.then_some(())
        })
        .await;
    }
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_service_whose_database_vanished_without_a_word_is_back_within_half_a_minute(
    pool: PgPool,
) {
    let cuttable = Cuttable::start(&pool).await;

    cuttable.wire.cut();

    cuttable.is_back().await;
    cuttable.live.ready().await;
    carried(&pool).await;
    cuttable.live.stop().await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn callers_that_hang_up_on_a_vanished_database_take_no_connection_with_them(pool: PgPool) {
    let cuttable = Cuttable::start(&pool).await;

    cuttable.wire.cut();
    let answers = cuttable.ask(Duration::from_millis(300)).await;

    assert!(answers.iter().all(reqwest::Result::is_err), "nobody waited for an answer");
    cuttable.is_back().await;
}

#[sqlx::test(migrator = "chassis::run::MIGRATOR")]
async fn a_connection_that_takes_longer_than_anybody_waits_is_made_all_the_same(pool: PgPool) {
    let cuttable = Cuttable::start(&pool).await;
    cuttable.wire.open.send_replace(false);
    cuttable.wire.cut();
    // The first callers find out that the old connections are dead, the second begin new ones and lose patience.
    let in_vain = async || {
        let answers = cuttable.ask(Duration::from_secs(5)).await;
        assert!(!answers.into_iter().any(|a| a.is_ok_and(|a| a.status().is_success())));
    };
    in_vain().await;
    in_vain().await;
    let begun = cuttable.wire.begun.load(Ordering::SeqCst);

    in_vain().await;

    let more = cuttable.wire.begun.load(Ordering::SeqCst) - begun;
    assert!(more < 5, "what was half made was thrown away, and {more} were begun anew");
    cuttable.wire.open.send_replace(true);
    cuttable.is_back().await;
}
