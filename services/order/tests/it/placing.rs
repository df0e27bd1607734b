//! A checkout becomes an order, or does not.

use chassis::dead_letters;
use contracts::cart::{FrozenLine, PaymentMethod};
use contracts::order::{OrderPlaced, OrderRejected};
use contracts::payment::CreatePayment;
use contracts::product::{LineTrouble, ProductStatus, Reserve, Trouble};
use contracts::vendor::VendorStatus;
use kernel::{Money, Sku, StateCode};
use sqlx::PgPool;

use crate::world::{World, contact, rejected, three_shops};

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_cart_of_three_sellers_becomes_one_order_in_three_parts(pool: PgPool) {
    let world = World::open(pool).await;
    let cart = world.cart(PaymentMethod::Upi);
    world.app.deliver(cart.clone()).await;

    let order = world.app.emitted::<OrderPlaced>().await.remove(0).order;
    assert_eq!(order.checkout_id, cart.checkout_id);
    assert_eq!(order.number, "M261122-000001");
    assert_eq!(order.total, cart.expected_total);
    assert_eq!(order.place_of_supply, StateCode::parse("29").unwrap());
    let numbers: Vec<_> = order.parts.iter().map(|part| part.number.as_str()).collect();
    assert_eq!(numbers, ["M261122-000001-1", "M261122-000001-2", "M261122-000001-3"]);

    let near = &order.parts[0];
    assert_eq!((near.vendor_name.as_str(), near.lines[0].title.as_str()), ("asha", "asha's best"));
    assert_eq!(near.total, Money::inr(99_800));
    // 18 % of it is contained, half to the centre and half to the state, each rounded.
    assert_eq!((near.share.taxable, near.tax), (Money::inr(84_576), Money::inr(15_224)));
    assert_eq!(near.share.commission, Money::inr(9_980));
    assert_eq!(near.share.commission_tax, Money::inr(1_796));
    assert_eq!(near.share.tds, Money::inr(85));
    for part in &order.parts {
        let share = &part.share;
        let shared = [share.payable, share.commission, share.commission_tax, share.tcs, share.tds];
        assert_eq!(Money::sum(shared, kernel::Currency::Inr).unwrap(), part.total);
    }

    let asked = world.app.emitted::<Reserve>().await.remove(0);
    assert_eq!(asked.order_id, order.order_id);
    assert_eq!(asked.lines.len(), 3);
    assert_eq!(asked.lines[1].expected_price, Money::inr(129_900));
    assert_eq!(asked.expires_at.to_string(), "2026-11-22T12:20:00Z");
    assert_eq!(world.history(order.order_id).await, ["placed", "reserving"]);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_line_says_which_of_several_variants_it_is(pool: PgPool) {
    let mut shops = three_shops();
    let mut other = shops[0].product.variants[0].clone();
    other.sku = Sku::parse("ASHA-2").unwrap();
    other.options =
        [("colour", "red"), ("size", "24 cm")].map(|(n, v)| (n.into(), v.into())).into();
    shops[0].product.variants.push(other.clone());
    let world = World::with(pool, shops).await;
    let mut cart = world.cart(PaymentMethod::Upi);
    let second = FrozenLine { sku: other.sku, ..cart.lines[0].clone() };
    cart.expected_total = cart.expected_total.add(second.unit_price.times(2).unwrap()).unwrap();
    cart.lines.push(second);
    world.app.deliver(cart).await;
    let order = world.app.emitted::<OrderPlaced>().await.remove(0).order;
    let titles: Vec<_> = order.parts[0].lines.iter().map(|line| line.title.as_str()).collect();
    assert_eq!(titles, ["asha's best (size: 18 cm)", "asha's best (colour: red, size: 24 cm)"]);
    assert_eq!(order.parts[1].lines[0].title, "bela's best", "there is only one");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn the_same_checkout_heard_twice_is_one_order(pool: PgPool) {
    let world = World::open(pool).await;
    let cart = world.cart(PaymentMethod::Upi);
    // Once more as the same record, and once more as another event of a confused cart.
    let record = world.app.record(&cart);
    world.app.deliver_record(record.clone()).await;
    world.app.deliver_record(record).await;
    world.app.deliver(cart).await;

    assert_eq!(world.app.emitted::<OrderPlaced>().await.len(), 1);
    assert_eq!(world.app.emitted::<Reserve>().await.len(), 1);
    let orders = world.client().get("/v1/orders").await.expect(200);
    assert_eq!(orders["items"].as_array().unwrap().len(), 1);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_product_taken_off_the_shelf_rejects_at_once_with_its_line_flagged(pool: PgPool) {
    let world = World::open(pool).await;
    let mut product = world.shops[1].product.clone();
    product.status = ProductStatus::Unlisted;
    world.app.deliver(product).await;
    let cart = world.cart(PaymentMethod::Upi);
    world.app.deliver(cart.clone()).await;

    let event = world.app.emitted::<OrderRejected>().await.remove(0);
    assert_eq!(event.lines, cart.lines);
    let sku = cart.lines[1].sku.clone();
    assert_eq!(
        event.problems,
        [LineTrouble { sku, trouble: Trouble::NotSellable, price: None, left: None }]
    );
    assert!(world.app.emitted::<Reserve>().await.is_empty());
    assert_eq!(world.history(event.order_id).await, ["placed", "rejected"]);

    let path = format!("/v1/checkouts/{}", cart.checkout_id);
    let view = world.client().get(&path).await.expect(200);
    assert_eq!(view["status"], "rejected");
    assert_eq!(view["problems"][0]["trouble"], "not_sellable");
    assert!(view.get("payment").is_none());
    let order = world.order(event.order_id).await;
    assert_eq!(order["seller_orders"][0]["status"], "cancelled");
    assert_eq!(order["payment"]["status"], "not_requested");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_suspended_seller_rejects_at_once(pool: PgPool) {
    let world = World::open(pool).await;
    let mut vendor = world.shops[2].vendor.clone();
    vendor.status = VendorStatus::Suspended;
    world.app.deliver(vendor).await;
    world.app.deliver(world.cart(PaymentMethod::Cod)).await;
    let event = world.app.emitted::<OrderRejected>().await.remove(0);
    assert_eq!(event.problems[0].trouble, Trouble::SellerNotActive);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_seller_without_gstin_supplies_within_its_own_state_only(pool: PgPool) {
    let world = World::open(pool).await;
    for (state, trouble) in [("27", Some(Trouble::NotDeliverable)), ("29", None)] {
        let mut vendor = world.shops[2].vendor.clone();
        vendor.gstin = None;
        vendor.address.state = StateCode::parse(state).unwrap();
        world.app.deliver(vendor).await;
        world.app.deliver(world.cart(PaymentMethod::Cod)).await;
        let rejected = world.app.emitted::<OrderRejected>().await;
        let troubles: Vec<_> =
            rejected.iter().flat_map(|r| &r.problems).map(|p| p.trouble).collect();
        assert_eq!(troubles, Vec::from_iter(trouble), "{state}");
    }
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_product_never_published_rejects_once_the_copy_had_time_to_catch_up(pool: PgPool) {
    let world = World::open(pool).await;
    let mut product = world.shops[0].product.clone();
    product.status = ProductStatus::Proposed;
    world.app.deliver(product).await;
    let cart = world.cart(PaymentMethod::Upi);
    world.wait(6);
    world.app.deliver(cart).await;
    let event = world.app.emitted::<OrderRejected>().await.remove(0);
    assert_eq!(event.problems[0].trouble, Trouble::NotSellable);
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_price_that_changed_since_the_cart_rejects_the_order_and_says_the_new_one(pool: PgPool) {
    let world = World::open(pool).await;
    let placed = world.place(PaymentMethod::Upi).await;
    let asked = world.app.emitted::<Reserve>().await.remove(0);
    let problems = vec![
        LineTrouble {
            sku: asked.lines[0].sku.clone(),
            trouble: Trouble::OutOfStock,
            price: None,
            left: Some(1),
        },
        LineTrouble {
            sku: asked.lines[1].sku.clone(),
            trouble: Trouble::PriceChanged,
            price: Some(Money::inr(139_900)),
            left: None,
        },
    ];
    world.app.deliver(rejected(&asked, problems.clone())).await;
    world.app.deliver(rejected(&asked, problems.clone())).await;

    let emitted = world.app.emitted::<OrderRejected>().await;
    assert_eq!(emitted.len(), 1);
    assert_eq!(emitted[0].problems, problems);
    assert_eq!(emitted[0].lines.len(), 3);
    let order_id = placed.order.order_id;
    assert_eq!(world.history(order_id).await, ["placed", "reserving", "rejected"]);
    let path = format!("/v1/checkouts/{}", placed.order.checkout_id);
    let view = world.client().get(&path).await.expect(200);
    assert_eq!(view["problems"][0]["trouble"], "out_of_stock");
    assert_eq!(view["problems"][0]["left"], 1);
    assert_eq!(view["problems"][1]["price"]["amount"], 139_900);
    assert!(world.app.emitted::<CreatePayment>().await.is_empty());
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn lines_that_do_not_add_up_to_what_the_buyer_agreed_to_make_no_order(pool: PgPool) {
    let world = World::open(pool).await;
    let mut cart = world.cart(PaymentMethod::Upi);
    cart.expected_total = Money::inr(1);
    let record = world.app.record(&cart);
    world.app.deliver_record(record).await;

    let letters = dead_letters::list(world.app.db()).await.unwrap();
    assert_eq!(letters.len(), 1);
    assert!(world.app.emitted::<OrderPlaced>().await.is_empty());
    let path = format!("/v1/checkouts/{}", cart.checkout_id);
    world.client().get(&path).await.problem(404, "not-found");
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_checkout_that_is_heard_after_half_an_hour_is_rejected_as_stale(pool: PgPool) {
    let world = World::open(pool).await;
    let (in_time, late) = (world.cart(PaymentMethod::Cod), world.cart(PaymentMethod::Cod));
    world.wait(1800);
    world.app.deliver(in_time).await;
    assert_eq!(world.app.emitted::<Reserve>().await.len(), 1);
    assert!(world.app.emitted::<OrderRejected>().await.is_empty());

    world.wait(60);
    world.app.deliver(late.clone()).await;
    let rejected = world.app.emitted::<OrderRejected>().await.remove(0);
    assert_eq!((rejected.checkout_id, &rejected.lines), (late.checkout_id, &late.lines));
    let stale = |line: &FrozenLine| LineTrouble {
        sku: line.sku.clone(),
        trouble: Trouble::Stale,
        price: None,
        left: None,
    };
    assert_eq!(rejected.problems, late.lines.iter().map(stale).collect::<Vec<_>>());
    assert!(world.app.emitted::<Reserve>().await.is_empty(), "nothing is held");
    let path = format!("/v1/checkouts/{}", late.checkout_id);
    let view = world.client().get(&path).await.expect(200);
    assert_eq!(
        (&view["status"], &view["problems"][0]["trouble"]),
        (&"rejected".into(), &"stale".into())
    );
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn an_order_that_a_backup_lacks_is_placed_again_however_old_its_checkout(pool: PgPool) {
    let world = World::open(pool.clone()).await;
    let cart = world.cart(PaymentMethod::Upi);
    world.app.deliver(cart.clone()).await;
    let placed = world.app.emitted::<OrderPlaced>().await.remove(0).order;
    // The backup lacks the order; `mall restored` has counted on.
    sqlx::query("truncate orders cascade").execute(&pool).await.unwrap();
    world.wait(200_000);
    world.app.deliver(cart).await;
    let again = world.app.emitted::<OrderPlaced>().await.remove(0).order;
    assert_eq!(again.order_id, placed.order_id);
    assert_eq!(world.app.emitted::<Reserve>().await.len(), 2, "stock is asked for again");
    assert!(world.app.emitted::<OrderRejected>().await.is_empty());
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_checkout_of_a_buyer_who_asked_to_be_forgotten_is_rejected(pool: PgPool) {
    let world = World::open(pool).await;
    let cart = world.cart(PaymentMethod::Cod);
    let mut gone = world.app.record(&contact(world.buyer, world.address_id));
    gone.payload = None;
    world.app.deliver_record(gone).await;

    world.app.deliver(cart.clone()).await;

    let rejected = world.app.emitted::<OrderRejected>().await.remove(0);
    assert_eq!((rejected.checkout_id, rejected.problems.len()), (cart.checkout_id, 3));
    assert!(world.app.emitted::<Reserve>().await.is_empty(), "nothing is held");
    assert!(dead_letters::list(world.app.db()).await.unwrap().is_empty(), "nobody waits for it");
}
