//! What is said and heard, translated to and from the words of the domain.

use std::collections::BTreeMap;

use contracts::cart::{CheckoutRequested, FrozenLine, PaymentMethod};
use contracts::order::{
    CancelReason, CreditCause as SaidCause, CreditedLine, Disposition, MovedLine, OrderFact,
    SellerOrderCredited, SellerOrderRef, SellerPart,
};
use contracts::payment::{CreatePayment, Share, ShareTerms, SupplyKind};
use contracts::product::{Reserve, ReserveLine};
use jiff::Timestamp;
use kernel::{Money, MoneyError, StateCode, SupplyType};

use crate::domain::credit::{Credit, CreditCause, CreditLine, Pieces, Stock};
use crate::domain::order::{self, Method, Order, Part, Reason};
use crate::domain::placing::{CheckoutRefused, Wanted};
use crate::domain::split;
use crate::store::credits::Entry;
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
        parts: order.parts.iter().map(|part| seller_part(part, order)).collect(),
        placed_at: order.placed_at,
    }
}

fn seller_part(part: &Part, order: &Order) -> SellerPart {
    SellerPart {
        seller_order_id: part.seller_order_id,
        number: part.number.clone(),
        vendor_id: part.vendor_id,
        vendor_name: part.vendor_name.clone(),
        lines: part.lines.clone(),
        shipping: part.shipping,
        tax: part.tax,
        total: part.total,
        share: whole(part, order),
    }
}

/// How all of a part is shared.
fn whole(part: &Part, order: &Order) -> Share {
    let taxed = part.sums(&part.lines).map(|sums| sums.taxed);
    share(part, part.total, part.share, terms(part, order.destination.state, taxed))
}

/// By what a part is shared, where so much is a taxable supply. Nothing of what was placed before that was kept.
fn terms(
    part: &Part,
    place_of_supply: StateCode,
    taxed: Result<Money, MoneyError>,
) -> Option<ShareTerms> {
    let terms = part.terms?;
    Some(ShareTerms {
        supply: supply(terms.supply),
        place_of_supply,
        commission_supply: supply(terms.commission_supply?),
        tcs_base: terms.tcs_base(taxed.ok()?),
        commission_bp: terms.commission_bp,
        commission_tax_bp: terms.commission_tax_bp,
        tcs_bp: terms.tcs_bp,
        tds_bp: terms.tds_bp,
    })
}

const fn supply(supply: SupplyType) -> SupplyKind {
    if supply.is_inter_state() { SupplyKind::Inter } else { SupplyKind::Intra }
}

/// `gross` of a part, and how that is shared.
fn share(part: &Part, gross: Money, share: split::Share, terms: Option<ShareTerms>) -> Share {
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
        terms,
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

/// What the lines of an order are called, by SKU.
pub fn titles(order: &Order) -> BTreeMap<String, String> {
    let lines = order.parts.iter().flat_map(|part| &part.lines);
    lines.map(|line| (line.sku.to_string(), line.title.clone())).collect()
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
        shares: order.parts.iter().map(|part| whole(part, order)).collect(),
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

/// What a parcel holds.
pub fn moved_lines(part: &Part, pieces: &[Pieces]) -> Vec<MovedLine> {
    let sold = part.lines.iter().zip(0_u32..);
    let lines = sold.filter_map(|(line, position)| {
        let quantity = pieces.iter().find(|pieces| pieces.position == position)?.quantity;
        Some(MovedLine { sku: line.sku.clone(), product_id: line.product_id, quantity })
    });
    lines.collect()
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
        CreditCause::Returned => SaidCause::Returned,
        CreditCause::Disputed => SaidCause::Disputed,
        CreditCause::PriceReduced => SaidCause::PriceReduced,
    }
}

pub(super) const fn disposition(stock: Stock) -> Disposition {
    match stock {
        Stock::Uncommit => Disposition::Uncommit,
        Stock::Restock => Disposition::Restock,
        Stock::WriteOff => Disposition::WriteOff,
        Stock::None => Disposition::None,
    }
}

/// That `credit` was taken back of a part, which was supplied to `place`.
pub fn credited(
    seller_order: SellerOrderRef,
    part: &Part,
    place: StateCode,
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
        return_id: entry.return_id,
        reason: entry.reason.map(str::to_owned),
        lines: lines.collect(),
        share: share(part, credit.gross, credit.share, terms(part, place, credit.taxed(part))),
        ended: credit.ended,
        commercial: credit.commercial,
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
