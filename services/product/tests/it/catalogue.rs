//! Writing, reading, editing and proposing products.

use contracts::product::{ProductStatus, ProductUpserted, StockLevel, StockLevelChanged};
use contracts::vendor::VendorStatus;
use futures::future::join_all;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::stage::{Seller, forget, lamp, open};

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_new_product_is_a_draft_with_nothing_in_stock(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::new(&mall);
    let made = seller.client.post(&seller.path("/products"), lamp(&["L-18", "L-24"])).await;
    let made = made.expect(201);
    assert_eq!(made["status"], "draft");
    assert_eq!(made["variants"][1]["sku"], "L-24");
    assert_eq!(made["variants"][1]["options"], json!({ "size": "L-24" }));
    assert_eq!(made["variants"][1]["price"], json!({ "amount": 129_900, "currency": "INR" }));
    assert_eq!(made["reason"], Value::Null);

    let emitted = mall.emitted::<ProductUpserted>().await;
    assert_eq!(emitted.len(), 1);
    assert_eq!(emitted[0].status, ProductStatus::Draft);
    assert_eq!(
        emitted[0].category_path.iter().map(kernel::CategorySlug::as_str).collect::<Vec<_>>(),
        ["home", "decor"]
    );
    assert_eq!(emitted[0].category_names, ["Home", "Decor"]);
    assert_eq!((emitted[0].hsn.as_str(), emitted[0].gst_rate_bp), ("8306", 1800));

    let levels = mall.emitted::<StockLevelChanged>().await;
    assert_eq!(levels.len(), 2, "once for each SKU that is made");
    assert!(
        levels.iter().all(|l| l.level == StockLevel::Out && l.product_id == emitted[0].product_id)
    );
    assert_eq!(seller.stock("L-18").await["level"], "out");
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn the_same_key_makes_one_product(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::new(&mall);
    let client = seller.client.clone().key("once");
    let first = client.post(&seller.path("/products"), lamp(&["L-18"])).await;
    let again = client.post(&seller.path("/products"), lamp(&["L-18"])).await;
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(first.expect(201), again.expect(201));
    assert_eq!(mall.emitted::<ProductUpserted>().await.len(), 1);
    let other = client.post(&seller.path("/products"), lamp(&["L-19"])).await;
    other.problem(422, "idempotency/key-reused");
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_sku_is_unique_in_the_mall(pool: PgPool) {
    let mall = open(pool).await;
    let (one, two) = (Seller::new(&mall), Seller::new(&mall));
    one.draft(lamp(&["L-18"])).await;
    let taken = two.client.post(&two.path("/products"), lamp(&["FREE", "L-18"])).await;
    let problem = taken.problem(409, "product/sku-taken");
    assert_eq!(problem["errors"][0]["pointer"], "/variants/1/sku");
    assert_eq!(problem["errors"].as_array().map(Vec::len), Some(1));
    two.draft(lamp(&["FREE"])).await;
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn values_that_cannot_be_are_named(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::new(&mall);
    let with = |pointer: &str, value: Value| {
        let mut body = lamp(&["L-18"]);
        *body.pointer_mut(pointer).expect("a member of the lamp") = value;
        body
    };
    let six: serde_json::Map<String, Value> =
        (0..6).map(|i| (format!("o{i}"), json!("v"))).collect();
    let wrong = [
        ("/title", json!("")),
        ("/title", json!("x".repeat(201))),
        ("/title", json!("two\nlines")),
        ("/description", json!("\u{0}")),
        ("/description", json!("x".repeat(5001))),
        ("/category", json!("home")),
        ("/category", json!("nowhere")),
        ("/hsn", json!("83")),
        ("/gst_rate_bp", json!(1200)),
        ("/gst_rate_bp", json!(1)),
        ("/gst_rate_bp", json!(4_294_967_295_u32)),
        ("/gst_rate_bp", json!(-5)),
        ("/variants", json!([])),
        ("/variants/0/price/amount", json!(0)),
        ("/variants/0/price/amount", json!(i64::MAX)),
        ("/variants/0/price/currency", json!("USD")),
        ("/variants/0/options", Value::Object(six)),
        ("/variants/0/sku", json!("two words")),
    ];
    for (pointer, value) in wrong {
        let answer = seller.client.post(&seller.path("/products"), with(pointer, value)).await;
        let problem = answer.problem(422, "validation-error");
        let found = problem["errors"][0]["pointer"].as_str().unwrap_or_default().to_owned();
        assert!(pointer.starts_with(&found) && !found.is_empty(), "{pointer}: {problem}");
    }
    let twice = seller.client.post(&seller.path("/products"), lamp(&["A", "A"])).await;
    assert_eq!(twice.problem(422, "validation-error")["errors"][0]["pointer"], "/variants/1/sku");
    assert!(mall.emitted_names().await.is_empty());
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn every_rate_that_is_valid_today_is_taken(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::new(&mall);
    for rate in [0, 25, 150, 300, 500, 1800, 4000] {
        let mut body = lamp(&[&format!("RATE-{rate}")]);
        body["gst_rate_bp"] = json!(rate);
        seller.draft(body).await;
    }
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn members_that_only_the_mall_may_set_are_refused(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::new(&mall);
    let id = seller.draft(lamp(&["L-17"])).await;
    forget(&mall).await;
    let set = [
        ("vendor_id", json!(kernel::VendorId::new())),
        ("approved", json!(true)),
        ("rating_avg", json!(5)),
        ("status", json!("published")),
        ("product_id", json!(id)),
        ("version", json!(9)),
    ];
    for (member, value) in set {
        let mut body = lamp(&["L-18"]);
        body[member] = value.clone();
        let answer = seller.client.post(&seller.path("/products"), body).await;
        answer.problem(400, "unknown-field");
        let path = seller.path(&format!("/products/{id}"));
        let edit = seller.client.patch(&path, json!({ member: value })).await;
        edit.problem(400, "unknown-field");
    }
    let mut body = lamp(&["L-18"]);
    body["variants"][0]["in_stock"] = json!(true);
    let answer = seller.client.post(&seller.path("/products"), body).await;
    answer.problem(400, "unknown-field");
    assert!(mall.emitted_names().await.is_empty());
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn twenty_at_once_with_one_key_make_one_product(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::new(&mall);
    let (client, path) = (seller.client.clone().key("once"), seller.path("/products"));
    let asks = (0..20).map(|_| client.post(&path, lamp(&["L-18"])));
    let answers: Vec<_> = join_all(asks).await.into_iter().map(|a| a.expect(201)).collect();
    assert!(answers.iter().all(|a| a == &answers[0]), "{answers:?}");
    assert_eq!(mall.emitted::<ProductUpserted>().await.len(), 1);
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_seller_lists_all_its_products_newest_first(pool: PgPool) {
    let mall = open(pool).await;
    let (seller, other) = (Seller::new(&mall), Seller::new(&mall));
    other.draft(lamp(&["OTHER"])).await;
    for n in 0..5 {
        seller.draft(lamp(&[&format!("L-{n}")])).await;
    }
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let path = seller.path(&format!("/products?limit=2{after}"));
        let page = seller.client.get(&path).await.expect(200);
        for item in page["items"].as_array().expect("a list") {
            found.push(item["variants"][0]["sku"].as_str().expect("a SKU").to_owned());
        }
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(found, ["L-4", "L-3", "L-2", "L-1", "L-0"]);
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn an_edit_needs_the_edition_it_was_made_from(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::new(&mall);
    let id = seller.draft(lamp(&["L-18"])).await;
    let path = seller.path(&format!("/products/{id}"));
    let read = seller.client.get(&path).await;
    let etag = read.header("etag").expect("an ETag").to_owned();

    let mine = seller.client.clone().with("if-match", &etag);
    let edited = mine.patch(&path, json!({ "title": "Brass lamp" })).await;
    let fresh = edited.header("etag").expect("an ETag").to_owned();
    assert_eq!(edited.expect(200)["title"], "Brass lamp");
    assert_ne!(etag, fresh);

    let late = mine.patch(&path, json!({ "title": "Copper lamp" })).await;
    late.problem(412, "precondition-failed");
    let strange = seller.client.clone().with("if-match", "\"no-such\"");
    strange.patch(&path, json!({ "title": "x" })).await.problem(412, "precondition-failed");
    let broken = seller.client.clone().with("if-match", "3");
    broken.patch(&path, json!({ "title": "x" })).await.problem(422, "validation-error");

    let any = seller.client.clone().with("if-match", "*");
    any.patch(&path, json!({ "hsn": "830629", "category": "kitchen" })).await.expect(200);
    let now = seller.client.get(&path).await.expect(200);
    assert_eq!(now["title"], "Brass lamp");
    assert_eq!((now["hsn"].as_str(), now["category"].as_str()), (Some("830629"), Some("kitchen")));
    assert_eq!(now["description"], "Hand-cast.\n18 cm.", "what is left out stays");
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn an_edit_is_said_and_an_edit_of_nothing_is_not(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::new(&mall);
    let id = seller.draft(lamp(&["L-18"])).await;
    let path = seller.path(&format!("/products/{id}"));
    mall.emitted::<ProductUpserted>().await;
    let before = seller.client.get(&path).await;
    let same = seller.client.patch(&path, json!({ "title": "Brass oil lamp" })).await;
    assert_eq!(before.header("etag"), same.header("etag"));
    assert!(mall.emitted::<ProductUpserted>().await.is_empty());
    seller.client.patch(&path, json!({ "gst_rate_bp": 500 })).await.expect(200);
    assert_eq!(mall.emitted::<ProductUpserted>().await[0].gst_rate_bp, 500);
    let bad = seller.client.patch(&path, json!({ "gst_rate_bp": 2800 })).await;
    bad.problem(422, "validation-error");
    let unknown = seller.client.patch(&path, json!({ "status": "published" })).await;
    unknown.problem(400, "unknown-field");
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn only_an_approved_seller_proposes(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::new(&mall);
    let id = seller.draft(lamp(&["L-18"])).await;
    let path = seller.path(&format!("/products/{id}/propose"));
    let too_early = seller.client.post(&path, json!({})).await;
    too_early.problem(409, "product/seller-not-approved");
    seller.becomes(&mall, VendorStatus::Submitted).await;
    seller.client.post(&path, json!({})).await.problem(409, "product/seller-not-approved");

    seller.becomes(&mall, VendorStatus::Approved).await;
    mall.emitted::<ProductUpserted>().await;
    assert_eq!(seller.propose(id).await["status"], "proposed");
    assert_eq!(mall.emitted::<ProductUpserted>().await[0].status, ProductStatus::Proposed);
    let again = seller.client.post(&path, json!({})).await;
    again.problem(409, "product/not-proposable");
}
