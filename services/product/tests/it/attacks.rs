//! Hostile words, from sellers and from the bus.

use axum::http::Method;
use chassis::dead_letters;
use contracts::admin::{Decision, ProductModerated};
use contracts::product::ProductUpserted;
use contracts::vendor::{VendorChanged, VendorStatus};
use kernel::{Clock, SellerOrderId};
use serde_json::json;
use sqlx::PgPool;
use testkit::{refuses_unseen_texts, sample};

use crate::stage::{Checkout, Mall, Seller, assert_books, lamp, open, shop};

const MARKUP: &str =
    "<script>alert(1)</script><img src=x onerror=alert(2)> [x](javascript:alert(3))";

async fn letters(mall: &Mall) -> usize {
    dead_letters::list(mall.db()).await.expect("letters can be listed").len()
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn markup_in_what_a_seller_writes_is_text_and_nothing_runs_it(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::approved(&mall).await;
    let id = seller.sells(&mall, &["LAMP"], 1).await;
    let path = seller.path(&format!("/products/{id}"));
    let edit = json!({ "title": MARKUP, "description": MARKUP });
    seller.client.patch(&path, edit).await.expect(200);
    let emitted = mall.emitted::<ProductUpserted>().await;
    assert_eq!((emitted[0].title.as_str(), emitted[0].description.as_str()), (MARKUP, MARKUP));

    let page = mall.anonymous().get(&format!("/v1/products/{id}")).await;

    assert_eq!(page.header("content-type"), Some("application/json"));
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(page.expect(200)["title"], MARKUP);
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn texts_that_steer_what_prints_them_are_refused(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::new(&mall);
    let wrong = ["a\0b", "\u{202e}gnp.exe", "a\u{2066}b", "a\u{2028}b", "\u{feff}a", "a\u{1b}[2J"];
    for text in wrong {
        for place in ["/title", "/description", "/variants/0/options/size", "/hsn", "/category"] {
            let mut body = lamp(&["L-18"]);
            *body.pointer_mut(place).expect("a member of the lamp") = json!(text);
            let answer = seller.client.post(&seller.path("/products"), body).await;
            answer.problem(422, "validation-error");
        }
        let mut body = lamp(&["L-18"]);
        body["variants"][0]["options"] = json!({ text: "v" });
        let answer = seller.client.post(&seller.path("/products"), body).await;
        answer.problem(422, "validation-error");
    }
    for title in ["a\u{1f600}b", "a\r\nBcc: x", "\u{301}".repeat(201).as_str()] {
        let mut body = lamp(&["L-18"]);
        body["title"] = json!(title);
        let answer = seller.client.post(&seller.path("/products"), body).await;
        answer.problem(422, "validation-error");
    }
    let mut huge = lamp(&["L-18"]);
    huge["title"] = json!("x".repeat(1 << 20));
    let answer = seller.client.post(&seller.path("/products"), huge).await;
    answer.problem(413, "payload-too-large");
    let half = lamp(&["L-18"]).to_string().replace("Brass", "\\ud800").into_bytes();
    let body = Some(("application/json", half));
    let answer = seller.client.send(Method::POST, &seller.path("/products"), body).await;
    answer.problem(422, "validation-error");
    for sku in ["%00", "A%00", "%E2%80%AE", "%F0%9F%98%80", "%FF", &"x".repeat(10_000)] {
        let answer = seller.client.get(&seller.path(&format!("/stock/{sku}"))).await;
        answer.problem(404, "not-found");
    }
    assert!(mall.emitted_names().await.is_empty());
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn no_title_option_or_reason_is_one_that_nobody_sees(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::approved(&mall).await;
    let id = seller.draft(lamp(&["LAMP"])).await;
    let client = seller.client.clone().key("unseen");
    let new = (seller.path("/products"), lamp(&["NEW"]));
    refuses_unseen_texts(&client, &Method::POST, &new.0, (&new.1, &["/title"])).await;
    let mut sized = new.1;
    for text in ["\u{200b}", "\u{3164}", "\u{e0041}"] {
        for options in [json!({ "size": text }), json!({ text: "M" })] {
            sized["variants"][0]["options"] = options;
            let answer = client.post(&new.0, &sized).await;
            let problem = answer.problem(422, "validation-error");
            assert_eq!(problem["errors"][0]["pointer"], "/variants/0/options");
        }
    }
    let product = seller.path(&format!("/products/{id}"));
    let edit = json!({ "title": "Mine" });
    refuses_unseen_texts(&client, &Method::PATCH, &product, (&edit, &["/title"])).await;
    let moved = json!({ "quantity": 1, "reason": "counted" });
    let path = seller.path("/stock/LAMP/movements");
    refuses_unseen_texts(&client, &Method::POST, &path, (&moved, &["/reason"])).await;
    let staff = mall.as_staff(chassis::auth::callers::may::ALL).key("rate");
    let rate = json!({ "hsn_prefix": "9405", "valid_from": "2027-01-01", "not_sold": "forbidden" });
    refuses_unseen_texts(&staff, &Method::PUT, "/v1/admin/tax-rates", (&rate, &["/not_sold"]))
        .await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_sku_that_no_address_can_hold_is_refused(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::approved(&mall).await;
    for folder in [".", ".."] {
        let answer = seller.client.post(&seller.path("/products"), lamp(&["L", folder])).await;
        let problem = answer.problem(422, "validation-error");
        assert_eq!(problem["errors"][0]["pointer"], "/variants/1/sku", "{folder}");
    }
    assert!(mall.emitted_names().await.is_empty());
    for sku in ["...", ".a", "..a", "a."] {
        seller.draft(lamp(&[sku])).await;
        assert_eq!(seller.counters(sku).await, [0, 0, 0, 0], "{sku}");
    }
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn wishes_that_make_no_sense_are_put_aside_and_hold_nothing(pool: PgPool) {
    let (mall, seller) = shop(pool, &["LAMP"], 9).await;
    let record = || mall.record(&Checkout::of(&mall, &[("LAMP", 1)]).reserve());
    let (mut nameless, mut unversioned, mut broken, mut newer) =
        (record(), record(), record(), record());
    nameless.headers.remove("ce_id");
    unversioned.headers.remove("ce_aggversion");
    broken.payload = Some(b"{\"checkout_id\":7}".to_vec());
    newer.headers.insert("ce_type".into(), "stock.reserve.v9".into());
    for record in [nameless, unversioned, broken, newer] {
        mall.deliver_record(record).await;
    }
    assert_eq!(letters(&mall).await, 4);

    // The same id again, with another wish in it.
    let (first, second) = (record(), record());
    let mut reused = second.clone();
    reused.headers.insert("ce_id".into(), first.headers["ce_id"].clone());
    mall.deliver_record(first).await;
    mall.deliver_record(reused).await;
    assert_eq!(letters(&mall).await, 5);
    assert_eq!(seller.counters("LAMP").await, [8, 1, 0, 0]);
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_parcel_with_pieces_of_another_seller_is_put_aside(pool: PgPool) {
    let mall = open(pool).await;
    let (one, two) = (Seller::approved(&mall).await, Seller::approved(&mall).await);
    one.sells(&mall, &["LAMP"], 9).await;
    two.sells(&mall, &["TEA"], 9).await;
    let checkout = Checkout::of(&mall, &[("LAMP", 1), ("TEA", 1)]);
    mall.deliver(checkout.reserve()).await;
    mall.deliver(checkout.confirmed()).await;

    let mixed = checkout.shipped(&one, SellerOrderId::new(), &[("LAMP", 1), ("TEA", 1)]);
    mall.deliver_record(mall.record(&mixed)).await;

    assert_eq!(letters(&mall).await, 1);
    assert_eq!(one.counters("LAMP").await, [8, 0, 1, 0]);
    assert_eq!(two.counters("TEA").await, [8, 0, 1, 0]);
    assert_books(&mall).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_seller_under_the_key_of_another_is_put_aside(pool: PgPool) {
    let mall = open(pool).await;
    let (one, two) = (Seller::approved(&mall).await, Seller::approved(&mall).await);
    one.sells(&mall, &["LAMP"], 9).await;
    let suspended =
        VendorChanged { vendor_id: one.id, status: VendorStatus::Suspended, ..sample() };
    let mut record = mall.record(&suspended);
    record.key = two.id.to_string();
    mall.deliver_record(record).await;
    assert_eq!(letters(&mall).await, 1);
    let shelf = mall.anonymous().get("/v1/products").await.expect(200);
    assert_eq!(shelf["items"].as_array().map(Vec::len), Some(1));
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn hostile_words_in_a_decision_are_text_or_put_aside(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::approved(&mall).await;
    let (told, untold) = (seller.draft(lamp(&["A"])).await, seller.draft(lamp(&["B"])).await);
    let reason = format!("{MARKUP}'; drop table products; --\u{202e}\u{1f600}");
    for (product_id, reason) in [(told, reason.as_str()), (untold, "a\0b")] {
        seller.propose(product_id).await;
        let decided = ProductModerated {
            product_id,
            decision: Decision::Reject,
            reason: reason.into(),
            decided_at: mall.clock.now(),
            ..sample()
        };
        mall.deliver_record(mall.record(&decided)).await;
    }
    let shown =
        async |id| seller.client.get(&seller.path(&format!("/products/{id}"))).await.expect(200);
    assert_eq!(shown(told).await["reason"], reason.as_str());
    assert_eq!(shown(untold).await["status"], "proposed");
    assert_eq!(letters(&mall).await, 1);
}
