//! What clients read.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kernel::{
    CheckoutId, Currency, Money, MoneyError, OrderId, PaymentId, ProductId, SellerOrderId, Sku,
    VendorId,
};
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

use super::answers::{self, Responses};
use super::credits::CreditView;
use super::delivery::DeliveryView;
use super::pieces::{CancellationView, ParcelView, ReturnableView, ShipmentView};
use super::refunds::RefundView;
use super::returns::OpenReturnView;
use super::since::Since;
use crate::domain::credit::CreditCause;
use crate::domain::order::{Method, OrderLine, PaymentStatus};
use crate::domain::refund::{self, Refund};
use crate::domain::saga::{OrderState, OrderStep};
use crate::domain::seller_order::{Act, SellerOrderState};
use crate::domain::standing::Standing;
use crate::domain::trouble::{LineTrouble, Trouble};
use crate::store::lines::Taken;
use crate::store::orders::OrderRow;
use crate::store::parts::SellerOrderRow;

/// A checkout on its way to becoming an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckoutView {
    pub checkout_id: CheckoutId,
    /// From `placed` to `reserved` stock is sought. `awaiting_payment`: the buyer can pay. `awaiting_cod_ok`: cash is not
    /// granted yet. `cancel_pending`: it ends, unless money comes first. `confirmed`, `rejected`, `cancelled` are final.
    pub status: OrderState,
    pub order_id: OrderId,
    /// The order's number for people, such as `M261130-000042`. Gaps mean nothing.
    pub number: String,
    /// What the buyer pays, tax and delivery included.
    pub total: Money,
    /// Absent until stock is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment: Option<CheckoutPaymentView>,
    /// The lines that cannot be sold; absent unless it was rejected.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<LineTroubleView>,
}

/// A line that cannot be sold, and why.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LineTrouble)]
pub struct LineTroubleView {
    /// Which line.
    pub sku: Sku,
    /// Why.
    pub trouble: Trouble,
    /// The price now, when that is the trouble.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// How many were left, when that is the trouble: as many can be ordered, if nobody is quicker.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<u32>,
}

impl LineTroubleView {
    fn of(LineTrouble { sku, trouble, price, left }: LineTrouble) -> Self {
        Self { sku, trouble, price, left }
    }
}

/// How to pay for a checkout.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckoutPaymentView {
    pub payment_id: PaymentId,
    pub method: Method,
    /// The link that opens the buyer's UPI app. Absent until the provider gave it, once the order does not wait for money
    /// any more, and for cash on delivery.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upi_intent: Option<String>,
    /// When the order is given up, unless money came before.
    pub expires_at: Timestamp,
}

impl CheckoutView {
    pub fn of(row: OrderRow) -> Self {
        let waits = row.state == OrderState::AwaitingPayment;
        let payment = row.payment.expires_at.map(|expires_at| CheckoutPaymentView {
            payment_id: row.payment.id,
            method: row.method,
            upi_intent: row.payment.upi_intent.filter(|_| waits),
            expires_at,
        });
        Self {
            checkout_id: row.checkout_id,
            status: row.state,
            order_id: row.order_id,
            number: row.number,
            total: row.total,
            payment,
            problems: row.problems.into_iter().map(LineTroubleView::of).collect(),
        }
    }
}

/// An order as its buyer sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderView {
    pub order_id: OrderId,
    pub checkout_id: CheckoutId,
    /// For people, such as `M261130-000042`. Gaps mean nothing.
    pub number: String,
    /// `confirmed`: paid for, or cash was granted; it stays so when all of it is taken back afterwards. `rejected`: a line
    /// could not be sold. `cancelled`: it ended unpaid. Before that, as in its checkout.
    pub status: OrderState,
    /// How it stands as a whole, its seller orders considered.
    pub standing: Standing,
    /// Whether `POST /v1/orders/{id}/cancel` cancels anything: all of it before it is confirmed, afterwards what was not
    /// shipped.
    pub cancellable: bool,
    /// What the buyer pays, tax and delivery included.
    pub total: Money,
    /// What was taken back of it: the sum of all `credits`. The buyer gets it, or need not pay it at the door.
    pub taken_back: Money,
    /// What of `taken_back` the buyer's bank gave the buyer, so that no refund follows: the sum of the `credits` that are
    /// `disputed`. Absent when that is nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid_by_bank: Option<Money>,
    /// What is to be paid in cash at the door, for all seller orders that are still to arrive. Absent when nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at_door: Option<Money>,
    /// What went back to the buyer: the sum of the `refunds` that are `done`, without money that came in another currency.
    pub refunded: Money,
    /// Money that we give back, oldest first. It follows what was taken back within seconds, or days at the bank; what is
    /// `paid_by_bank` has none.
    pub refunds: Vec<RefundView>,
    /// The address as it was when the order was placed. Absent once the buyer asked to be forgotten.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<DeliveryView>,
    /// The lines of all seller orders together, in their order. The `position` of each counts in its own seller order.
    pub lines: Vec<OrderLineView>,
    /// One per seller, each with parcels of its own.
    pub seller_orders: Vec<SellerOrderView>,
    pub payment: OrderPaymentView,
    /// Until when the buyer can pay. Absent unless it is `awaiting_payment`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payable_until: Option<Timestamp>,
    pub placed_at: Timestamp,
}

/// A line, as it was when the order was placed, and how much of it was taken back since: `quantity` less `cancelled`,
/// `returned`, `lost` and `settled` is what is left.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrderLineView {
    /// Which line of its seller order, counted from 0.
    pub position: u32,
    pub sku: Sku,
    pub product_id: ProductId,
    pub title: String,
    /// How many were ordered.
    pub quantity: u32,
    /// How many of them were taken back before they were shipped.
    pub cancelled: u32,
    /// How many of them came back afterwards.
    pub returned: u32,
    /// How many of them were lost on the way.
    pub lost: u32,
    /// How many of them the buyer's bank paid back after they were sent: whoever has them keeps them.
    pub settled: u32,
    /// Price of one, tax included.
    pub unit_price: Money,
    /// What the buyer pays for the line, tax included.
    pub total: Money,
}

impl OrderLineView {
    /// The lines of a seller order.
    pub fn all(seller_order: &SellerOrderRow) -> Vec<Self> {
        let lines = seller_order.part.lines.iter().zip(&seller_order.taken).zip(0..);
        lines.map(|((line, taken), position)| Self::of(line, *taken, position)).collect()
    }

    fn of(line: &OrderLine, taken: Taken, position: u32) -> Self {
        let Taken { cancelled, returned, lost, settled } = taken;
        Self {
            position,
            sku: line.sku.clone(),
            product_id: line.product_id,
            title: line.title.clone(),
            quantity: line.quantity,
            cancelled,
            returned,
            lost,
            settled,
            unit_price: line.unit_price,
            total: line.total,
        }
    }
}

/// What one seller supplies, as the buyer sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SellerOrderView {
    pub seller_order_id: SellerOrderId,
    /// The order's number and the seller's place in it, such as `M261130-000042-1`.
    pub number: String,
    pub vendor_id: VendorId,
    /// The name when the order was placed.
    pub vendor_name: String,
    /// `pending` until the order is confirmed, `cancelled` if it never is. Then the seller moves it on: `confirmed`,
    /// `accepted`, `packed`, `shipped`, `delivered`. When nothing of it is left: `buyer_cancelled`, `staff_cancelled`,
    /// `vendor_rejected`, `sla_expired` when the seller took too long, or `unavailable` when it was paid for too late and
    /// is gone. `rto`: it was not taken at the door and goes back; `rto_received`: it is back. `lost`: it never arrived. `returned`: the buyer
    /// sent it back.
    pub status: SellerOrderState,
    /// Whether the buyer can still cancel it on its own, or pieces of it: from the confirmation until it is shipped. Before,
    /// the order can only be cancelled as a whole.
    pub cancellable: bool,
    /// What the buyer can still cancel. Absent when that is nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancellation: Option<CancellationView>,
    /// Until when the seller has to accept it (`confirmed`) or to ship it (`accepted`, `packed`), or until when it has to
    /// arrive (`shipped`) or to come back (`rto`); then it is taken back. Of what is `delivered` it is `returnable_until`; then
    /// it is `completed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// Absent before it is delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
    /// Until when the buyer can ask to send it back, or pieces of it. Absent unless it is `delivered`, and
    /// when nothing of it may be sent back, as in `returnable`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returnable_until: Option<Timestamp>,
    /// What the buyer can still ask to send back. Absent when that is nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returnable: Option<ReturnableView>,
    /// The returns of it that are open. As long as there is one, it is not `completed`.
    pub returns: Vec<OpenReturnView>,
    pub lines: Vec<OrderLineView>,
    /// What the buyer pays for delivery.
    pub shipping: Money,
    /// The GST contained in `total`.
    pub tax: Money,
    /// Lines and delivery, tax included, as ordered. What was taken back is not deducted.
    pub total: Money,
    /// What was taken back, oldest first. The buyer gets the total of each.
    pub credits: Vec<CreditView>,
    /// What is to be paid in cash when it arrives: `total` less `credits`. Absent when nothing is, or not any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at_door: Option<Money>,
    /// What it goes out in. While something is left to send, it is `packed`.
    pub parcels: Vec<ParcelView>,
    /// The parcel that was sent last, whatever became of it; `parcels` has all of them. Absent before all of it is shipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipment: Option<ShipmentView>,
}

/// Whether the buyer can cancel anything of an order.
fn is_cancellable(row: &OrderRow, parts: &[SellerOrderRow]) -> bool {
    if row.state == OrderState::Confirmed {
        return parts.iter().any(|part| part.state.after(Act::CancelByBuyer).is_ok());
    }
    matches!(row.state.cancel(), Ok(OrderStep::Moved(_)))
}

/// The sum of all credits.
fn taken_back(since: &Sinces, currency: Currency) -> Result<Money, MoneyError> {
    let credits = since.values().flat_map(|since| &since.credits);
    Money::sum(credits.map(|credit| credit.gross), currency)
}

/// The sum of what the buyer's bank gave.
fn paid_by_bank(since: &Sinces, currency: Currency) -> Result<Option<Money>, MoneyError> {
    let credits = since.values().flat_map(|since| &since.credits);
    let by_bank = credits.filter(|credit| credit.cause == CreditCause::Disputed);
    sum_of(by_bank.map(|credit| credit.gross), currency)
}

/// The sum, unless it is nothing.
fn sum_of(
    amounts: impl Iterator<Item = Money>,
    currency: Currency,
) -> Result<Option<Money>, MoneyError> {
    let sum = Money::sum(amounts, currency)?;
    Ok(Some(sum).filter(|sum| !sum.is_zero()))
}

impl IntoResponses for SellerOrderView {
    fn responses() -> Responses {
        answers::done::<Self>("Done, with an `ETag`.")
    }
}

impl SellerOrderView {
    pub fn of(seller_order: &SellerOrderRow, since: &Since) -> Self {
        let Since { credits, parcels, held, delivered_at } = since;
        let part = &seller_order.part;
        let returnable = ReturnableView::of(seller_order, &held.pieces);
        Self {
            seller_order_id: part.seller_order_id,
            number: part.number.clone(),
            vendor_id: part.vendor_id,
            vendor_name: part.vendor_name.clone(),
            status: seller_order.state,
            cancellable: seller_order.state.after(Act::CancelByBuyer).is_ok(),
            cancellation: CancellationView::of(seller_order, parcels),
            due_at: seller_order.due_at,
            delivered_at: *delivered_at,
            returnable_until: returnable.as_ref().map(|view| view.until),
            returnable,
            returns: OpenReturnView::all(&held.open),
            lines: OrderLineView::all(seller_order),
            shipping: part.shipping,
            tax: part.tax,
            total: part.total,
            credits: credits.iter().map(|credit| CreditView::of(credit, part)).collect(),
            due_at_door: since.due_at_door(seller_order),
            parcels: ParcelView::all(parcels),
            shipment: ShipmentView::of(seller_order),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OrderPaymentView {
    pub payment_id: PaymentId,
    pub method: Method,
    /// `not_requested`: stock is not held yet, or never was. `created`: the buyer can pay; that somebody is paying, or that
    /// another amount came, `GET /v1/payments/{id}` knows first. `captured`: the money is here. `cod_accepted`: cash is taken
    /// at the door. `cod_collected`: it was, for every seller order of which something is left.
    pub status: PaymentStatus,
}

impl OrderPaymentView {
    pub fn of(row: &OrderRow, parts: &[SellerOrderRow]) -> Self {
        let is_due = |part: &SellerOrderRow| !part.cash_taken && part.is_left();
        let is_here = parts.iter().any(|part| part.cash_taken) && !parts.iter().any(is_due);
        let mut status = row.payment.status;
        if is_here && status == PaymentStatus::CodAccepted {
            status = PaymentStatus::CodCollected;
        }
        Self { payment_id: row.payment.id, method: row.method, status }
    }
}

/// What came of each seller order.
type Sinces = BTreeMap<SellerOrderId, Since>;

/// What is known of an order besides itself.
#[derive(Debug)]
pub struct Known {
    pub parts: Vec<SellerOrderRow>,
    pub since: Sinces,
    pub refunds: Vec<Refund>,
    /// Where it goes, as long as that is kept.
    pub delivery: Option<DeliveryView>,
}

impl OrderView {
    pub fn of(row: OrderRow, known: Known) -> Result<Self, MoneyError> {
        let Known { parts, since, refunds, delivery } = known;
        let parts = &parts;
        let of_part = |part: &SellerOrderRow| {
            since.get(&part.part.seller_order_id).map(|since| SellerOrderView::of(part, since))
        };
        let seller_orders: Vec<_> = parts.iter().filter_map(of_part).collect();
        let (cancellable, payable_until) = (is_cancellable(&row, parts), row.payment.expires_at);
        let payment = OrderPaymentView::of(&row, parts);
        let currency = row.total.currency();
        let due = seller_orders.iter().filter_map(|part: &SellerOrderView| part.due_at_door);
        let due_at_door = sum_of(due, currency)?;
        Ok(Self {
            order_id: row.order_id,
            checkout_id: row.checkout_id,
            number: row.number,
            status: row.state,
            standing: Standing::of(row.state, parts.iter().map(|part| part.state)),
            cancellable,
            total: row.total,
            taken_back: taken_back(&since, currency)?,
            paid_by_bank: paid_by_bank(&since, currency)?,
            due_at_door,
            refunded: refund::went_back(&refunds, row.total)?,
            refunds: refunds.into_iter().map(RefundView::of).collect(),
            delivery,
            lines: seller_orders.iter().flat_map(|part| part.lines.clone()).collect(),
            seller_orders,
            payment,
            payable_until: payable_until.filter(|_| row.state == OrderState::AwaitingPayment),
            placed_at: row.placed_at,
        })
    }
}
