//! What can happen to an order, played to its end.

use e2e::stage;
use mall::scenarios::{Cast, SCENARIOS};

#[tokio::test]
async fn every_scenario_ends_as_written() {
    let settings = stage::settings().expect("a mall is running: use `make test`");
    let cast = Cast::gather(&settings).await.unwrap_or_else(|e| panic!("{e:#}"));
    let mut wrong = Vec::new();
    for scenario in &SCENARIOS {
        let outcome = scenario.play(&cast).await;
        if !outcome.ok {
            wrong.push(format!("{}: {}", outcome.name, outcome.ended));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
