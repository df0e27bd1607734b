//! What is said and heard, translated to and from the words of the domain.

use contracts::cart::{CheckoutRequested, FrozenLine, PaymentMethod};
use contracts::order::{CancelReason, MovedLine, OrderFact, OrderLine, SellerOrderRef, SellerPart};
use contracts::payment::{CreatePayment, Share};
use contracts::product::{self, Reserve, ReserveLine};
use jiff::Timestamp;

use crate::domain::order::{Line, Method, Order, Part, Reason};
use crate::domain::placing::{Refused, Wanted};
use crate::domain::trouble::{LineTrouble, Trouble};
use crate::store::orders::OrderRow;

/// How the buyer pays, if it is known here.
pub fn method(said: PaymentMethod) -> Result<Method, Refused> {
    match said {
        PaymentMethod::Upi => Ok(Method::Upi),
        PaymentMethod::Cod => Ok(Method::Cod),
        PaymentMethod::Unknown => Err(Refused::Method),
    }
}

fn payment_method(method: Method) -> PaymentMethod {
    match method {
        Method::Upi => PaymentMethod::Upi,
        Method::Cod => PaymentMethod::Cod,
    }
}

/// The lines a checkout asks for.
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

/// The order as others hear of it.
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
        lines: part.lines.iter().map(order_line).collect(),
        shipping: part.shipping,
        tax: part.tax,
        total: part.total,
        share: share(part),
    }
}

fn order_line(line: &Line) -> OrderLine {
    OrderLine {
        sku: line.sku.clone(),
        product_id: line.product_id,
        title: line.title.clone(),
        hsn: line.hsn.clone(),
        gst_rate_bp: line.gst_rate_bp,
        quantity: line.quantity,
        unit_price: line.unit_price,
        total: line.total,
        taxable: line.taxable,
        tax: line.tax,
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

/// Asks for stock.
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

/// Asks for the payment.
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

/// Lines in trouble, as product-service says them.
pub fn troubles(said: &[product::LineTrouble]) -> Vec<LineTrouble> {
    said.iter()
        .map(|line| LineTrouble {
            sku: line.sku.clone(),
            trouble: match line.trouble {
                product::Trouble::OutOfStock => Trouble::OutOfStock,
                product::Trouble::PriceChanged => Trouble::PriceChanged,
                product::Trouble::NotSellable => Trouble::NotSellable,
                product::Trouble::SellerNotActive => Trouble::SellerNotActive,
                product::Trouble::Unknown => Trouble::Unknown,
            },
            price: line.price,
        })
        .collect()
}

/// Lines in trouble, as others hear of them.
pub fn problems(troubles: &[LineTrouble]) -> Vec<product::LineTrouble> {
    troubles
        .iter()
        .map(|line| product::LineTrouble {
            sku: line.sku.clone(),
            trouble: match line.trouble {
                Trouble::OutOfStock => product::Trouble::OutOfStock,
                Trouble::PriceChanged => product::Trouble::PriceChanged,
                Trouble::NotSellable => product::Trouble::NotSellable,
                Trouble::SellerNotActive => product::Trouble::SellerNotActive,
                Trouble::Unknown => product::Trouble::Unknown,
            },
            price: line.price,
        })
        .collect()
}

/// Why an order ended, as others hear of it.
pub fn cancel_reason(reason: Reason) -> CancelReason {
    match reason {
        Reason::PaymentWindowOver => CancelReason::PaymentWindowOver,
        Reason::BuyerCancelled => CancelReason::BuyerCancelled,
        Reason::CodRefused => CancelReason::CodRefused,
    }
}

/// Which seller order something happened to.
pub fn seller_order_ref(header: &OrderRow, part: &Part, at: Timestamp) -> SellerOrderRef {
    SellerOrderRef {
        checkout_id: header.checkout_id,
        order_id: header.order_id,
        seller_order_id: part.seller_order_id,
        number: part.number.clone(),
        vendor_id: part.vendor_id,
        buyer: header.buyer,
        at,
    }
}

/// What is in a seller's parcel.
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
