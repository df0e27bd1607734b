//! What is said and heard, translated to and from the words of the domain.

use contracts::cart::{CheckoutRequested, FrozenLine, PaymentMethod};
use contracts::order::{
    CancelReason, CreditCause as SaidCause, CreditedLine, Disposition, MovedLine, OrderFact,
    SellerOrderCredited, SellerOrderRef, SellerPart,
};
use contracts::payment::{CreatePayment, Share};
use contracts::product::{Reserve, ReserveLine};
use jiff::Timestamp;
use kernel::Money;

use crate::domain::credit::{Credit, CreditCause, CreditLine, Stock};
use crate::domain::order::{self, Method, Order, Part, Reason};
use crate::domain::placing::{CheckoutRefused, Wanted};
use crate::domain::split;
use crate::store::credits::Entry;
use crate::store::orders::OrderRow;
use crate::store::parts::SellerOrderRow;

/// How the buyer pays, if it is known here.
pub fn method(method: PaymentMethod) -> Result<Method, CheckoutRefused> {
    match method {
        PaymentMethod::Upi => Ok(Method::Upi),
        PaymentMethod::Cod => Ok(Method::Cod),
        PaymentMethod::Unknown => Err(CheckoutRefused::Method),
    }
}

fn payment_method(method: Method) -> PaymentMethod {
    match method {
        Method::Upi => PaymentMethod::Upi,
        Method::Cod => PaymentMethod::Cod,
    }
}

pub fn wanted(asked: &CheckoutRequested) -> Vec<Wanted> {
    asked
        .lines
        .iter()
        .map(|line| Wanted {
            sku: line.sku.clone(),
            product_id: line.product_id,
            vendor_id: line.vendor_id,
            quantity: line.quantity,
            unit_price: line.unit_price,
        })
        .collect()
}

pub fn order_fact(order: &Order) -> OrderFact {
    OrderFact {
        checkout_id: order.checkout_id,
        order_id: order.id,
        number: order.number.clone(),
        buyer: order.buyer,
        address_id: order.destination.address_id,
        address_version: order.destination.version,
        place_of_supply: order.destination.state,
        payment_method: payment_method(order.method),
        total: order.total,
        parts: order.parts.iter().map(seller_part).collect(),
        placed_at: order.placed_at,
    }
}

fn seller_part(part: &Part) -> SellerPart {
    SellerPart {
        seller_order_id: part.seller_order_id,
        number: part.number.clone(),
        vendor_id: part.vendor_id,
        vendor_name: part.vendor_name.clone(),
        lines: part.lines.clone(),
        shipping: part.shipping,
        tax: part.tax,
        total: part.total,
        share: share(part, part.total, part.share),
    }
}

/// `gross` of a part, and how that is shared.
fn share(part: &Part, gross: Money, share: split::Share) -> Share {
    Share {
        seller_order_id: part.seller_order_id,
        vendor_id: part.vendor_id,
        gross,
        taxable: share.taxable,
        commission: share.commission,
        commission_tax: share.commission_tax,
        tcs: share.tcs,
        tds: share.tds,
        payable: share.payable,
    }
}

/// The lines of an order as the cart asked for them.
pub fn frozen_lines(order: &Order) -> Vec<FrozenLine> {
    let of_part = |part: &Part| {
        let vendor_id = part.vendor_id;
        let frozen = part.lines.iter().map(move |line| FrozenLine {
            sku: line.sku.clone(),
            product_id: line.product_id,
            vendor_id,
            quantity: line.quantity,
            unit_price: line.unit_price,
        });
        frozen.collect::<Vec<_>>()
    };
    order.parts.iter().flat_map(of_part).collect()
}

pub fn reserve(order: &Order, expires_at: Timestamp) -> Reserve {
    let lines = order.parts.iter().flat_map(|part| &part.lines);
    Reserve {
        checkout_id: order.checkout_id,
        order_id: order.id,
        lines: lines
            .map(|line| ReserveLine {
                sku: line.sku.clone(),
                quantity: line.quantity,
                expected_price: line.unit_price,
            })
            .collect(),
        expires_at,
    }
}

pub fn create_payment(order: &Order, expires_at: Timestamp) -> CreatePayment {
    CreatePayment {
        payment_id: order.payment_id,
        checkout_id: order.checkout_id,
        order_id: order.id,
        order_number: order.number.clone(),
        buyer: order.buyer,
        method: payment_method(order.method),
        amount: order.total,
        shares: order.parts.iter().map(|part| share(part, part.total, part.share)).collect(),
        expires_at,
    }
}

/// Why an order ended, as others hear of it.
pub fn cancel_reason(reason: Reason) -> CancelReason {
    match reason {
        Reason::PaymentWindowOver => CancelReason::PaymentWindowOver,
        Reason::BuyerCancelled => CancelReason::BuyerCancelled,
        Reason::CodRefused => CancelReason::CodRefused,
    }
}

pub fn seller_order_ref(row: &OrderRow, part: &Part, at: Timestamp) -> SellerOrderRef {
    SellerOrderRef {
        checkout_id: row.checkout_id,
        order_id: row.order_id,
        seller_order_id: part.seller_order_id,
        number: part.number.clone(),
        vendor_id: part.vendor_id,
        buyer: row.buyer,
        at,
    }
}

/// What a parcel holds: the pieces that were not taken back.
pub fn moved_lines(seller_order: &SellerOrderRow) -> Vec<MovedLine> {
    let lines = seller_order.part.lines.iter().zip(&seller_order.left);
    lines
        .filter(|(_, left)| **left > 0)
        .map(|(line, left)| MovedLine {
            sku: line.sku.clone(),
            product_id: line.product_id,
            quantity: *left,
        })
        .collect()
}

const fn credit_cause(cause: CreditCause) -> SaidCause {
    match cause {
        CreditCause::BuyerCancelled => SaidCause::BuyerCancelled,
        CreditCause::StaffCancelled => SaidCause::StaffCancelled,
        CreditCause::VendorRejected => SaidCause::VendorRejected,
        CreditCause::SlaExpired => SaidCause::SlaExpired,
        CreditCause::Unavailable => SaidCause::Unavailable,
        CreditCause::ReturnedToOrigin => SaidCause::ReturnedToOrigin,
        CreditCause::Lost => SaidCause::Lost,
    }
}

const fn disposition(stock: Stock) -> Disposition {
    match stock {
        Stock::Uncommit => Disposition::Uncommit,
        Stock::Restock => Disposition::Restock,
        Stock::WriteOff => Disposition::WriteOff,
    }
}

/// That `credit` was taken back of a part.
pub fn credited(
    seller_order: SellerOrderRef,
    part: &Part,
    entry: &Entry<'_>,
    credit: &Credit,
) -> SellerOrderCredited {
    let sold = part.lines.iter().zip(0_u32..);
    let lines = sold.filter_map(|(line, position)| {
        let taken = credit.lines.iter().find(|taken| taken.pieces.position == position)?;
        Some(credited_line(line, taken, entry.stock))
    });
    SellerOrderCredited {
        seller_order,
        credit_id: entry.id,
        nth: u32::try_from(entry.nth).unwrap_or_default(),
        cause: credit_cause(entry.cause),
        reason: entry.reason.map(str::to_owned),
        lines: lines.collect(),
        share: share(part, credit.gross, credit.share),
        ended: credit.ended,
    }
}

fn credited_line(line: &order::OrderLine, taken: &CreditLine, stock: Stock) -> CreditedLine {
    CreditedLine {
        position: taken.pieces.position,
        sku: line.sku.clone(),
        product_id: line.product_id,
        quantity: taken.pieces.quantity,
        total: taken.total,
        taxable: taken.taxable,
        tax: taken.tax,
        stock: disposition(stock),
    }
}
