//! What a seller is owed, and the cash it took.

use axum::extract::State;
use chassis::auth::{VendorOf, VendorSeen};
use chassis::{Idempotent, Json, NoBody, Page, PageQuery, Path, Problem, Query};
use jiff::Timestamp;
use kernel::{Currency, Money, PaymentId, SellerOrderId, VendorId};
use serde::Serialize;
use utoipa::ToSchema;

use super::earnings::{PartsView, SeenMoney};
use crate::domain::PaymentProgress;
use crate::domain::statement::told;
use crate::store::balances;
use crate::store::earnings::{self, Made};
use crate::store::statements::{self, StatementLine};
use crate::usecases::Collected;
use crate::{App, usecases};

/// What a seller is owed.
#[derive(Debug, Serialize, ToSchema)]
pub struct BalanceView {
    vendor_id: VendorId,
    currency: Currency,
    /// Sold, and not due yet: the time to return it is not over.
    pending: Money,
    /// Due to be paid out. Negative when something was taken back that had been paid out: it is kept from the next sales.
    available: Money,
    /// Since when `available` is negative.
    #[schema(required)]
    owes_since: Option<Timestamp>,
}

/// A change of what a seller is owed.
#[derive(Debug, Serialize, ToSchema)]
pub struct LedgerLineView {
    /// Grows with time, with gaps.
    entry_id: i64,
    /// `vendor_payable_pending`: not due yet. `vendor_payable_available`: due to be paid out.
    #[schema(example = "vendor_payable_pending")]
    account: String,
    /// What brought it about: `capture:` and the payment, `cod:` and the seller order,
    /// `credit:` and the credit, `release:` and the seller order, `payout:` or `payout_back:` and the payout, `tds_late:` and the credit, `tds_year:` and a financial year: income tax
    /// that was deposited for sales that were taken back, and that the seller has as a credit at the tax office. `write_off:`: what
    /// the seller owed and owes no more.
    #[schema(example = "capture:01934e5f-0000-7000-8000-000000000040")]
    cause: String,
    /// The same in a seller's words, and why something was taken back: `sold`, `taken back: lost on its way`, `paid out`.
    #[schema(example = "taken back: sent back by the buyer")]
    what: String,
    /// Why something was taken back, as `../earnings` has it; `null` of everything else, and of what is too old.
    #[schema(required, example = "returned")]
    why: Option<String>,
    /// `null` for a payout.
    #[schema(required)]
    payment_id: Option<PaymentId>,
    #[schema(required)]
    seller_order_id: Option<SellerOrderId>,
    /// How much more the seller is owed by it; less, if negative.
    amount: Money,
    /// What the buyer's money is made of, where something was sold or taken back; negative if taken back.
    #[schema(required)]
    parts: Option<PartsView>,
    posted_at: Timestamp,
}

/// Lines with what their sales and credits are made of.
pub(super) fn lines(found: Vec<StatementLine>, made: &Made) -> Vec<LedgerLineView> {
    found.into_iter().map(|line| view(line, made)).collect()
}

fn view(line: StatementLine, made: &Made) -> LedgerLineView {
    let recipe = line.seller_order_id.and_then(|part| made.get(&(part, line.cause.clone())));
    let why = recipe.and_then(|recipe| recipe.why.clone());
    LedgerLineView {
        parts: recipe.map(|recipe| recipe.parts.into()),
        what: told(&line.cause, why.as_deref()),
        why,
        entry_id: line.posting_id,
        account: line.account,
        cause: line.cause,
        payment_id: line.payment_id,
        seller_order_id: line.seller_order_id,
        amount: line.amount,
        posted_at: line.posted_at,
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CollectedView {
    payment_id: PaymentId,
    seller_order_id: SellerOrderId,
    /// All that was due at the door for this seller order, without what was taken back before.
    collected: Money,
    collected_at: Timestamp,
    /// Of the whole payment: `cod_collected` once the cash of every seller order was taken.
    status: PaymentProgress,
}

fn collected(collected: &Collected) -> CollectedView {
    CollectedView {
        payment_id: collected.payment.id,
        seller_order_id: collected.seller_order,
        collected: collected.amount,
        collected_at: collected.at,
        status: collected.payment.status,
    }
}

/// Shows what a seller is owed, to its members and to staff who may see payments.
///
/// That is after commission, GST on it, and what is withheld for the tax offices in the seller's name: tax collected at
/// source, and income tax of 0.1 % of sales before GST from everybody with a PAN, small sellers too (5 % without one). Both
/// count towards the seller's own taxes.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/balance", operation_id = "getVendorBalance",
    tag = "payment", params(("vendor_id" = VendorId, Path)),
    responses((status = 200, description = "What is owed, in rupees", body = BalanceView)),
    security(("bearer" = ["seller"]), ("bearer" = ["staff"])),
)]
pub async fn balance(
    State(app): State<App>,
    VendorSeen { vendor_id, .. }: SeenMoney,
) -> Result<Json<BalanceView>, Problem> {
    let currency = Currency::Inr;
    let mut conn = app.db.read().await?;
    let owed = statements::balance(&mut conn, vendor_id, currency).await?;
    let owes_since = balances::find_since(&mut conn, vendor_id, currency).await?;
    let (pending, available) = (owed.pending, owed.available);
    Ok(Json(BalanceView { vendor_id, currency, pending, available, owes_since }))
}

/// Lists every change of what a seller is owed, newest first.
///
/// What something was sold for, and how that becomes what is owed, stands beside it as `parts`, and for each part that was
/// sold in `../earnings`.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/ledger", operation_id = "listVendorLedger",
    tag = "payment", params(("vendor_id" = VendorId, Path), PageQuery),
    responses((status = 200, description = "A page of the statement", body = Page<LedgerLineView>)),
    security(("bearer" = ["seller"]), ("bearer" = ["staff"])),
)]
pub async fn ledger(
    State(app): State<App>,
    VendorSeen { vendor_id, .. }: SeenMoney,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<LedgerLineView>>, Problem> {
    let (rows, before) = (page.rows()?, page.cursor::<i64>()?);
    let mut conn = app.db.read().await?;
    let found = statements::list(&mut conn, vendor_id, before, rows).await?;
    let Page { items, next } = Page::of(found, page.limit, |line| line.posting_id);
    let parts: Vec<_> = items.iter().filter_map(|line| line.seller_order_id).collect();
    let made = earnings::find_made(&mut conn, vendor_id, &parts).await?;
    Ok(Json(Page { items: lines(items, &made), next }))
}

/// Reports that the cash for a delivered order was taken.
///
/// All that is due is booked, once: reported again, it answers as before.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/orders/{seller_order_id}/cod-collected",
    operation_id = "collectCash", tag = "payment",
    params(
        ("vendor_id" = VendorId, Path),
        ("seller_order_id" = SellerOrderId, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "Keeps no answer: a repeated request is answered as things are then"),
    ),
    responses(
        (status = 200, description = "The cash is booked, now or before", body = CollectedView),
        (status = 409, description = "`payment/not-delivered`, or `payment/not-cod`: no cash is due", body = Problem),
    ),
    security(("bearer" = ["seller"])),
)]
pub async fn collect(
    State(app): State<App>,
    VendorOf { vendor_id, .. }: VendorOf,
    Path(path): Path<(VendorId, SellerOrderId)>,
    _: Idempotent<NoBody>,
) -> Result<Json<CollectedView>, Problem> {
    let (_, seller_order_id) = path;
    let taken = usecases::collect(&app, vendor_id, seller_order_id).await?;
    Ok(Json(collected(&taken)))
}
