//! The payment provider is away.

use super::super::acts::Till;
use super::super::cast::Cast;
use super::super::known::CAME_TOO_LATE;
use super::super::purchase::Purchase;
use super::super::{Scenario, Setting};
use super::Played;
use crate::journey::Method;
use jiff::SignedDuration;

pub const STORIES: &[Scenario] = &[Scenario {
    id: 8,
    name: "provider-away",
    happens: "The buyer pays in the last minute, and the provider is away while we ask; it comes back after we gave up.",
    setting: Setting::Without("sandbox"),
    play: |cast| Box::pin(provider_away(cast)),
    ends: &[CAME_TOO_LATE],
}];

async fn provider_away(cast: &Cast) -> Played {
    let over = cast.after(SignedDuration::from_secs(15 * 60 + 30))?;
    let nearly = cast.after(SignedDuration::from_secs(14 * 60 + 20))?;
    let bought = Purchase::begin(cast, Method::Upi).await?;
    cast.prompter.time(nearly).await?;
    Till::of(cast, &bought).pay_unheard().await?;
    cast.prompter.away("sandbox").await?;
    cast.prompter.time(over).await?;
    bought.reach("cancel_pending").await?;
    // Asked in vain once, it is asked again each minute for ten.
    cast.pass(SignedDuration::from_mins(12)).await?;
    bought.reach("cancelled").await?;
    cast.prompter.back("sandbox").await?;
    cast.pass(SignedDuration::from_mins(125)).await?;
    Ok(bought)
}
