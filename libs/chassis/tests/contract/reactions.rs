//! A service without a database hears at least once, and nothing stops it for good.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use chassis::kafka::Outgoing;
use chassis::react::{React, Reactions};
use chassis::{Explain, Kit, Meta, Service};
use contracts::ops::DeadLettered;
use contracts::vendor::VendorSuspended;
use kernel::VendorId;
use serde::Deserialize;
use sqlx::migrate::Migrator;
use testkit::{Live, eventually};
use utoipa_axum::router::OpenApiRouter;

use crate::stage::{bus, told};

/// What the echo heard, and whether what was away is back.
#[derive(Debug, Clone, Default)]
struct Notes {
    heard: Arc<Mutex<Vec<String>>>,
    back: Arc<AtomicBool>,
    tried: Arc<AtomicBool>,
}

impl Notes {
    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

#[derive(Debug, Deserialize)]
struct Config {
    #[serde(skip)]
    notes: Notes,
}

#[derive(Debug, Clone)]
struct Echo(Notes);

#[derive(Debug, thiserror::Error)]
#[error("the echo cannot")]
enum Cannot {
    Ever,
    Now,
}

impl Explain for Cannot {
    fn explain(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Ever => (StatusCode::UNPROCESSABLE_ENTITY, "probe/refused", "Refused"),
            Self::Now => (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Away"),
        }
    }
}

impl Service for Echo {
    const NAME: &'static str = "echo";
    const MIGRATOR: Option<&'static Migrator> = None;
    type Config = Config;

    async fn build(config: Config, kit: Kit) -> anyhow::Result<Self> {
        kit.publisher()?;
        Ok(Self(config.notes))
    }

    fn routes(&self) -> OpenApiRouter {
        OpenApiRouter::new()
    }

    fn reacts(&self) -> Reactions {
        Reactions::default().on::<VendorSuspended, _>(self)
    }
}

impl React<VendorSuspended> for Echo {
    type Error = Cannot;

    async fn react(&self, event: VendorSuspended, _meta: &Meta) -> Result<(), Cannot> {
        match event.reason.as_str() {
            "panic" => panic!("the echo was told to"),
            "refuse" => Err(Cannot::Ever),
            "away" if !self.0.back.load(Ordering::SeqCst) => {
                self.0.tried.store(true, Ordering::SeqCst);
                Err(Cannot::Now)
            }
            said => {
                self.0.heard.lock().unwrap().push(said.to_owned());
                Ok(())
            }
        }
    }
}

#[tokio::test]
async fn what_it_cannot_hear_is_said_aside_and_what_is_away_is_waited_for() {
    let bus = bus(1).await;
    let unknown =
        Outgoing { name: "vendor.vanished.v9".into(), ..bus.outgoing(&told(VendorId::new(), "x")) };
    bus.say(&told(VendorId::new(), "first")).await;
    bus.publish(&[unknown]).await;
    for what in ["panic", "refuse", "away", "last"] {
        bus.say(&told(VendorId::new(), what)).await;
    }
    let notes = Notes::default();
    let common = testkit::live::common(&bus, None);
    let live = Live::start::<Echo>(common.clone(), Config { notes: notes.clone() }).await;
    eventually("it tries what is away", async || notes.tried.load(Ordering::SeqCst).then_some(()))
        .await;
    assert_eq!(notes.heard(), ["first"]);
    let said = bus.heard::<DeadLettered>();
    let problems: Vec<&str> = said.iter().map(|letter| letter.problem.as_str()).collect();
    assert_eq!(problems, ["event/unknown", "event/panicked", "probe/refused"]);

    // It ends before what was away is back: the broker keeps the place.
    live.stop().await;
    notes.back.store(true, Ordering::SeqCst);
    let live =
        Live::start::<Echo>(testkit::live::common(&bus, None), Config { notes: notes.clone() })
            .await;
    let patience = std::time::Duration::from_mins(1);
    testkit::wait::within(patience, "it goes on where it was", async || {
        (notes.heard().last().map(String::as_str) == Some("last")).then_some(())
    })
    .await;
    assert!(notes.heard().contains(&"away".to_owned()));
    live.stop().await;
}
