//! Every service is restarted, one after the other, while people buy.

use e2e::stand_in::ready;
use e2e::supervisor::{SERVICES, Supervisor};
use e2e::{proof, stage};
use mall::journey::{Cast, Method, play};
use mall::settings::Settings;
use mall::story::Story;
use tokio::sync::watch;

use crate::stack::alone_on_the_stack;

/// Buys again and again until everything was restarted. Returns how often.
async fn buy(cast: &Cast, over: &watch::Receiver<bool>) -> anyhow::Result<usize> {
    let mut journeys = 0;
    while !*over.borrow() {
        let cast = Cast { buyer: stage::somebody("rolling"), ..cast.clone() };
        play(&cast, Method::Upi, &mut Story::new(true)).await?;
        journeys += 1;
    }
    Ok(journeys)
}

async fn restart_all(settings: &Settings, supervisor: &Supervisor) -> anyhow::Result<()> {
    for service in SERVICES {
        let before = supervisor.life(service).await?;
        supervisor.stop(&[service]).await?;
        supervisor.start(service).await?;
        ready(settings, service).await?;
        assert_ne!(supervisor.life(service).await?, before, "{service} was not restarted");
    }
    Ok(())
}

#[tokio::test]
async fn a_rolling_restart_of_all_twelve_fails_no_journey() {
    alone_on_the_stack(async |settings, supervisor| {
        let cast = stage::cast(settings, "rolling").await?;
        let (over, still) = watch::channel(false);
        let restarts = async {
            let restarted = restart_all(settings, supervisor).await;
            over.send_replace(true);
            restarted
        };
        let (first, second, restarted) =
            tokio::join!(buy(&cast, &still), buy(&cast, &still), restarts);
        restarted?;
        assert!(first? > 0 && second? > 0, "nobody bought anything");
        proof::holds(settings).await
    })
    .await;
}
