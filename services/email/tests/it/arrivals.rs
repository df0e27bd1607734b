//! What has arrived, and until when it can be sent back.

use contracts::email::EmailSent;
use contracts::order::SellerOrderArrived;
use email::App;
use jiff::SignedDuration;
use kernel::{Clock, SellerOrderId};
use sqlx::PgPool;
use testkit::{TestApp, sample};

use crate::scene::{Sale, ledger, with_sink};
use crate::sink;

/// All of the first part of a sale is here, and can be sent back for a week.
fn arrived(app: &TestApp<App>, sale: &Sale) -> SellerOrderArrived {
    let (part, at) = (&sale.order.order.parts[0], app.clock.now());
    let returnable_until = Some(at + SignedDuration::from_hours(7 * 24));
    let mut event = SellerOrderArrived { returnable_until, ..sample() };
    event.seller_order.order_id = sale.order.order.order_id;
    event.seller_order.seller_order_id = part.seller_order_id;
    event.seller_order.vendor_id = part.vendor_id;
    event.seller_order.buyer = sale.buyer.user_id;
    event.seller_order.at = at;
    event
}

/// Mail of an arrival, with this text wherever somebody else chose one.
pub async fn steered(app: &TestApp<App>, sale: &Sale, text: &str) {
    let mut event = arrived(app, sale);
    event.seller_order.number = text.to_owned();
    app.deliver(event).await;
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn who_has_all_of_a_seller_is_told_once_until_when_it_can_be_sent_back(pool: PgPool) {
    let app = with_sink(pool).await;
    let sale = Sale::new();
    sale.introduce(&app).await;
    app.deliver(sale.order.clone()).await;
    app.run_jobs().await;
    let event = arrived(&app, &sale);
    app.deliver(event.clone()).await;
    app.deliver(event.clone()).await;
    app.run_jobs().await;

    let mail = sink::only(sale.buyer.email.as_str()).await;
    assert_eq!(mail["subject"], "Your order M261122-000001-1 has arrived");
    let title = &sale.order.order.parts[0].lines[0].title;
    for form in ["text", "html"] {
        let body = sink::text(&mail, form).replace('\n', " ");
        let until = "29 November 2026, 17:30 IST";
        for word in ["Lotus Home", &format!("{} x {title}", event.lines[0].quantity), until] {
            assert!(body.contains(word), "{word}: {body}");
        }
    }
    let told = app.emitted::<EmailSent>().await;
    let told = told.iter().find(|told| told.kind == "delivered").unwrap();
    assert_eq!(told.order_id, Some(event.seller_order.order_id));
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn what_cannot_be_sent_back_any_more_is_not_offered(pool: PgPool) {
    let app = with_sink(pool).await;
    let sale = Sale::new();
    sale.introduce(&app).await;
    let mut over = arrived(&app, &sale);
    over.returnable_until = Some(over.seller_order.at);
    let mut unsaid = arrived(&app, &sale);
    unsaid.seller_order.seller_order_id = SellerOrderId::new();
    unsaid.returnable_until = None;
    for (event, says) in [(over, true), (unsaid, false)] {
        app.deliver(event).await;
        app.run_jobs().await;
        let mail = sink::inbox(sale.buyer.email.as_str()).await.pop().unwrap();
        let body = sink::text(&mail, "text");
        assert!(!body.contains("You can send it back"), "{body}");
        assert_eq!(body.contains("The time to send it back is over."), says, "{body}");
    }
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn of_an_arrival_long_ago_and_to_somebody_who_is_forgotten_nothing_is_mailed(pool: PgPool) {
    let app = with_sink(pool).await;
    let sale = Sale::new();
    sale.introduce(&app).await;
    let mut old = arrived(&app, &sale);
    old.seller_order.at = app.clock.now() - SignedDuration::from_hours(8 * 24);
    app.deliver(old).await;
    assert_eq!(app.run_jobs().await, 0);

    let mut gone = app.record(&sale.buyer);
    gone.payload = None;
    app.deliver_record(gone).await;
    app.deliver(arrived(&app, &sale)).await;
    app.run_jobs().await;
    assert!(sink::inbox(sale.buyer.email.as_str()).await.is_empty());
    assert_eq!(ledger(&app, "delivered").await, [("failed".to_owned(), 1)]);
}
