//! Questions and facts that mean harm.

use chassis::Service;
use contracts::product::ProductUpserted;
use contracts::vendor::VendorChanged;
use search::App;
use serde_json::Value;
use testkit::{Answer, TestApp, sample};

use crate::doors::{found, mall};

#[tokio::test]
async fn what_lies_beside_the_catalogue_is_not_reached_by_any_parameter() {
    let app = mall().await;
    for route in ["products?q=lamp", "vendors?q=lotus", "suggest?q=bra"] {
        for query in ["filter[owner.email]=a", "fields=secret", "populate=*", "q[$ne]=x", "_q=x"] {
            let path = format!("/v1/search/{route}&{query}");
            app.anonymous().get(&path).await.problem(400, "unknown-field");
        }
    }
    let sorted = app.anonymous().get("/v1/search/products?sort=password_hash").await;
    sorted.problem(422, "validation-error");
}

#[tokio::test]
async fn hits_hold_what_a_buyer_may_know_and_nothing_else() {
    let app = mall().await;
    let names = |of: &Value| -> Vec<String> { of.as_object().unwrap().keys().cloned().collect() };
    let hit = found(&app, "q=lamp").await["items"][0].clone();
    assert_eq!(
        names(&hit),
        ["in_stock", "price", "product_id", "rating", "title", "vendor_id", "vendor_name"]
    );
    let page = app.anonymous().get("/v1/search/vendors?q=lotus").await.expect(200);
    assert_eq!(names(&page["items"][0]), ["display_name", "rating", "since", "vendor_id"]);
    let seller = sample::<VendorChanged>();
    for secret in [seller.owner.to_string(), seller.invoice_prefix, seller.legal_name] {
        assert!(!page.to_string().contains(&secret), "{secret}: {page}");
    }
}

/// An answer, of whatever kind, that came in time.
async fn in_time(app: &TestApp<App>, query: &str) -> Answer {
    let patience = std::time::Duration::from_secs(5);
    let client = app.anonymous();
    let path = format!("/v1/search/products?{query}");
    tokio::time::timeout(patience, client.get(&path)).await.expect("an answer in time")
}

#[tokio::test]
async fn huge_questions_are_refused_and_broad_ones_answered_in_time() {
    let app = mall().await;
    let filters: Vec<String> = (0..200).map(|n| format!("category=c{n}")).collect();
    for query in [
        "limit=1000000".to_owned(),
        "limit=1e6".into(),
        format!("q={}", "x".repeat(10_000)),
        filters.join("&"),
        format!("category={}", "c".repeat(10_000)),
        format!("after={}", "A".repeat(10_000)),
    ] {
        in_time(&app, &query).await.problem(422, "validation-error");
    }
    for query in ["page=1000000000", "page_size=1000000", "offset=1000000000"] {
        in_time(&app, query).await.problem(400, "unknown-field");
    }
    assert_eq!(in_time(&app, "q=*a*b*c*&limit=100").await.status, 200);
}

#[tokio::test]
async fn signs_of_query_languages_mean_nothing_in_a_search() {
    let app = mall().await;
    for words in
        ["%27", "%25", "_", "%5C", "%25_%5C", "%26%7C%21%3A*", "lamp+%3C-%3E+brass", "%27%3B--"]
    {
        assert_eq!(in_time(&app, &format!("q={words}")).await.status, 200, "{words}");
    }
    for signs in ["%25", "_", "*", "%27+OR+%271%27%3D%271"] {
        assert_eq!(found(&app, &format!("q={signs}")).await["total"], 0, "{signs}");
    }
    let many = vec!["a"; 10_000].join("+OR+");
    in_time(&app, &format!("q={many}")).await.problem(422, "validation-error");
    let words = vec!["or"; 60].join("+");
    in_time(&app, &format!("q={words}")).await.problem(422, "validation-error");
}

#[tokio::test]
async fn strange_characters_find_nothing_and_break_nothing() {
    let app = mall().await;
    for words in ["%00", "%E2%80%AE", "%F0%9F%98%80", "%FF%FE", "%ED%A0%80", "%", "%zz", "a%00b"] {
        let answer = in_time(&app, &format!("q={words}")).await;
        assert!(matches!(answer.status.as_u16(), 200 | 422), "{words}: {}", answer.text());
        for route in ["vendors", "suggest"] {
            let answer = app.anonymous().get(&format!("/v1/search/{route}?q={words}")).await;
            assert!(matches!(answer.status.as_u16(), 200 | 422), "{words}: {}", answer.text());
        }
    }
}

#[tokio::test]
async fn hostile_words_in_what_is_overheard_are_found_and_shown_as_they_are() {
    let app = mall().await;
    let title = "<script>alert(1)</script> brass\u{202e} lamp'; drop table hits; --\u{0}\u{1F600}";
    app.deliver(ProductUpserted { title: title.into(), ..sample() }).await;
    let answer = in_time(&app, "q=script+lamp").await;
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.expect(200)["items"][0]["title"], title);
    let suggested = app.anonymous().get("/v1/search/suggest?q=scr").await;
    assert_eq!(suggested.status, 200, "{}", suggested.text());
}

#[tokio::test]
async fn records_that_make_no_sense_are_passed_over_and_the_index_stays() {
    let app = mall().await;
    let mut product = sample::<ProductUpserted>();
    product.variants[0].price = kernel::Money::inr(1);
    let good = app.record(&product);
    let mut broken = vec![good.clone(), good.clone(), good.clone(), good.clone(), good];
    broken[0].headers.remove("ce_id");
    broken[1].headers.remove("ce_aggversion");
    broken[2].payload = Some(b"{\"product_id\":".to_vec());
    broken[3].headers.insert("ce_type".into(), "product.upserted.v9".into());
    broken[4].key = kernel::ProductId::new().to_string();
    for record in broken {
        App::subscriptions().of(&app.app).apply_in_memory(&record);
    }
    assert_eq!(found(&app, "q=lamp").await["items"][0]["price"]["amount"], 129_900);
}
