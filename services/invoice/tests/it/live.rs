//! The whole service against the real broker, database and object store.

use chassis::s3::Bucket;
use contracts::invoice::InvoiceIssued;
use invoice::{App, BUCKET};
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use testkit::wait::within;
use testkit::{Bus, Live, live, servers};

use crate::scene::{buyer, config, confirmed, mailed, seller};

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn an_order_that_is_heard_becomes_documents_that_are_said(pool: PgPool) {
    let bus = Bus::start(&servers::unique()).await;
    let common = live::common(&bus, Some(&pool));
    Bucket::new(&common, BUCKET).unwrap().ensure().await.unwrap();
    let (buyer, one, two) = (buyer(), seller("AAAA"), seller("BBBB"));
    let running = Live::start::<App>(common, config()).await;

    // The order comes first: it waits until what it needs has been heard.
    bus.emit(&confirmed(&buyer, &[&one, &two])).await;
    bus.emit(&one).await;
    bus.emit(&two).await;
    bus.emit(&buyer).await;

    let minute = std::time::Duration::from_mins(1);
    let emitted = within(minute, "both documents are said", async || {
        Some(bus.events::<InvoiceIssued>()).filter(|emitted| emitted.len() == 2)
    })
    .await;
    for issued in &emitted {
        assert_eq!(issued.buyer, buyer.user_id);
        let answer = reqwest::get(format!("{}{}", running.url, mailed(issued))).await.unwrap();
        assert_eq!(answer.status(), 200);
        let bytes = answer.bytes().await.unwrap();
        assert_eq!(hex::encode(Sha256::digest(&bytes)), issued.sha256);
    }
    running.stop().await;
}
