//! What a seller was paid.

use axum::extract::State;
use chassis::auth::VendorSeen;
use chassis::{Json, Page, PageQuery, Path, Problem, Query};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Money, PayoutId, VendorId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::earnings::SeenMoney;
use super::payouts::a_day;
use super::vendors::{LedgerLineView, lines};
use crate::App;
use crate::domain::{Payout, PayoutStatus};
use crate::error::Error;
use crate::store::earnings::Made;
use crate::store::payouts::{self, Filter};
use crate::store::statements;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VendorPayoutsQuery {
    /// Only payouts of this state.
    state: Option<PayoutStatus>,
    /// Only payouts of this day and later.
    #[serde(default, deserialize_with = "a_day")]
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// Only payouts of this day and before.
    #[serde(default, deserialize_with = "a_day")]
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
}

/// A payout, as its seller sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct VendorPayoutView {
    payout_id: PayoutId,
    /// The day on which sellers were paid, by the calendar of India.
    #[schema(value_type = String, format = Date)]
    run: Date,
    amount: Money,
    /// After `failed`, `returned` and `held` the amount is available again, and the next run pays it.
    state: PayoutStatus,
    /// The bank's number for the transfer (UTR).
    #[schema(required)]
    bank_reference: Option<String>,
    /// Why it came to nothing; of what was held, in staff's words.
    #[schema(required, example = "no_bank_account")]
    reason: Option<String>,
    requested_at: Timestamp,
    #[schema(required)]
    paid_at: Option<Timestamp>,
    /// When it came to nothing.
    #[schema(required)]
    back_at: Option<Timestamp>,
}

fn view(payout: Payout) -> VendorPayoutView {
    VendorPayoutView {
        payout_id: payout.id,
        run: payout.run_on,
        amount: payout.amount,
        state: payout.status,
        bank_reference: payout.bank_reference,
        reason: payout.reason,
        requested_at: payout.requested_at,
        paid_at: payout.paid_at,
        back_at: payout.back_at,
    }
}

/// A payout with what was booked for it.
#[derive(Debug, Serialize, ToSchema)]
pub struct VendorPayoutBooksView {
    #[serde(flatten)]
    payout: VendorPayoutView,
    /// Newest first: what left `available` for it, and what came back.
    postings: Vec<LedgerLineView>,
}

/// Lists what a seller was paid, newest first.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/payouts", operation_id = "listVendorPayouts",
    tag = "payment", params(("vendor_id" = VendorId, Path), VendorPayoutsQuery, PageQuery),
    responses((status = 200, description = "A page of payouts", body = Page<VendorPayoutView>)),
    security(("bearer" = ["seller"]), ("bearer" = ["staff"])),
)]
pub async fn list(
    State(app): State<App>,
    VendorSeen { vendor_id, .. }: SeenMoney,
    Query(query): Query<VendorPayoutsQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<VendorPayoutView>>, Problem> {
    let (rows, before) = (page.rows()?, page.cursor()?);
    let filter = Filter {
        vendor: Some(vendor_id),
        status: query.state,
        first_run: query.from,
        last_run: query.to,
    };
    let mut conn = app.db.read().await?;
    let listed = payouts::list(&mut conn, filter, before, rows).await?;
    let page = Page::of(listed, page.limit, |(seq, _)| *seq);
    Ok(Json(page.map(|(_, payout)| view(payout))))
}

/// Shows one payout, with what was booked for it.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/payouts/{payout_id}", operation_id = "getVendorPayout",
    tag = "payment", params(("vendor_id" = VendorId, Path), ("payout_id" = PayoutId, Path)),
    responses((status = 200, description = "The payout", body = VendorPayoutBooksView)),
    security(("bearer" = ["seller"]), ("bearer" = ["staff"])),
)]
pub async fn show(
    State(app): State<App>,
    VendorSeen { vendor_id, .. }: SeenMoney,
    Path(path): Path<(VendorId, PayoutId)>,
) -> Result<Json<VendorPayoutBooksView>, Problem> {
    let (_, id) = path;
    let mut conn = app.db.read().await?;
    let found = payouts::find(&mut conn, id).await?;
    let payout = found.filter(|payout| payout.vendor_id == vendor_id).ok_or(Error::NotFound)?;
    let posted = statements::list_of_payout(&mut conn, vendor_id, id).await?;
    // It is of no sale.
    let postings = lines(posted, &Made::new());
    Ok(Json(VendorPayoutBooksView { payout: view(payout), postings }))
}
