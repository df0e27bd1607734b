//! What is settled to the merchant's bank: whatever moved, two working days later.

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use kernel::{Currency, india};
use serde_json::{Value, json};

use super::books::Books;
use super::dispute::Dispute;
use super::payment::{Payment, PaymentState};
use super::refund::{Refund, RefundStatus};
use super::refused::Refused;

/// Settled at this hour.
const HOUR: i8 = 9;
/// After so many working days.
const WORKING_DAYS: u8 = 2;

/// What moved.
struct Row<'a> {
    entity_id: String,
    kind: &'static str,
    currency: Currency,
    debit: i64,
    credit: i64,
    amount: i64,
    fee: (i64, i64),
    at: Timestamp,
    payment_id: Option<&'a str>,
    order_id: &'a str,
    dispute_id: Option<&'a str>,
}

/// What was settled on `day`, as it is known at `now`: the rows of the report. None of a day on which nothing was settled
/// yet: a merchant whose clock is ahead would take that for all.
pub fn settled_on(books: &Books, day: Date, now: Timestamp) -> Result<Vec<Value>, Refused> {
    if settled_at(day) > now {
        return Err(Refused::input("day", "The day has not come yet."));
    }
    let rows = books.payments().filter_map(payment);
    let rows = rows.chain(books.refunds().filter_map(|back| refund(books, back)));
    let rows = rows.chain(books.disputes().flat_map(dispute));
    Ok(rows.filter(|row| settles_on(row.at) == day).map(|row| entity(&row, day)).collect())
}

fn payment(payment: &Payment) -> Option<Row<'_>> {
    let PaymentState::Captured { at, fee, .. } = payment.state else { return None };
    Some(Row {
        entity_id: payment.id.clone(),
        kind: "payment",
        currency: payment.currency,
        debit: 0,
        credit: payment.amount - fee.total,
        amount: payment.amount,
        fee: (fee.total, fee.tax),
        at,
        payment_id: None,
        order_id: &payment.order_id,
        dispute_id: None,
    })
}

/// Of a payment that was the merchant's, once the buyer has it.
fn refund<'a>(books: &'a Books, refund: &'a Refund) -> Option<Row<'a>> {
    let captured = books.payment(&refund.ask.payment_id).is_ok_and(Payment::is_captured);
    (captured && refund.status == RefundStatus::Processed).then(|| Row {
        entity_id: refund.id.clone(),
        kind: "refund",
        currency: refund.currency,
        debit: refund.amount,
        credit: 0,
        amount: refund.amount,
        fee: (0, 0),
        at: refund.processed_at.unwrap_or(refund.created_at),
        payment_id: Some(&refund.ask.payment_id),
        order_id: &refund.order_id,
        dispute_id: None,
    })
}

/// Taken when the bank asks, and brought back when it is won.
fn dispute(dispute: &Dispute) -> impl Iterator<Item = Row<'_>> {
    let name = dispute.id.strip_prefix("disp_").unwrap_or(&dispute.id);
    let row = move |end: &str, debit, credit, at| Row {
        entity_id: format!("adj_{name}{end}"),
        kind: "adjustment",
        currency: dispute.currency,
        debit,
        credit,
        amount: dispute.amount,
        fee: (0, 0),
        at,
        payment_id: Some(&dispute.payment_id),
        order_id: &dispute.order_id,
        dispute_id: Some(&dispute.id),
    };
    let won = dispute.decided_at.filter(|_| dispute.status == super::dispute::DisputeStatus::Won);
    let taken = row("", dispute.amount, 0, dispute.created_at);
    [Some(taken), won.map(|at| row("b", 0, dispute.amount, at))].into_iter().flatten()
}

fn entity(row: &Row<'_>, day: Date) -> Value {
    let code = row.currency.as_str();
    let number = day.strftime("%Y%m%d").to_string();
    json!({
        "entity_id": row.entity_id,
        "type": row.kind,
        "debit": row.debit,
        "credit": row.credit,
        "amount": row.amount,
        "currency": code,
        "fee": row.fee.0,
        "tax": row.fee.1,
        "on_hold": false,
        "settled": true,
        "created_at": row.at.as_second(),
        "settled_at": settled_at(day).as_second(),
        "settlement_id": format!("setl_{code}000{number}"),
        "posted_at": null,
        "credit_type": "default",
        "description": null,
        "notes": "[]",
        "payment_id": row.payment_id,
        "settlement_utr": format!("{number}{code}"),
        "order_id": row.order_id,
        "order_receipt": null,
        "method": "upi",
        "card_network": null,
        "card_issuer": null,
        "card_type": null,
        "dispute_id": row.dispute_id,
    })
}

/// The day on which something that moved at `at` is settled.
fn settles_on(at: Timestamp) -> Date {
    let mut day = india::day(at);
    let mut left = WORKING_DAYS;
    while left > 0 {
        day = day.tomorrow().unwrap_or(day);
        if !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) || day == Date::MAX {
            left -= 1;
        }
    }
    day
}

fn settled_at(day: Date) -> Timestamp {
    india::moment(day.at(HOUR, 0, 0, 0)).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn money_is_settled_after_two_working_days_of_india() {
        for (at, day) in [
            // A Thursday, and the Monday after.
            ("2026-11-26T12:00:00Z", date(2026, 11, 30)),
            // In India it is Friday already.
            ("2026-11-26T18:30:00Z", date(2026, 12, 1)),
            ("2026-11-28T12:00:00Z", date(2026, 12, 1)),
            ("2026-11-30T12:00:00Z", date(2026, 12, 2)),
        ] {
            assert_eq!(settles_on(at.parse().unwrap()), day, "{at}");
        }
        let at: Timestamp = "2026-12-01T03:30:00Z".parse().unwrap();
        assert_eq!(settled_at(date(2026, 12, 1)), at);
    }
}
