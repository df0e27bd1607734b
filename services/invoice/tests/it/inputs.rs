//! What comes in at either door that should not.

use axum::http::Method;
use contracts::vendor::VendorChanged;
use futures::future::join_all;
use kernel::InvoiceNumber;
use serde_json::json;
use sqlx::PgPool;
use testkit::refuses_hostile_bodies;

use crate::paper::Paper;
use crate::scene::{Shop, confirmed, mailed, seller};

async fn count_links(shop: &Shop) -> i64 {
    let sql = "select count(*) from invoice_links";
    sqlx::query_scalar(sql).fetch_one(shop.app.db().pool()).await.unwrap()
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn no_route_takes_a_body_it_does_not_know(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let seller = shop.seller("LOTU").await;
    let issued = shop.issued(&[&seller]).await.1.remove(0);
    let path = format!("/v1/invoices/{}/links", issued.invoice_id);
    let buyer = shop.app.as_user(shop.buyer.user_id);
    refuses_hostile_bodies(&buyer, &Method::POST, &path, &json!({})).await;
    for key in ["", "a b", &"k".repeat(256)] {
        let answer = buyer.clone().key(key).post(&path, json!({})).await;
        answer.problem(422, "validation-error");
    }
    for id in ["%00", "%ff", "0", "..%2f..%2fx"] {
        let path = format!("/v1/invoices/{id}/links");
        buyer.post(&path, json!({})).await.problem(404, "not-found");
        buyer.get(&format!("/v1/orders/{id}/invoices")).await.problem(404, "not-found");
    }
    assert_eq!(count_links(&shop).await, 1, "the mailed one");
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn twenty_requests_with_one_key_make_one_link(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (one, two) = (shop.seller("AAAA").await, shop.seller("BBBB").await);
    let issued = shop.issued(&[&one, &two]).await.1;
    let path = format!("/v1/invoices/{}/links", issued[0].invoice_id);
    let buyer = shop.app.as_user(shop.buyer.user_id).key("k-1");
    let answers = join_all((0..20).map(|_| buyer.post(&path, json!({})))).await;
    let first = answers[0].value();
    for answer in answers {
        assert_eq!(answer.expect(201), first);
    }
    assert_eq!(count_links(&shop).await, 3, "two mailed ones and this");
    let other = format!("/v1/invoices/{}/links", issued[1].invoice_id);
    buyer.post(&other, json!({})).await.problem(422, "idempotency/key-reused");
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn nothing_that_somebody_typed_ends_up_in_a_path(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let trick = "../../x%00";
    let seller = VendorChanged { legal_name: trick.into(), ..seller("LOTU") };
    shop.app.deliver(seller.clone()).await;
    let mut order = confirmed(&shop.buyer, &[&seller]);
    order.order.number = trick.into();
    order.order.parts[0].number = trick.into();
    order.order.parts[0].vendor_name = "CON".into();
    order.order.parts[0].lines[0].title = "..\\..\\NUL".into();
    shop.app.deliver(order).await;
    shop.app.run_jobs().await;

    let [row] = &shop.rows().await[..] else { panic!("there is one document") };
    let issued = shop.app.emitted::<contracts::invoice::InvoiceIssued>().await.remove(0);
    let key = format!("{}/2026-27/{}.pdf", seller.vendor_id, issued.invoice_id);
    assert_eq!(row.object_key, key);
    let opened = shop.app.anonymous().get(&mailed(&issued)).await;
    let name = "attachment; filename=\"LOTU-2627-000001.pdf\"";
    assert_eq!(opened.header("content-disposition"), Some(name));

    let mut odd = Vec::new();
    for prefix in ["../x", "A/..", "A%00", "a\"\r\nX-Evil: 1"] {
        assert!(InvoiceNumber::parse(&format!("{prefix}/2627/000001")).is_err(), "{prefix}");
        odd.push(shop.seller(prefix).await);
    }
    for seller in &odd {
        shop.app.deliver_record(shop.app.record(&confirmed(&shop.buyer, &[seller]))).await;
    }
    assert_eq!(shop.dead().await, ["invoice/unissuable"; 4]);
    assert_eq!(shop.numbers().await, ["LOTU/2627/000001"]);
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn odd_texts_in_events_are_printed_as_texts_or_put_aside(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let texts = [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("#read(\"/etc/passwd\")", "#read(\"/etc/passwd\")"),
        ("'; drop table invoices; --", "'; drop table invoices; --"),
        ("\u{202e}gpj.exe", "gpj.exe"),
        ("a\r\nBcc: x@y.z", "a Bcc: x@y.z"),
    ];
    let sellers: Vec<VendorChanged> = texts
        .iter()
        .zip('A'..)
        .map(|((text, _), letter)| VendorChanged {
            legal_name: (*text).into(),
            ..seller(&format!("LOT{letter}"))
        })
        .collect();
    for seller in &sellers {
        shop.app.deliver(seller.clone()).await;
    }
    let mut order = confirmed(&shop.buyer, &sellers.iter().collect::<Vec<_>>());
    for (part, (text, _)) in order.order.parts.iter_mut().zip(&texts) {
        part.lines[0].title = (*text).into();
    }
    shop.app.deliver(order).await;
    while shop.app.run_jobs().await > 0 {}

    let rows = shop.rows().await;
    assert_eq!(rows.len(), texts.len());
    for (row, (_, printed)) in rows.iter().zip(&texts) {
        let bytes = shop.bucket.get(&row.object_key).await.unwrap().unwrap();
        let text = Paper::from(bytes).text();
        assert!(text.matches(printed).count() >= 2, "{printed} is not in {text}");
    }

    let nul = VendorChanged { legal_name: "a\0b".into(), ..seller("NULL") };
    shop.app.deliver_record(shop.app.record(&nul)).await;
    let mut order = confirmed(&shop.buyer, &[&sellers[0]]);
    order.order.parts[0].lines[0].title = "a\0b".into();
    shop.app.deliver_record(shop.app.record(&order)).await;
    assert_eq!(shop.dead().await, ["validation-error"], "no copy can be made of the seller");
    assert_eq!(shop.rows().await.len(), texts.len() + 1, "the title is printed without it");
}
