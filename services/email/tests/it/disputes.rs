//! A buyer's bank asks money back.

use contracts::payment::{
    DisputeBearer, DisputeChanged, DisputeState, PaymentRef, PayoutChanged, PayoutState,
    RefundFailed,
};
use email::App;
use kernel::{Clock, DisputeId, Money, PayoutId, RefundId};
use sqlx::PgPool;
use testkit::{TestApp, sample};

use crate::scene::{Sale, ledger, with_sink};
use crate::sink;

/// Mail about money that waits, with this text wherever somebody else chose one.
pub async fn steered(app: &TestApp<App>, sale: &Sale, text: &str) {
    let (words, vendor_id) = (Some(text.to_owned()), sale.vendors[0].vendor_id);
    let event = DisputeChanged {
        dispute_id: DisputeId::new(),
        state: DisputeState::Open,
        reason_code: words.clone(),
        order_number: words.clone(),
        buyer: Some(sale.buyer.user_id),
        vendors: vec![vendor_id],
        ..sample()
    };
    app.deliver(event).await;
    let (payout_id, state, at) = (PayoutId::new(), PayoutState::Held, app.clock.now());
    app.deliver(PayoutChanged { payout_id, vendor_id, state, reason: words, at, ..sample() }).await;
    let mut asked = RefundFailed { needs_a_person: true, needs_account: true, ..sample() };
    asked.refund.refund_id = RefundId::new();
    asked.refund.buyer = sale.buyer.user_id;
    asked.refund.order_number = text.to_owned();
    app.deliver(asked).await;
}

/// A dispute of what was paid for a sale that everybody was heard of.
async fn disputed(app: &TestApp<App>) -> (Sale, DisputeChanged) {
    let sale = Sale::new();
    sale.introduce(app).await;
    let order = &sale.order.order;
    let base = sample::<DisputeChanged>();
    let payment =
        PaymentRef { order_id: order.order_id, at: app.clock.now(), ..base.payment.clone() };
    let event = DisputeChanged {
        payment,
        dispute_id: DisputeId::new(),
        disputed: Money::inr(235_600),
        state: DisputeState::Open,
        bearer: None,
        buyer: Some(order.buyer),
        vendors: sale.vendors.iter().map(|vendor| vendor.vendor_id).collect(),
        ..base
    };
    (sale, event)
}

/// The only mail to this address with this subject, as text on one line; its other form says `words`, too.
async fn text(to: &str, subject: &str, words: &[&str]) -> String {
    let mails = sink::inbox(to).await;
    let mut ours = mails.iter().filter(|mail| mail["subject"] == subject);
    let mail = ours.next().unwrap_or_else(|| panic!("{subject}: {mails:?}"));
    assert!(ours.next().is_none(), "{subject}: once");
    for form in ["text", "html"] {
        let body = sink::text(mail, form).replace('\n', " ");
        for word in words {
            assert!(body.contains(word), "{word}: {body}");
        }
    }
    sink::text(mail, "text").replace('\n', " ")
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn buyer_and_sellers_are_told_and_the_sellers_what_comes_of_it(pool: PgPool) {
    let app = with_sink(pool).await;
    let (sale, event) = disputed(&app).await;
    let owner = sale.owners[0].email.as_str();
    for _ in 0..2 {
        app.deliver(event.clone()).await;
    }
    app.run_jobs().await;
    let words = [
        "2,356.00",
        "of ₹2,598.00",
        "M261122-000001",
        "29 November 2026, 17:30 IST",
        "goods or services",
    ];
    let asked = "Your bank asks back a part of what you paid for order M261122-000001";
    let to_buyer = text(sale.buyer.email.as_str(), asked, &words).await;
    assert!(to_buyer.contains("Refunds for this payment wait"), "{to_buyer}");
    let asked = "The buyer's bank asks back a part of what was paid for order M261122-000001";
    let words = ["2,356.00", "of ₹2,598.00", "A part of this order is yours", "29 November 2026"];
    let to_seller = text(owner, asked, &words).await;
    assert!(to_seller.contains("Nothing is taken from you while the bank decides"), "{to_seller}");
    assert!(!to_seller.contains("Asha"), "the buyer is nobody to name");
    assert_eq!(ledger(&app, "dispute_opened_seller").await.len(), 3);

    // It is lost, and nobody has said who bears it: there is nothing to say.
    let lost = DisputeChanged { state: DisputeState::Lost, ..event };
    app.deliver(lost.clone()).await;
    assert_eq!(app.run_jobs().await, 0);
    app.deliver(DisputeChanged { bearer: Some(DisputeBearer::Sellers), ..lost }).await;
    app.run_jobs().await;
    let decided = "The bank has decided about order M261122-000001";
    text(
        owner,
        decided,
        &["2,356.00", "Whoever sold in that order bears it", "credit note", "is not to be sent"],
    )
    .await;
    assert_eq!(ledger(&app, "dispute_decided_seller").await.len(), 3);
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn the_only_seller_is_not_told_of_others_nor_of_a_part_where_it_is_all(pool: PgPool) {
    let app = with_sink(pool).await;
    let (sale, event) = disputed(&app).await;
    let vendors = vec![sale.vendors[0].vendor_id];
    app.deliver(DisputeChanged { disputed: event.payment.amount, vendors, ..event }).await;
    app.run_jobs().await;
    let asked = "The buyer's bank asks back what was paid for order M261122-000001";
    let words = ["2,598.00", "If it is you, what was sold"];
    let said = text(sale.owners[0].email.as_str(), asked, &words).await;
    assert!(!said.contains("A part") && !said.contains("the sellers"), "{said}");
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn what_is_won_or_borne_by_the_platform_takes_nothing_from_sellers(pool: PgPool) {
    let app = with_sink(pool).await;
    for (state, bearer, words) in [
        (DisputeState::Won, None, "asked for stay. Nothing is taken from you"),
        (DisputeState::Lost, Some(DisputeBearer::Platform), "Mall bears it: nothing is taken"),
    ] {
        let (sale, event) = disputed(&app).await;
        app.deliver(DisputeChanged { state, bearer, ..event }).await;
        app.run_jobs().await;
        let subject = "The bank has decided about order M261122-000001";
        text(sale.owners[1].email.as_str(), subject, &[words]).await;
        assert!(sink::inbox(sale.buyer.email.as_str()).await.is_empty(), "the bank tells its own");
    }
    // What an older build said names nobody.
    let (_, event) = disputed(&app).await;
    app.deliver(DisputeChanged { order_number: None, buyer: None, vendors: Vec::new(), ..event })
        .await;
    assert_eq!(app.run_jobs().await, 0);
}
