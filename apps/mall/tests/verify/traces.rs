//! 26: traces.

use contracts::cart::CheckoutRequested;
use contracts::order::{OrderConfirmed, OrderPlaced};
use contracts::payment::PaymentCreated;
use contracts::topics;
use mall::verify::traces::{faults, lacks_its_beginning, may_have_lost};
use serde_json::{Value, json};
use testkit::sample;

use crate::stage::Stage;

const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[tokio::test]
async fn a_checkout_told_in_two_traces_or_none_is_found() {
    let stage = Stage::set(&[], &[&topics::CART_CHECKOUT_EVT, &topics::ORDER_ORDER_EVT]).await;
    let begun = stage.bus.outgoing(&sample::<CheckoutRequested>());
    let (placed, confirmed) = (
        stage.bus.outgoing(&sample::<OrderPlaced>()),
        stage.bus.outgoing(&sample::<OrderConfirmed>()),
    );
    let traced = |mut event: chassis::kafka::Outgoing, trace: &str| {
        event.traceparent = trace.into();
        event
    };
    stage
        .bus
        .publish(&[traced(begun, TRACE), traced(placed.clone(), TRACE), traced(confirmed, TRACE)])
        .await;
    stage.holds(26).await;

    stage.bus.publish(&[traced(placed.clone(), &TRACE.replace("0af7", "1af7"))]).await;
    stage.breaks(26, "checkout 01934e5f-0000-7000-8000-00000000001e is told in 2 traces").await;
}

#[tokio::test]
async fn a_second_attempt_to_pay_has_a_trace_of_its_own() {
    let topics =
        [&topics::CART_CHECKOUT_EVT, &topics::ORDER_ORDER_EVT, &topics::PAYMENT_PAYMENT_EVT];
    let stage = Stage::set(&[], &topics).await;
    let traced = |mut event: chassis::kafka::Outgoing, trace: &str| {
        event.traceparent = trace.into();
        event
    };
    let again = TRACE.replace("0af7", "1af7");
    let way = [
        traced(stage.bus.outgoing(&sample::<CheckoutRequested>()), TRACE),
        traced(stage.bus.outgoing(&sample::<PaymentCreated>()), TRACE),
        traced(stage.bus.outgoing(&sample::<PaymentCreated>()), &again),
        traced(stage.bus.outgoing(&sample::<OrderConfirmed>()), &again),
    ];
    stage.bus.publish(&way).await;
    stage.holds(26).await;
}

fn span(id: &str, parent: Option<&str>, name: &str) -> Value {
    let references: Vec<Value> =
        parent.iter().map(|parent| json!({ "refType": "CHILD_OF", "spanID": parent })).collect();
    json!({ "spanID": id, "operationName": name, "references": references })
}

fn whole() -> Vec<Value> {
    let heard = [
        "order.hear cart.checkout_requested.v1",
        "product.hear stock.reserve.v1",
        "order.hear stock.reserved.v1",
        "payment.hear payment.create.v1",
        "product.hear order.confirmed.v1",
        "invoice.hear order.confirmed.v1",
        "email.hear order.confirmed.v1",
        "email.hear invoice.issued.v1",
    ];
    let begun = span("0", None, "POST /v1/cart/checkout");
    let heard =
        heard.iter().enumerate().map(|(n, name)| span(&(n + 1).to_string(), Some("0"), name));
    [begun].into_iter().chain(heard).collect()
}

#[test]
fn a_trace_that_hangs_together_has_no_fault() {
    assert_eq!(faults(&json!({ "spans": whole() })), Vec::<String>::new());
}

#[test]
fn a_missing_edge_a_broken_one_and_a_second_beginning_are_found() {
    let mut spans = whole();
    spans.remove(6);
    assert_eq!(faults(&json!({ "spans": spans })), ["nobody sees invoice hear order.confirmed.v1"]);

    let mut spans = whole();
    spans.remove(0);
    let found = faults(&json!({ "spans": spans }));
    assert!(found[0].contains("hangs on a span that is not there"), "{found:?}");

    let mut spans = whole();
    spans.push(span("99", None, "payment.take_in"));
    let found = faults(&json!({ "spans": spans }));
    assert_eq!(found, ["it has 2 beginnings: POST /v1/cart/checkout, payment.take_in"]);
}

#[test]
fn a_hole_is_forgiven_only_where_a_service_was_started_anew() {
    let trace =
        json!({ "spans": [{ "startTime": 1_795_348_800_000_000_i64, "duration": 2_000_000 }] });
    let starts = |at: &str| [at.parse().unwrap()];
    assert!(may_have_lost(&trace, &starts("2026-11-22T12:00:05Z")));
    assert!(!may_have_lost(&trace, &starts("2026-11-22T11:59:59Z")));
    assert!(!may_have_lost(&trace, &starts("2026-11-22T12:01:30Z")));
    assert!(!may_have_lost(&trace, &[]));
}

#[test]
fn what_came_long_after_the_checkout_is_all_that_a_new_store_of_traces_has() {
    let trace = json!({ "spans": [{ "startTime": 1_795_348_800_000_000_i64 }] });
    assert!(lacks_its_beginning(&trace, 1_795_348_800_000 - 3_600_000));
    assert!(!lacks_its_beginning(&trace, 1_795_348_800_000 - 1000));
}
