//! Documents wait for what they need, and show addresses as they were when the order was placed.

use chassis::apply::ApplyError;
use chassis::record::Record;
use contracts::invoice::InvoiceIssued;
use contracts::payment::SupplyKind;
use contracts::user::ContactUpdated;
use kernel::{Money, StateCode};
use sqlx::PgPool;

use crate::paper::Paper;
use crate::scene::{Shop, buyer, confirmed, seller};

/// The problem of an order that has to wait.
async fn waits(shop: &Shop, record: &Record) -> (u16, &'static str) {
    match shop.try_hear(record).await {
        Err(ApplyError::Handler { problem, .. }) => (problem.status, problem.slug),
        other => panic!("it did not wait: {other:?}"),
    }
}

fn moved(buyer: &ContactUpdated, version: i32, line1: &str) -> ContactUpdated {
    let mut buyer = buyer.clone();
    buyer.addresses[0].version = version;
    buyer.addresses[0].line1 = line1.to_owned();
    buyer
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn an_order_waits_for_its_seller_its_buyer_and_its_address(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (seller, stranger) = (seller("LOTU"), buyer());
    let mut order = confirmed(&stranger, &[&seller]);
    order.order.address_version = 2;
    let record = shop.app.record(&order);

    assert_eq!(waits(&shop, &record).await, (503, "invoice/not-yet"));
    shop.app.deliver(stranger.clone()).await;
    assert_eq!(waits(&shop, &record).await, (503, "invoice/not-yet"), "an older edition only");
    shop.app.deliver(moved(&stranger, 2, "5 Church Street")).await;
    assert_eq!(waits(&shop, &record).await, (503, "invoice/not-yet"), "no seller");
    assert_eq!(shop.rows().await, []);
    shop.app.deliver(seller).await;

    shop.try_hear(&record).await.unwrap();
    assert_eq!(shop.numbers().await, ["LOTU/2627/000001"]);
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn a_document_shows_the_address_the_order_was_placed_with(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let seller = shop.seller("LOTU").await;
    let order = confirmed(&shop.buyer, &[&seller]);
    let mut later = moved(&shop.buyer, 2, "5 Church Street");
    later.name = Some("Asha Rao-Sen".into());
    shop.app.deliver(later).await;

    shop.app.deliver(order).await;

    let particulars = &shop.document().await["particulars"];
    assert_eq!(particulars["ship_to"]["address"]["lines"][0], "12 MG Road");
    assert_eq!(particulars["bill_to"]["name"], "Asha Rao-Sen");
    assert_eq!(particulars["supplier"]["legal_name"], "Lotus Home Retail Private Limited");
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn the_latest_edition_stands_in_for_one_that_was_never_heard(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let seller = shop.seller("LOTU").await;
    let stranger = buyer();
    shop.app.deliver(moved(&stranger, 3, "9 Brigade Road")).await;
    shop.app.deliver(moved(&stranger, 5, "5 Church Street")).await;

    shop.app.deliver(confirmed(&stranger, &[&seller])).await;

    let particulars = &shop.document().await["particulars"];
    assert_eq!(particulars["ship_to"]["address"]["lines"][0], "5 Church Street");
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn an_edition_in_another_state_does_not_stand_in(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let seller = shop.seller("LOTU").await;
    let stranger = buyer();
    let mut later = moved(&stranger, 2, "17 Hill Road");
    later.addresses[0].state = StateCode::parse("27").unwrap();
    shop.app.deliver(later).await;

    shop.app.deliver_record(shop.app.record(&confirmed(&stranger, &[&seller]))).await;

    assert_eq!(shop.dead().await, ["invoice/unissuable"]);
    assert_eq!(shop.rows().await, []);
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn an_older_edition_of_a_seller_does_not_replace_a_newer_one(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let old = seller("LOTU");
    let record = shop.app.record(&old);
    let mut new = old.clone();
    new.legal_name = "Lotus Home Stores Private Limited".into();
    shop.app.deliver(new).await;
    shop.app.deliver_record(Record { offset: 1000, ..record }).await;

    shop.confirmed(&[&old]).await;

    let document = shop.document().await;
    let name = &document["particulars"]["supplier"]["legal_name"];
    assert_eq!(name, "Lotus Home Stores Private Limited");
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn a_forgotten_buyer_leaves_no_name_behind_and_does_not_come_back_with_a_replay(
    pool: PgPool,
) {
    let shop = Shop::open(pool).await;
    let before = shop.app.record(&shop.buyer);
    let gone = Record { payload: None, ..shop.app.record(&shop.buyer) };

    shop.app.deliver_record(gone).await;
    shop.app.deliver_record(Record { offset: 1000, ..before }).await;

    let left: i64 = sqlx::query_scalar(
        "select (select count(*) from recipient_addresses)
              + (select count(*) from recipients where name is not null)",
    )
    .fetch_one(shop.app.db().pool())
    .await
    .unwrap();
    assert_eq!(left, 0);
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn an_order_of_a_buyer_who_was_erased_after_paying_has_its_document(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let seller = shop.seller("LOTU").await;
    let mut order = confirmed(&shop.buyer, &[&seller]);
    // Delivered to another state: the tax is the one the order was placed with.
    order.order.place_of_supply = StateCode::parse("27").unwrap();
    let part = &mut order.order.parts[0];
    (part.tax, part.share.taxable) = (Money::inr(39_630), Money::inr(220_170));
    part.share.terms.as_mut().unwrap().supply = SupplyKind::Intra;
    shop.app.deliver_record(Record { payload: None, ..shop.app.record(&shop.buyer) }).await;

    shop.app.deliver_record(shop.app.record(&order)).await;
    shop.app.run_jobs().await;

    assert_eq!(shop.dead().await, Vec::<String>::new());
    assert_eq!(shop.app.emitted::<InvoiceIssued>().await[0].number, "LOTU/2627/000001");
    assert_eq!(shop.document().await["supply"], "cgst_sgst");
    let [row] = &shop.rows().await[..] else { panic!("there is one document") };
    let text = Paper::from(shop.bucket.get(&row.object_key).await.unwrap().unwrap()).text();
    for fact in ["TAX INVOICE", "Unregistered buyer, Maharashtra (27)", "CGST"] {
        assert!(text.contains(fact), "{fact} is not in {text}");
    }
    for fact in ["Asha Rao", "MG Road"] {
        assert!(!text.contains(fact), "{fact} is in {text}");
    }
}
