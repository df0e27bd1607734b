//! Sellers are told when they are paid, and when they could not be.

use contracts::payment::{PayoutChanged, PayoutState};
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
