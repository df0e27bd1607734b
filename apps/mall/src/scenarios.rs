//! `mall scenarios`: what can happen to an order, played over HTTP against the running stack, and where it ends:
//! order and parts, books to the paisa, stock, papers, mails. `docs/scenarios.md` is made from the same lines.

mod acts;
mod book;
mod books;
mod cast;
mod chapters;
mod crowd;
mod cues;
mod deaths;
mod dice;
mod document;
mod ends;
mod guests;
mod known;
mod prompter;
mod purchase;
mod sending_back;
mod staff;

use std::pin::Pin;
use std::time::Instant;

use serde::Serialize;

pub use acts::Till;
pub use book::scenarios;
pub use cast::Cast;
pub use crowd::{Crowd, crowd, run as let_loose};
pub use deaths::Deaths;
pub use document::document;
pub use ends::Ends;

use crate::settings::Settings;
use purchase::Purchase;

/// A story at work; it ends with what was bought.
type Playing<'a> = Pin<Box<dyn Future<Output = anyhow::Result<Purchase>> + 'a>>;

/// With whom a story can be played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// With all others.
    Together,
    /// With all others, and time passes for all of them.
    Timed,
    /// With those that want the same program to be away.
    Without(&'static str),
}

/// The programs that stories want to be away.
const AWAY: [&str; 3] = ["sandbox", "order", "payment"];

/// A story, and where it ends.
#[derive(Debug, Clone, Copy)]
pub struct Scenario {
    /// Its number, for ever.
    pub id: u8,
    /// Its name on the command line.
    pub name: &'static str,
    /// What happens, in a sentence.
    pub happens: &'static str,
    /// With whom it is played.
    pub setting: Setting,
    /// Does it.
    play: fn(&Cast) -> Playing<'_>,
    /// How it ends: as one of these.
    pub ends: &'static [Ends],
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
    /// How long it took, in milliseconds; what it waited for others included.
    pub ms: u64,
}

impl Scenario {
    /// Plays it, and waits until it has ended as written.
    async fn play(&self, cast: &Cast, deaths: Option<&Deaths>) -> Outcome {
        let started = Instant::now();
        let played = async {
            let purchase = (self.play)(cast).await?;
            ends::wait(cast, &purchase, self.ends).await
        };
        let (played, struck) = tokio::join!(played, self.strike(deaths));
        let (ok, ended) = match (played, struck) {
            (Ok(ended), Ok(None)) => (true, ended),
            (Ok(ended), Ok(Some(died))) => (true, format!("{ended} | {died} died")),
            (Err(error), Ok(Some(died))) => (false, format!("{died} died: {error:#}")),
            (Err(error), _) | (_, Err(error)) => (false, format!("{error:#}")),
        };
        let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        Outcome { id: self.id, name: self.name, ok, ended, ms }
    }

    async fn strike<'a>(&self, deaths: Option<&'a Deaths>) -> anyhow::Result<Option<&'a str>> {
        match deaths {
            Some(deaths) => deaths.strike(self.id).await,
            None => Ok(None),
        }
    }
}

/// Plays stories, those that can together at once, and tells of each when it is over.
pub async fn play(
    cast: &Cast,
    stories: &[&Scenario],
    deaths: Option<&Deaths>,
    mut tell: impl FnMut(&Outcome),
) -> anyhow::Result<Vec<Outcome>> {
    let of = |wanted: fn(&Setting) -> bool| {
        let ours = stories.iter().filter(move |story| wanted(&story.setting));
        ours.copied().collect::<Vec<_>>()
    };
    // Those that wait for a time first, so that they wait while the others play.
    let shared = [of(|at| *at == Setting::Timed), of(|at| *at == Setting::Together)].concat();
    let mut outcomes = cues::perform(cast, &shared, deaths, &mut tell).await?;
    for away in AWAY {
        let alone = stories.iter().filter(|story| story.setting == Setting::Without(away));
        let alone: Vec<_> = alone.copied().collect();
        outcomes.extend(cues::perform(cast, &alone, deaths, &mut tell).await?);
    }
    Ok(outcomes)
}

/// Plays the scenarios of these names, or all. Fails when one ended otherwise than written.
pub async fn run(
    settings: &Settings,
    names: &[String],
    kill: Option<u64>,
    json: bool,
) -> anyhow::Result<()> {
    let all = scenarios();
    for name in names {
        let known = all.iter().any(|scenario| scenario.name == name);
        anyhow::ensure!(known, "there is no scenario {name:?}; `mall scenarios --list` names them");
    }
    let wanted = |story: &&Scenario| names.is_empty() || names.iter().any(|n| n == story.name);
    let stories: Vec<_> = all.into_iter().filter(wanted).collect();
    let cast = Cast::gather(settings).await?;
    let deaths = kill.map(|seed| Deaths::of(settings, seed));
    let outcomes = play(&cast, &stories, deaths.as_ref(), |outcome| {
        if !json {
            println!("{}", line(outcome));
        }
    });
    let outcomes = outcomes.await?;
    if json {
        println!("{}", serde_json::to_string_pretty(&outcomes)?);
    }
    let wrong = outcomes.iter().filter(|outcome| !outcome.ok).count();
    anyhow::ensure!(wrong == 0, "{wrong} of {} scenarios ended otherwise", outcomes.len());
    Ok(())
}

/// The names, one a line, with what happens.
pub fn list() {
    for scenario in scenarios() {
        println!("  {:>2} {:<24} {}", scenario.id, scenario.name, scenario.happens);
    }
}

fn line(outcome: &Outcome) -> String {
    let mark = if outcome.ok { "ok" } else { "FAILED" };
    let Outcome { id, name, ended, ms, .. } = outcome;
    format!("  {id:>2} {name:<24} {mark:>6} {ms:>6} ms  {ended}")
}
