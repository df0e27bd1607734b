//! What clients read.

use jiff::Timestamp;
use kernel::{CheckoutId, Money, OrderId, PaymentId, ProductId, SellerOrderId, Sku, VendorId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::order::{Line, Method, PaymentStatus};
use crate::domain::saga;
use crate::domain::seller_order;
use crate::domain::trouble::LineTrouble;
use crate::store::orders::OrderRow;
use crate::store::parts::Standing;

/// A checkout on its way to becoming an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckoutView {
    /// Which checkout.
    pub checkout_id: CheckoutId,
    /// Where it stands.
    pub status: saga::State,
    /// The order it became.
    pub order_id: OrderId,
    /// The order's number for people.
    pub number: String,
    /// What the buyer pays.
    pub total: Money,
    /// How to pay, once that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment: Option<CheckoutPaymentView>,
    /// The lines that cannot be sold, when it was rejected.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<LineTrouble>,
}

/// How to pay for a checkout.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckoutPaymentView {
    /// Which payment.
    pub payment_id: PaymentId,
    /// How.
    pub method: Method,
    /// The link that opens the buyer's app, once the provider gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upi_intent: Option<String>,
    /// Until when.
    pub expires_at: Timestamp,
}

impl CheckoutView {
    /// The checkout that became this order.
    pub fn of(header: OrderRow) -> Self {
        let payment = header.payment.expires_at.map(|expires_at| CheckoutPaymentView {
            payment_id: header.payment.id,
            method: header.method,
            upi_intent: header.payment.upi_intent,
            expires_at,
        });
        Self {
            checkout_id: header.checkout_id,
            status: header.state,
            order_id: header.order_id,
            number: header.number,
            total: header.total,
            payment,
            problems: header.problems,
        }
    }
}

/// An order in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderSummary {
    /// Which order.
    pub order_id: OrderId,
    /// Its number for people.
    pub number: String,
    /// Where it stands.
    pub status: saga::State,
    /// What the buyer pays.
    pub total: Money,
    /// When it was placed.
    pub placed_at: Timestamp,
}

impl OrderSummary {
    /// The order in short.
    pub fn of(header: OrderRow) -> Self {
        Self {
            order_id: header.order_id,
            number: header.number,
            status: header.state,
            total: header.total,
            placed_at: header.placed_at,
        }
    }
}

/// An order as its buyer sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderView {
    /// Which order.
    pub order_id: OrderId,
    /// From which checkout.
    pub checkout_id: CheckoutId,
    /// Its number for people.
    pub number: String,
    /// Where it stands.
    pub status: saga::State,
    /// What the buyer pays.
    pub total: Money,
    /// Everything bought.
    pub lines: Vec<LineView>,
    /// What each seller supplies of it.
    pub seller_orders: Vec<SellerOrderView>,
    /// Its payment.
    pub payment: PaymentView,
    /// When it was placed.
    pub placed_at: Timestamp,
}

/// A line.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LineView {
    /// What.
    pub sku: Sku,
    /// Of which product.
    pub product_id: ProductId,
    /// What it was called.
    pub title: String,
    /// How many.
    pub quantity: u32,
    /// Price of one, tax included.
    pub unit_price: Money,
    /// What the buyer pays for the line.
    pub total: Money,
}

impl LineView {
    /// The line.
    pub fn of(line: &Line) -> Self {
        Self {
            sku: line.sku.clone(),
            product_id: line.product_id,
            title: line.title.clone(),
            quantity: line.quantity,
            unit_price: line.unit_price,
            total: line.total,
        }
    }
}

/// What one seller supplies, as the buyer sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SellerOrderView {
    /// Which seller order.
    pub seller_order_id: SellerOrderId,
    /// Its number for people.
    pub number: String,
    /// Who supplies.
    pub vendor_id: VendorId,
    /// The name the buyer saw.
    pub vendor_name: String,
    /// Where it stands.
    pub status: seller_order::State,
    /// What.
    pub lines: Vec<LineView>,
    /// Delivery.
    pub shipping: Money,
    /// Tax in lines and delivery.
    pub tax: Money,
    /// Lines and delivery.
    pub total: Money,
    /// The parcel, once it was shipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipment: Option<ShipmentView>,
}

/// A parcel on its way.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShipmentView {
    /// Who carries it.
    pub carrier: String,
    /// Under which number.
    pub tracking_number: String,
}

impl ShipmentView {
    /// The parcel of a seller order.
    pub fn of(standing: &Standing) -> Option<Self> {
        standing.shipment.as_ref().map(|shipment| Self {
            carrier: shipment.carrier.to_string(),
            tracking_number: shipment.tracking_number.to_string(),
        })
    }
}

impl SellerOrderView {
    /// The seller order.
    pub fn of(standing: &Standing) -> Self {
        let part = &standing.part;
        Self {
            seller_order_id: part.seller_order_id,
            number: part.number.clone(),
            vendor_id: part.vendor_id,
            vendor_name: part.vendor_name.clone(),
            status: standing.state,
            lines: part.lines.iter().map(LineView::of).collect(),
            shipping: part.shipping,
            tax: part.tax,
            total: part.total,
            shipment: ShipmentView::of(standing),
        }
    }
}

/// An order's payment.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentView {
    /// Which payment.
    pub payment_id: PaymentId,
    /// How.
    pub method: Method,
    /// What became of it.
    pub status: PaymentStatus,
}

impl OrderView {
    /// The order with its parts.
    pub fn of(header: OrderRow, parts: &[Standing]) -> Self {
        let seller_orders: Vec<_> = parts.iter().map(SellerOrderView::of).collect();
        Self {
            order_id: header.order_id,
            checkout_id: header.checkout_id,
            number: header.number,
            status: header.state,
            total: header.total,
            lines: seller_orders.iter().flat_map(|part| part.lines.clone()).collect(),
            seller_orders,
            payment: PaymentView {
                payment_id: header.payment.id,
                method: header.method,
                status: header.payment.status,
            },
            placed_at: header.placed_at,
        }
    }
}
