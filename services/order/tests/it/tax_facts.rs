//! What tax depends on is frozen with the order: the seller's scheme, the rates of the day, who supplies to whom.

use contracts::cart::PaymentMethod;
use contracts::order::{OrderConfirmed, OrderPlaced, OrderRejected, SellerOrderCredited};
use contracts::payment::{CreatePayment, ShareTerms, SupplyKind};
use contracts::product::Trouble;
use contracts::vendor::TaxScheme;
use kernel::{Money, StateCode};
use sqlx::PgPool;

use crate::sold::{self, cancel_part, part_of, pieces};
use crate::world::{Shop, World, captured, checkout, reserved};

fn under(scheme: TaxScheme, state: &str) -> Shop {
    let mut shop = Shop::new("asha", state, (11_800, 1800));
    shop.vendor.scheme = Some(scheme);
    if scheme == TaxScheme::Enrolled {
        shop.vendor.gstin = None;
        shop.vendor.enrolment = Some("272600000123ENR".into());
    }
    shop
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn who_may_not_charge_tax_sells_within_its_own_state_only(pool: PgPool) {
    let world = World::open(pool).await;
    for scheme in [TaxScheme::Composition, TaxScheme::Enrolled] {
        for (state, trouble) in [("27", Some(Trouble::NotDeliverable)), ("29", None)] {
            let mut vendor = under(scheme, state).vendor;
            vendor.vendor_id = world.shops[2].vendor.vendor_id;
            world.app.deliver(vendor).await;
            world.app.deliver(world.cart(PaymentMethod::Upi)).await;
            let rejected = world.app.emitted::<OrderRejected>().await;
            let troubles: Vec<_> =
                rejected.iter().flat_map(|r| &r.problems).map(|p| p.trouble).collect();
            assert_eq!(troubles, Vec::from_iter(trouble), "{scheme:?} in {state}");
        }
    }
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_dealer_under_composition_sells_without_tax_and_has_it_collected(pool: PgPool) {
    let world = World::with(pool, vec![under(TaxScheme::Composition, "29")]).await;
    let order = world.confirmed().await.order;
    let part = &order.parts[0];
    assert_eq!((part.total, part.tax), (Money::inr(23_600), Money::inr(0)));
    assert_eq!(part.lines[0].gst_rate_bp, 0);
    assert_eq!(sold::amounts(&part.share), [20_673, 2360, 425, 118, 24]);
    assert_eq!(part.share.terms.unwrap().tcs_base, Money::inr(23_600));

    // After the order is read from the tables again, too.
    let part = part_of(&order, 0);
    cancel_part(&world.client(), order.order_id, part, pieces(1)).await.expect(200);
    let credited = sold::credits(&world).await.remove(0);
    assert_eq!(credited.share.tcs, Money::inr(58));
    assert_eq!(credited.share.terms.unwrap().tcs_base, Money::inr(11_800));
    assert_eq!(credited.lines[0].tax, Money::inr(0));
}

#[sqlx::test(migrator = "order::MIGRATOR")]
async fn every_word_of_a_share_says_by_what_it_was_reckoned(pool: PgPool) {
    let world = sold::open(pool).await;
    let payment = sold::await_payment(&world, PaymentMethod::Upi).await;
    world.app.deliver(captured(&payment)).await;
    let order = world.app.emitted::<OrderConfirmed>().await.remove(0).order;
    let asked: Vec<_> = payment.shares.iter().map(|share| share.terms.unwrap()).collect();
    let confirmed: Vec<_> = order.parts.iter().map(|part| part.share.terms.unwrap()).collect();
    assert_eq!(asked, confirmed);

    let nila = ShareTerms {
        supply: SupplyKind::Intra,
        place_of_supply: StateCode::parse("29").unwrap(),
        commission_supply: SupplyKind::Inter,
        tcs_base: Money::inr(126_864),
        commission_bp: 1000,
        commission_tax_bp: 1800,
        tcs_bp: 50,
        tds_bp: 10,
    };
    let lotus = ShareTerms { supply: SupplyKind::Inter, tcs_base: Money::inr(220_169), ..nila };
    let meera = ShareTerms { tcs_base: Money::inr(0), tcs_bp: 0, ..nila };
    assert_eq!(asked, [nila, lotus, meera]);

    let part = part_of(&order, 0);
    cancel_part(&world.client(), order.order_id, part, pieces(1)).await.expect(200);
    let credited = world.app.emitted::<SellerOrderCredited>().await.remove(0);
    let expected = ShareTerms { tcs_base: Money::inr(42_288), ..nila };
    assert_eq!(credited.share.terms, Some(expected));
}

/// A nil-rated book beside a taxed lamp: tax is collected on the lamp only, and goes back with the lamp only.
#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_nil_rated_line_beside_a_taxed_one_has_no_tax_collected(pool: PgPool) {
    let book = Shop::new("asha", "29", (50_000, 0));
    let mut lamp = Shop::new("bela", "29", (11_800, 1800));
    lamp.vendor = book.vendor.clone();
    lamp.product.vendor_id = book.vendor.vendor_id;
    let world = World::with(pool, vec![book, lamp]).await;
    let lines = world.shops.iter().map(|shop| shop.line(1)).collect();
    let cart = checkout((world.buyer, world.address_id), PaymentMethod::Upi, lines);
    let payment = world.await_payment_of(cart).await;
    world.app.deliver(captured(&payment)).await;
    let order = world.app.emitted::<OrderConfirmed>().await.remove(0).order;
    let share = order.parts[0].share;
    assert_eq!((share.tcs, share.terms.unwrap().tcs_base), (Money::inr(50), Money::inr(10_000)));

    let part = part_of(&order, 0);
    cancel_part(&world.client(), order.order_id, part, pieces(1)).await.expect(200);
    let back = sold::credits(&world).await.remove(0).share;
    assert_eq!((back.tcs, back.terms.unwrap().tcs_base), (Money::inr(0), Money::inr(0)));
}

/// What an enrolled seller takes back has neither tax nor tax collected at source in it.
#[sqlx::test(migrator = "order::MIGRATOR")]
async fn what_an_enrolled_seller_takes_back_has_no_tax_in_it(pool: PgPool) {
    let world = sold::open(pool).await;
    let order = sold::confirmed(&world).await;
    let part = part_of(&order, 2);
    cancel_part(&world.client(), order.order_id, part, pieces(1)).await.expect(200);
    let credited = sold::credits(&world).await.remove(0);
    assert_eq!(sold::amounts(&credited.share), [22_025, 2500, 450, 0, 25]);
    assert_eq!(
        (credited.lines[0].total, credited.lines[0].tax),
        (Money::inr(25_000), Money::inr(0))
    );
}

/// Half past six in the evening of the 22nd in UTC is midnight in India.
#[sqlx::test(migrator = "order::MIGRATOR")]
async fn a_rate_holds_from_its_day_in_india_and_credits_keep_the_one_of_the_sale(pool: PgPool) {
    let world = World::with(pool.clone(), vec![Shop::new("asha", "29", (11_800, 1800))]).await;
    sqlx::query("insert into withholding_rates values ('tcs', '2026-11-23', 100)")
        .execute(&pool)
        .await
        .unwrap();
    world.wait(6 * 3600 + 1800 - 1);
    let before = sell(&world).await;
    assert_eq!(before.parts[0].share.tcs, Money::inr(100));
    world.wait(1);
    let after = sell(&world).await;
    assert_eq!(after.parts[0].share.tcs, Money::inr(200));

    for (order, tcs) in [(before, 50), (after, 100)] {
        let part = part_of(&order, 0);
        cancel_part(&world.client(), order.order_id, part, pieces(1)).await.expect(200);
        assert_eq!(sold::credits(&world).await[0].share.tcs, Money::inr(tcs));
    }
}

/// Two things, paid for a moment later.
async fn sell(world: &World) -> contracts::order::OrderFact {
    let mut cart = world.cart(PaymentMethod::Upi);
    cart.requested_at = kernel::Clock::now(&world.app.clock);
    let payment = world.await_payment_of(cart).await;
    world.app.deliver(captured(&payment)).await;
    world.app.emitted::<OrderConfirmed>().await.remove(0).order
}

/// The release before does not know of schemes and rates: what it places is taken back as it was split.
#[sqlx::test(migrator = "order::MIGRATOR")]
async fn what_the_release_before_placed_has_no_rates_and_goes_back_by_those_of_then(pool: PgPool) {
    let world = sold::open(pool.clone()).await;
    world.app.deliver(sold_cart(&world)).await;
    assert_eq!(world.app.emitted::<OrderPlaced>().await.len(), 1);
    sqlx::query(
        "update seller_orders
         set scheme = null, commission_supply = null, commission_tax_bp = null, tcs_bp = null, tds_bp = null",
    )
    .execute(&pool)
    .await
    .unwrap();
    sqlx::query("update order_lines set taxed = null").execute(&pool).await.unwrap();
    let asked = world.app.emitted().await.remove(0);
    world.app.deliver(reserved(&asked)).await;
    let payment = world.app.emitted::<CreatePayment>().await.remove(0);
    assert!(payment.shares.iter().all(|share| share.terms.is_none()));
    world.app.deliver(captured(&payment)).await;
    let order = world.app.emitted::<OrderConfirmed>().await.remove(0).order;

    let part = part_of(&order, 0);
    cancel_part(&world.client(), order.order_id, part, pieces(1)).await.expect(200);
    let credited = sold::credits(&world).await.remove(0);
    assert_eq!(sold::amounts(&credited.share), [43_757, 4990, 899, 212, 42]);
    assert_eq!(credited.share.terms, None);
}

fn sold_cart(world: &World) -> contracts::cart::CheckoutRequested {
    let lines = world.shops.iter().zip([3, 2, 1]).map(|(shop, many)| shop.line(many)).collect();
    checkout((world.buyer, world.address_id), PaymentMethod::Upi, lines)
}
