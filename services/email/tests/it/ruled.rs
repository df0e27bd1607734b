//! What staff decide about a seller, its products and its debts.

use contracts::payment::VendorBalanceWrittenOff;
use contracts::product::{ProductStatus, ProductTurnedDown};
use contracts::user::ContactUpdated;
use contracts::vendor::{
    Correction, VendorApproved, VendorChanged, VendorRejected, VendorSuspended,
};
use email::App;
use jiff::SignedDuration;
use kernel::{Clock, Money, ProductId, WriteOffId};
use sqlx::PgPool;
use testkit::{TestApp, sample};

use crate::money::read;
use crate::scene::{Sale, person, shop, with_sink};

async fn seller(app: &TestApp<App>) -> (ContactUpdated, VendorChanged) {
    let owner = person("Nila Rao");
    let vendor = shop(&owner, "Nila Crafts");
    app.deliver(owner.clone()).await;
    app.deliver(vendor.clone()).await;
    (owner, vendor)
}

fn rejected(vendor: &VendorChanged, reason: &str) -> VendorRejected {
    let (vendor_id, owner, reason) = (vendor.vendor_id, vendor.owner, reason.to_owned());
    VendorRejected { vendor_id, owner, reason, ..sample() }
}

fn turned_down(vendor: &VendorChanged, status: ProductStatus, title: &str) -> ProductTurnedDown {
    let (product_id, vendor_id, title) = (ProductId::new(), vendor.vendor_id, title.to_owned());
    ProductTurnedDown { product_id, vendor_id, status, title, ..sample() }
}

/// Mail of every kind about what staff decided, with this text wherever somebody else chose one.
pub async fn steered(app: &TestApp<App>, sale: &Sale, text: &str) {
    let vendor = &sale.vendors[0];
    app.deliver(rejected(vendor, text)).await;
    for status in [ProductStatus::Rejected, ProductStatus::Unlisted] {
        let reason = text.to_owned();
        app.deliver(ProductTurnedDown { reason, ..turned_down(vendor, status, text) }).await;
    }
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn a_seller_hears_why_it_may_not_sell_and_when_it_may_again(pool: PgPool) {
    let app = with_sink(pool).await;
    let (owner, vendor) = seller(&app).await;
    let event = rejected(&vendor, "The bank proof is unreadable.");
    app.deliver(event.clone()).await;
    app.deliver(event).await;
    let words = ["was turned down", "The bank proof is unreadable.", "hand the application in"];
    let mail = read(&app, &owner, &words).await;
    assert_eq!(mail["subject"], "Your application was turned down");

    // Whoever is told where it is wrong is told each place.
    let asked = [("/legal_name", "not as registered"), ("/documents/bank_proof", "cut off")];
    let corrections = asked.map(|(at, why)| Correction { at: at.into(), why: why.into() }).into();
    app.clock.advance(SignedDuration::from_secs(1));
    let again = VendorRejected {
        corrections,
        rejected_at: app.clock.now(),
        ..rejected(&vendor, "Nearly.")
    };
    app.deliver(again).await;
    read(
        &app,
        &owner,
        &["Nearly.", "legal name: not as registered", "Document bank proof: cut off"],
    )
    .await;

    let (vendor_id, reason) = (vendor.vendor_id, "Parcels never came.".to_owned());
    let suspended = VendorSuspended { vendor_id, owner: vendor.owner, reason, ..sample() };
    app.deliver(suspended).await;
    let words = [
        "may not sell",
        "Parcels never came.",
        "paid when your shop may sell again",
        "what is not shipped",
    ];
    let mail = read(&app, &owner, &words).await;
    assert_eq!(mail["subject"], "Your shop may not sell for now");

    let base = sample::<VendorApproved>();
    app.deliver(VendorApproved { vendor_id, owner: vendor.owner, again: true, ..base }).await;
    let mail = read(&app, &owner, &["may sell on Mall again", "is there again"]).await;
    assert_eq!(mail["subject"], "Lotus Home may sell on Mall again");
    assert_eq!(crate::sink::inbox(owner.email.as_str()).await.len(), 4);
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn a_seller_hears_why_a_product_is_not_sold_and_what_to_do(pool: PgPool) {
    let app = with_sink(pool).await;
    let (owner, vendor) = seller(&app).await;
    for (status, subject, then) in [
        (ProductStatus::Rejected, "Not put on the shelf: Oil lamp", "propose the product again"),
        (ProductStatus::Unlisted, "Taken off the shelf: Oil lamp", "write to us"),
    ] {
        let event = turned_down(&vendor, status, "Oil lamp");
        let reason = event.reason.clone();
        app.deliver(event.clone()).await;
        app.deliver(event).await;
        let mail = read(&app, &owner, &["Oil lamp", &reason, then]).await;
        assert_eq!(mail["subject"], subject);
    }
    app.deliver(turned_down(&vendor, ProductStatus::Unknown, "Oil lamp")).await;
    app.clock.advance(SignedDuration::from_hours(8 * 24));
    app.deliver(turned_down(&vendor, ProductStatus::Rejected, "Oil lamp")).await;
    assert_eq!(app.run_jobs().await, 0, "what is not understood, and what is long past");
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn a_seller_hears_that_it_owes_nothing_any_more(pool: PgPool) {
    let app = with_sink(pool).await;
    let (owner, vendor) = seller(&app).await;
    let written_off = VendorBalanceWrittenOff {
        write_off_id: WriteOffId::new(),
        vendor_id: vendor.vendor_id,
        amount: Money::inr(227_823),
        at: app.clock.now(),
    };
    app.deliver(written_off.clone()).await;
    app.deliver(written_off).await;
    let mail = read(&app, &owner, &["₹2,278.23", "need not pay it", "as our loss"]).await;
    assert_eq!(mail["subject"], "You owe us nothing any more");
}
