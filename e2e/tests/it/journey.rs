//! The main job, once by UPI and once with cash on delivery.

use std::collections::BTreeSet;
use std::time::Duration;

use e2e::stage;
use mall::journey::{Method, Report, play};
use mall::reporter::{Reporter, until};
use serde_json::Value;

async fn played(method: Method, buyer: &str) -> (mall::journey::Actors, Report) {
    let settings = stage::settings().expect("a mall is running: use `make test`");
    let actors = stage::actors(&settings, buyer).await.expect("the shelves can be filled");
    let report =
        play(&actors, method, &mut Reporter::new(true)).await.unwrap_or_else(|e| panic!("{e:#}"));
    (actors, report)
}

#[tokio::test]
async fn a_buyer_pays_by_upi_and_everything_follows() {
    let (actors, report) = played(Method::Upi, "upi").await;

    assert_eq!(report.seller_orders.len(), 3);
    assert_eq!(report.vendors.iter().collect::<BTreeSet<_>>().len(), 3);
    let numbers: BTreeSet<_> = report.invoices.iter().map(|i| i.number.clone()).collect();
    assert_eq!(numbers.len(), 3, "three invoices with numbers of their own");
    assert!(report.steps.iter().all(|step| step.ok));
    if !actors.settings.traces.is_empty() {
        one_trace_through_all(&actors.settings.traces, &report.trace_id).await;
    }
}

#[tokio::test]
async fn a_buyer_pays_on_delivery_and_everything_follows() {
    let (_, report) = played(Method::Cod, "cod").await;
    assert_eq!(report.invoices.len(), 3);
    assert!(report.steps.iter().all(|step| step.ok));
}

/// The request at the till, the order, the stock, the payment, the invoices and the mail are one story.
async fn one_trace_through_all(traces: &str, trace_id: &str) {
    let due: BTreeSet<String> = ["cart", "order", "product", "payment", "invoice", "email"]
        .map(|s| format!("{s}-service"))
        .into();
    let url = format!("{traces}/api/traces/{trace_id}");
    let seen = until(Duration::from_mins(1), "a trace with every service in it", async || {
        let trace: Value = reqwest::get(&url).await?.json().await?;
        let processes = trace["data"][0]["processes"].as_object().cloned().unwrap_or_default();
        let names = processes.values().filter_map(|p| p["serviceName"].as_str().map(str::to_owned));
        let names: BTreeSet<String> = names.collect();
        Ok(due.is_subset(&names).then_some(names))
    })
    .await;
    seen.unwrap_or_else(|e| panic!("{e:#}"));
}
