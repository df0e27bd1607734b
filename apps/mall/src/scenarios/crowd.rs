//! `mall crowd`: many buyers at once, who do random legal things, and sellers who do theirs. Nobody says how an order
//! ends; what must hold afterwards are the invariants.

mod buyer;
mod shelf;
mod tally;

use std::time::Duration;

use futures::stream::{FuturesUnordered, StreamExt as _};
use jiff::SignedDuration;
use serde_json::json;
use tokio::time::{Instant, timeout_at};

pub use tally::Report;

use buyer::Street;
use tally::Tally;

use super::cast::Cast;
use super::dice::Dice;
use crate::settings::Settings;
use crate::verify::{self, settle};

/// What buyers and sellers began they finish within this.
const LAST_STEPS: Duration = Duration::from_mins(3);
/// Longer than a buyer has to pay.
const RUN_OUT: SignedDuration = SignedDuration::from_mins(16);
/// What everybody began settles within this.
const PATIENCE: Duration = Duration::from_mins(3);

/// How big a crowd, for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crowd {
    /// So many buyers.
    pub buyers: u64,
    /// After so long nobody begins anything.
    pub time: Duration,
    /// What chance decides follows from this, as far as who is first does not.
    pub seed: u64,
}

/// Lets a crowd loose, checks the invariants, and tells of both. Fails where one of them is not as it should be.
pub async fn run(settings: &Settings, asked: &Crowd, json: bool) -> anyhow::Result<()> {
    let report = crowd(settings, asked).await?;
    if !json {
        println!("{}", report.lines().join("\n"));
        let verified = verify::run(settings, false).await;
        return report.fine().and(verified);
    }
    let found = verify::look(settings, |_| {}).await?;
    let both = json!({ "crowd": report, "verify": found });
    println!("{}", serde_json::to_string_pretty(&both)?);
    report.fine()?;
    found.whole()
}

/// Lets a crowd loose, and waits until what it began has settled.
pub async fn crowd(settings: &Settings, asked: &Crowd) -> anyhow::Result<Report> {
    let cast = Cast::gather(settings).await?;
    shelf::fill(&cast, asked.buyers).await?;
    let tally = Tally::begin(asked.buyers, asked.seed);
    tokio::select! {
        () = shop(&cast, asked, &tally) => {}
        never = shelf::keep_full(&cast, asked.buyers) => match never? {},
        () = tally.tell() => {}
    }
    let buying_s = tally.seconds();
    tally.say("everybody went home; what is on its way arrives");
    let moving = settle::wait(&cast.stack, PATIENCE).await?;
    if !moving.is_empty() {
        tally.say(&format!("still: {}", moving.join("; ")));
    }
    tally.say("a quarter of an hour passes for those who never paid");
    cast.clock.forward(RUN_OUT).await?;
    let moving = settle::wait(&cast.stack, PATIENCE).await?;
    if !moving.is_empty() {
        tally.failed(format!("it does not settle: {}", moving.join("; ")));
    }
    tally.report(&cast, buying_s).await
}

/// Everybody at once, until the last one is through with what they began.
async fn shop(cast: &Cast, asked: &Crowd, tally: &Tally) {
    let (dice, end) = (Dice::of(asked.seed), Instant::now() + asked.time);
    let street = Street::open(cast, tally, end);
    let buyers = (0..asked.buyers).map(|nth| street.shop(dice.of_its_own(nth)));
    let mut buyers: FuturesUnordered<_> = buyers.collect();
    loop {
        match timeout_at(end + LAST_STEPS, buyers.next()).await {
            Ok(Some(Ok(()))) => {}
            Ok(Some(Err(error))) => tally.failed(format!("{error:#}")),
            Ok(None) => return,
            Err(_) => {
                let still = buyers.len();
                return tally
                    .failed(format!("{still} buyers are not through after {LAST_STEPS:?}"));
            }
        }
    }
}
