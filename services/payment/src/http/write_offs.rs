//! Sellers who owe us, and what of it is written off: one member of staff proposes it and another one agrees.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::callers::may;
use chassis::auth::{Act, Caller, Staff};
use chassis::{Json, Page, PageQuery, Problem, Query, Tx};
use jiff::Timestamp;
use kernel::line::Line;
use kernel::{Currency, Money, VendorId, WriteOffId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::proposals::ProposalView;
use super::wish::Asked;
use crate::domain::debt::WriteOff;
use crate::domain::proposal::Proposal;
use crate::store::balances::{self, Listed};
use crate::store::proposals;
use crate::{App, usecases};

/// A seller who owes us: something was taken back after it was paid out.
#[derive(Debug, Serialize, ToSchema)]
pub struct OverdueBalanceView {
    vendor_id: VendorId,
    /// By how much the seller's `available` is below nothing. It is kept from what is released next.
    owed: Money,
    since: Timestamp,
    /// From when on it may be written off: sixty days later.
    lost_from: Timestamp,
    /// The write-off that waits for a second member of staff.
    #[schema(required)]
    proposed: Option<WriteOffId>,
}

impl From<Listed> for OverdueBalanceView {
    fn from(Listed { debt, proposed }: Listed) -> Self {
        Self {
            vendor_id: debt.vendor_id,
            owed: debt.owed,
            since: debt.since,
            lost_from: debt.lost_from(),
            proposed,
        }
    }
}

/// Lists the sellers who owe us, the longest first.
///
/// Of who has owed for thirty days `vendor_balance.overdue` is said; what has been owed for sixty may be written off.
#[utoipa::path(
    get, path = "/v1/admin/overdue-balances", operation_id = "listOverdueBalances", tag = "payment",
    params(PageQuery),
    responses((status = 200, description = "A page of sellers", body = Page<OverdueBalanceView>)),
    security(("bearer" = ["staff"])),
)]
pub async fn overdue(
    State(app): State<App>,
    _: Staff<may::ManagePayments>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<OverdueBalanceView>>, Problem> {
    let (rows, after) = (page.rows()?, page.cursor()?);
    let mut conn = app.db.read().await?;
    let listed = balances::list(&mut conn, Currency::Inr, after, rows).await?;
    let page = Page::of(listed, page.limit, |it| (it.debt.since, it.debt.vendor_id));
    Ok(Json(page.map(Into::into)))
}

/// What a seller owed and will not pay.
#[derive(Debug, Serialize, ToSchema)]
pub struct WriteOffView {
    write_off_id: WriteOffId,
    vendor_id: VendorId,
    amount: Money,
    reason: String,
    #[serde(flatten)]
    said: ProposalView,
}

impl From<Proposal<WriteOff>> for WriteOffView {
    fn from(Proposal { id, matter, said }: Proposal<WriteOff>) -> Self {
        let WriteOff { vendor_id, amount, reason } = matter;
        Self { write_off_id: id, vendor_id, amount, reason, said: said.into() }
    }
}

/// Lists what was written off or shall be, newest first.
#[utoipa::path(
    get, path = "/v1/admin/write-offs", operation_id = "listWriteOffs", tag = "payment", params(PageQuery),
    responses((status = 200, description = "A page of write-offs", body = Page<WriteOffView>)),
    security(("bearer" = ["staff"])),
)]
pub async fn list(
    State(app): State<App>,
    _: Staff<may::ManagePayments>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<WriteOffView>>, Problem> {
    let (rows, before) = (page.rows()?, page.cursor()?);
    let mut conn = app.db.read().await?;
    let listed = proposals::list(&mut conn, &json!({}), before, rows).await?;
    let page = Page::of(listed, page.limit, |(seq, _)| *seq);
    Ok(Json(page.map(|(_, write_off)| write_off.into())))
}

/// Whose debt is lost, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteOffRequest {
    vendor_id: VendorId,
    /// In a few words: the seller is gone, and what was tried.
    reason: Line<200>,
}

/// Proposes to write off all that a seller owes.
///
/// It has to be owed for sixty days. When a second member of staff approves it, it is the platform's loss, and what the seller
/// sells next is paid in full. One is proposed at a time: proposed again, it answers as before.
#[utoipa::path(
    post, path = "/v1/admin/write-offs", operation_id = "proposeWriteOff", tag = "payment",
    request_body = WriteOffRequest,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = 201, description = "It is `proposed`, now or before", body = WriteOffView),
        (status = 403, description = "`payment/own-seller`: nobody decides about the debt of a seller they act for", body = Problem),
        (status = 404, description = "`not-found`: this seller owes nothing", body = Problem),
        (status = 409, description = "`payment/not-writable-off`: it is not owed for sixty days, or a payout to the seller is on its way", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn propose(asked: Asked<WriteOffRequest>) -> Result<Response, Problem> {
    let propose = async |tx: &mut Tx, staff: &Caller, body: WriteOffRequest| {
        let words = body.reason.as_str().to_owned();
        let said = usecases::propose_write_off(tx, staff, body.vendor_id, words).await?;
        Ok((StatusCode::CREATED, WriteOffView::from(said)))
    };
    asked.once(Act::new("write_off.propose"), propose).await
}
