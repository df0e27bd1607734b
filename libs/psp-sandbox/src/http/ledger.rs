//! `GET /sandbox/ledger`: the provider's own books, to compare the merchant's with.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use kernel::Currency;
use serde::Serialize;
use serde_json::Value;

use crate::app::App;
use crate::domain::books::Books;
use crate::domain::payment::{Payment, PaymentState};
use crate::domain::payout::Payout;
use crate::domain::refund::Refund;
use crate::domain::wire;
use crate::error::Error;

/// Every movement of money, oldest first.
#[derive(Debug, Serialize)]
pub struct LedgerView {
    captures: Vec<CaptureView>,
    refunds: Vec<RefundView>,
    disputes: Vec<Value>,
    payouts: Vec<PayoutView>,
    totals: BTreeMap<Currency, TotalView>,
}

#[derive(Debug, Serialize)]
struct CaptureView {
    payment_id: String,
    order_id: String,
    receipt: Option<String>,
    amount: i64,
    fee: i64,
    currency: Currency,
    at: Timestamp,
}

#[derive(Debug, Serialize)]
struct RefundView {
    refund_id: String,
    payment_id: String,
    order_id: String,
    receipt: Option<String>,
    amount: i64,
    currency: Currency,
    status: &'static str,
    /// Whether the payment was the merchant's; the provider gave back by itself what was not.
    captured: bool,
    at: Timestamp,
}

#[derive(Debug, Serialize)]
struct PayoutView {
    payout_id: String,
    reference_id: Option<String>,
    amount: i64,
    currency: Currency,
    status: &'static str,
    at: Timestamp,
}

#[derive(Debug, Default, Serialize)]
struct TotalView {
    captured: i64,
    refunded: i64,
    fees: i64,
}

/// `GET /sandbox/ledger`
pub async fn show(State(app): State<App>) -> Result<Json<LedgerView>, Error> {
    app.read(|books| Ok(LedgerView::of(books))).await.map(Json)
}

impl LedgerView {
    fn of(books: &Books) -> Self {
        let mut captures: Vec<_> =
            books.payments().filter_map(|payment| capture(books, payment)).collect();
        captures.sort_by_key(|capture| capture.at);
        let refunds: Vec<_> = books.refunds().map(|back| refund(books, back)).collect();

        let mut totals: BTreeMap<Currency, TotalView> = BTreeMap::new();
        for capture in &captures {
            let total = totals.entry(capture.currency).or_default();
            total.captured = total.captured.saturating_add(capture.amount);
            total.fees = total.fees.saturating_add(capture.fee);
        }
        let own = |refund: &&RefundView| refund.captured && refund.status != "failed";
        for refund in refunds.iter().filter(own) {
            let total = totals.entry(refund.currency).or_default();
            total.refunded = total.refunded.saturating_add(refund.amount);
        }
        let disputes = books.disputes().map(wire::dispute).collect();
        let payouts = books.payouts().map(payout).collect();
        Self { captures, refunds, disputes, payouts, totals }
    }
}

fn capture(books: &Books, payment: &Payment) -> Option<CaptureView> {
    let PaymentState::Captured { at, fee, .. } = payment.state else {
        return None;
    };
    Some(CaptureView {
        payment_id: payment.id.clone(),
        order_id: payment.order_id.clone(),
        receipt: receipt(books, &payment.order_id),
        amount: payment.amount,
        fee: fee.total,
        currency: payment.currency,
        at,
    })
}

fn refund(books: &Books, refund: &Refund) -> RefundView {
    RefundView {
        refund_id: refund.id.clone(),
        payment_id: refund.ask.payment_id.clone(),
        order_id: refund.order_id.clone(),
        receipt: receipt(books, &refund.order_id),
        amount: refund.amount,
        currency: refund.currency,
        status: refund.status.name(),
        captured: books.payment(&refund.ask.payment_id).is_ok_and(Payment::is_captured),
        at: refund.created_at,
    }
}

fn payout(payout: &Payout) -> PayoutView {
    PayoutView {
        payout_id: payout.id.clone(),
        reference_id: payout.ask.reference_id.clone(),
        amount: payout.ask.amount.minor(),
        currency: payout.ask.amount.currency(),
        status: payout.status.name(),
        at: payout.created_at,
    }
}

fn receipt(books: &Books, order_id: &str) -> Option<String> {
    books.order(order_id).ok().and_then(|order| order.receipt.clone())
}
