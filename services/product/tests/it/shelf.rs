//! What everybody sees.

use contracts::rating::{RatingSummary, Subject};
use contracts::vendor::VendorStatus;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::sample;

use crate::stage::{Checkout, Mall, Seller, lamp, open};

async fn titles(mall: &Mall, query: &str) -> Vec<String> {
    let page = mall.anonymous().get(&format!("/v1/products{query}")).await.expect(200);
    let skus = page["items"].as_array().expect("a list").iter();
    skus.map(|p| p["variants"][0]["sku"].as_str().expect("a SKU").to_owned()).collect()
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_product_is_shown_with_stock_and_stars(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::approved(&mall).await;
    let id = seller.sells(&mall, &["L-18", "L-24"], 1).await;
    let path = format!("/v1/products/{id}");
    let unrated = mall.anonymous().get(&path).await;
    let etag = unrated.header("etag").map(str::to_owned);
    assert_eq!(unrated.expect(200)["rating"], json!({ "average": "0.00", "count": 0 }));

    let summary = RatingSummary { subject: Subject::Product(id), ..sample() };
    let older = mall.record(&RatingSummary { sum: 1, count: 1, ..summary.clone() });
    mall.deliver(summary).await;
    mall.deliver_record(older).await;
    mall.deliver(Checkout::of(&mall, &[("L-24", 1)]).reserve()).await;

    let price = json!({ "amount": 129_900, "currency": "INR" });
    let variant = |sku: &str, in_stock: bool| json!({ "sku": sku, "options": { "size": sku }, "price": price, "in_stock": in_stock });
    let shown = mall.anonymous().get(&path).await;
    assert_ne!(shown.header("etag").map(str::to_owned), etag);
    assert_eq!(
        shown.expect(200),
        json!({
            "product_id": id.to_string(),
            "vendor_id": seller.id.to_string(),
            "title": "Brass oil lamp",
            "description": "Hand-cast.\n18 cm.",
            "category": "decor",
            "status": "published",
            "variants": [variant("L-18", true), variant("L-24", false)],
            "rating": { "average": "4.50", "count": 2 },
        })
    );
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn buyers_see_no_counters_and_nothing_that_is_between_seller_and_staff(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::approved(&mall).await;
    let id = seller.sells(&mall, &["L-18"], 7_319).await;
    for anybody in [mall.anonymous(), mall.as_buyer(), Seller::approved(&mall).await.client] {
        let one = anybody.get(&format!("/v1/products/{id}")).await.expect(200);
        let page = anybody.get("/v1/products").await.expect(200);
        assert_eq!(page["items"], json!([one]));
        let names =
            |of: &Value| -> Vec<String> { of.as_object().unwrap().keys().cloned().collect() };
        assert_eq!(
            names(&one),
            [
                "category",
                "description",
                "product_id",
                "rating",
                "status",
                "title",
                "variants",
                "vendor_id"
            ]
        );
        assert_eq!(names(&one["variants"][0]), ["in_stock", "options", "price", "sku"]);
        assert!(!one.to_string().contains("7319"), "{one}");
    }
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn only_published_products_of_approved_sellers_are_shown(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::approved(&mall).await;
    let draft = seller.draft(lamp(&["DRAFT"])).await;
    let id = seller.sells(&mall, &["L-18"], 1).await;
    assert_eq!(titles(&mall, "").await, ["L-18"]);
    mall.anonymous().get(&format!("/v1/products/{draft}")).await.problem(404, "not-found");

    seller.becomes(&mall, VendorStatus::Suspended).await;
    assert!(titles(&mall, "").await.is_empty());
    mall.anonymous().get(&format!("/v1/products/{id}")).await.problem(404, "not-found");
    seller.becomes(&mall, VendorStatus::Approved).await;
    assert_eq!(titles(&mall, "").await, ["L-18"]);
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn the_shelf_is_listed_by_category_seller_and_page(pool: PgPool) {
    let mall = open(pool).await;
    let (one, two) = (Seller::approved(&mall).await, Seller::approved(&mall).await);
    one.sells(&mall, &["LAMP"], 1).await;
    let tea = two.sells(&mall, &["TEA"], 1).await;
    let path = two.path(&format!("/products/{tea}"));
    two.client.patch(&path, json!({ "category": "tea" })).await.expect(200);

    assert_eq!(titles(&mall, "").await, ["TEA", "LAMP"]);
    assert_eq!(titles(&mall, "?category=tea").await, ["TEA"]);
    assert_eq!(titles(&mall, "?category=home").await, ["LAMP"], "shelves below count too");
    assert!(titles(&mall, "?category=nowhere").await.is_empty());
    assert_eq!(titles(&mall, &format!("?vendor_id={}", one.id)).await, ["LAMP"]);

    let first = mall.anonymous().get("/v1/products?limit=1").await.expect(200);
    let next = first["next"].as_str().expect("a next page");
    assert_eq!(titles(&mall, &format!("?limit=1&after={next}")).await, ["LAMP"]);
    let last =
        mall.anonymous().get(&format!("/v1/products?limit=1&after={next}")).await.expect(200);
    assert_eq!(last["next"], Value::Null);
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn strange_queries_are_refused(pool: PgPool) {
    let mall = open(pool).await;
    let anybody = mall.anonymous();
    for unknown in ["?sort=password_hash", "?filter[owner.email]=x", "?fields=secret"] {
        anybody.get(&format!("/v1/products{unknown}")).await.problem(400, "unknown-field");
    }
    for wrong in
        ["?limit=0", "?limit=101", "?limit=x", "?after=zzz", "?vendor_id=1", "?category=A%20B"]
    {
        anybody.get(&format!("/v1/products{wrong}")).await.problem(422, "validation-error");
    }
    for wrong in [
        format!("?after={}", "A".repeat(10_000)),
        "?category=%00".into(),
        "?vendor_id=%FF".into(),
        "?limit=99999999999999999999".into(),
        "?limit=1&limit=2".into(),
    ] {
        anybody.get(&format!("/v1/products{wrong}")).await.problem(422, "validation-error");
    }
    for path in ["/v1/products/{id}?fields=secret", "/v1/categories?sort=password_hash"] {
        let path = path.replace("{id}", &kernel::ProductId::new().to_string());
        anybody.get(&path).await.problem(400, "unknown-field");
    }
    for path in ["/v1/products/not-an-id", "/v1/products/%00", "/v1/products/%F0%9F%98%80"] {
        anybody.get(path).await.problem(404, "not-found");
    }
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn categories_are_a_tree(pool: PgPool) {
    let mall = open(pool).await;
    let tree = mall.anonymous().get("/v1/categories").await.expect(200);
    let tops = tree["items"].as_array().expect("a list");
    let slugs = |of: &Value| -> Vec<String> {
        let children = of["children"].as_array().expect("a list").iter();
        children.map(|c| c["slug"].as_str().expect("a slug").to_owned()).collect()
    };
    assert_eq!(tops[0]["slug"], "home");
    assert_eq!(slugs(&tops[0]), ["decor", "kitchen", "linen"]);
    assert_eq!(slugs(&tops[1]), ["tea", "spices"]);
    assert!(tops.iter().map(|top| slugs(top).len()).sum::<usize>() >= 6);
}
