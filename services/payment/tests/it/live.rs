//! The whole service: asked on Kafka, paid at the provider, told by a webhook over the network, said on Kafka.

use std::sync::Arc;
use std::time::Duration;

use contracts::Event;
use contracts::cart::PaymentMethod;
use contracts::payment::{
    CancelPayment, CodAccepted, PaymentCancelled, PaymentCaptured, PaymentCreated,
};
use jiff::SignedDuration;
use kernel::{Clock as _, SystemClock};
use payment::App;
use psp_sandbox::Autopay;
use serde_json::json;
use sqlx::PgPool;
use testkit::{Bus, Live, live, servers, wait};

use crate::stage::{HOOK, Psp, ask, config};

/// Many services are tested on one machine at once.
const PATIENCE: Duration = Duration::from_mins(1);

/// The first event of this kind that `wanted` knows. Reading the topic blocks, and the provider lives on this thread.
async fn heard<E: Event>(bus: &Arc<Bus>, wanted: impl Fn(&E) -> bool) -> E {
    wait::within(PATIENCE, E::NAME, async || {
        let bus = bus.clone();
        let all = tokio::task::spawn_blocking(move || bus.events::<E>()).await.unwrap();
        all.into_iter().find(&wanted)
    })
    .await
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn from_kafka_to_the_provider_and_back(pool: PgPool) {
    let bus = Arc::new(Bus::start(&servers::unique()).await);
    let psp = Psp::start(Autopay::Off).await;
    let service =
        Live::start::<App>(live::common(&bus, Some(&pool)), config(psp.running.url())).await;
    let hook = format!("{}{HOOK}", service.url);
    psp.post("/sandbox/webhook-url", json!({"url": hook})).await;

    let by_upi = ask(PaymentMethod::Upi);
    bus.emit(&by_upi).await;
    let created = heard::<PaymentCreated>(&bus, |_| true).await;
    assert_eq!(created.payment.payment_id, by_upi.payment_id);

    // Two copies of each webhook, the last one first.
    let act = json!({"outcome": "captured", "webhook": {"copies": 2, "reorder": true}});
    psp.post(&format!("/sandbox/orders/{}/pay", created.provider_order_id), act).await;
    let captured = heard::<PaymentCaptured>(&bus, |_| true).await;
    assert_eq!(captured.payment.checkout_id, by_upi.checkout_id);

    // A forged claim pays nothing, and the service goes on.
    let other = ask(PaymentMethod::Upi);
    bus.emit(&other).await;
    let ours = |event: &PaymentCreated| event.payment.payment_id == other.payment_id;
    let created = heard(&bus, ours).await;
    let act = json!({"outcome": "none", "webhook": {"forge": true}});
    psp.post(&format!("/sandbox/orders/{}/pay", created.provider_order_id), act).await;
    let mut by_cash = ask(PaymentMethod::Cod);
    by_cash.expires_at = SystemClock.now() + SignedDuration::from_mins(15);
    bus.emit(&by_cash).await;
    let (payment_id, checkout_id) = (other.payment_id, other.checkout_id);
    bus.emit(&CancelPayment { payment_id, checkout_id }).await;
    heard::<CodAccepted>(&bus, |_| true).await;
    heard::<PaymentCancelled>(&bus, |_| true).await;

    service.stop().await;
    assert_eq!(bus.events::<PaymentCaptured>().len(), 1, "one effect of all copies");
    psp.running.stop().await;
}
