//! What is said and heard, translated to and from the words of the domain.

use contracts::cart::{CheckoutRequested, FrozenLine, PaymentMethod};
use contracts::order::{CancelReason, MovedLine, OrderFact, SellerOrderRef, SellerPart};
use contracts::payment::{CreatePayment, Share};
use contracts::product::{Reserve, ReserveLine};
use jiff::Timestamp;

use crate::domain::order::{Method, Order, Part, Reason};
use crate::domain::placing::{CheckoutRefused, Wanted};
use crate::store::orders::OrderRow;

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
        share: share(part),
    }
}

fn share(part: &Part) -> Share {
    Share {
        seller_order_id: part.seller_order_id,
        vendor_id: part.vendor_id,
        gross: part.total,
        taxable: part.share.taxable,
        commission: part.share.commission,
        commission_tax: part.share.commission_tax,
        tcs: part.share.tcs,
        tds: part.share.tds,
        payable: part.share.payable,
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
        shares: order.parts.iter().map(share).collect(),
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

pub fn moved_lines(part: &Part) -> Vec<MovedLine> {
    part.lines
        .iter()
        .map(|line| MovedLine {
            sku: line.sku.clone(),
            product_id: line.product_id,
            quantity: line.quantity,
        })
        .collect()
}
