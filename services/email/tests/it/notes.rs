//! Credit notes: in the mail about what is taken back, where they come in time, and else by themselves.

use contracts::cart::PaymentMethod;
use contracts::order::CreditCause;
use contracts::payment::{DisputeChanged, DisputeState};
use email::App;
use jiff::SignedDuration;
use kernel::DisputeId;
use serde_json::Value;
use sqlx::PgPool;
use testkit::{TestApp, sample};

use crate::money::{credited, read, sold};
use crate::scene::{Sale, note, take_back, with_sink};
use crate::sink;

const PATIENCE: SignedDuration = SignedDuration::from_mins(5);

async fn inbox(app: &TestApp<App>, sale: &Sale) -> Vec<Value> {
    app.run_jobs().await;
    sink::inbox(sale.buyer.email.as_str()).await
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn whichever_comes_first_credit_and_note_are_one_mail(pool: PgPool) {
    let app = with_sink(pool).await;
    let sale = sold(&app, PaymentMethod::Upi).await;
    for note_first in [false, true] {
        let before = inbox(&app, &sale).await.len();
        let credit = credited(&sale, CreditCause::Returned);
        let note = note(&credit);
        if note_first {
            app.deliver(note.clone()).await;
        } else {
            app.deliver(credit.clone()).await;
        }
        assert_eq!(inbox(&app, &sale).await.len(), before, "one waits for the other");
        app.deliver(credit).await;
        app.deliver(note.clone()).await;
        let words = ["You sent these items back", "Credit note A1B2C2627"];
        let mail = read(&app, &sale.buyer, &words).await;
        assert!(sink::text(&mail, "text").contains(&Sale::link(&note.credit_note)), "{mail}");
        app.clock.advance(PATIENCE);
        assert_eq!(inbox(&app, &sale).await.len(), before + 1, "it is told once");
    }
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn a_note_that_is_late_comes_by_itself(pool: PgPool) {
    let app = with_sink(pool).await;
    let sale = sold(&app, PaymentMethod::Upi).await;
    let credit = credited(&sale, CreditCause::PriceReduced);
    app.deliver(credit.clone()).await;
    app.clock.advance(PATIENCE);
    app.run_jobs().await;
    let mail = read(&app, &sale.buyer, &["You keep these items"]).await;
    assert!(!sink::text(&mail, "text").contains("Credit note"), "there is none yet: {mail}");

    let note = note(&credit);
    app.deliver(note.clone()).await;
    app.deliver(note.clone()).await;
    let words = ["A1B2C2627", "or by how much less you pay", "M261122-000001-1"];
    let mail = read(&app, &sale.buyer, &words).await;
    assert!(sink::text(&mail, "text").contains(&Sale::link(&note.credit_note)), "{mail}");
    assert_eq!(inbox(&app, &sale).await.len(), 2);

    // What the bank took its buyer knows; the paper is news.
    take_back(&app, credited(&sale, CreditCause::Disputed)).await;
    let mails = inbox(&app, &sale).await;
    assert_eq!(mails.len(), 3);
    assert_eq!(
        mails.iter().filter(|mail| sink::text(mail, "subject").contains("credit note")).count(),
        2
    );
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn what_a_bank_asks_for_too_is_not_promised_within_days(pool: PgPool) {
    let app = with_sink(pool).await;
    let sale = sold(&app, PaymentMethod::Upi).await;
    let mut dispute = DisputeChanged { dispute_id: DisputeId::new(), ..sample() };
    dispute.state = DisputeState::Open;
    dispute.payment.order_id = sale.order.order.order_id;
    dispute.vendors = vec![sale.vendors[0].vendor_id];
    app.deliver(dispute.clone()).await;
    take_back(&app, credited(&sale, CreditCause::Returned)).await;
    let words = ["₹1,299.00", "it waits until the bank has decided"];
    let mail = read(&app, &sale.buyer, &words).await;
    assert!(!sink::text(&mail, "text").contains("working days"), "{mail}");

    app.deliver(DisputeChanged { state: DisputeState::Won, ..dispute }).await;
    take_back(&app, credited(&sale, CreditCause::Returned)).await;
    read(&app, &sale.buyer, &["5 to 7 working days"]).await;
}
