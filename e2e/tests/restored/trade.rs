//! Trade before and after: somebody buys, and all that follows from it comes to rest.

use e2e::stage;
use mall::journey::{Actors, Method, Report, play};
use mall::reporter::{PATIENCE, Reporter};
use mall::settings::Settings;
use mall::verify::{settle, stack::StackHandles};

/// Somebody new buys from three sellers.
pub async fn buy(actors: &Actors) -> anyhow::Result<Report> {
    buy_telling(actors, &mut Reporter::new(true)).await
}

/// The same, for whoever follows the story.
pub async fn buy_telling(actors: &Actors, reporter: &mut Reporter) -> anyhow::Result<Report> {
    let actors = Actors { buyer: stage::somebody("restored"), ..actors.clone() };
    play(&actors, Method::Upi, reporter).await
}

/// Waits until nothing is on its way any more.
pub async fn settled(settings: &Settings) -> anyhow::Result<StackHandles> {
    let stand = StackHandles::of(settings).await?;
    let moving = settle::wait(&stand, PATIENCE).await?;
    anyhow::ensure!(moving.is_empty(), "it does not settle: {}", moving.join("; "));
    Ok(stand)
}
