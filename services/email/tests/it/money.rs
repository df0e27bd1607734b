//! Orders that could not be placed, what is taken back, and money that comes back.

use chassis::auth::callers::may;
use contracts::cart::PaymentMethod;
use contracts::order::{
    CreditCause, DueStep, OrderRejected, SellerOrderCredited, SellerOrderDueSoon, SellerOrderRef,
};
use contracts::payment::{
    PaymentUnclaimed, RefundDone, RefundFailed, RefundKind, RefundPayer, RefundRef,
};
use contracts::product::{LineTrouble, Trouble};
use contracts::user::ContactUpdated;
use email::App;
use jiff::{SignedDuration, Timestamp};
use kernel::{Clock, CreditId, Money, OrderId, RefundId, SellerOrderId};
use serde_json::Value;
use sqlx::PgPool;
use testkit::{TestApp, sample, servers};

use crate::scene::{Sale, ledger, person, take_back, with_sink};
use crate::sink;

/// One piece of the first line of the first part of a sale is taken back.
pub fn credited(sale: &Sale, cause: CreditCause) -> SellerOrderCredited {
    let part = &sale.order.order.parts[0];
    let mut event = SellerOrderCredited { credit_id: CreditId::new(), cause, ..sample() };
    event.seller_order.order_id = sale.order.order.order_id;
    event.seller_order.seller_order_id = part.seller_order_id;
    event.seller_order.buyer = sale.buyer.user_id;
    event
}

fn unclaimed(buyer: &ContactUpdated, why: RefundKind) -> PaymentUnclaimed {
    let provider_payment_id = format!("pay_{}", servers::unique());
    PaymentUnclaimed { buyer: buyer.user_id, provider_payment_id, why, ..sample() }
}

fn refund(buyer: &ContactUpdated) -> RefundRef {
    let refund = sample::<RefundDone>().refund;
    RefundRef { refund_id: RefundId::new(), buyer: buyer.user_id, ..refund }
}

fn failed(buyer: &ContactUpdated, needs_a_person: bool) -> RefundFailed {
    RefundFailed { refund: refund(buyer), needs_a_person, ..sample() }
}

fn rejected(buyer: &ContactUpdated, problems: Vec<LineTrouble>) -> OrderRejected {
    OrderRejected { order_id: OrderId::new(), buyer: buyer.user_id, problems, ..sample() }
}

/// Mail of every kind about money, with this text wherever somebody else chose one.
pub async fn steered(app: &TestApp<App>, sale: &Sale, text: &str) {
    let mut back = credited(sale, CreditCause::VendorRejected);
    back.reason = Some(text.to_owned());
    back.seller_order.number = text.to_owned();
    take_back(app, back).await;
    let order_number = text.to_owned();
    app.deliver(PaymentUnclaimed { order_number, ..unclaimed(&sale.buyer, RefundKind::Late) })
        .await;
    let mut done = RefundDone { refund: refund(&sale.buyer), ..sample() };
    done.refund.order_number = text.to_owned();
    done.bank_reference = Some(text.to_owned());
    app.deliver(done).await;
    let mut late = failed(&sale.buyer, true);
    late.refund.order_number = text.to_owned();
    late.reason = text.to_owned();
    app.deliver(late).await;
}

/// What the buyer reads, of a mail of which both forms say the same.
pub async fn read(app: &TestApp<App>, buyer: &ContactUpdated, words: &[&str]) -> Value {
    app.run_jobs().await;
    let mail = sink::inbox(buyer.email.as_str()).await.pop().expect("a mail");
    for form in ["text", "html"] {
        let body = sink::text(&mail, form).replace('\n', " ");
        for word in words {
            assert!(body.contains(word), "{word}: {body}");
        }
    }
    mail
}

/// A sale of which everybody was heard, paid like this.
pub async fn sold(app: &TestApp<App>, method: PaymentMethod) -> Sale {
    let mut sale = Sale::new();
    sale.order.order.payment_method = method;
    sale.introduce(app).await;
    app.deliver(sale.order.clone()).await;
    sale
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn the_buyer_hears_once_what_is_taken_back_and_what_comes_back(pool: PgPool) {
    let app = with_sink(pool).await;
    let sale = sold(&app, PaymentMethod::Upi).await;
    let event = credited(&sale, CreditCause::VendorRejected);
    take_back(&app, event.clone()).await;
    take_back(&app, event.clone()).await;
    let title = &sale.order.order.parts[0].lines[0].title;
    let words =
        ["the seller cannot supply", title, "Lotus Home", "₹1,299.00", "5 to 7 working days"];
    let mail = read(&app, &sale.buyer, &words).await;
    assert_eq!(mail["subject"], "Your order M261122-000001-1 has changed");
    assert_eq!(ledger(&app, "items_taken_back").await, [("sent".to_owned(), 1)]);
    let reason = event.reason.expect("a seller's words");
    assert!(!sink::text(&mail, "text").contains(&reason), "they are not for the buyer");

    take_back(&app, credited(&sale, CreditCause::BuyerCancelled)).await;
    read(&app, &sale.buyer, &["You cancelled these items"]).await;

    let mut reduced = credited(&sale, CreditCause::PriceReduced);
    reduced.lines[0].quantity = 0;
    take_back(&app, reduced).await;
    let mail = read(&app, &sale.buyer, &["You keep these items", title, "₹1,299.00"]).await;
    assert!(!sink::text(&mail, "text").contains("0 x"), "no piece is counted: {mail}");
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn a_seller_reads_whether_it_is_paid_or_takes_cash_at_the_door(pool: PgPool) {
    let app = with_sink(pool).await;
    for (method, words) in [
        (PaymentMethod::Upi, "The buyer has paid it, delivery included"),
        (PaymentMethod::Cod, "Cash to be taken at the door, delivery included"),
    ] {
        let sale = sold(&app, method).await;
        seller_reads(&app, &sale, &[words, "₹2,668.00"]).await;
    }
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn nobody_is_promised_money_that_was_not_paid_yet(pool: PgPool) {
    let app = with_sink(pool).await;
    let sale = sold(&app, PaymentMethod::Cod).await;
    take_back(&app, credited(&sale, CreditCause::SlaExpired)).await;
    let words = ["₹1,299.00", "less in cash", "did not send these items in time"];
    let mail = read(&app, &sale.buyer, &words).await;
    assert!(!sink::text(&mail, "text").contains("working days"), "{mail}");

    // The other sellers may have their cash, and this one gets none.
    let all = credited(&sale, CreditCause::ReturnedToOrigin);
    take_back(&app, SellerOrderCredited { ended: true, ..all }).await;
    let words = ["nothing is left of M261122-000001-1: no cash is due for it"];
    let mail = read(&app, &sale.buyer, &words).await;
    assert!(!sink::text(&mail, "text").contains("less in cash"), "{mail}");

    take_back(&app, credited(&sale, CreditCause::Returned)).await;
    read(&app, &sale.buyer, &["You sent these items back", "As you paid in cash"]).await;
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn a_credit_of_an_order_not_heard_of_is_told_all_the_same(pool: PgPool) {
    let app = with_sink(pool).await;
    let sale = Sale::new();
    app.deliver(sale.buyer.clone()).await;
    take_back(&app, credited(&sale, CreditCause::Lost)).await;
    read(&app, &sale.buyer, &["LAMP-BRASS-18", "lost on their way", "If you have paid"]).await;
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn money_that_belongs_to_no_order_is_told_of_once(pool: PgPool) {
    let app = with_sink(pool).await;
    let kinds = [
        (RefundKind::Late, "It came after the order had ended", "We give it back"),
        (RefundKind::Second, "The order was paid already", "We give it back"),
        (RefundKind::Mismatch, "not the amount that was asked for", "We give it back"),
        (RefundKind::Excess, "more than was asked for", "What was too much goes back"),
    ];
    for (why, reason, then) in kinds {
        let buyer = person("Asha Rao");
        app.deliver(buyer.clone()).await;
        let event = unclaimed(&buyer, why);
        app.deliver(event.clone()).await;
        app.deliver(event).await;
        let mail = read(&app, &buyer, &["₹2,598.00", reason, then]).await;
        assert_eq!(mail["subject"], "We received money for your order M261122-000001");
        assert_eq!(sink::inbox(buyer.email.as_str()).await.len(), 1);
    }
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn goodwill_is_told_of_with_kind_words(pool: PgPool) {
    let (app, buyer) = (with_sink(pool).await, person("Asha Rao"));
    app.deliver(buyer.clone()).await;
    let refund = RefundRef { kind: RefundKind::Goodwill, ..refund(&buyer) };
    app.deliver(RefundDone { refund, ..sample() }).await;
    let mail = read(&app, &buyer, &["we are sorry", "₹1,299.00", "your order stays"]).await;
    assert_eq!(mail["subject"], "We gave you something back for order M261122-000001");
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn a_refund_is_told_of_when_it_is_done_with_the_number_for_the_bank(pool: PgPool) {
    let (app, buyer) = (with_sink(pool).await, person("Asha Rao"));
    app.deliver(buyer.clone()).await;
    let done = RefundDone { refund: refund(&buyer), ..sample() };
    app.deliver(done.clone()).await;
    app.deliver(done).await;
    let mail = read(&app, &buyer, &["₹1,299.00", "633212345678"]).await;
    assert_eq!(mail["subject"], "Your refund for order M261122-000001");
    assert_eq!(ledger(&app, "refund_done").await, [("sent".to_owned(), 1)]);

    let by_hand = RefundDone { refund: refund(&buyer), bank_reference: None, ..sample() };
    app.deliver(by_hand.clone()).await;
    let mail = read(&app, &buyer, &["We gave you back"]).await;
    assert!(!sink::text(&mail, "text").contains("reference"), "{mail}");

    let paid_by = Some(RefundPayer::Bank);
    app.deliver(RefundDone { refund: refund(&buyer), paid_by, ..by_hand }).await;
    let mail = read(&app, &buyer, &["₹1,299.00", "your bank took it back from us"]).await;
    assert!(!sink::text(&mail, "text").contains("We gave"), "{mail}");
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn a_refund_that_fails_worries_nobody_until_a_person_has_to_act(pool: PgPool) {
    let (app, buyer) = (with_sink(pool).await, person("Asha Rao"));
    app.deliver(buyer.clone()).await;
    app.deliver(failed(&buyer, false)).await;
    assert_eq!(app.run_jobs().await, 0);
    app.deliver(failed(&buyer, true)).await;
    let mail = read(&app, &buyer, &["₹1,299.00", "We are looking after it"]).await;
    assert!(!sink::text(&mail, "text").contains("bank_unreachable"), "{mail}");
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn a_checkout_that_became_no_order_says_why(pool: PgPool) {
    let app = with_sink(pool).await;
    let short = |left, trouble, price| {
        let [line] = &sample::<OrderRejected>().problems[..] else { panic!("one line") };
        LineTrouble { trouble, price, left, ..line.clone() }
    };
    let trouble = |trouble, price| short(None, trouble, price);
    let troubles = [
        (trouble(Trouble::OutOfStock, None), "Brass lamp (LAMP-BRASS-18): not enough are left"),
        (short(Some(0), Trouble::OutOfStock, None), "none is left"),
        (short(Some(2), Trouble::OutOfStock, None), "only 2 are left"),
        (trouble(Trouble::PriceChanged, Some(Money::inr(139_900))), "it is ₹1,399.00 now"),
        (trouble(Trouble::SellerNotActive, None), "not for sale any more"),
        (trouble(Trouble::NotDeliverable, None), "may not deliver to the state of your address"),
        (trouble(Trouble::Stale, None), "your order reached us so late"),
    ];
    for (problem, words) in troubles {
        let buyer = person("Asha Rao");
        app.deliver(buyer.clone()).await;
        let sku = problem.sku.to_string();
        let mut event = rejected(&buyer, vec![problem]);
        event.titles.insert(sku, "Brass lamp".into());
        app.deliver(event.clone()).await;
        app.deliver(event).await;
        let mail = read(&app, &buyer, &[words, "back in your cart"]).await;
        assert_eq!(mail["subject"], "Your order could not be placed");
        assert_eq!(sink::inbox(buyer.email.as_str()).await.len(), 1);
    }
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn what_is_long_past_is_not_mailed(pool: PgPool) {
    let app = with_sink(pool).await;
    let sale = sold(&app, PaymentMethod::Upi).await;
    app.run_jobs().await;
    let before = app.clock.now();
    app.clock.advance(SignedDuration::from_hours(8 * 24));
    let mut done = RefundDone { refund: refund(&sale.buyer), ..sample() };
    done.refund.at = before;
    app.deliver(done.clone()).await;
    app.deliver(credited(&sale, CreditCause::Lost)).await;
    app.deliver(unclaimed(&sale.buyer, RefundKind::Late)).await;
    app.deliver(failed(&sale.buyer, true)).await;
    app.deliver(rejected(&sale.buyer, Vec::new())).await;
    assert_eq!(app.run_jobs().await, 0);

    done.refund.at = app.clock.now();
    app.deliver(done).await;
    assert_eq!(app.run_jobs().await, 1, "what is new is");
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn a_cancelled_order_says_nothing_of_money_it_does_not_know_of(pool: PgPool) {
    let (app, buyer) = (with_sink(pool).await, person("Asha Rao"));
    app.deliver(buyer.clone()).await;
    app.deliver(contracts::order::OrderCancelled { buyer: buyer.user_id, ..sample() }).await;
    let mail = read(&app, &buyer, &["was cancelled"]).await;
    for form in ["text", "html"] {
        assert!(!sink::text(&mail, form).to_lowercase().contains("money"), "{mail}");
    }
}

/// What the first seller reads, of a mail of which both forms say the same.
async fn seller_reads(app: &TestApp<App>, sale: &Sale, words: &[&str]) -> Value {
    read(app, &sale.owners[0], words).await
}

fn due_soon(sale: &Sale, step: DueStep, due_at: Timestamp) -> SellerOrderDueSoon {
    let of = credited(sale, CreditCause::Lost).seller_order;
    let seller_order = SellerOrderRef { vendor_id: sale.vendors[0].vendor_id, ..of };
    SellerOrderDueSoon { seller_order, step, due_at }
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn a_seller_is_told_once_per_step_that_time_is_short(pool: PgPool) {
    let app = with_sink(pool).await;
    let sale = sold(&app, PaymentMethod::Upi).await;
    let due_at = app.clock.now() + SignedDuration::from_hours(6);
    let accept = due_soon(&sale, DueStep::Accept, due_at);
    app.deliver(accept.clone()).await;
    app.deliver(accept).await;
    let words =
        ["M261122-000001-1", "accept or reject it", "22 November 2026, 23:30 IST", "answered"];
    let mail = seller_reads(&app, &sale, &words).await;
    assert_eq!(mail["subject"], "Order M261122-000001-1 waits for you");
    assert_eq!(ledger(&app, "seller_due_soon").await.len(), 1);

    app.deliver(due_soon(&sale, DueStep::Ship, due_at)).await;
    seller_reads(&app, &sale, &["please ship it", "counts against you"]).await;
    assert_eq!(ledger(&app, "seller_due_soon").await.len(), 2);

    // Heard when the time is over, it is no news.
    let mut late = due_soon(&sale, DueStep::Accept, app.clock.now());
    late.seller_order.seller_order_id = SellerOrderId::new();
    app.deliver(late).await;
    assert_eq!(ledger(&app, "seller_due_soon").await.len(), 2);
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn a_seller_is_told_what_others_took_back_and_that_lateness_counts(pool: PgPool) {
    let app = with_sink(pool).await;
    let sale = sold(&app, PaymentMethod::Upi).await;
    let counted = "not accepted or shipped in time are counted";
    for (cause, words) in [
        (CreditCause::BuyerCancelled, "The buyer cancelled these items"),
        (CreditCause::StaffCancelled, "Mall cancelled these items"),
        (CreditCause::SlaExpired, "Your time for these items is over"),
    ] {
        let mut event = credited(&sale, cause);
        event.seller_order.vendor_id = sale.vendors[0].vendor_id;
        app.deliver(event.clone()).await;
        app.deliver(event).await;
        let mail = seller_reads(&app, &sale, &[words, "do not send them"]).await;
        assert_eq!(mail["subject"], "Order M261122-000001-1 has changed");
        let text = sink::text(&mail, "text").replace('\n', " ");
        assert_eq!(text.contains(counted), cause == CreditCause::SlaExpired, "{text}");
        assert!(!text.contains("Asha"), "the buyer is nobody to name");
    }
    let mut reduced = credited(&sale, CreditCause::PriceReduced);
    reduced.seller_order.vendor_id = sale.vendors[0].vendor_id;
    app.deliver(reduced).await;
    let mail = seller_reads(&app, &sale, &["The buyer keeps these items", "at your cost"]).await;
    assert!(!sink::text(&mail, "text").contains("do not send"), "it is with the buyer");
    // Staff may say so, or the time that is over: it is not always the seller who knows.
    for (cause, words) in
        [(CreditCause::Lost, "lost on the way"), (CreditCause::Returned, "returned")]
    {
        let mut event = credited(&sale, cause);
        event.seller_order.vendor_id = sale.vendors[0].vendor_id;
        app.deliver(event).await;
        let mail = seller_reads(&app, &sale, &[words, "gets the money back"]).await;
        assert!(!sink::text(&mail, "text").contains("do not send"), "it was sent");
    }
    assert_eq!(ledger(&app, "seller_items_taken_back").await.len(), 6);
    app.deliver(credited(&sale, CreditCause::VendorRejected)).await;
    assert_eq!(ledger(&app, "seller_items_taken_back").await.len(), 6, "its own doing");
    let order_id = credited(&sale, CreditCause::Lost).seller_order.order_id;
    let about = format!("/v1/admin/messages?order_id={order_id}");
    let mails = app.as_staff(may::ALL).get(&about).await.expect(200);
    let kinds = mails["items"].as_array().unwrap().iter();
    assert_eq!(kinds.filter(|mail| mail["kind"] == "seller_items_taken_back").count(), 6);
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn whoever_paid_in_cash_is_asked_where_it_goes(pool: PgPool) {
    let (app, buyer) = (with_sink(pool).await, person("Asha Rao"));
    app.deliver(buyer.clone()).await;
    let asked = RefundFailed { needs_account: true, ..failed(&buyer, true) };
    app.deliver(asked.clone()).await;
    app.deliver(asked).await;
    let words = ["₹1,299.00", "M261122-000001", "in cash", "UPI address", "never ask for a PIN"];
    let mail = read(&app, &buyer, &words).await;
    assert_eq!(mail["subject"], "Where shall your refund for order M261122-000001 go?");
    assert_eq!(ledger(&app, "refund_needs_account").await.len(), 1);
    assert!(ledger(&app, "refund_delayed").await.is_empty(), "one mail is enough");

    let mut gift = RefundFailed { needs_account: true, ..failed(&buyer, true) };
    gift.refund.kind = RefundKind::Goodwill;
    app.deliver(gift).await;
    let words = ["We give you", "₹1,299.00", "as a gift", "your order stays", "UPI address"];
    let mail = read(&app, &buyer, &words).await;
    assert_eq!(mail["subject"], "Where shall our gift for order M261122-000001 go?");
    assert!(!sink::text(&mail, "text").contains("We owe you"), "nothing was owed");
}
