//! Cues: what stories that are played together wait for together. A day passes for all of them at once, and a service
//! that is away is away for all. So a cue is given only when every story that goes on waits for one.

use std::time::Duration;

use futures::stream::{FuturesUnordered, StreamExt as _};
use jiff::{SignedDuration, Timestamp};

use super::cast::Cast;
use super::deaths::Deaths;
use super::prompter::{Cue, Waiting};
use super::{Outcome, Scenario};
use crate::verify::settle;

/// Stories that do something at once; those that wait do not count. Each keeps all services busy.
const AT_ONCE: usize = 10;
/// What is on its way before time passes has so long to arrive.
const REST: Duration = Duration::from_secs(30);
/// While a service is away, what is for it does not arrive.
const REST_WITHOUT: Duration = Duration::from_secs(2);

/// Plays stories together to their ends, and tells of each when it is over.
pub async fn perform(
    cast: &Cast,
    stories: &[&Scenario],
    deaths: Option<&Deaths>,
    mut tell: impl FnMut(&Outcome),
) -> anyhow::Result<Vec<Outcome>> {
    let mut told = cast.prompter.told.lock().await;
    let (mut queue, mut playing) = (stories.iter(), FuturesUnordered::new());
    let (mut waiting, mut outcomes) = (Vec::new(), Vec::new());
    let mut rest = REST;
    loop {
        while playing.len() - waiting.len() < AT_ONCE {
            let Some(next) = queue.next() else { break };
            playing.push(next.play(cast, deaths));
        }
        if playing.is_empty() {
            return Ok(outcomes);
        }
        if playing.len() == waiting.len() {
            waiting = give(cast, waiting, &mut rest).await?;
            continue;
        }
        tokio::select! {
            Some(outcome) = playing.next() => {
                tell(&outcome);
                outcomes.push(outcome);
            }
            Some(story) = told.recv() => waiting.push(story),
        }
    }
}

/// Gives the next cue to those who wait for it. Returns the others.
async fn give(
    cast: &Cast,
    mut waiting: Vec<Waiting>,
    rest: &mut Duration,
) -> anyhow::Result<Vec<Waiting>> {
    let Some(next) = waiting.iter().map(|story| story.cue).min() else { return Ok(waiting) };
    let last = match next {
        Cue::Time(at) => {
            settle::wait(&cast.stack, *rest).await?;
            Cue::Time(pass(cast, at, &waiting).await?)
        }
        Cue::Away(program) => {
            settle::wait(&cast.stack, *rest).await?;
            cast.supervisor.stop_all_of(&[program]).await?;
            *rest = REST_WITHOUT;
            next
        }
        Cue::Back(program) => {
            for replica in cast.supervisor.replicas(&[program]).await? {
                cast.supervisor.start(&replica).await?;
            }
            cast.supervisor.all_ready().await?;
            *rest = REST;
            next
        }
    };
    let (called, others): (Vec<_>, Vec<_>) =
        waiting.drain(..).partition(|story| story.cue <= last && same(story.cue, last));
    for story in called {
        // One that was given up does not go on.
        story.go.send(()).ok();
    }
    Ok(others)
}

fn same(one: Cue, other: Cue) -> bool {
    match (one, other) {
        (Cue::Time(_), Cue::Time(_)) => true,
        (one, other) => one == other,
    }
}

/// Lets time pass until `first`, and a little more where others wait for about the same. Returns the time then.
async fn pass(cast: &Cast, first: Timestamp, waiting: &[Waiting]) -> anyhow::Result<Timestamp> {
    let now = cast.clock.now()?;
    let little = (first.duration_since(now) / 30).min(SignedDuration::from_mins(10));
    let about = waiting.iter().filter_map(|story| match story.cue {
        Cue::Time(at) => Some(at).filter(|at| *at <= first + little),
        Cue::Away(_) | Cue::Back(_) => None,
    });
    let at = about.max().unwrap_or(first);
    let step = at.duration_since(cast.clock.now()?);
    if step.is_positive() {
        cast.clock.forward(step + SignedDuration::from_secs(1)).await?;
    }
    Ok(at)
}
