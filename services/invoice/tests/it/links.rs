//! A link opens one document for whoever holds it, until it ends, and not a letter of it can be changed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use contracts::invoice::InvoiceIssued;
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use kernel::{InvoiceId, VendorId};
use serde_json::json;
use sqlx::PgPool;
use testkit::Client;

use crate::scene::{Shop, mailed, path};

const LINK: &str = "/v1/invoice-links/";

async fn one_issued(shop: &Shop) -> InvoiceIssued {
    let seller = shop.seller("LOTU").await;
    shop.issued(&[&seller]).await.1.remove(0)
}

fn links_of(id: InvoiceId) -> String {
    format!("/v1/invoices/{id}/links")
}

async fn asked(client: &Client, id: InvoiceId) -> (String, Timestamp) {
    let view = client.post(&links_of(id), json!({})).await.expect(201);
    let expires_at = view["expires_at"].as_str().unwrap().parse().unwrap();
    (path(view["url"].as_str().unwrap()), expires_at)
}

async fn uses(shop: &Shop) -> i64 {
    let sql = "select coalesce(sum(uses), 0) from invoice_links where last_used_at is not null";
    sqlx::query_scalar(sql).fetch_one(shop.app.db().pool()).await.unwrap()
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn buyer_and_seller_make_links_that_download_the_document_for_a_day(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let issued = one_issued(&shop).await;
    let readers = [shop.app.as_user(shop.buyer.user_id), shop.app.as_vendor(issued.vendor_id)];

    for reader in readers {
        let (link, expires_at) = asked(&reader, issued.invoice_id).await;
        let wanted: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        assert_eq!(expires_at, wanted);
        let opened = shop.app.anonymous().get(&link).await;

        assert_eq!(opened.status, 200);
        assert!(opened.body.starts_with(b"%PDF-"));
        assert_eq!(opened.header("content-type"), Some("application/pdf"));
        let name = "attachment; filename=\"LOTU-2627-000001.pdf\"";
        assert_eq!(opened.header("content-disposition"), Some(name));
        assert_eq!(opened.header("cache-control"), Some("no-store"));
        assert_eq!(opened.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(opened.header("referrer-policy"), Some("no-referrer"));
    }
    assert_eq!(uses(&shop).await, 2);
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn changing_any_part_of_a_link_makes_it_invalid(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let issued = one_issued(&shop).await;
    let buyer = shop.app.as_user(shop.buyer.user_id);
    let (link, _) = asked(&buyer, issued.invoice_id).await;
    let (other, _) = asked(&buyer, issued.invoice_id).await;
    let bytes = |link: &str| URL_SAFE_NO_PAD.decode(link.strip_prefix(LINK).unwrap()).unwrap();
    let (good, other) = (bytes(&link), bytes(&other));
    // 16 bytes of id, 8 of expiry, 32 of proof.
    let mut changed: Vec<Vec<u8>> = [0, 15, 16, 23, 24, 55]
        .map(|place| {
            let mut bytes = good.clone();
            bytes[place] ^= 1;
            bytes
        })
        .to_vec();
    changed.push([&other[..16], &good[16..]].concat());
    changed.push([&good[..24], &other[24..]].concat());
    changed.push(good[..24].to_vec());
    changed.push(good[..55].to_vec());
    changed.push([good.clone(), vec![0]].concat());

    let tokens = changed.iter().map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
    let wild = ["x", "..%2F..%2Fetc%2Fpasswd", "%00", "%ff", "null"].map(str::to_owned);
    for token in tokens.chain(wild) {
        let refused = shop.app.anonymous().get(&format!("{LINK}{token}")).await;
        let problem = refused.problem(403, "invoice/link-invalid");
        assert_eq!(problem["detail"], "the link is not one of ours", "{token}");
    }
    // The columns of the link and of what it opens are vouched for as well.
    shop.sql("update invoice_links set audience_id = gen_random_uuid() where uses = 0").await;
    shop.app.anonymous().get(&link).await.problem(403, "invoice/link-invalid");
    assert_eq!(uses(&shop).await, 0);
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn a_link_ends_with_its_last_second(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let issued = one_issued(&shop).await;
    let link = mailed(&issued);
    let anonymous = shop.app.anonymous();

    shop.app.clock.advance(SignedDuration::from_secs(7 * 86_400 - 1));
    assert_eq!(anonymous.get(&link).await.status, 200);
    shop.app.clock.advance(SignedDuration::from_secs(1));
    anonymous.get(&link).await.problem(410, "invoice/link-expired");
    let altered = format!("{}A", &link[..link.len() - 2]);
    anonymous.get(&altered).await.problem(403, "invoice/link-invalid");
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn revoking_ends_every_link_and_a_new_one_opens_again(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let issued = one_issued(&shop).await;
    let buyer = shop.app.as_user(shop.buyer.user_id);
    let (asked_for, _) = asked(&buyer, issued.invoice_id).await;

    assert_eq!(buyer.delete(&links_of(issued.invoice_id)).await.status, 204);

    for link in [mailed(&issued), asked_for] {
        shop.app.anonymous().get(&link).await.problem(410, "invoice/link-expired");
    }
    let (fresh, _) = asked(&buyer, issued.invoice_id).await;
    assert_eq!(shop.app.anonymous().get(&fresh).await.status, 200);
    let seller = shop.app.as_vendor(issued.vendor_id);
    assert_eq!(seller.delete(&links_of(issued.invoice_id)).await.status, 204);
    shop.app.anonymous().get(&fresh).await.problem(410, "invoice/link-expired");
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn nobody_else_makes_or_revokes_links(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let issued = one_issued(&shop).await;
    let staff = shop.app.as_staff(&["look", "users.manage"]);
    let path = links_of(issued.invoice_id);
    for stranger in [shop.app.as_buyer(), shop.app.as_vendor(VendorId::new()), staff] {
        let foreign = stranger.post(&path, json!({})).await.problem(404, "not-found");
        let missing = stranger.post(&links_of(InvoiceId::new()), json!({})).await;
        let missing = missing.problem(404, "not-found");
        assert_eq!(
            (&foreign["title"], &foreign["detail"]),
            (&missing["title"], &missing["detail"])
        );
        stranger.delete(&path).await.problem(404, "not-found");
    }
    let anonymous = shop.app.anonymous();
    anonymous.post(&path, json!({})).await.problem(401, "unauthenticated");
    anonymous.delete(&path).await.problem(401, "unauthenticated");
    let buyer = shop.app.as_user(shop.buyer.user_id);
    buyer.post("/v1/invoices/no-id/links", json!({})).await.problem(404, "not-found");
    buyer.post(&path, json!({ "days": 9 })).await.problem(400, "unknown-field");
    assert_eq!(shop.app.anonymous().get(&mailed(&issued)).await.status, 200);
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn a_link_is_made_once_per_key_and_without_a_body_too(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let issued = one_issued(&shop).await;
    let buyer = shop.app.as_user(shop.buyer.user_id).key("k-1");
    let path = links_of(issued.invoice_id);

    let first = buyer.send(axum::http::Method::POST, &path, None).await;
    let again = buyer.post(&path, json!({})).await;

    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!((first.status.as_u16(), first.value()), (201, again.expect(201)));
    let made: i64 = sqlx::query_scalar("select count(*) from invoice_links")
        .fetch_one(shop.app.db().pool())
        .await
        .unwrap();
    assert_eq!(made, 2, "the mailed one and the one that was asked for");
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn an_object_that_was_changed_in_the_store_is_not_handed_out(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let issued = one_issued(&shop).await;
    let key = shop.rows().await.remove(0).object_key;

    shop.bucket.delete(&key).await.unwrap();
    shop.app.anonymous().get(&mailed(&issued)).await.problem(500, "internal");
    shop.bucket.put_once(&key, b"%PDF-forged".to_vec(), "application/pdf").await.unwrap();
    let forged = shop.app.anonymous().get(&mailed(&issued)).await;

    assert!(!forged.text().contains("forged"));
    forged.problem(500, "internal");
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn a_document_asked_for_five_hundred_times_is_printed_once_and_fetched_thirty_times(
    pool: PgPool,
) {
    let shop = Shop::open(pool).await;
    let issued = one_issued(&shop).await;
    let (link, anonymous) = (mailed(&issued), shop.app.anonymous());
    let mut fetched = 0;
    for _ in 0..50 {
        for answer in join_all((0..10).map(|_| anonymous.get(&link))).await {
            if answer.status == 200 {
                fetched += 1;
            } else {
                assert_eq!(answer.header("retry-after"), Some("60"));
                answer.problem(429, "rate-limited");
            }
        }
    }
    assert_eq!((fetched, uses(&shop).await), (30, 30));
    assert_eq!(shop.app.run_jobs().await, 0);
    shop.app.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(anonymous.get(&link).await.status, 200);

    // Nor is a new link the way around: the mailed one and 29 more.
    let buyer = shop.app.as_user(shop.buyer.user_id);
    let path = links_of(issued.invoice_id);
    let made = join_all((0..40).map(|_| buyer.post(&path, json!({})))).await;
    let (made, refused): (Vec<_>, Vec<_>) = made.into_iter().partition(|a| a.status == 201);
    assert_eq!((made.len(), refused.len()), (29, 11));
    for answer in refused {
        answer.problem(429, "rate-limited");
    }
    shop.app.clock.advance(SignedDuration::from_hours(1));
    let later = shop.app.as_user(shop.buyer.user_id);
    later.post(&path, json!({})).await.expect(201);
}
