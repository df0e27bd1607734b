//! The till.

use cart::Config;
use contracts::cart::FrozenLine;
use contracts::order::OrderRejected;
use contracts::product::{LineTrouble, ProductUpserted, StockLevelChanged, Trouble};
use contracts::user::{AccountUpdated, AddressEdition};
use contracts::vendor::VendorChanged;
use futures::future::join_all;
use jiff::SignedDuration;
use kernel::{AddressId, Money, ProductId, Sku, UserId, VendorId};
use serde_json::json;
use sqlx::PgPool;
use testkit::{TestApp, sample};

use crate::scene::{Scene, config, lamp};

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn a_checkout_freezes_what_the_buyer_saw_and_empties_the_cart(pool: PgPool) {
    let scene = Scene::set(pool).await;
    scene.two_lamps().await;

    let answer = scene.check_out("k-1", 259_800).await.expect(202);

    let (key, body) = scene.checkouts().await.pop().unwrap();
    assert_eq!(answer["checkout_id"], key.as_str());
    assert_eq!(body["buyer"], scene.buyer.to_string());
    assert_eq!(body["payment_method"], "upi");
    assert_eq!(body["lines"][0]["unit_price"]["amount"], 129_900);
    assert_eq!(body["expected_total"]["amount"], 259_800);
    assert_eq!(scene.cart().await["sellers"], json!([]));
}

/// Prices, the shelf and the address book are overheard; an edition is said since address books have some.
#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn a_checkout_names_the_edition_of_the_address_that_is_in_the_book(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let mut versions = Vec::new();
    for (key, editions) in [("k-1", vec![]), ("k-2", vec![1]), ("k-3", vec![2])] {
        let edition = |version| AddressEdition { address_id: scene.address, version };
        let account = AccountUpdated {
            user_id: scene.buyer,
            address_ids: vec![scene.address],
            address_editions: editions.into_iter().map(edition).collect(),
            ..sample()
        };
        scene.app.deliver(account).await;
        scene.two_lamps().await;
        scene.check_out(key, 259_800).await.expect(202);
        versions.push(scene.checkouts().await.pop().unwrap().1["address_version"].clone());
    }
    assert_eq!(versions, [json!(null), json!(1), json!(2)]);
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn the_same_key_gives_the_same_answer_in_sequence_and_twenty_in_parallel(pool: PgPool) {
    let scene = Scene::set(pool).await;
    scene.two_lamps().await;
    let buyer = scene.buyer().key("k-1");

    let asks = (0..20).map(|_| buyer.post("/v1/cart/checkout", scene.wish(259_800)));
    let answers: Vec<_> = join_all(asks).await;
    let again = buyer.post("/v1/cart/checkout", scene.wish(259_800)).await;

    let checkouts: Vec<_> = answers.iter().map(|a| a.value()["checkout_id"].clone()).collect();
    assert!(checkouts.iter().all(|c| c.is_string() && *c == checkouts[0]), "{checkouts:?}");
    let first = answers.iter().filter(|a| a.header("idempotency-replayed").is_none()).count();
    assert_eq!(first, 1);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(scene.checkouts().await.len(), 1);
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn a_buyer_who_checks_out_again_and_again_has_to_wait(pool: PgPool) {
    let most = 3;
    let config = Config { checkouts_per_window: most, ..config() };
    let scene = Scene::over(TestApp::start(pool, config.clone()).await, config).await;
    let check_out = async |key: String| {
        scene.two_lamps().await;
        scene.check_out(&key, 259_800).await
    };
    for n in 0..most {
        check_out(format!("k-{n}")).await.expect(202);
    }

    let refused = check_out("once-more".into()).await;
    let wait: u32 = refused.header("retry-after").unwrap().parse().unwrap();
    refused.problem(429, "rate-limited");
    assert!((1..=900).contains(&wait), "{wait}");
    assert_ne!(scene.cart().await["sellers"], json!([]), "the cart is as it was");

    // What was answered before is answered again, and other buyers are not concerned.
    check_out("k-0".into()).await.expect(202);
    assert_eq!(scene.checkouts().await.len(), usize::try_from(most).unwrap());

    scene.app.clock.advance(SignedDuration::from_mins(15));
    check_out("later".into()).await.expect(202);
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn what_no_app_could_pay_is_refused_at_the_till_and_may_be_paid_another_way(pool: PgPool) {
    let config = Config { upi_max_paise: 259_799, cod_max_paise: 259_800, ..config() };
    let scene = Scene::over(TestApp::start(pool, config.clone()).await, config).await;
    scene.two_lamps().await;
    let refused = scene.check_out("k-1", 259_800).await.problem(409, "cart/method-limit");
    assert!(refused["detail"].as_str().unwrap().contains("2,597.99"), "{refused}");
    assert_ne!(scene.cart().await["sellers"], json!([]), "the cart is as it was");

    let mut in_cash = scene.wish(259_800);
    in_cash["payment_method"] = json!("cod");
    scene.buyer().key("k-2").post("/v1/cart/checkout", in_cash).await.expect(202);
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn less_than_a_rupee_is_not_paid_by_upi_and_may_be_paid_at_the_door(pool: PgPool) {
    let scene = Scene::set(pool).await;
    scene.pins(49).await;
    let pins = |quantity| json!({ "quantity": quantity });
    scene.buyer().put("/v1/cart/lines/PIN-1", pins(2)).await.expect(200);
    let refused = scene.check_out("k-1", 98).await.problem(409, "cart/method-minimum");
    assert!(refused["detail"].as_str().unwrap().contains("1.00"), "{refused}");
    assert_ne!(scene.cart().await["sellers"], json!([]), "the cart is as it was");

    let mut in_cash = scene.wish(98);
    in_cash["payment_method"] = json!("cod");
    scene.buyer().key("k-2").post("/v1/cart/checkout", in_cash).await.expect(202);
    scene.buyer().put("/v1/cart/lines/PIN-1", pins(3)).await.expect(200);
    scene.check_out("k-3", 147).await.expect(202);
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn the_same_key_with_another_body_and_no_key_at_all_are_refused(pool: PgPool) {
    let scene = Scene::set(pool).await;
    scene.two_lamps().await;
    let buyer = scene.buyer();
    let keyless = buyer.post("/v1/cart/checkout", scene.wish(259_800)).await;
    keyless.problem(422, "idempotency/key-required");
    let buyer = buyer.key("k-1");
    buyer.post("/v1/cart/checkout", scene.wish(259_800)).await.expect(202);
    buyer.post("/v1/cart/checkout", scene.wish(1)).await.problem(422, "idempotency/key-reused");
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn an_empty_cart_another_total_and_a_changed_price_are_refused(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let buyer = scene.buyer().key("k-1");
    buyer.post("/v1/cart/checkout", scene.wish(0)).await.problem(409, "cart/empty");
    scene.two_lamps().await;
    buyer.post("/v1/cart/checkout", scene.wish(259_801)).await.problem(409, "cart/price-changed");

    scene.app.deliver(lamp(139_900)).await;
    let changed = buyer.post("/v1/cart/checkout", scene.wish(259_800)).await;

    let problem = changed.problem(409, "cart/price-changed");
    assert!(problem["detail"].as_str().unwrap().contains("2,798.00"), "{problem}");
    buyer.post("/v1/cart/checkout", scene.wish(279_800)).await.expect(202);
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn a_line_that_ran_out_or_left_the_shelf_stops_the_checkout_and_is_named(pool: PgPool) {
    let scene = Scene::set(pool).await;
    scene.two_lamps().await;
    scene.out_of_stock().await;
    let problem = scene.check_out("k-1", 259_800).await.problem(409, "cart/lines-flagged");
    let named = json!({"pointer": "/lines/LAMP-BRASS-18", "detail": "none is left"});
    assert_eq!(problem["errors"][0], named);
    assert_eq!(scene.cart().await["sellers"][0]["lines"][0]["quantity"], 2, "the cart stays");
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn somebody_elses_address_is_no_address(pool: PgPool) {
    let scene = Scene::set(pool).await;
    scene.two_lamps().await;
    let (other, theirs) = (UserId::new(), AddressId::new());
    let account = AccountUpdated { user_id: other, address_ids: vec![theirs], ..sample() };
    scene.app.deliver(account).await;
    let buyer = scene.buyer().key("k-1");
    let mut answers = Vec::new();
    for address in [theirs, AddressId::new()] {
        let mut wish = scene.wish(259_800);
        wish["address_id"] = json!(address);
        let answer = buyer.post("/v1/cart/checkout", wish).await;
        assert_eq!(answer.header("retry-after"), Some("2"), "it may be on its way");
        let problem = answer.problem(404, "not-found");
        assert!(!problem.to_string().contains(&address.to_string()), "{problem}");
        answers.push(problem);
    }
    for problem in &mut answers {
        problem.as_object_mut().unwrap().remove("trace_id");
    }
    assert_eq!(answers[0], answers[1], "theirs and nobody's look the same");
    assert!(scene.checkouts().await.is_empty(), "nothing was ordered");
    assert_eq!(scene.cart().await["sellers"][0]["lines"][0]["quantity"], 2, "the cart stays");
    buyer.post("/v1/cart/checkout", scene.wish(259_800)).await.expect(202);
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn another_currency_a_strange_method_and_a_negative_total_are_refused(pool: PgPool) {
    let scene = Scene::set(pool).await;
    scene.two_lamps().await;
    let wrong = [
        ("/expected_total/currency", json!("XXX")),
        ("/expected_total/currency", json!("USD")),
        ("/expected_total/amount", json!(-259_800)),
        ("/expected_total/amount", json!(259_800.5)),
        ("/expected_total/amount", json!(u64::MAX)),
        ("/expected_total/amount", json!("259800")),
        ("/expected_total", json!(null)),
        ("/payment_method", json!("card")),
        ("/payment_method", json!(null)),
        ("/address_id", json!("1")),
        ("/address_id", json!(scene.address.to_string() + "0")),
    ];
    for (pointer, value) in wrong {
        let mut wish = scene.wish(259_800);
        *wish.pointer_mut(pointer).unwrap() = value.clone();
        let answer = scene.buyer().key("k-1").post("/v1/cart/checkout", wish).await;
        let problem = answer.problem(422, "validation-error");
        let at = problem["errors"][0]["pointer"].as_str().unwrap();
        assert!(pointer.starts_with(at) && !at.is_empty(), "{pointer} {value}: {problem}");
    }
    for key in [" ", "two words", "ключ", &"k".repeat(256)] {
        let Ok(_) = key.parse::<axum::http::HeaderValue>() else { continue };
        scene.check_out(key, 259_800).await.problem(422, "validation-error");
    }
    assert!(scene.checkouts().await.is_empty(), "nothing was ordered");
    assert_eq!(scene.cart().await["sellers"][0]["lines"][0]["quantity"], 2, "the cart stays");
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn an_unlisted_product_and_a_suspended_seller_stop_the_checkout_and_are_named(pool: PgPool) {
    for suspended in [false, true] {
        let scene = Scene::set(pool.clone()).await;
        scene.two_lamps().await;
        if suspended {
            scene.suspended().await;
        } else {
            scene.unlisted().await;
        }
        let buyer = scene.buyer().key("k-1");
        let answer = buyer.post("/v1/cart/checkout", scene.wish(259_800)).await;
        let problem = answer.problem(409, "cart/lines-flagged");
        assert_eq!(problem["errors"][0]["pointer"], "/lines/LAMP-BRASS-18");
        assert!(scene.checkouts().await.is_empty(), "nothing was ordered");
        let cart = scene.cart().await;
        let line = &cart["sellers"][0]["lines"][0];
        assert_eq!((&line["quantity"], &line["flags"]), (&json!(2), &json!(["delisted"])));
    }
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn of_three_sellers_one_without_stock_all_lines_come_back_and_one_is_flagged(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let rejected = sample::<OrderRejected>();
    let skus = ["P-0", "P-1", "P-2"].map(|sku| Sku::parse(sku).unwrap());
    for (sku, vendor_id) in skus.iter().zip([VendorId::new(), VendorId::new(), VendorId::new()]) {
        scene.app.deliver(VendorChanged { vendor_id, ..sample() }).await;
        let (mut product, product_id) = (lamp(1_000), ProductId::new());
        product.variants[0].sku = sku.clone();
        scene.app.deliver(ProductUpserted { product_id, vendor_id, ..product }).await;
        let sku = sku.clone();
        scene.app.deliver(StockLevelChanged { sku, product_id, ..sample() }).await;
    }
    assert!(scene.put(&scene.buyer(), 0..3).await.iter().all(|a| a.status == 200));
    let buyer = scene.buyer().key("k-1");
    buyer.post("/v1/cart/checkout", scene.wish(3_000)).await.expect(202);
    assert_eq!(scene.cart().await["sellers"], json!([]));

    let line = |sku: &Sku| FrozenLine {
        sku: sku.clone(),
        quantity: 1,
        unit_price: Money::inr(1_000),
        ..rejected.lines[0].clone()
    };
    let (sku, trouble) = (skus[1].clone(), Trouble::OutOfStock);
    let out = LineTrouble { sku, trouble, price: None, left: None };
    let (lines, problems) = (skus.iter().map(line).collect(), vec![out]);
    scene.app.deliver(OrderRejected { buyer: scene.buyer, lines, problems, ..rejected }).await;
    assert_eq!(scene.app.run_jobs().await, 1);

    let cart = scene.cart().await;
    let sellers = cart["sellers"].as_array().unwrap();
    let mut flags: Vec<_> = sellers
        .iter()
        .map(|s| (s["lines"][0]["sku"].as_str().unwrap(), s["lines"][0]["flags"].clone()))
        .collect();
    flags.sort_by_key(|(sku, _)| *sku);
    let expected = [("P-0", json!([])), ("P-1", json!(["out_of_stock"])), ("P-2", json!([]))];
    assert_eq!(flags, expected);
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn twenty_at_once_get_one_answer_every_time(pool: PgPool) {
    let scene = Scene::set(pool).await;
    for round in 0..10 {
        scene.two_lamps().await;
        let buyer = scene.buyer().key(&format!("k-{round}"));
        let wish = scene.wish(259_800);
        let asks = (0..20).map(|_| {
            let (buyer, wish) = (buyer.clone(), wish.clone());
            tokio::spawn(async move { buyer.post("/v1/cart/checkout", wish).await.expect(202) })
        });
        let answers: Vec<_> = join_all(asks).await.into_iter().map(Result::unwrap).collect();
        assert!(answers.iter().all(|a| a == &answers[0]), "{answers:?}");
    }
    assert_eq!(scene.checkouts().await.len(), 10);
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn a_rejected_order_brings_the_lines_back_flagged_once(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let rejected = OrderRejected {
        buyer: scene.buyer,
        problems: vec![LineTrouble {
            trouble: Trouble::OutOfStock,
            price: None,
            left: Some(1),
            ..sample::<OrderRejected>().problems.remove(0)
        }],
        ..sample()
    };
    scene.app.deliver(rejected.clone()).await;
    assert_eq!(scene.app.run_jobs().await, 1);
    let cart = scene.cart().await;
    scene.app.deliver(rejected).await;
    assert_eq!(scene.app.run_jobs().await, 1);

    assert_eq!(scene.cart().await, cart, "the second time changes nothing");
    let line = &cart["sellers"][0]["lines"][0];
    assert_eq!((&line["flags"], &line["left"]), (&json!(["out_of_stock"]), &json!(1)));
    let wish = scene.wish(cart["total"]["amount"].as_i64().unwrap());
    let stopped = scene.buyer().key("k-1").post("/v1/cart/checkout", wish).await;
    let problem = stopped.problem(409, "cart/lines-flagged");
    assert_eq!(problem["errors"][0]["detail"], "not enough are left: 1");
    scene.two_lamps().await;
    assert_eq!(
        scene.cart().await["sellers"][0]["lines"][0]["flags"],
        json!([]),
        "setting it again clears the flag"
    );
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn what_was_checked_out_too_late_comes_back_and_may_be_checked_out_again(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let mut rejected = OrderRejected { buyer: scene.buyer, ..sample() };
    rejected.problems[0].trouble = Trouble::Stale;
    scene.app.deliver(rejected).await;
    scene.app.run_jobs().await;
    let cart = scene.cart().await;
    assert_eq!(cart["sellers"][0]["lines"][0]["flags"], json!(["stale"]));
    let wish = scene.wish(cart["total"]["amount"].as_i64().unwrap());
    scene.buyer().key("k-1").post("/v1/cart/checkout", wish).await.expect(202);
}

#[sqlx::test(migrator = "cart::MIGRATOR")]
async fn a_checkout_needs_somebody_who_is_signed_in(pool: PgPool) {
    let scene = Scene::set(pool).await;
    let guest = scene.app.anonymous().key("k-1");
    guest.post("/v1/cart/checkout", scene.wish(1)).await.problem(401, "unauthenticated");
}
