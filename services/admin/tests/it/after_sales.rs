//! What goes back, what counts against sellers, and what was done for one order.

use admin::{App, Config};
use contracts::email::EmailSent;
use contracts::invoice::InvoiceIssued;
use contracts::order::{CreditCause, OrderPlaced, ReturnChanged, ReturnState, SellerOrderCredited};
use contracts::payment::{
    DisputeChanged, DisputeState, ForeignRefundSeen, PaymentCaptured, PaymentMismatch,
    PayoutChanged, PayoutState, RefundDone, RefundFailed, RefundRef, RefundRequested,
    VendorBalanceWrittenOff,
};
use contracts::vendor::VendorChanged;
use jiff::{SignedDuration, Timestamp};
use kernel::{Clock, CreditId, Money, OrderId, PayoutId, RefundId, ReturnId, VendorId};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{TestApp, sample};

struct Desk(TestApp<App>);

impl Desk {
    async fn open(pool: PgPool) -> Self {
        Self(TestApp::<App>::start(pool, Config::default()).await)
    }

    fn ago(&self, days: i64) -> Timestamp {
        self.0.clock.now() - SignedDuration::from_hours(24 * days)
    }

    async fn sees(&self, path: &str) -> Value {
        self.0.as_staff(&["look"]).get(path).await.expect(200)
    }

    async fn after_sales(&self) -> Value {
        self.sees("/v1/admin/after-sales").await
    }
}

fn inr(minor: i64) -> Value {
    json!({ "amount": minor, "currency": "INR" })
}

fn tally(count: i64, minor: i64) -> Value {
    json!({ "count": count, "amount": inr(minor) })
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn refunds_are_shown_by_what_became_of_them_and_by_their_age(pool: PgPool) {
    let desk = Desk::open(pool).await;
    let refund = |minor, at| {
        let mut refund = sample::<RefundRequested>().refund;
        (refund.refund_id, refund.amount, refund.at) = (RefundId::new(), Money::inr(minor), at);
        refund
    };
    let refunds = [(100, 0), (200, 3), (400, 8), (800, 30)];
    let refunds = refunds.map(|(minor, days)| refund(minor, desk.ago(days)));
    for refund in refunds.clone() {
        desk.0.deliver(RefundRequested { refund }).await;
    }
    let failed = RefundFailed { refund: refunds[2].clone(), needs_a_person: false, ..sample() };
    desk.0.deliver(failed.clone()).await;
    let (refund, reason) = (refunds[1].clone(), "was-cash".to_owned());
    let cash = RefundFailed { refund, reason, needs_account: true, ..sample() };
    desk.0.deliver(cash).await;
    desk.0.deliver(RefundDone { refund: refunds[3].clone(), ..sample() }).await;
    let seen = &desk.after_sales().await["refunds"];
    assert_eq!((&seen["asked"], &seen["done"]), (&tally(4, 1500), &tally(1, 800)));
    assert_eq!(seen["failed"], tally(1, 400));
    assert_eq!(
        seen["waiting"],
        json!({ "within_day": tally(1, 100), "within_week": tally(1, 200), "older": tally(1, 400) })
    );
    desk.0.deliver(RefundDone { refund: refunds[2].clone(), ..sample() }).await;
    desk.0.deliver(failed).await;
    let seen = &desk.after_sales().await["refunds"];
    assert_eq!((&seen["done"], &seen["failed"]), (&tally(2, 1200), &tally(0, 0)));
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn a_refund_that_is_paid_in_parts_is_counted_once(pool: PgPool) {
    let desk = Desk::open(pool).await;
    let mut whole = sample::<RefundRequested>().refund;
    whole.amount = Money::inr(1000);
    desk.0.deliver(RefundRequested { refund: whole.clone() }).await;
    let rest = RefundRef { refund_id: RefundId::new(), amount: Money::inr(400), ..whole.clone() };
    desk.0.deliver(RefundRequested { refund: rest.clone() }).await;
    let part = RefundRef { amount: Money::inr(600), ..whole };
    for refund in [part, rest] {
        desk.0.deliver(RefundDone { refund, ..sample() }).await;
    }
    let seen = &desk.after_sales().await["refunds"];
    assert_eq!((&seen["asked"], &seen["done"]), (&tally(2, 1000), &tally(2, 1000)));
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn returns_disputes_payouts_and_suspense_are_shown_as_they_stand(pool: PgPool) {
    let desk = Desk::open(pool).await;
    for state in [ReturnState::Requested, ReturnState::Requested, ReturnState::SentBack] {
        desk.0.deliver(ReturnChanged { return_id: ReturnId::new(), state, ..sample() }).await;
    }
    let respond_by = Some(desk.ago(-3));
    let dispute = DisputeChanged { state: DisputeState::Open, respond_by, ..sample() };
    desk.0.deliver(dispute.clone()).await;
    let payout = |id, state, days, minor| PayoutChanged {
        payout_id: id,
        state,
        at: desk.ago(days),
        amount: Money::inr(minor),
        ..sample()
    };
    let [refused, returned, old, paid] = [(); 4].map(|()| PayoutId::new());
    for event in [
        payout(refused, PayoutState::Failed, 2, 10),
        payout(returned, PayoutState::Paid, 2, 20),
        payout(returned, PayoutState::Failed, 1, 20),
        payout(old, PayoutState::Failed, 31, 40),
        payout(paid, PayoutState::Paid, 1, 80),
    ] {
        desk.0.deliver(event).await;
    }
    let wrong = sample::<PaymentMismatch>();
    desk.0.deliver(wrong.clone()).await;
    desk.0.deliver(sample::<ForeignRefundSeen>()).await;
    let lost = sample::<VendorBalanceWrittenOff>();
    desk.0.deliver(lost.clone()).await;

    let seen = desk.after_sales().await;
    let stands = |state: &str, count| json!({ "state": state, "count": count });
    assert_eq!(seen["returns"], json!([stands("requested", 2), stands("sent_back", 1)]));
    assert_eq!(seen["disputes"]["open"], tally(1, dispute.disputed.minor()));
    let open = &seen["disputes"]["items"][0];
    assert_eq!((&open["at_stake"], &open["days_left"]), (&inr(259_800), &json!(3)));
    assert_eq!(open["reason_code"], "goods_or_services_not_received_or_partially_received");
    assert_eq!(seen["payouts"], json!({ "failed": tally(1, 10), "returned": tally(1, 20) }));
    assert_eq!(seen["suspense"]["wrong"], tally(1, wrong.received.minor()));
    assert_eq!(seen["suspense"]["foreign"]["count"], 1);
    assert_eq!(seen["written_off"], tally(1, lost.amount.minor()));

    desk.0.deliver(DisputeChanged { state: DisputeState::Won, ..dispute }).await;
    desk.0.deliver(PaymentCaptured { payment: wrong.payment, ..sample() }).await;
    let seen = desk.after_sales().await;
    assert_eq!(seen["disputes"], json!({ "open": tally(0, 0), "items": [] }));
    assert_eq!(seen["suspense"]["wrong"], tally(0, 0));
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn staff_see_what_counts_against_a_seller_for_ninety_days(pool: PgPool) {
    let desk = Desk::open(pool).await;
    let seller = sample::<VendorChanged>();
    desk.0.deliver(seller.clone()).await;
    let credit = |cause, days| {
        let mut event = SellerOrderCredited { credit_id: CreditId::new(), cause, ..sample() };
        event.seller_order.vendor_id = seller.vendor_id;
        event.seller_order.at = desk.ago(days);
        event
    };
    for event in [
        credit(CreditCause::VendorRejected, 1),
        credit(CreditCause::SlaExpired, 2),
        credit(CreditCause::SlaExpired, 89),
        credit(CreditCause::SlaExpired, 91),
        credit(CreditCause::BuyerCancelled, 1),
    ] {
        desk.0.deliver(event.clone()).await;
        desk.0.deliver(event).await;
    }
    let strikes = json!({ "rejected": 1, "late": 2 });
    assert_eq!(desk.sees("/v1/admin/vendors").await["items"][0]["strikes"], strikes);
    let one = desk.sees(&format!("/v1/admin/vendors/{}", seller.vendor_id)).await;
    assert_eq!((&one["strikes"], &one["display_name"]), (&strikes, &json!(seller.display_name)));
    let staff = desk.0.as_staff(&["look"]);
    let nobody = staff.get(&format!("/v1/admin/vendors/{}", VendorId::new())).await;
    nobody.problem(404, "not-found");
}

#[sqlx::test(migrator = "admin::MIGRATOR")]
async fn everything_that_was_done_for_an_order_is_shown_with_its_trace(pool: PgPool) {
    let desk = Desk::open(pool).await;
    let order = sample::<OrderPlaced>().order;
    let (order_id, issued) = (order.order_id, sample::<InvoiceIssued>());
    desk.0.deliver(OrderPlaced { order }).await;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let mut captured = desk.0.record(&sample::<PaymentCaptured>());
    captured.headers.insert("traceparent".into(), format!("00-{trace}-00f067aa0ba902b7-01"));
    desk.0.deliver_record(captured).await;
    desk.0.clock.advance(SignedDuration::from_secs(1));
    desk.0.deliver(issued.clone()).await;
    desk.0.clock.advance(SignedDuration::from_secs(1));
    desk.0.deliver(EmailSent { order_id: Some(order_id), ..sample() }).await;
    desk.0.deliver(EmailSent { order_id: None, ..sample() }).await;
    desk.0.clock.advance(SignedDuration::from_secs(1));
    desk.0.deliver(sample::<RefundRequested>()).await;

    let trail = desk.sees(&format!("/v1/admin/orders/{order_id}/trail")).await;
    let steps = trail["steps"].as_array().unwrap();
    let events: Vec<_> = steps.iter().map(|step| step["event"].as_str().unwrap()).collect();
    let told = ["payment.captured.v1", "invoice.issued.v1", "email.sent.v1", "refund.requested.v1"];
    assert_eq!(events, told);
    assert_eq!(steps[0]["trace_id"], trace);
    assert_eq!(
        (&steps[1]["detail"], &steps[1]["amount"]),
        (&json!(issued.number), &json!(issued.total))
    );
    assert_eq!(steps[2]["detail"], "order_confirmation");
    let staff = desk.0.as_staff(&["look"]);
    let nothing = staff.get(&format!("/v1/admin/orders/{}/trail", OrderId::new())).await;
    nothing.problem(404, "not-found");
}
