//! Sellers are told when they are paid, when they could not be, and why they wait.

use contracts::payment::{
    PayoutChanged, PayoutPostponed, PayoutState, PostponedWhy, VendorBalanceOverdue,
};
use contracts::vendor::PayoutAccountChanged;
use jiff::SignedDuration;
use kernel::{Clock, Money, PayoutId};
use sqlx::PgPool;

use crate::scene::{person, shop, with_sink};
use crate::sink;

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn the_owner_hears_how_a_payout_ends_and_no_more(pool: PgPool) {
    let (app, owner) = (with_sink(pool).await, person("Nila Rao"));
    app.deliver(owner.clone()).await;
    let vendor = shop(&owner, "Nila Crafts");
    app.deliver(vendor.clone()).await;
    let payout = PayoutChanged {
        payout_id: PayoutId::new(),
        vendor_id: vendor.vendor_id,
        amount: Money::inr(131_274),
        state: PayoutState::Requested,
        bank_reference: None,
        reason: None,
        look_again_at: None,
        at: app.clock.now(),
    };
    app.deliver(payout.clone()).await;
    app.deliver(PayoutChanged { state: PayoutState::Accepted, ..payout.clone() }).await;
    assert_eq!(app.run_jobs().await, 0);

    let bank_reference = Some("UTR0000000001".to_owned());
    let paid = PayoutChanged { state: PayoutState::Paid, bank_reference, ..payout.clone() };
    app.deliver(paid.clone()).await;
    app.deliver(paid).await;
    let reason = Some("beneficiary_bank_offline".to_owned());
    app.deliver(PayoutChanged { state: PayoutState::Failed, reason, ..payout.clone() }).await;
    app.run_jobs().await;
    let mails = sink::inbox(owner.email.as_str()).await;
    let subjects: Vec<_> = mails.iter().map(|mail| mail["subject"].clone()).collect();
    assert_eq!(subjects.len(), 2, "{subjects:?}");
    let text = |subject: &str| {
        let mail = mails.iter().find(|mail| mail["subject"] == subject).unwrap();
        sink::text(mail, "text")
    };
    let paid = text("We paid you");
    assert!(paid.contains("₹1,312.74") && paid.contains("UTR0000000001"), "{paid}");
    let failed = text("We could not pay you");
    assert!(failed.contains("₹1,312.74") && !failed.contains("offline"), "{failed}");
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn the_owner_hears_at_once_that_another_account_is_paid_to(pool: PgPool) {
    let (app, owner) = (with_sink(pool).await, person("Asha Rao"));
    app.deliver(owner.clone()).await;
    let vendor = shop(&owner, "Lotus Home");
    app.deliver(vendor.clone()).await;
    let changed_at = app.clock.now();
    let changed = PayoutAccountChanged {
        vendor_id: vendor.vendor_id,
        owner: vendor.owner,
        changed_at,
        payable_from: changed_at + SignedDuration::from_hours(24),
    };
    app.deliver(changed.clone()).await;
    app.deliver(changed).await;
    app.run_jobs().await;
    let mails = sink::inbox(owner.email.as_str()).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0]["subject"], "Your bank account was changed");
    let text = sink::text(&mails[0], "text");
    assert!(text.contains("23 November 2026, 17:30 IST"), "{text}");
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn the_owner_hears_why_a_payout_waits_and_until_when(pool: PgPool) {
    let (app, owner) = (with_sink(pool).await, person("Nila Rao"));
    app.deliver(owner.clone()).await;
    let vendor = shop(&owner, "Nila Crafts");
    app.deliver(vendor.clone()).await;
    let now = app.clock.now();
    let tomorrow = now + SignedDuration::from_hours(24);
    let postponed = PayoutPostponed {
        vendor_id: vendor.vendor_id,
        available: Money::inr(131_274),
        why: PostponedWhy::AccountChanged,
        until: tomorrow,
        at: now,
    };
    for _ in 0..2 {
        app.deliver(postponed.clone()).await;
    }
    let waits = PayoutChanged {
        payout_id: PayoutId::new(),
        vendor_id: vendor.vendor_id,
        amount: Money::inr(100_000_001),
        state: PayoutState::Waiting,
        bank_reference: None,
        reason: None,
        look_again_at: Some(tomorrow),
        at: now,
    };
    app.deliver(waits.clone()).await;
    let reason = Some("The parcels are being looked at.".to_owned());
    let held = PayoutChanged { state: PayoutState::Held, reason, look_again_at: None, ..waits };
    app.deliver(held.clone()).await;
    let reason = Some("seller_not_approved".to_owned());
    app.deliver(PayoutChanged { payout_id: PayoutId::new(), reason, ..held }).await;
    app.run_jobs().await;

    let mails = sink::inbox(owner.email.as_str()).await;
    assert_eq!(mails.len(), 4);
    assert!(mails.iter().all(|mail| mail["subject"] == "Your payout comes later"));
    let text = |word: &str| {
        let mut texts = mails.iter().map(|mail| sink::text(mail, "text").replace('\n', " "));
        texts.find(|text| text.contains(word)).unwrap_or_else(|| panic!("{word}"))
    };
    let until = "23 November 2026, 17:30 IST";
    let new = text("was changed less than a day ago");
    assert!(new.contains("\u{20b9}1,312.74") && new.contains(until), "{new}");
    let large = text("a second person at Mall looks at it");
    assert!(large.contains("\u{20b9}10,00,000.01") && large.contains(until), "{large}");
    let by_staff = text("did not let it go");
    assert!(by_staff.contains("The parcels are being looked at."), "{by_staff}");
    assert!(!text("your shop may not sell").contains("seller_not_approved"));
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn the_owner_hears_once_what_is_owed_since_when_and_what_becomes_of_it(pool: PgPool) {
    let (app, owner) = (with_sink(pool).await, person("Nila Rao"));
    app.deliver(owner.clone()).await;
    let vendor = shop(&owner, "Nila Crafts");
    app.deliver(vendor.clone()).await;
    let overdue = VendorBalanceOverdue {
        vendor_id: vendor.vendor_id,
        owed: Money::inr(131_274),
        since: app.clock.now() - SignedDuration::from_hours(30 * 24),
        at: app.clock.now(),
    };
    app.deliver(overdue.clone()).await;
    app.deliver(overdue).await;
    app.run_jobs().await;
    let mail = sink::only(owner.email.as_str()).await;
    assert_eq!(mail["subject"], "Your balance is below nothing");
    for form in ["text", "html"] {
        let body = sink::text(&mail, form).replace('\n', " ");
        for words in ["1,312.74", "23 October 2026", "What you sell makes up for it", "sixty days"]
        {
            assert!(body.contains(words), "{words}: {body}");
        }
    }
}
