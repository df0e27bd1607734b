//! What a buyer sends back.

use contracts::order::{ReturnChanged, ReturnState};
use email::App;
use jiff::SignedDuration;
use kernel::ReturnId;
use serde_json::Value;
use sqlx::PgPool;
use testkit::{TestApp, sample};

use crate::scene::{Sale, ledger, with_sink};
use crate::sink;

fn changed(sale: &Sale, return_id: ReturnId, state: ReturnState) -> ReturnChanged {
    let mut event = ReturnChanged { return_id, state, ..sample() };
    event.seller_order.vendor_id = sale.vendors[0].vendor_id;
    event.seller_order.buyer = sale.buyer.user_id;
    event
}

/// Mail of every kind about a return, with this text wherever somebody else chose one.
pub async fn steered(app: &TestApp<App>, sale: &Sale, text: &str) {
    let states = [
        ReturnState::Requested,
        ReturnState::SentBack,
        ReturnState::Approved,
        ReturnState::Refused,
        ReturnState::Expired,
        ReturnState::Settled,
    ];
    for state in states {
        let mut event = changed(sale, ReturnId::new(), state);
        event.seller_order.number = text.to_owned();
        event.lines[0].title = text.to_owned();
        event.remark = Some(text.to_owned());
        app.deliver(event).await;
    }
}

/// The newest mail, of which both forms say `words`.
async fn read(app: &TestApp<App>, to: &str, words: &[&str]) -> Value {
    app.run_jobs().await;
    let mail = sink::inbox(to).await.pop().expect("a mail");
    for form in ["text", "html"] {
        let body = sink::text(&mail, form).replace('\n', " ");
        for word in words {
            assert!(body.contains(word), "{word}: {body}");
        }
    }
    mail
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn whoever_is_next_is_told_what_to_do_and_until_when(pool: PgPool) {
    let app = with_sink(pool).await;
    let sale = Sale::new();
    sale.introduce(&app).await;
    let id = ReturnId::new();
    let (buyer, owner) = (sale.buyer.email.as_str(), sale.owners[0].email.as_str());
    let until = "24 November 2026, 17:30 IST";
    // The buyer of another one hears who decided after its seller had refused it.
    let other = ReturnId::new();
    for state in [ReturnState::Refused, ReturnState::Contested, ReturnState::Approved] {
        app.deliver(changed(&sale, other, state)).await;
        app.run_jobs().await;
    }
    read(&app, buyer, &["Mall has decided for you", "You may send this back"]).await;
    let told = [
        (ReturnState::Requested, owner, "It does not fit", "Please approve or refuse"),
        (ReturnState::SentBack, owner, "has sent this back to you", "contest it"),
        (ReturnState::Approved, buyer, "You may send this back", "address on your invoice"),
        (ReturnState::Refused, buyer, "does not want this back", "contest it there"),
    ];
    for (state, to, what, then) in told {
        let event = changed(&sale, id, state);
        app.deliver(event.clone()).await;
        app.deliver(event).await;
        let mail =
            read(&app, to, &["Brass lamp, 18 inch", "M261122-000001-1", what, then, until]).await;
        let body = sink::text(&mail, "text");
        assert!(!body.contains("Too tall"), "words are read at Mall");
        assert!(!body.contains("Mall has decided"), "its seller did");
    }
    app.deliver(changed(&sale, id, ReturnState::Expired)).await;
    read(&app, buyer, &["the return is over, and you keep it"]).await;
    for _ in 0..2 {
        app.deliver(changed(&sale, id, ReturnState::Settled)).await;
    }
    read(&app, buyer, &["Your bank has taken the money back", "need not send anything"]).await;
    assert_eq!(sink::inbox(buyer).await.len(), 6);
    assert_eq!(sink::inbox(owner).await.len(), 2);
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn a_refusal_that_stays_is_told_when_staff_decided_it(pool: PgPool) {
    let app = with_sink(pool).await;
    let sale = Sale::new();
    sale.introduce(&app).await;
    let id = ReturnId::new();
    app.deliver(changed(&sale, id, ReturnState::Refused)).await;
    let quiet =
        ReturnChanged { until: None, remark: None, ..changed(&sale, id, ReturnState::Refused) };
    app.deliver(quiet.clone()).await;
    for state in [ReturnState::Contested, ReturnState::Withdrawn, ReturnState::Credited] {
        app.deliver(changed(&sale, id, state)).await;
    }
    app.run_jobs().await;
    assert_eq!(ledger(&app, "return_refused").await.len(), 1, "the buyer knew");
    app.deliver(ReturnChanged { remark: Some("a stone".into()), ..quiet }).await;
    read(&app, sale.buyer.email.as_str(), &["it stays refused"]).await;

    app.clock.advance(SignedDuration::from_hours(8 * 24));
    app.deliver(changed(&sale, ReturnId::new(), ReturnState::Approved)).await;
    app.run_jobs().await;
    assert_eq!(sink::inbox(sale.buyer.email.as_str()).await.len(), 2, "that is long ago");
}
