//! The disk of the logs is full.

use e2e::replacement::{Log, StandIn, ready};
use e2e::{invariants, stage};
use mall::journey::{Method, play};
use mall::registry;
use mall::reporter::Reporter;

use e2e::stack::alone_on_the_stack;

#[tokio::test]
async fn services_that_cannot_write_their_log_serve_all_the_same() -> anyhow::Result<()> {
    alone_on_the_stack(async |settings, supervisor| {
        let actors = stage::actors(settings, "full-disk").await?;
        supervisor.stop_all_of(&registry::names()).await?;
        let mut stand_ins = Vec::new();
        for service in registry::names() {
            stand_ins.push(StandIn::start(settings, service, &[], Log::FullDisk)?);
        }
        for service in registry::names() {
            ready(settings, service).await?;
        }
        play(&actors, Method::Upi, &mut Reporter::new(true)).await?;
        for replacement in stand_ins {
            replacement.end().await?;
        }
        supervisor.start_all().await?;
        invariants::holds(settings).await
    })
    .await
}
