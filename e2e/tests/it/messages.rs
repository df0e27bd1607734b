//! What a checkout costs the broker, which is the dear part of it.

use std::collections::BTreeMap;
use std::io::Write as _;

use chassis::record::{Meta, Record};
use contracts::Event as _;
use contracts::email::EmailSent;
use contracts::invoice::InvoiceIssued;
use contracts::order::SellerOrderAccepted;
use contracts::product::StockCommitted;
use e2e::{broker, stage};
use mall::journey::{Method, Report, play};
use mall::reporter::{PATIENCE, Reporter, until};

/// From the request at the till to the confirmed order, its three invoices and its mail.
#[tokio::test]
async fn a_checkout_of_three_sellers_takes_at_most_sixteen_messages() {
    let settings = stage::settings().expect("a mall is running: use `make test`");
    let actors = stage::actors(&settings, "messages").await.expect("the shelves can be filled");
    let report = play(&actors, Method::Upi, &mut Reporter::new(true)).await;
    let report = report.unwrap_or_else(|e| panic!("{e:#}"));

    let events = until(PATIENCE, "everything of the checkout was said", async || {
        let events = by_name(&broker::everything(&actors.settings).await?, &report);
        let ends = [StockCommitted::NAME, EmailSent::NAME];
        Ok(ends.iter().all(|end| events.contains_key(*end)).then_some(events))
    })
    .await
    .unwrap_or_else(|e| panic!("{e:#}"));

    let all: usize = events.values().sum();
    // Past the capture of the test runner: the number is to be seen in a run that passes, too.
    let list: Vec<String> = events.iter().map(|(name, n)| format!("{n} {name}")).collect();
    writeln!(std::io::stderr(), "{all} messages for one checkout: {}", list.join(", ")).unwrap();
    assert_eq!(events[InvoiceIssued::NAME], 3, "{events:?}");
    assert_eq!(events[EmailSent::NAME], 1, "{events:?}");
    assert!(all <= 16, "{events:#?}");
}

fn by_name(records: &[Record], report: &Report) -> BTreeMap<String, usize> {
    let records: Vec<Meta> = records.iter().filter_map(|record| record.meta().ok()).collect();
    let of_the_order = |meta: &&Meta| meta.correlation == report.checkout_id;
    let accepted = |meta: &&Meta| meta.name == SellerOrderAccepted::NAME;
    let fulfilled = records.iter().filter(of_the_order).filter(accepted).map(|m| m.time).min();
    let mut names = BTreeMap::new();
    for meta in &records {
        let traced = meta.traceparent.contains(&report.trace_id);
        // What lost the trace on its way is found by the order it belongs to, until the sellers begin to work on it.
        let earlier =
            of_the_order(&meta) && fulfilled.is_none_or(|fulfilled| meta.time < fulfilled);
        if traced || earlier {
            *names.entry(meta.name.clone()).or_default() += 1;
        }
    }
    names
}
