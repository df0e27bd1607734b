//! Placing: a checkout becomes an order with one part per seller, and every amount in it is frozen.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kernel::{
    CheckoutId, Currency, Money, MoneyError, OrderId, PaymentId, ProductId, SellerOrderId, Sku,
    StateCode, SupplyType, UserId, VendorId, gst,
};

use super::number::{order_number, seller_order_number};
use super::order::{Destination, Method, Order, OrderLine, Part};
use super::split::{Rates, Seller, Sums};

/// A line as the buyer wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub sku: Sku,
    pub product_id: ProductId,
    pub vendor_id: VendorId,
    pub quantity: u32,
    /// The price the buyer saw.
    pub unit_price: Money,
}

/// What a line buys, as it is called and taxed at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goods {
    /// What it is called.
    pub title: String,
    /// Harmonised System of Nomenclature code.
    pub hsn: String,
    /// Tax contained in the price, in basis points.
    pub gst_rate_bp: u32,
}

/// A checkout with all that has to be known to place it.
#[derive(Debug, Clone)]
pub struct Checkout {
    pub id: CheckoutId,
    pub buyer: UserId,
    pub method: Method,
    /// What the buyer agreed to pay.
    pub expected_total: Money,
    pub destination: Destination,
    pub lines: Vec<(Wanted, Goods)>,
    pub sellers: BTreeMap<VendorId, Seller>,
    /// What the law has the platform charge and withhold on this day.
    pub rates: Rates,
    /// Where the platform's supplies to sellers start.
    pub platform: StateCode,
}

/// Why a checkout makes no order. The cart never asks for such a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckoutRefused {
    /// It has no lines.
    #[error("there are no lines")]
    Empty,
    /// A line asks for none, or for more than can be counted.
    #[error("a quantity cannot be")]
    Quantity,
    /// A line costs nothing, or less.
    #[error("a price cannot be")]
    Price,
    /// It is paid in a way nobody knows here.
    #[error("the payment method is unknown")]
    Method,
    /// It is paid in money that nobody takes here.
    #[error("only rupees are taken")]
    Currency,
    /// The lines do not cost what the buyer agreed to.
    #[error("the lines do not add up to what the buyer agreed to pay")]
    Total,
    /// A seller would have to pay for selling.
    #[error("commission and taxes are more than a seller is paid")]
    Payable,
    /// A line's seller is not among the sellers.
    #[error("a seller is unknown")]
    Seller,
    /// The amounts cannot be reckoned with.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl Order {
    /// Places `checkout` as the `counter`th order ever. Whoever places it again, because a database went back, gives order,
    /// parts and payment the ids they had.
    pub fn place(
        checkout: &Checkout,
        counter: i64,
        now: Timestamp,
    ) -> Result<Self, CheckoutRefused> {
        if checkout.expected_total.currency() != Currency::Inr {
            return Err(CheckoutRefused::Currency);
        }
        let number = order_number(counter, now);
        let mut parts = Vec::new();
        for (vendor_id, lines) in by_seller(&checkout.lines)? {
            let seller = checkout.sellers.get(&vendor_id).ok_or(CheckoutRefused::Seller)?;
            let number = seller_order_number(&number, parts.len() + 1);
            parts.push(part(checkout, number, seller, &lines)?);
        }
        let total = Money::sum(parts.iter().map(|part| part.total), Currency::Inr)?;
        if total != checkout.expected_total {
            return Err(CheckoutRefused::Total);
        }

        Ok(Self {
            id: OrderId::derived_from(checkout.id, "order", &[]),
            checkout_id: checkout.id,
            number,
            buyer: checkout.buyer,
            destination: checkout.destination,
            method: checkout.method,
            payment_id: PaymentId::derived_from(checkout.id, "payment", &[]),
            total,
            parts,
            placed_at: now,
        })
    }
}

type Asked<'a> = &'a (Wanted, Goods);

/// The lines of each seller, sellers in the order of their first line.
fn by_seller(
    lines: &[(Wanted, Goods)],
) -> Result<Vec<(VendorId, Vec<Asked<'_>>)>, CheckoutRefused> {
    let mut sellers: Vec<(VendorId, Vec<Asked<'_>>)> = Vec::new();
    for line in lines {
        let vendor_id = line.0.vendor_id;
        match sellers.iter_mut().find(|(id, _)| *id == vendor_id) {
            Some((_, lines)) => lines.push(line),
            None => sellers.push((vendor_id, vec![line])),
        }
    }
    if sellers.is_empty() { Err(CheckoutRefused::Empty) } else { Ok(sellers) }
}

fn part(
    checkout: &Checkout,
    number: String,
    seller: &Seller,
    lines: &[Asked<'_>],
) -> Result<Part, CheckoutRefused> {
    let supply = SupplyType::of(seller.state, checkout.destination.state);
    let taxed: Vec<bool> = lines.iter().map(|(_, goods)| goods.gst_rate_bp > 0).collect();
    let lines: Vec<OrderLine> = lines
        .iter()
        .map(|(wanted, goods)| frozen(wanted, goods, seller, supply))
        .collect::<Result<_, _>>()?;
    // Delivery costs the buyer nothing for now.
    let shipping = Money::zero(Currency::Inr);
    let tax = Money::sum(lines.iter().map(|line| line.tax), Currency::Inr)?;
    let sums = Sums::of(&lines, &taxed, shipping)?;
    let terms = seller.terms(supply, checkout.rates, checkout.platform);
    let share = terms.share(sums)?;
    if share.payable.is_negative() {
        return Err(CheckoutRefused::Payable);
    }

    Ok(Part {
        seller_order_id: SellerOrderId::derived_from(
            checkout.id,
            "seller_order",
            &[&seller.vendor_id.to_string()],
        ),
        number,
        vendor_id: seller.vendor_id,
        vendor_name: seller.name.clone(),
        lines,
        taxed,
        shipping,
        tax,
        total: sums.gross,
        share,
        terms: Some(terms),
    })
}

fn frozen(
    wanted: &Wanted,
    goods: &Goods,
    seller: &Seller,
    supply: SupplyType,
) -> Result<OrderLine, CheckoutRefused> {
    if wanted.quantity == 0 || i32::try_from(wanted.quantity).is_err() {
        return Err(CheckoutRefused::Quantity);
    }
    if wanted.unit_price.minor() <= 0 {
        return Err(CheckoutRefused::Price);
    }
    let total = wanted.unit_price.times(wanted.quantity)?;
    let gst_rate_bp = seller.scheme.rate_bp(goods.gst_rate_bp);
    let tax = gst::inclusive(total, gst_rate_bp, supply)?;
    Ok(OrderLine {
        sku: wanted.sku.clone(),
        product_id: wanted.product_id,
        title: goods.title.clone(),
        hsn: goods.hsn.clone(),
        gst_rate_bp,
        quantity: wanted.quantity,
        unit_price: wanted.unit_price,
        total,
        taxable: tax.taxable,
        tax: total.sub(tax.taxable)?,
    })
}

#[cfg(test)]
mod tests;
