//! What a seller has of each part that was sold: from what the buyer paid to what the seller is owed.

use std::collections::HashMap;

use axum::extract::State;
use chassis::auth::{VendorSeen, may};
use chassis::{Json, Page, PageQuery, Problem, Query};
use jiff::Timestamp;
use kernel::{CreditId, Money, OrderId, PaymentId, SellerOrderId, VendorId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::App;
use crate::domain::earning::{Booked, Earning, Parts, Sold, TakenBack};
use crate::error::Error;
use crate::store::earnings;

/// The seller whose money is looked at, by its members or by staff who may see payments.
pub(super) type SeenMoney = VendorSeen<may::ManagePayments>;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EarningsQuery {
    /// Only what was sold in this order.
    #[param(value_type = Option<OrderId>)]
    order_id: Option<OrderId>,
}

/// What the buyer's money is made of, as it was booked: `gross` is the sum of the others.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartsView {
    /// What the buyer pays, delivery and GST included.
    gross: Money,
    /// What the platform keeps.
    commission: Money,
    /// GST on the commission, 18 %.
    commission_tax: Money,
    /// Tax collected at source (section 52 of the CGST Act). It counts towards the seller's own GST.
    tcs: Money,
    /// Income tax withheld. It counts towards the seller's own income tax.
    tds: Money,
    /// What is left for the seller.
    payable: Money,
}

impl From<Parts> for PartsView {
    fn from(parts: Parts) -> Self {
        let Parts { gross, commission, commission_tax, tcs, tds, payable } = parts;
        Self { gross, commission, commission_tax, tcs, tds, payable }
    }
}

/// Something of a sale that was taken back.
#[derive(Debug, Serialize, ToSchema)]
pub struct TakenBackView {
    credit_id: CreditId,
    /// `returned`, `price_reduced`, `disputed`, `buyer_cancelled` and so on, as `seller_order.credited` has it. `null` where
    /// it is too old to be known here.
    #[schema(required, example = "returned")]
    why: Option<String>,
    at: Timestamp,
    /// What of each was taken back.
    #[serde(flatten)]
    parts: PartsView,
}

impl From<TakenBack> for TakenBackView {
    fn from(back: TakenBack) -> Self {
        let TakenBack { credit_id, why, at, parts } = back;
        Self { credit_id, why, at, parts: parts.into() }
    }
}

/// What a seller has of a part that was sold.
#[derive(Debug, Serialize, ToSchema)]
pub struct EarningView {
    seller_order_id: SellerOrderId,
    order_id: OrderId,
    #[schema(example = "M261122-000001")]
    order_number: String,
    payment_id: PaymentId,
    /// When it was paid for; of cash, when it was taken.
    sold_at: Timestamp,
    /// What was paid for. Cash is paid for what is left when it is taken.
    sale: PartsView,
    /// The oldest first.
    credits: Vec<TakenBackView>,
    /// The sale less its credits: `left.payable` is `pending` and `available` together.
    left: PartsView,
    /// What of it is not due yet: the time to return it is not over.
    pending: Money,
    /// What of it is due to be paid out, or was. Payouts are over many sales, and taken from the sum of them.
    available: Money,
}

fn view(sold: Sold, order_number: String, booked: Vec<Booked>) -> Result<EarningView, Error> {
    let earning = Earning::of(&sold, booked)?;
    Ok(EarningView {
        seller_order_id: sold.seller_order_id,
        order_id: sold.order_id,
        order_number,
        payment_id: sold.payment_id,
        sold_at: earning.sold_at,
        sale: earning.sale.into(),
        credits: earning.taken_back.into_iter().map(Into::into).collect(),
        left: earning.left.into(),
        pending: earning.pending,
        available: earning.available,
    })
}

/// Lists what a seller has of each part that was sold and paid for, newest first.
///
/// It shows how what the buyer paid becomes what the seller is owed: less commission, GST on it, tax collected at source
/// and income tax. The sums of `pending` and `available` are those of the balance, but for what was paid out, what was
/// charged for a financial year and what was written off.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/earnings", operation_id = "listVendorEarnings",
    tag = "payment", params(("vendor_id" = VendorId, Path), EarningsQuery, PageQuery),
    responses((status = 200, description = "A page of what was sold", body = Page<EarningView>)),
    security(("bearer" = ["seller"]), ("bearer" = ["staff"])),
)]
pub async fn list(
    State(app): State<App>,
    VendorSeen { vendor_id, .. }: SeenMoney,
    Query(query): Query<EarningsQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<EarningView>>, Problem> {
    let (rows, before) = (page.rows()?, page.cursor()?);
    let mut conn = app.db.read().await?;
    let listed = earnings::list(&mut conn, vendor_id, query.order_id, before, rows).await?;
    let page = Page::of(listed, page.limit, |(sold, _)| (sold.created_at, sold.seller_order_id));
    let parts: Vec<_> = page.items.iter().map(|(sold, _)| sold.seller_order_id).collect();
    let mut booked: HashMap<SellerOrderId, Vec<Booked>> = HashMap::new();
    for line in earnings::list_booked(&mut conn, vendor_id, &parts).await? {
        booked.entry(line.seller_order_id).or_default().push(line);
    }
    let Page { items, next } = page;
    let items = items.into_iter().map(|(sold, number)| {
        view(sold, number, booked.remove(&sold.seller_order_id).unwrap_or_default())
    });
    let items = items.collect::<Result<_, Error>>()?;
    Ok(Json(Page { items, next }))
}
