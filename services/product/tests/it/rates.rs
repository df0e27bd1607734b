//! On the day that a rate of tax ends, nothing is sold with it any more.

use contracts::admin::Decision;
use contracts::product::{
    ProductStatus, ProductUpserted, ProductsBarred, RateEnding, StockRejected, StockReserved,
    Trouble,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::stage::{Checkout, Mall, Seller, forget, lamp, moderated, open, shop};

/// It is noon of 22 November in UTC; a rate that ends that day is over at half past six in the evening.
async fn end_eighteen_percent(mall: &Mall) {
    let end = sqlx::query("update gst_rates set valid_to = '2026-11-22' where rate_bp = 1800");
    end.execute(mall.db().pool()).await.expect("a rate can be ended");
}

const UNTIL_MIDNIGHT_IN_INDIA: SignedDuration = SignedDuration::from_mins(6 * 60 + 30);

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_line_whose_rate_has_ended_cannot_be_sold_whoever_comes_first(pool: PgPool) {
    let (mall, _) = shop(pool, &["LAMP"], 5).await;
    end_eighteen_percent(&mall).await;
    mall.deliver(Checkout::of(&mall, &[("LAMP", 1)]).reserve()).await;
    assert_eq!(mall.emitted::<StockReserved>().await.len(), 1);

    mall.clock.advance(UNTIL_MIDNIGHT_IN_INDIA);
    mall.deliver(Checkout::of(&mall, &[("LAMP", 1)]).reserve()).await;
    let rejected = mall.emitted::<StockRejected>().await.remove(0);
    assert_eq!(rejected.problems[0].trouble, Trouble::NotSellable);
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn what_bears_a_rate_that_has_ended_leaves_the_shelf_until_it_bears_another(pool: PgPool) {
    let mall = open(pool).await;
    let mut seller = Seller::approved(&mall).await;
    let id = seller.sells(&mall, &["LAMP"], 5).await;
    let mut cheap = lamp(&["BOOK"]);
    cheap["gst_rate_bp"] = json!(500);
    let other = seller.draft(cheap).await;
    seller.propose(other).await;
    moderated(&mall, other, Decision::Approve).await;
    forget(&mall).await;
    end_eighteen_percent(&mall).await;
    assert_eq!(mall.run_timers().await, 1, "the seller is told");

    mall.clock.advance(UNTIL_MIDNIGHT_IN_INDIA);
    assert_eq!(mall.run_timers().await, 1);
    assert_eq!(mall.run_timers().await, 0);
    let said = mall.emitted::<ProductUpserted>().await;
    let [off] = &said[..] else { panic!("{said:?}") };
    assert_eq!((off.product_id, off.status), (id, ProductStatus::Rejected));

    // Another token: the one of noon is over.
    seller.client = mall.as_vendor(seller.id);
    let path = seller.path(&format!("/products/{id}"));
    let seen = seller.client.get(&path).await.expect(200);
    assert!(seen["reason"].as_str().unwrap().contains("rate of GST"), "{seen}");
    let proposed = seller.client.post(&format!("{path}/propose"), json!({})).await;
    let refused = proposed.problem(422, "validation-error");
    assert_eq!(refused["errors"][0]["pointer"], "/gst_rate_bp", "{refused}");

    seller.client.patch(&path, json!({ "gst_rate_bp": 4000 })).await.expect(200);
    seller.propose(id).await;
    moderated(&mall, id, Decision::Approve).await;
    mall.deliver(Checkout::of(&mall, &[("LAMP", 1)]).reserve()).await;
    assert_eq!(mall.emitted::<StockReserved>().await.len(), 1);
}

/// What staff keeps of the goods whose codes begin so.
async fn keep(mall: &Mall, rule: Value) {
    let staff = mall.as_staff(&["products.moderate"]);
    let kept = staff.put("/v1/admin/tax-rates", &rule).await.expect(200);
    assert_eq!(kept["hsn_prefix"], rule["hsn_prefix"]);
}

fn book(rate_bp: u32, hsn: &str) -> Value {
    let mut book = lamp(&["BOOK"]);
    book["gst_rate_bp"] = json!(rate_bp);
    book["hsn"] = json!(hsn);
    book
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_rate_that_the_code_does_not_bear_is_refused_by_its_longest_prefix(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::approved(&mall).await;
    let nil = json!({"rate_bp": 0, "valid_from": "2017-07-01"});
    let five = json!({"rate_bp": 500, "valid_from": "2017-07-01"});
    keep(&mall, json!({"hsn_prefix": "49", "rates": [five]})).await;
    keep(&mall, json!({"hsn_prefix": "4901", "rates": [nil]})).await;
    let path = seller.path("/products");
    let pointer = async |body: Value| {
        let refused = seller.client.post(&path, body).await.problem(422, "validation-error");
        refused["errors"][0]["pointer"].clone()
    };
    assert_eq!(pointer(book(500, "490110")).await, "/gst_rate_bp");
    assert_eq!(pointer(book(0, "4902")).await, "/gst_rate_bp");
    // Nothing is kept of the chapter of lamps; tobacco bears what is not reckoned here.
    assert_eq!(pointer(book(4_000, "2402")).await, "/hsn");
    let id = seller.draft(book(0, "490110")).await;
    let edit = seller.client.patch(&format!("{path}/{id}"), json!({"hsn": "4902"})).await;
    edit.problem(422, "validation-error");

    let staff = mall.as_staff(&["products.moderate"]);
    let both = json!({"hsn_prefix": "49", "rates": [nil], "not_sold": "No books."});
    staff.put("/v1/admin/tax-rates", &both).await.problem(422, "validation-error");
    let twice = json!({"hsn_prefix": "49", "rates": [nil, nil]});
    let refused = staff.put("/v1/admin/tax-rates", &twice).await.problem(422, "validation-error");
    assert_eq!(refused["errors"][0]["pointer"], "/rates/1");
    let none = mall.as_staff(&["payments.manage"]).get("/v1/admin/tax-rates").await;
    none.problem(403, "forbidden");
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn what_staff_learns_of_a_code_later_stops_its_sale_and_its_proposal(pool: PgPool) {
    let (mall, seller) = shop(pool, &["LAMP"], 5).await;
    let draft = seller.draft(book(1_800, "830610")).await;
    let staff = mall.as_staff(&["products.moderate"]);
    let told = staff.get("/v1/admin/tax-rates").await.expect(200);
    assert_eq!(told["unchecked"], json!([{"hsn": "8306", "products": 1}]));

    keep(
        &mall,
        json!({"hsn_prefix": "83", "rates": [{"rate_bp": 500, "valid_from": "2025-09-22"}]}),
    )
    .await;
    mall.deliver(Checkout::of(&mall, &[("LAMP", 1)]).reserve()).await;
    let rejected = mall.emitted::<StockRejected>().await.remove(0);
    assert_eq!(rejected.problems[0].trouble, Trouble::NotSellable);
    let propose = seller.path(&format!("/products/{draft}/propose"));
    let refused = seller.client.post(&propose, json!({})).await.problem(422, "validation-error");
    assert_eq!(refused["errors"][0]["pointer"], "/gst_rate_bp");

    // Nothing is kept of it any more.
    keep(&mall, json!({"hsn_prefix": "83"})).await;
    mall.deliver(Checkout::of(&mall, &[("LAMP", 1)]).reserve()).await;
    assert_eq!(mall.emitted::<StockReserved>().await.len(), 1);
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_rule_that_comes_late_takes_off_the_shelf_what_it_does_not_allow(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::approved(&mall).await;
    let lamp = seller.sells(&mall, &["LAMP", "LAMP-L"], 5).await;
    let books = seller.draft(book(1_800, "4901")).await;
    seller.propose(books).await;
    moderated(&mall, books, Decision::Approve).await;
    let waiting = seller.draft({
        let mut bowl = crate::stage::lamp(&["BOWL"]);
        bowl["hsn"] = json!("830620");
        bowl
    });
    let waiting = waiting.await;
    seller.propose(waiting).await;
    forget(&mall).await;
    let five = json!({"rate_bp": 500, "valid_from": "2025-09-22"});
    keep(&mall, json!({"hsn_prefix": "83", "rates": [five]})).await;

    assert_eq!(mall.run_timers().await, 1);
    let said = mall.emitted::<ProductUpserted>().await;
    let [off] = &said[..] else { panic!("{said:?}") };
    assert_eq!((off.product_id, off.status), (lamp, ProductStatus::Rejected));
    let told = mall.emitted::<RateEnding>().await.remove(0);
    assert_eq!((told.vendor_id, told.rate_bp, told.products), (seller.id, 1_800, 1));
    assert_eq!(told.last_day, jiff::civil::date(2026, 11, 21), "yesterday it could be sold");
    assert_eq!(told.skus.len(), 2);
    let path = seller.path(&format!("/products/{lamp}"));
    let seen = seller.client.get(&path).await.expect(200);
    assert!(seen["reason"].as_str().unwrap().contains("HSN code"), "{seen}");

    // What is approved by the rule before is gone through again.
    moderated(&mall, waiting, Decision::Approve).await;
    assert_eq!(mall.run_timers().await, 1);
    let staff = mall.as_staff(&["products.moderate"]);
    let off_shelf = staff.get("/v1/admin/tax-rates").await.expect(200)["off_shelf"].clone();
    let row =
        |hsn: &str| json!({"vendor_id": seller.id, "hsn": hsn, "rate_bp": 1_800, "products": 1});
    assert_eq!(off_shelf, json!([row("8306"), row("830620")]));

    seller.client.patch(&path, json!({ "gst_rate_bp": 500 })).await.expect(200);
    seller.propose(lamp).await;
    moderated(&mall, lamp, Decision::Approve).await;
    forget(&mall).await;
    mall.clock.advance(SignedDuration::from_mins(2));
    assert_eq!(mall.run_timers().await, 1, "once more, for what was being written");
    assert!(mall.emitted::<ProductUpserted>().await.is_empty(), "it is as it must be");
    assert_eq!(mall.run_timers().await, 0, "all of it was gone through");
    let off_shelf = staff.get("/v1/admin/tax-rates").await.expect(200)["off_shelf"].clone();
    assert_eq!(off_shelf, json!([row("830620")]));
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_rule_of_a_later_day_is_kept_on_that_day(pool: PgPool) {
    let mall = open(pool).await;
    let seller = Seller::approved(&mall).await;
    let lamp = seller.sells(&mall, &["LAMP"], 5).await;
    let (old, new) = (
        json!({"rate_bp": 1_800, "valid_from": "2025-09-22", "valid_to": "2026-11-22"}),
        json!({"rate_bp": 500, "valid_from": "2026-11-23"}),
    );
    keep(&mall, json!({"hsn_prefix": "8306", "rates": [old, new]})).await;
    mall.run_timers().await;
    assert_eq!(mall.emitted::<RateEnding>().await.len(), 1, "the seller is told");
    mall.clock.advance(UNTIL_MIDNIGHT_IN_INDIA - SignedDuration::from_secs(30));
    mall.run_timers().await;
    assert!(mall.emitted::<ProductUpserted>().await.is_empty(), "it is still the day before");
    mall.clock.advance(SignedDuration::from_secs(30));
    assert_eq!(mall.run_timers().await, 1);
    let off = mall.emitted::<ProductUpserted>().await.remove(0);
    assert_eq!((off.product_id, off.status), (lamp, ProductStatus::Rejected));
    assert_eq!(mall.emitted::<RateEnding>().await, [], "it knows already");

    // Nothing of it is sold at all: another rate would not help.
    let seller = Seller::approved(&mall).await;
    let mut pipe = crate::stage::lamp(&["PIPE"]);
    pipe["hsn"] = json!("9614");
    let pipe = seller.draft(pipe).await;
    seller.propose(pipe).await;
    moderated(&mall, pipe, Decision::Approve).await;
    forget(&mall).await;
    keep(&mall, json!({"hsn_prefix": "96", "not_sold": "Pipes bear a cess."})).await;
    assert_eq!(mall.run_timers().await, 1);
    let off = mall.emitted::<ProductUpserted>().await.remove(0);
    assert_eq!((off.product_id, off.status), (pipe, ProductStatus::Rejected));
    assert_eq!(mall.emitted::<RateEnding>().await, []);
    let barred = mall.emitted::<ProductsBarred>().await.remove(0);
    assert_eq!((barred.vendor_id, barred.products), (seller.id, 1));
    assert_eq!(barred.skus, [crate::stage::sku("PIPE")]);
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn a_rule_reaches_what_stands_behind_a_page_of_what_it_allows(pool: PgPool) {
    let mall = open(pool).await;
    let lamp = Seller::approved(&mall).await.sells(&mall, &["LAMP"], 5).await;
    let page = sqlx::query(
        "insert into products
         select (jsonb_populate_record(p, jsonb_build_object('id', lpad(n::text, 32, '0'), 'gst_rate_bp', 500))).*
           from products p, generate_series(1, 200) n",
    );
    page.execute(mall.db().pool()).await.unwrap();
    let five = json!({"rate_bp": 500, "valid_from": "2025-09-22"});
    keep(&mall, json!({"hsn_prefix": "83", "rates": [five]})).await;
    assert_eq!(mall.run_timers().await, 2, "pages");
    let off = mall.emitted::<ProductUpserted>().await.remove(0);
    assert_eq!((off.product_id, off.status), (lamp, ProductStatus::Rejected));
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn everybody_may_know_which_rates_there_are(pool: PgPool) {
    let mall = open(pool).await;
    let answer = mall.anonymous().get("/v1/tax/rates").await;
    assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
    let rates = answer.expect(200);
    let of = |rates: &Value| -> Vec<i64> {
        let items = rates["items"].as_array().unwrap().iter();
        items.map(|rate| rate["rate_bp"].as_i64().unwrap()).collect()
    };
    assert_eq!(of(&rates), [0, 25, 150, 300, 500, 1_800, 4_000], "12 and 28 per cent have ended");
    let soon = json!({"rate_bp": 1_800, "valid_from": "2027-01-01"});
    let nil = json!({"rate_bp": 0, "valid_from": "2017-07-01", "valid_to": "2026-12-31"});
    keep(&mall, json!({"hsn_prefix": "4901", "rates": [nil, soon]})).await;
    let rates = async |hsn: &str| {
        let path = format!("/v1/tax/rates?hsn={hsn}");
        of(&mall.anonymous().get(&path).await.expect(200))
    };
    assert_eq!(rates("490110").await, [0]);
    assert_eq!(rates("2402").await, [0_i64; 0], "tobacco is not sold");
    let wrong = mall.anonymous().get("/v1/tax/rates?hsn=49").await;
    wrong.problem(422, "validation-error");
}

#[sqlx::test(migrator = "product::MIGRATOR")]
async fn sellers_are_told_once_a_week_before_a_rate_of_theirs_ends(pool: PgPool) {
    let mall = open(pool).await;
    let (one, other) = (Seller::approved(&mall).await, Seller::approved(&mall).await);
    let skus: Vec<String> = (0..25).map(|n| format!("LAMP-{n:02}")).collect();
    let skus: Vec<&str> = skus.iter().map(String::as_str).collect();
    one.sells(&mall, &skus, 0).await;
    one.sells(&mall, &["VASE"], 0).await;
    other.sells(&mall, &["BOWL"], 0).await;
    let end = sqlx::query("update gst_rates set valid_to = '2026-11-30' where rate_bp = 1800");
    end.execute(mall.db().pool()).await.unwrap();
    assert_eq!(mall.run_timers().await, 0, "eight days before");

    mall.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(mall.run_timers().await, 2);
    assert_eq!(mall.run_timers().await, 0);
    let said = mall.emitted::<RateEnding>().await;
    let to =
        |seller: &Seller| said.iter().find(|said| said.vendor_id == seller.id).unwrap().clone();
    let (first, second) = (to(&one), to(&other));
    assert_eq!((first.rate_bp, first.last_day), (1_800, jiff::civil::date(2026, 11, 30)));
    assert_eq!((first.products, first.skus.len()), (2, 20));
    assert_eq!((second.products, second.skus), (1, vec![crate::stage::sku("BOWL")]));
    let told = mall.as_staff(&["products.moderate"]).get("/v1/admin/tax-rates").await.expect(200);
    assert_eq!(told["ending"].as_array().unwrap().len(), 2);

    // A rate of one code only ends as well.
    let (old, new) = (
        json!({"rate_bp": 4_000, "valid_from": "2025-09-22", "valid_to": "2026-11-27"}),
        json!({"rate_bp": 500, "valid_from": "2026-11-28"}),
    );
    keep(&mall, json!({"hsn_prefix": "830629", "rates": [old, new]})).await;
    let seller = Seller::approved(&mall).await;
    let mut dear = lamp(&["DEAR"]);
    dear["hsn"] = json!("830629");
    dear["gst_rate_bp"] = json!(4_000);
    let id = seller.draft(dear).await;
    seller.propose(id).await;
    moderated(&mall, id, Decision::Approve).await;
    forget(&mall).await;
    mall.run_timers().await;
    let said = mall.emitted::<RateEnding>().await.remove(0);
    assert_eq!((said.rate_bp, said.last_day), (4_000, jiff::civil::date(2026, 11, 27)));
}
