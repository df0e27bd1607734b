//! The whole service against the real broker and the real mail sink.

use std::time::Duration;

use contracts::email::EmailSent;
use contracts::user::KeyPublished;
use email::App;
use sqlx::PgPool;
use testkit::wait::within;
use testkit::{Bus, Live, live, sample, servers};

use crate::scene::{Sale, config};
use crate::sink;

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn an_order_heard_from_kafka_is_mailed_and_told_on_kafka(pool: PgPool) {
    let bus = Bus::start(&servers::unique()).await;
    bus.emit(&sample::<KeyPublished>()).await;
    let config = config(&servers::smtp_url());
    let running = Live::start::<App>(live::common(&bus, Some(&pool)), config).await;

    let sale = Sale::new();
    bus.emit(&sale.invoices[0]).await;
    bus.emit(&sale.order).await;
    bus.emit(&sale.invoices[1]).await;
    bus.emit(&sale.invoices[2]).await;
    for vendor in &sale.vendors {
        bus.emit(vendor).await;
    }
    for contact in sale.owners.iter().chain([&sale.buyer]) {
        bus.emit(contact).await;
    }

    let patience = Duration::from_secs(30);
    for contact in sale.owners.iter().chain([&sale.buyer]) {
        within(patience, "the mail is there", async || {
            let mails = sink::inbox(contact.email.as_str()).await;
            (mails.len() == 1).then_some(())
        })
        .await;
    }
    let emitted = within(patience, "it is told", async || {
        Some(bus.events::<EmailSent>()).filter(|emitted| !emitted.is_empty())
    })
    .await;
    assert_eq!(emitted.len(), 1, "{emitted:?}");
    assert_eq!(emitted[0].recipient, Some(sale.buyer.user_id));
    running.stop().await;
}
