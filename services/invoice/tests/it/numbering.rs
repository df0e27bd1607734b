//! Numbers are consecutive, and every seller's part of an order has exactly one.

use chassis::failed_jobs;
use chassis::record::Record;
use contracts::invoice::InvoiceIssued;
use contracts::order::{OrderConfirmed, SellerPart};
use contracts::payment::SupplyKind;
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use kernel::SellerOrderId;
use sqlx::PgPool;
use testkit::eventually;

use crate::scene::{Shop, confirmed, seller, unregistered};

fn series(prefix: &str, numbers: std::ops::RangeInclusive<u32>) -> Vec<String> {
    numbers.map(|n| format!("{prefix}/2627/{n:06}")).collect()
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn fifty_orders_at_once_take_fifty_consecutive_numbers(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (lotus, kaveri) = (shop.seller("LOTU").await, shop.seller("KAVE").await);
    let records: Vec<Record> = (0..50)
        .map(|n| {
            // Every other order names the sellers the other way round.
            let sellers = if n % 2 == 0 { [&lotus, &kaveri] } else { [&kaveri, &lotus] };
            let record = shop.app.record(&confirmed(&shop.buyer, &sellers));
            Record { partition: n, offset: 0, ..record }
        })
        .collect();

    let heard = join_all(records.iter().map(|record| shop.try_hear(record))).await;

    assert!(heard.iter().all(Result::is_ok), "{heard:?}");
    let wanted: Vec<_> = series("KAVE", 1..=50).into_iter().chain(series("LOTU", 1..=50)).collect();
    assert_eq!(shop.numbers().await, wanted);
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn a_number_that_is_rolled_back_is_taken_by_the_next_order(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (one, two) = (shop.seller("AAAA").await, shop.seller("BBBB").await);
    shop.confirmed(&[&one]).await;
    // It breaks off after both sellers' numbers were taken.
    shop.sql(
        "create function refuse() returns trigger language plpgsql as
             $$ begin raise exception 'away' using errcode = '57P01'; end $$;
         create trigger refuse before insert on chassis.job execute function refuse();",
    )
    .await;
    let broken = shop.app.record(&confirmed(&shop.buyer, &[&one, &two]));

    shop.try_hear(&broken).await.unwrap_err();

    assert_eq!(shop.numbers().await, series("AAAA", 1..=1));
    shop.sql("drop trigger refuse on chassis.job").await;
    shop.confirmed(&[&one, &two]).await;
    let numbers = shop.numbers().await;
    assert_eq!(numbers, [series("AAAA", 1..=2), series("BBBB", 1..=1)].concat());
}

/// The parts that nobody will try to number again, and why.
async fn given_up(shop: &Shop) -> Vec<(String, String)> {
    let sql = "select kind, last_error from chassis.job where failed_at is not null order by id";
    sqlx::query_as(sql).fetch_all(shop.app.db().pool()).await.unwrap()
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn what_is_wrong_with_one_part_leaves_the_other_sellers_their_documents(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let sellers = [shop.seller("AAAA").await, shop.seller("BBBB").await, shop.seller("CCCC").await];
    let flaws: [fn(&mut SellerPart); 4] = [
        |part| part.lines[0].hsn = "83O6".into(),
        |part| part.lines[0].quantity = 0,
        |part| part.total = kernel::Money::inr(1),
        |part| part.lines.clear(),
    ];

    for flaw in &flaws {
        let mut order = confirmed(&shop.buyer, &[&sellers[0], &sellers[1], &sellers[2]]);
        flaw(&mut order.order.parts[1]);
        shop.app.deliver(order).await;
    }
    shop.app.run_jobs().await;

    assert_eq!(shop.numbers().await, [series("AAAA", 1..=4), series("CCCC", 1..=4)].concat());
    assert_eq!(shop.app.emitted::<InvoiceIssued>().await.len(), 8);
    let refused = ("number_part".to_owned(), "invoice/unissuable".to_owned());
    assert_eq!(given_up(&shop).await, vec![refused; flaws.len()]);
    shop.confirmed(&[&sellers[1]]).await;
    assert!(shop.numbers().await.contains(&"BBBB/2627/000001".to_owned()), "none was used up");
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn a_part_whose_seller_was_not_heard_of_waits_by_itself(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (known, late) = (shop.seller("AAAA").await, seller("BBBB"));
    let order = shop.confirmed(&[&known, &late]).await;
    shop.app.run_jobs().await;
    assert_eq!(shop.numbers().await, series("AAAA", 1..=1));
    assert_eq!(shop.app.emitted::<InvoiceIssued>().await.len(), 1);

    shop.app.deliver(late).await;
    // The buyer leaves meanwhile: the part has its document all the same.
    shop.app.deliver_record(Record { payload: None, ..shop.app.record(&shop.buyer) }).await;
    shop.app.clock.advance(SignedDuration::from_secs(5));
    shop.app.run_jobs().await;

    let issued = shop.app.emitted::<InvoiceIssued>().await;
    let [one] = &issued[..] else { panic!("it is said once: {issued:?}") };
    assert_eq!(one.number, "BBBB/2627/000001");
    assert_eq!(one.seller_order_id, order.order.parts[1].seller_order_id);
    assert_eq!(given_up(&shop).await, []);
}

/// As `mall jobs again` does it, once the cause is gone.
#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn a_part_with_a_flaw_has_its_document_once_the_flaw_is_gone_and_it_is_tried_again(
    pool: PgPool,
) {
    let shop = Shop::open(pool).await;
    let (good, mut odd) = (shop.seller("AAAA").await, shop.seller("0BBB").await);
    shop.confirmed(&[&good, &odd]).await;
    shop.app.run_jobs().await;
    let refused = ("number_part".to_owned(), "invoice/unissuable".to_owned());
    assert_eq!(given_up(&shop).await, [refused]);
    let [job] = &failed_jobs::list(shop.app.db()).await.unwrap()[..] else {
        panic!("there is one")
    };

    odd.invoice_prefix = "BBBB".into();
    shop.app.deliver(odd).await;
    shop.app.clock.advance(SignedDuration::from_hours(24));
    shop.app.run_jobs().await;
    assert_eq!(shop.numbers().await, series("AAAA", 1..=1), "nobody tries it by himself");
    let kind = failed_jobs::again(shop.app.db(), job.id).await.unwrap();
    assert_eq!(kind.as_deref(), Some("number_part"));
    shop.app.run_jobs().await;

    assert_eq!(shop.numbers().await, ["AAAA/2627/000001", "BBBB/2627/000001"]);
    assert_eq!(given_up(&shop).await, []);
    assert_eq!(failed_jobs::again(shop.app.db(), job.id).await.unwrap(), None);
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn the_first_second_of_april_in_india_starts_a_new_series(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let seller = shop.seller("LOTU").await;
    let at = |text: &str| shop.app.clock.set(text.parse::<Timestamp>().unwrap());

    at("2027-03-31T18:29:59Z");
    shop.confirmed(&[&seller]).await;
    shop.confirmed(&[&seller]).await;
    at("2027-03-31T18:30:00Z");
    shop.confirmed(&[&seller]).await;

    let numbers = shop.numbers().await;
    assert_eq!(numbers, ["LOTU/2627/000001", "LOTU/2627/000002", "LOTU/2728/000001"]);
    let keys: Vec<_> = shop.rows().await.into_iter().map(|row| row.object_key).collect();
    assert!(keys[1].starts_with(&format!("{}/2026-27/", seller.vendor_id)), "{keys:?}");
    assert!(keys[2].starts_with(&format!("{}/2027-28/", seller.vendor_id)), "{keys:?}");
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn an_order_that_is_confirmed_twice_keeps_its_document(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let seller = shop.seller("LOTU").await;
    let order = shop.confirmed(&[&seller]).await;

    shop.app.deliver(order.clone()).await;
    let elsewhere = Record { partition: 7, offset: 0, ..shop.app.record(&order) };
    let again = Record { partition: 8, offset: 0, ..shop.app.record(&order) };
    let heard = join_all([&elsewhere, &again].map(|event| Box::pin(shop.try_hear(event)))).await;

    assert!(heard.iter().all(Result::is_ok), "{heard:?}");
    shop.confirmed(&[&seller]).await;
    assert_eq!(shop.numbers().await, series("LOTU", 1..=2));
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn a_first_order_that_comes_twice_at_the_same_moment_is_numbered_once(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let seller = shop.seller("LOTU").await;
    let order = confirmed(&shop.buyer, &[&seller]);
    let records: Vec<Record> =
        (0..8).map(|n| Record { partition: n, offset: 0, ..shop.app.record(&order) }).collect();

    let heard = join_all(records.iter().map(|record| shop.try_hear(record))).await;

    assert!(heard.iter().all(Result::is_ok), "{heard:?}");
    assert_eq!(shop.numbers().await, series("LOTU", 1..=1));
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn what_no_document_can_be_made_of_is_put_aside_and_takes_no_number(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let seller = shop.seller("LOTU").await;
    let odd_prefix = shop.seller("0LOT").await;
    let taxing = unregistered(shop.seller("KAVE").await);
    shop.app.deliver(taxing.clone()).await;
    let spoilt = |spoil: fn(&mut OrderConfirmed)| {
        let mut order = confirmed(&shop.buyer, &[&seller]);
        spoil(&mut order);
        order
    };
    let orders = [
        spoilt(|o| o.order.parts[0].lines.clear()),
        spoilt(|o| o.order.parts[0].lines[0].quantity = 0),
        spoilt(|o| o.order.parts[0].lines[0].gst_rate_bp = 10_001),
        spoilt(|o| o.order.parts[0].total = kernel::Money::inr(1)),
        // The lines come to the right total with another tax in it than was charged, or shared.
        spoilt(|o| o.order.parts[0].tax = kernel::Money::inr(39_630)),
        spoilt(|o| o.order.parts[0].share.taxable = kernel::Money::inr(220_168)),
        spoilt(|o| o.order.parts[0].lines[0].gst_rate_bp = 1_200),
        spoilt(|o| o.order.parts[0].share.terms.as_mut().unwrap().supply = SupplyKind::Intra),
        spoilt(|o| o.order.place_of_supply = kernel::StateCode::parse("27").unwrap()),
        confirmed(&shop.buyer, &[&odd_prefix]),
        confirmed(&shop.buyer, &[&taxing]),
    ];

    for order in &orders {
        shop.app.deliver_record(shop.app.record(order)).await;
    }

    assert_eq!(shop.dead().await, vec!["invoice/unissuable"; orders.len()]);
    shop.app.deliver_record(shop.app.record(&confirmed(&shop.buyer, &[&seller]))).await;
    assert_eq!(shop.numbers().await, series("LOTU", 1..=1));
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn two_parts_of_one_seller_have_a_document_each(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let seller = shop.seller("LOTU").await;

    let order = shop.confirmed(&[&seller, &seller]).await;

    let ids: Vec<SellerOrderId> = order.order.parts.iter().map(|p| p.seller_order_id).collect();
    assert_ne!(ids[0], ids[1]);
    assert_eq!(shop.numbers().await, series("LOTU", 1..=2));
}

#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn a_full_row_of_numbers_is_followed_by_a_second_one(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let seller = shop.seller("LOTU").await;
    shop.confirmed(&[&seller]).await;
    shop.sql("update counters set last = 999998").await;

    shop.confirmed(&[&seller, &seller]).await;

    let numbers = shop.numbers().await;
    assert_eq!(numbers, ["LOTU/2627/000001", "LOTU/2627/999999", "LOTUB2627/000001"]);
}

/// Whoever waits for the counter is issued after whoever held it, by number and by moment.
#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn the_moment_of_issue_is_read_once_the_counter_is_held(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let seller = shop.seller("LOTU").await;
    shop.confirmed(&[&seller]).await;

    let mut other = shop.app.db().begin().await.unwrap();
    let held = sqlx::query("select last from counters for update");
    held.fetch_one(other.conn()).await.unwrap();
    let free = async {
        eventually("the order waits for the counter", async || {
            let waiting = "select count(*) from pg_stat_activity
                            where datname = current_database() and wait_event_type = 'Lock'";
            let waiting: i64 = sqlx::query_scalar(waiting).fetch_one(&pool).await.unwrap();
            (waiting > 0).then_some(())
        })
        .await;
        shop.app.clock.advance(SignedDuration::from_secs(3));
        other.commit().await.unwrap();
    };
    futures::join!(shop.app.deliver(confirmed(&shop.buyer, &[&seller])), free);

    let sql = "select extract(epoch from max(issued_at) - min(issued_at))::bigint from invoices";
    let apart: i64 = sqlx::query_scalar(sql).fetch_one(&pool).await.unwrap();
    assert_eq!(apart, 3);
}

/// A batch holds what it has locked until its end: what it still waits for must come after all of that.
#[sqlx::test(migrator = "invoice::MIGRATOR")]
async fn a_batch_locks_the_series_in_the_order_of_the_sellers(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let mut sellers = [shop.seller("AAAA").await, shop.seller("BBBB").await];
    sellers.sort_by_key(|seller| seller.vendor_id);
    let [one, two] = &sellers;
    shop.confirmed(&[one, two]).await;
    let lock = "select last from counters where vendor_id = $1 for update nowait";

    let mut other = shop.app.db().begin().await.unwrap();
    let held = sqlx::query(lock).bind(one.vendor_id.as_uuid());
    held.fetch_one(other.conn()).await.unwrap();
    let batch = [two, one].map(|seller| shop.app.record(&confirmed(&shop.buyer, &[seller])));
    let free = async {
        eventually("the batch waits for a lock", async || {
            let waiting = "select count(*) from pg_stat_activity
                            where datname = current_database() and wait_event_type = 'Lock'";
            let waiting: i64 = sqlx::query_scalar(waiting).fetch_one(&pool).await.unwrap();
            (waiting > 0).then_some(())
        })
        .await;
        let free = sqlx::query(lock).bind(two.vendor_id.as_uuid());
        free.fetch_one(other.conn()).await.expect("the later seller's is still free");
        other.commit().await.unwrap();
    };
    futures::join!(shop.app.deliver_batch(&batch), free);

    let wanted: Vec<_> = series("AAAA", 1..=2).into_iter().chain(series("BBBB", 1..=2)).collect();
    assert_eq!(shop.numbers().await, wanted);
}
