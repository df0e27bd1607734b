//! Sellers are told before a rate of GST that their products bear ends.

use contracts::product::{ProductsBarred, RateEnding};
use contracts::vendor::{TaxScheme, VendorChanged};
use jiff::SignedDuration;
use kernel::{Clock, Sku};
use sqlx::PgPool;
use testkit::sample;

use crate::money::read;
use crate::scene::{person, shop, with_sink};
use crate::sink;

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn the_owner_hears_once_which_rate_ends_when_and_for_what(pool: PgPool) {
    let (app, owner) = (with_sink(pool).await, person("Nila Rao"));
    app.deliver(owner.clone()).await;
    let scheme = Some(TaxScheme::Regular);
    let vendor = VendorChanged { scheme, ..shop(&owner, "Nila Crafts") };
    app.deliver(vendor.clone()).await;
    let now = app.clock.now();
    let ending = RateEnding { vendor_id: vendor.vendor_id, at: now, ..sample() };
    app.deliver(ending.clone()).await;
    app.deliver(ending.clone()).await;
    let old = now - SignedDuration::from_hours(8 * 24);
    let before = RateEnding { rate_bp: 500, at: old, ..ending.clone() };
    app.deliver(before).await;
    app.run_jobs().await;
    let mail = sink::only(owner.email.as_str()).await;
    assert_eq!(mail["subject"], "The GST rate of 18 % ends on 07 Dec 2026");
    for form in ["text", "html"] {
        let body = sink::text(&mail, form);
        for words in [
            "LOTUS-DIYA",
            "LOTUS-LAMP",
            "2 of",
            "07 Dec 2026",
            "propose it again",
            "Prices include",
        ] {
            assert!(body.contains(words), "{words}: {body}");
        }
        assert!(!body.contains("and more"), "{body}");
    }

    let many = (0..20).map(|n| Sku::parse(&format!("SKU-{n}")).unwrap()).collect();
    let last_day = ending.last_day.tomorrow().unwrap();
    app.deliver(RateEnding { skus: many, products: 30, last_day, ..ending }).await;
    app.run_jobs().await;
    let mails = sink::inbox(owner.email.as_str()).await;
    assert!(mails.iter().any(|mail| sink::text(mail, "text").contains("and more")));
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn who_charges_no_tax_need_not_look_at_prices(pool: PgPool) {
    let app = with_sink(pool).await;
    let schemes = [Some(TaxScheme::Composition), Some(TaxScheme::Enrolled), None];
    for scheme in schemes {
        let owner = person("Nila Rao");
        app.deliver(owner.clone()).await;
        let vendor = VendorChanged { scheme, gstin: None, ..shop(&owner, "Nila Crafts") };
        app.deliver(vendor.clone()).await;
        let (vendor_id, at) = (vendor.vendor_id, app.clock.now());
        app.deliver(RateEnding { vendor_id, at, ..sample() }).await;
        let words = ["07 Dec 2026", "You charge no tax", "propose it again"];
        let mail = read(&app, &owner, &words).await;
        assert!(!sink::text(&mail, "text").contains("include the tax"), "{mail}");
    }
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn the_owner_hears_what_left_the_shelf_and_may_not_be_sold_at_all(pool: PgPool) {
    let (app, owner) = (with_sink(pool).await, person("Nila Rao"));
    app.deliver(owner.clone()).await;
    let vendor = shop(&owner, "Nila Crafts");
    app.deliver(vendor.clone()).await;
    let barred = ProductsBarred { vendor_id: vendor.vendor_id, at: app.clock.now(), ..sample() };
    app.deliver(barred.clone()).await;
    app.deliver(barred).await;
    app.run_jobs().await;
    let mail = sink::only(owner.email.as_str()).await;
    assert_eq!(mail["subject"], "Products of yours left the shelf");
    for form in ["text", "html"] {
        let body = sink::text(&mail, form).replace('\n', " ");
        for words in ["2 of your products", "LOTUS-DIYA", "LOTUS-LAMP", "rate does not help"] {
            assert!(body.contains(words), "{words}: {body}");
        }
    }
}
