//! Returns, in the words of others.

use contracts::order::{
    MovedLine, ReturnChanged, ReturnReason as SaidReason, ReturnReceived, ReturnState as SaidState,
    ReturnedLine, SellerOrderRef,
};
use jiff::Timestamp;

use super::events_out::disposition;
use crate::domain::credit::Stock;
use crate::domain::returns::{ReturnReason, ReturnState};
use crate::store::orders::OrderRow;
use crate::store::returns::{ReturnLine, ReturnRow, ReturnStep};

/// That a return stands where `row` says since `at`.
pub fn changed(
    order: &OrderRow,
    row: &ReturnRow,
    remark: Option<&str>,
    at: Timestamp,
) -> ReturnChanged {
    ReturnChanged {
        seller_order: seller_order_ref(order, row, at),
        return_id: row.id,
        state: state(row.state),
        lines: row.lines.iter().map(line).collect(),
        reason: reason(row.reason),
        remark: remark.map(str::to_owned),
        until: row.due_at,
    }
}

/// That what a bank settled is with its seller.
pub fn received(order: &OrderRow, row: &ReturnRow, stock: Stock, at: Timestamp) -> ReturnReceived {
    let line = |line: &ReturnLine| MovedLine {
        sku: line.sku.clone(),
        product_id: line.product_id,
        quantity: line.pieces.quantity,
    };
    ReturnReceived {
        seller_order: seller_order_ref(order, row, at),
        return_id: row.id,
        lines: row.lines.iter().map(line).collect(),
        stock: disposition(stock),
    }
}

fn seller_order_ref(order: &OrderRow, row: &ReturnRow, at: Timestamp) -> SellerOrderRef {
    SellerOrderRef {
        checkout_id: order.checkout_id,
        order_id: order.order_id,
        seller_order_id: row.seller_order_id,
        number: row.number.clone(),
        vendor_id: row.vendor_id,
        buyer: order.buyer,
        at,
    }
}

fn line(line: &ReturnLine) -> ReturnedLine {
    ReturnedLine {
        position: line.pieces.position,
        sku: line.sku.clone(),
        product_id: line.product_id,
        title: line.title.clone(),
        quantity: line.pieces.quantity,
    }
}

/// A refusal that stays has no time any more; who contests is who did not take the step before.
const fn state(state: ReturnState) -> SaidState {
    match state {
        ReturnState::Requested => SaidState::Requested,
        ReturnState::Approved => SaidState::Approved,
        ReturnState::SentBack => SaidState::SentBack,
        ReturnState::Refused | ReturnState::RefusedForGood => SaidState::Refused,
        ReturnState::RefusalContested | ReturnState::GoodsContested => SaidState::Contested,
        ReturnState::Credited => SaidState::Credited,
        ReturnState::Withdrawn => SaidState::Withdrawn,
        ReturnState::Expired => SaidState::Expired,
        ReturnState::Settled => SaidState::Settled,
    }
}

const fn reason(reason: ReturnReason) -> SaidReason {
    match reason {
        ReturnReason::Damaged => SaidReason::Damaged,
        ReturnReason::Defective => SaidReason::Defective,
        ReturnReason::WrongItem => SaidReason::WrongItem,
        ReturnReason::NotAsDescribed => SaidReason::NotAsDescribed,
        ReturnReason::DoesNotFit => SaidReason::DoesNotFit,
        ReturnReason::ChangedMind => SaidReason::ChangedMind,
    }
}

/// What the timeline says: `2 x LAMP-18, refused: it was used`.
pub fn in_words(row: &ReturnRow, step: &ReturnStep) -> String {
    let what = row.lines.iter().map(|line| format!("{} x {}", line.pieces.quantity, line.sku));
    let what = what.collect::<Vec<_>>().join(", ");
    let words = format!("{what}, {}", step.to);
    step.words.as_ref().map_or(words.clone(), |said| format!("{words}: {said}"))
}
