//! Buyers who go on buying, each as soon as the last journey is over.

use anyhow::Context as _;
use e2e::stage;
use futures::future::try_join_all;
use mall::journey::{Actors, Method, play};
use mall::onboarding;
use mall::reporter::Reporter;
use mall::settings::Settings;
use tokio::sync::watch;

/// How many buy at once.
const BUYERS: usize = 8;

/// Lets people buy until `meanwhile` is done. Every journey must complete, and every buyer must have made one.
pub async fn buying(
    settings: &Settings,
    meanwhile: impl Future<Output = anyhow::Result<()>>,
) -> anyhow::Result<()> {
    let actors = stage::actors(settings, "buying").await?;
    fill_shelves(&actors).await?;
    let (over, still) = watch::channel(false);
    let buyers = try_join_all((0..BUYERS).map(|_| buy(&actors, still.clone())));
    let disturbance = async {
        let done = meanwhile.await;
        over.send_replace(true);
        done
    };
    let (journeys, disturbed) = tokio::join!(buyers, disturbance);
    disturbed?;
    let journeys = journeys?;
    anyhow::ensure!(journeys.iter().all(|made| *made > 0), "somebody bought nothing: {journeys:?}");
    Ok(())
}

/// Nobody is to go away because something is sold out.
async fn fill_shelves(actors: &Actors) -> anyhow::Result<()> {
    for seller in &actors.sellers {
        let (_, sku, _) = seller.products.first().context("a seller without products")?;
        onboarding::stock(&seller.person, &seller.vendor, sku, 1000).await?;
    }
    Ok(())
}

/// Returns how often somebody bought.
async fn buy(actors: &Actors, over: watch::Receiver<bool>) -> anyhow::Result<usize> {
    let mut journeys = 0;
    while !*over.borrow() {
        let actors = Actors { buyer: stage::somebody("buying"), ..actors.clone() };
        let report = play(&actors, Method::Upi, &mut Reporter::new(true)).await;
        let report =
            report.with_context(|| format!("{} after {journeys} journeys", actors.buyer))?;
        anyhow::ensure!(report.invoices.len() == actors.sellers.len(), "{:?}", report.invoices);
        journeys += 1;
    }
    Ok(journeys)
}
