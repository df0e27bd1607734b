//! Trade before and after: somebody buys, and all that follows from it comes to rest.

use e2e::stage;
use mall::journey::{Cast, Method, Report, play};
use mall::settings::Settings;
use mall::story::{PATIENCE, Story};
use mall::verify::{settle, stand::Stand};

/// Somebody new buys from three sellers.
pub async fn buy(cast: &Cast) -> anyhow::Result<Report> {
    buy_telling(cast, &mut Story::new(true)).await
}

/// The same, for whoever follows the story.
pub async fn buy_telling(cast: &Cast, story: &mut Story) -> anyhow::Result<Report> {
    let cast = Cast { buyer: stage::somebody("restored"), ..cast.clone() };
    play(&cast, Method::Upi, story).await
}

/// Waits until nothing is on its way any more.
pub async fn settled(settings: &Settings) -> anyhow::Result<Stand> {
    let stand = Stand::of(settings).await?;
    let moving = settle::wait(&stand, PATIENCE).await?;
    anyhow::ensure!(moving.is_empty(), "it does not settle: {}", moving.join("; "));
    Ok(stand)
}
