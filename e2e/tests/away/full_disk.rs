//! The disk of the logs is full.

use e2e::stand_in::{Log, StandIn, ready};
use e2e::supervisor::SERVICES;
use e2e::{proof, stage};
use mall::journey::{Method, play};
use mall::story::Story;

use e2e::stack::alone_on_the_stack;

#[tokio::test]
async fn services_that_cannot_write_their_log_serve_all_the_same() {
    alone_on_the_stack(async |settings, supervisor| {
        let cast = stage::cast(settings, "full-disk").await?;
        supervisor.stop_all_of(&SERVICES).await?;
        let mut stand_ins = Vec::new();
        for service in SERVICES {
            stand_ins.push(StandIn::start(settings, service, &[], Log::FullDisk)?);
        }
        for service in SERVICES {
            ready(settings, service).await?;
        }
        play(&cast, Method::Upi, &mut Story::new(true)).await?;
        for stand_in in stand_ins {
            stand_in.end().await?;
        }
        supervisor.start_all().await?;
        proof::holds(settings).await
    })
    .await
    .unwrap();
}
