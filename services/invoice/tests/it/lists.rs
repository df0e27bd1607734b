//! Who sees which documents.

use kernel::{OrderId, VendorId};
use sqlx::PgPool;

use crate::scene::Shop;

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn the_buyer_sees_all_documents_of_an_order_and_each_seller_its_own(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (one, two) = (shop.seller("AAAA").await, shop.seller("BBBB").await);
    let order = shop.confirmed(&[&one, &two]).await.order;
    let path = format!("/v1/orders/{}/invoices", order.order_id);
    let buyer = shop.app.as_user(shop.buyer.user_id);
    let early = buyer.get(&path).await.expect(200);
    assert_eq!(early["items"].as_array().unwrap().len(), 0, "nothing is printed yet");
    shop.app.run_jobs().await;

    let all = buyer.get(&path).await.expect(200);
    let own = shop.app.as_vendor(two.vendor_id).get(&path).await.expect(200);

    let mut numbers: Vec<_> =
        all["items"].as_array().unwrap().iter().map(|i| i["number"].as_str().unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, ["AAAA/2627/000001", "BBBB/2627/000001"]);
    let [own] = &own["items"].as_array().unwrap()[..] else { panic!("{own}") };
    let part = order.parts.iter().find(|part| part.vendor_id == two.vendor_id).unwrap();
    assert_eq!(own["vendor_id"], two.vendor_id.to_string());
    assert_eq!(own["seller_order_id"], part.seller_order_id.to_string());
    assert_eq!(own["total"]["amount"], 259_800);
    assert_eq!(own["issued_at"], "2026-11-22T12:00:00Z");
    assert_eq!(own["sha256"].as_str().map(str::len), Some(64));
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn the_documents_of_an_order_are_nobody_elses(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let seller = shop.seller("AAAA").await;
    let order = shop.confirmed(&[&seller]).await.order;
    let path = format!("/v1/orders/{}/invoices", order.order_id);

    for stranger in [shop.app.as_buyer(), shop.app.as_vendor(VendorId::new())] {
        let foreign = stranger.get(&path).await.problem(404, "not-found");
        let missing = stranger.get(&format!("/v1/orders/{}/invoices", OrderId::new())).await;
        let missing = missing.problem(404, "not-found");
        assert_eq!(
            (&foreign["title"], &foreign["detail"]),
            (&missing["title"], &missing["detail"])
        );
    }
    shop.app.anonymous().get(&path).await.problem(401, "unauthenticated");
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn lists_name_nobody(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let seller = shop.seller("AAAA").await;
    let (order, _) = shop.issued(&[&seller]).await;
    let of_order = format!("/v1/orders/{}/invoices", order.order.order_id);
    let of_seller = format!("/v1/vendors/{}/invoices", seller.vendor_id);
    let member = shop.app.as_vendor(seller.vendor_id);
    for path in [of_order, of_seller] {
        let listed = member.get(&path).await.expect(200);
        let members: Vec<_> = listed["items"][0].as_object().unwrap().keys().collect();
        let wanted = [
            "invoice_id",
            "issued_at",
            "kind",
            "number",
            "order_id",
            "seller_order_id",
            "sha256",
            "total",
            "vendor_id",
        ];
        assert_eq!(members, wanted, "{path}");
    }
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn a_seller_pages_through_its_documents_newest_first(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (seller, other) = (shop.seller("AAAA").await, shop.seller("BBBB").await);
    for sellers in [&[&seller][..], &[&seller], &[&seller, &other]] {
        shop.confirmed(sellers).await;
    }
    // What is printed is tested elsewhere; this is about which rows are listed.
    shop.sql(
        "update invoices set state = 'issued', sha256 = repeat('0', 64), size_bytes = 1, stored_at = issued_at
          where serial < 3",
    )
    .await;
    let path = format!("/v1/vendors/{}/invoices", seller.vendor_id);
    let member = shop.app.as_vendor(seller.vendor_id);

    let first = member.get(&format!("{path}?limit=1")).await.expect(200);
    let next = format!("{path}?limit=1&after={}", first["next"].as_str().unwrap());
    let second = member.get(&next).await.expect(200);

    assert_eq!(first["items"][0]["number"], "AAAA/2627/000002");
    assert_eq!(second["items"][0]["number"], "AAAA/2627/000001");
    assert!(second["next"].is_null());
    member.get(&format!("{path}?limit=0")).await.problem(422, "validation-error");
    member.get(&format!("{path}?after=x")).await.problem(422, "validation-error");
    member.get(&format!("{path}?year=1")).await.problem(400, "unknown-field");
    let stranger = shop.app.as_vendor(other.vendor_id);
    stranger.get(&path).await.problem(404, "not-found");
    shop.app.as_buyer().get(&path).await.problem(403, "forbidden");
    shop.app.anonymous().get(&path).await.problem(401, "unauthenticated");
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn staff_see_the_documents_of_everybody_or_of_one_order(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (one, two) = (shop.seller("AAAA").await, shop.seller("BBBB").await);
    let order = shop.confirmed(&[&one, &two]).await.order;
    shop.confirmed(&[&one]).await;
    shop.app.run_jobs().await;

    let staff = shop.app.as_staff(&["look"]);
    let count =
        async |path: String| staff.get(&path).await.expect(200)["items"].as_array().unwrap().len();
    assert_eq!(count("/v1/admin/invoices".into()).await, 3);
    assert_eq!(count(format!("/v1/admin/invoices?order_id={}", order.order_id)).await, 2);
    assert_eq!(count(format!("/v1/admin/invoices?order_id={}", OrderId::new())).await, 0);
    let first = staff.get("/v1/admin/invoices?limit=2").await.expect(200);
    let next = first["next"].as_str().unwrap();
    assert_eq!(count(format!("/v1/admin/invoices?limit=2&after={next}")).await, 1);
    let member = shop.app.as_vendor(one.vendor_id);
    member.get("/v1/admin/invoices").await.problem(403, "forbidden");
}
