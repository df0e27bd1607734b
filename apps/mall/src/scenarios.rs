//! `mall scenarios`: what can happen to an order, played over HTTP against the running stack, and where it ends:
//! order and parts, books to the paisa, stock, papers, mails. `docs/scenarios.md` is made from the same lines.

mod acts;
mod book;
mod cast;
mod document;
mod ends;
mod plays;
mod purchase;

use std::pin::Pin;
use std::time::Instant;

use serde::Serialize;

pub use acts::Till;
pub use book::SCENARIOS;
pub use cast::Cast;
pub use document::document;
pub use ends::Ends;

use crate::settings::Settings;
use ends::Watch;
use purchase::Purchase;

/// A story at work; it ends with what was bought.
type Playing<'a> = Pin<Box<dyn Future<Output = anyhow::Result<Purchase>> + 'a>>;

/// A story, and where it ends.
#[derive(Debug, Clone, Copy)]
pub struct Scenario {
    /// Its number, for ever.
    pub id: u8,
    /// Its name on the command line.
    pub name: &'static str,
    /// What happens, in a sentence.
    pub happens: &'static str,
    /// Does it.
    play: fn(&Cast) -> Playing<'_>,
    /// How it ends.
    pub ends: Ends,
}

/// What came of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The scenario's number.
    pub id: u8,
    /// Its name.
    pub name: &'static str,
    /// Whether it ended as written.
    pub ok: bool,
    /// How it ended, or where it stopped.
    pub ended: String,
    /// How long it took, in milliseconds.
    pub ms: u64,
}

impl Scenario {
    /// Plays it, and waits until it has ended as written.
    pub async fn play(&self, cast: &Cast) -> Outcome {
        let started = Instant::now();
        let played = async {
            let watch = Watch::begin(cast).await?;
            let purchase = (self.play)(cast).await?;
            watch.until(&purchase, &self.ends).await
        };
        let (ok, ended) = match played.await {
            Ok(ended) => (true, ended),
            Err(error) => (false, format!("{error:#}")),
        };
        let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        Outcome { id: self.id, name: self.name, ok, ended, ms }
    }
}

/// Plays the scenarios of these names, or all. Fails when one ended otherwise than written.
pub async fn run(settings: &Settings, names: &[String], json: bool) -> anyhow::Result<()> {
    for name in names {
        let known = SCENARIOS.iter().any(|scenario| scenario.name == name);
        anyhow::ensure!(known, "there is no scenario {name:?}; `mall scenarios --list` names them");
    }
    let cast = Cast::gather(settings).await?;
    let mut outcomes = Vec::new();
    for scenario in &SCENARIOS {
        if names.is_empty() || names.iter().any(|name| name == scenario.name) {
            let outcome = scenario.play(&cast).await;
            if !json {
                println!("{}", line(&outcome));
            }
            outcomes.push(outcome);
        }
    }
    if json {
        println!("{}", serde_json::to_string_pretty(&outcomes)?);
    }
    let wrong = outcomes.iter().filter(|outcome| !outcome.ok).count();
    anyhow::ensure!(wrong == 0, "{wrong} of {} scenarios ended otherwise", outcomes.len());
    Ok(())
}

/// The names, one a line, with what happens.
pub fn list() {
    for scenario in &SCENARIOS {
        println!("  {:>2} {:<24} {}", scenario.id, scenario.name, scenario.happens);
    }
}

fn line(outcome: &Outcome) -> String {
    let mark = if outcome.ok { "ok" } else { "FAILED" };
    let Outcome { id, name, ended, ms, .. } = outcome;
    format!("  {id:>2} {name:<24} {mark:>6} {ms:>6} ms  {ended}")
}
