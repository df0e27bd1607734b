//! The questions as clients ask them.

use contracts::product::{ProductStatus, ProductUpserted, StockLevelChanged};
use contracts::rating::{RatingSummary, Subject};
use contracts::vendor::{VendorChanged, VendorStatus};
use kernel::ProductId;
use search::{App, Config};
use serde_json::{Value, json};
use testkit::{TestApp, sample};

pub async fn mall() -> TestApp<App> {
    let app = TestApp::<App>::start_without_database(Config::default()).await;
    app.deliver(sample::<VendorChanged>()).await;
    app.deliver(sample::<ProductUpserted>()).await;
    app.deliver(sample::<StockLevelChanged>()).await;
    app.deliver(sample::<RatingSummary>()).await;
    app
}

pub async fn found(app: &TestApp<App>, query: &str) -> Value {
    app.anonymous().get(&format!("/v1/search/products?{query}")).await.expect(200)
}

/// The choices of a category, each with its name.
fn categories(page: &Value) -> Vec<(&str, &str)> {
    let choices = page["facets"]["categories"].as_array().unwrap().iter();
    choices.map(|c| (c["value"].as_str().unwrap(), c["name"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn a_category_is_called_by_its_slug_until_its_name_is_heard() {
    let app = mall().await;
    let unnamed = ProductUpserted {
        product_id: ProductId::new(),
        category: "linen".parse().unwrap(),
        category_path: vec!["home".parse().unwrap(), "linen".parse().unwrap()],
        category_names: Vec::new(),
        ..sample()
    };
    app.deliver(unnamed.clone()).await;
    let named = [("home", "Home"), ("decor", "Decor"), ("linen", "linen")];
    assert_eq!(categories(&found(&app, "").await), named);
    let category_names = ["Home", "Bed and bath"].map(str::to_owned).to_vec();
    app.deliver(ProductUpserted { category_names, ..unnamed }).await;
    let named = [("home", "Home"), ("decor", "Decor"), ("linen", "Bed and bath")];
    assert_eq!(categories(&found(&app, "").await), named);
}

#[tokio::test]
async fn a_product_is_found_with_price_rating_stock_and_counts() {
    let app = mall().await;

    let page = found(
        &app,
        "q=brass+lamp&category=home&min_price=100&max_price=200000&min_rating=4.5&in_stock=true",
    )
    .await;

    let product = sample::<ProductUpserted>();
    let hit = &page["items"][0];
    assert_eq!(hit["product_id"], product.product_id.to_string());
    assert_eq!(hit["title"], product.title);
    assert_eq!(hit["vendor_name"], "Lotus Home");
    assert_eq!(hit["price"], json!({ "amount": 129_900, "currency": "INR" }));
    assert_eq!(hit["rating"], json!({ "average": "4.50", "count": 2 }));
    assert_eq!(
        (&hit["in_stock"], &page["total"], &page["next"]),
        (&json!(true), &json!(1), &json!(null))
    );
    assert_eq!(categories(&page), [("decor", "Decor"), ("home", "Home")]);
    let price = &page["facets"]["price_ranges"][0];
    assert_eq!(
        (&price["value"], &price["name"]),
        (&json!("100000-199999"), &json!("₹1,000.00 to ₹1,999.99"))
    );
}

#[tokio::test]
async fn a_suspended_sellers_products_and_unlisted_products_disappear_and_come_back() {
    let app = mall().await;
    assert_eq!(found(&app, "q=lamp").await["total"], 1);
    app.deliver(VendorChanged { status: VendorStatus::Suspended, ..sample() }).await;
    assert_eq!(found(&app, "q=lamp").await["total"], 0);
    app.deliver(sample::<VendorChanged>()).await;
    assert_eq!(found(&app, "q=lamp").await["total"], 1);
    app.deliver(ProductUpserted { status: ProductStatus::Unlisted, ..sample() }).await;
    assert_eq!(found(&app, "q=lamp").await["total"], 0);
}

#[tokio::test]
async fn an_older_state_never_brings_an_old_price_back() {
    let app = mall().await;
    let mut old = app.record(&{
        let mut product = sample::<ProductUpserted>();
        product.variants[0].price = kernel::Money::inr(1);
        product
    });
    old.headers.insert("ce_aggversion".into(), "1".into());
    app.deliver_record(old).await;
    assert_eq!(found(&app, "q=lamp").await["items"][0]["price"]["amount"], 129_900);
}

#[tokio::test]
async fn sellers_are_found_by_name_and_rating() {
    let app = mall().await;
    let vendor = sample::<VendorChanged>().vendor_id;
    let stars = RatingSummary { subject: Subject::Vendor(vendor), ..sample() };
    app.deliver(stars).await;
    let page = app.anonymous().get("/v1/search/vendors?q=lotus&min_rating=4").await.expect(200);
    assert_eq!(page["items"][0]["vendor_id"], vendor.to_string());
    assert_eq!(page["items"][0]["rating"]["average"], "4.50");
    let none = app.anonymous().get("/v1/search/vendors?q=lotus&min_rating=5").await.expect(200);
    assert_eq!(none["items"], json!([]));
}

#[tokio::test]
async fn a_beginning_is_completed() {
    let app = mall().await;
    let page = app.anonymous().get("/v1/search/suggest?q=bra").await.expect(200);
    assert!(!page["items"].as_array().unwrap().is_empty(), "{page}");
}

#[tokio::test]
async fn what_is_no_question_is_refused_by_name() {
    let app = mall().await;
    let ask =
        async |query: &str| app.anonymous().get(&format!("/v1/search/products?{query}")).await;
    for (query, parameter) in [
        ("limit=0", "limit"),
        ("limit=many", "limit"),
        ("sort=cheapest", "sort"),
        ("after=nonsense", "after"),
        ("min_price=-1", "min_price"),
        ("min_price=10&max_price=5", "min_price"),
        ("max_price=99999999999999999999", "max_price"),
        ("min_rating=6", "min_rating"),
        ("in_stock=perhaps", "in_stock"),
        ("vendor_id=1", "vendor_id"),
        ("category=%00", "category"),
    ] {
        let problem = ask(query).await.problem(422, "validation-error");
        assert_eq!(problem["errors"][0]["pointer"], parameter, "{problem}");
    }
}
