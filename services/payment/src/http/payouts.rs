//! Staff's view of money that goes to sellers.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::callers::may;
use chassis::auth::{Act, Caller, Staff};
use chassis::{Json, NoBody, Page, PageQuery, Path, Problem, Tx};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::ids::PayoutMark;
use kernel::line::Line;
use kernel::{Money, PayoutId, UserId, VendorId};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use utoipa::{IntoParams, ToSchema};

use super::csv;
use super::look::Look;
use super::wish::{Asked, Wish};
use crate::domain::{Payout, PayoutStatus};
use crate::error::Error;
use crate::store::payouts::{self, Filter};
use crate::{App, usecases};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PayoutsQuery {
    /// Only payouts of this state.
    state: Option<PayoutStatus>,
    /// Only payouts of the run of this day.
    #[serde(default, deserialize_with = "a_day")]
    #[param(value_type = Option<String>, format = Date)]
    run: Option<Date>,
}

/// In our words where it is none: the parser's name its own types.
pub(super) fn a_day<'de, D: Deserializer<'de>>(query: D) -> Result<Option<Date>, D::Error> {
    let text = Option::<String>::deserialize(query)?;
    let day = text.map(|text| text.parse()).transpose();
    day.map_err(|_: jiff::Error| D::Error::custom("must be a day, such as 2026-11-30"))
}

/// Money on its way to a seller.
#[derive(Debug, Serialize, ToSchema)]
pub struct PayoutView {
    payout_id: PayoutId,
    vendor_id: VendorId,
    /// The day of the run that made it, by the calendar of India.
    #[schema(value_type = String, format = Date)]
    run: Date,
    amount: Money,
    /// After `failed`, `returned` and `held` the seller is owed it again, and the next run pays it.
    state: PayoutStatus,
    /// `null` until the provider has accepted it.
    #[schema(required)]
    provider_payout_id: Option<String>,
    /// The bank's number for the transfer (UTR).
    #[schema(required)]
    bank_reference: Option<String>,
    /// Why it came to nothing; of what was held, in staff's words. While it is `requested`: why it is held unless the provider
    /// has it.
    #[schema(required, example = "no_bank_account")]
    reason: Option<String>,
    requested_at: Timestamp,
    #[schema(required)]
    accepted_at: Option<Timestamp>,
    #[schema(required)]
    paid_at: Option<Timestamp>,
    /// When it came to nothing.
    #[schema(required)]
    back_at: Option<Timestamp>,
    /// Who of staff began its run; `null` where it began by itself.
    #[schema(required)]
    begun_by: Option<UserId>,
    /// Who of staff let it go, or held it.
    #[schema(required)]
    decided_by: Option<UserId>,
    #[schema(required)]
    decided_at: Option<Timestamp>,
}

fn view(payout: Payout) -> PayoutView {
    PayoutView {
        payout_id: payout.id,
        vendor_id: payout.vendor_id,
        run: payout.run_on,
        amount: payout.amount,
        state: payout.status,
        provider_payout_id: payout.provider_payout_id,
        bank_reference: payout.bank_reference,
        reason: payout.reason,
        requested_at: payout.requested_at,
        accepted_at: payout.accepted_at,
        paid_at: payout.paid_at,
        back_at: payout.back_at,
        begun_by: payout.begun_by,
        decided_by: payout.decided_by,
        decided_at: payout.decided_at,
    }
}

/// Lists payouts to sellers, newest first.
#[utoipa::path(
    get, path = "/v1/admin/payouts", operation_id = "listPayouts", tag = "payment",
    params(PayoutsQuery, PageQuery),
    responses((status = 200, description = "A page of payouts", body = Page<PayoutView>)),
    security(("bearer" = ["staff"])),
)]
pub async fn list(mut look: Look<PayoutsQuery>) -> Result<Json<Page<PayoutView>>, Problem> {
    let PayoutsQuery { state: status, run } = look.query;
    let filter = Filter { vendor: None, status, first_run: run, last_run: run };
    let listed = payouts::list(&mut look.conn, filter, look.before, look.rows).await?;
    Ok(Json(look.page(listed, |(seq, _)| *seq).map(|(_, payout)| view(payout))))
}

/// The run of a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunView {
    /// The day, by the calendar of India.
    #[schema(value_type = String, format = Date)]
    run: Date,
    /// Who is paid now, because enough is there for them and they were not paid today; who changed the bank account lately
    /// a day after that.
    vendors: Vec<VendorId>,
}

/// Pays today what is due to sellers, without waiting for the day of the week.
///
/// A seller is paid once a day at most: asked again, it pays those for whom something came free meanwhile. Look at the
/// list of payouts for what becomes of them. Large ones wait there for somebody else to approve them.
#[utoipa::path(
    post, path = "/v1/admin/payouts/run", operation_id = "runPayouts", tag = "payment",
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 202, description = "The run goes on; nobody may be due", body = RunView)),
    security(("bearer" = ["staff"])),
)]
pub async fn run(asked: Asked<NoBody>) -> Result<Response, Problem> {
    let app = asked.app.clone();
    let begin = async |tx: &mut Tx, staff: &Caller, _| {
        let (run, vendors) = usecases::run_payouts(&app, tx, staff.user_id).await?;
        Ok((StatusCode::ACCEPTED, RunView { run, vendors }))
    };
    asked.once(Act::new("payouts.run"), begin).await
}

/// Lets a large payout go.
///
/// Whoever began its run cannot. Approved again by the same person, it answers as before.
#[utoipa::path(
    post, path = "/v1/admin/payouts/{payout_id}/approve", operation_id = "approvePayout", tag = "payment",
    request_body(content = NoBody),
    params(
        ("payout_id" = PayoutId, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, description = "It goes to the provider, now or before", body = PayoutView),
        (status = 403, description = "`payment/own-approval`: nobody approves a payout of a run they began; `payment/own-seller`: nobody decides about a payout to a seller they act for", body = Problem),
        (status = 409, description = "`payment/nothing-to-approve`: it does not wait; `payment/payout-not-covered`: something was taken back meanwhile", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn approve(wish: Wish<PayoutMark>) -> Result<Response, Problem> {
    let id = wish.id;
    let approve = async |tx: &mut Tx, staff: &Caller, _| {
        usecases::refuse_own_payout(tx, id, staff).await?;
        Ok((StatusCode::OK, view(usecases::approve_payout(tx, id, staff.user_id).await?)))
    };
    wish.once("payout.approve", approve).await
}

/// Why a payout is not let go.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldPayoutRequest {
    /// In a few words, for the seller.
    reason: Line<200>,
}

/// Does not let a payout go that the provider does not have yet.
///
/// One that waits, or is `requested` and waits for a day because the seller changed its bank account, is `held`, and the
/// seller is owed it again: the next run makes another one. Where the provider was asked and did not answer it may have it:
/// the payout stays `requested`, with the `reason`, and is `held` as soon as the provider is known not to have it. Whoever
/// began its run may hold it, too. Held again, it answers as before.
#[utoipa::path(
    post, path = "/v1/admin/payouts/{payout_id}/hold", operation_id = "holdPayout", tag = "payment",
    request_body = HoldPayoutRequest,
    params(
        ("payout_id" = PayoutId, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 200, description = "It is held, or will be unless the provider has it, now or before", body = PayoutView),
        (status = 403, description = "`payment/own-seller`: nobody decides about a payout to a seller they act for", body = Problem),
        (status = 409, description = "`payment/nothing-to-approve`: the provider has it, or it came to nothing", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn hold(wish: Wish<PayoutMark, HoldPayoutRequest>) -> Result<Response, Problem> {
    let id = wish.id;
    let hold = async |tx: &mut Tx, staff: &Caller, body: HoldPayoutRequest| {
        usecases::refuse_own_payout(tx, id, staff).await?;
        let held = usecases::hold_payout(tx, id, staff.user_id, body.reason.as_str()).await?;
        Ok((StatusCode::OK, view(held)))
    };
    wish.once("payout.hold", hold).await
}

const COLUMNS: [&str; 7] =
    ["reference", "beneficiary", "amount", "currency", "state", "bank_reference", "requested_at"];
/// More than a run has sellers.
const ALL: i64 = 1_000_000;

/// Downloads the payouts of a run as a table, for an upload at a bank.
///
/// Sellers are named by their ids, under which the bank has their accounts. What waits for a second member of staff, or was
/// held, is not in it.
#[utoipa::path(
    get, path = "/v1/admin/payouts/{file}", operation_id = "getPayoutFile", tag = "payment",
    params(("file" = String, Path, description = "The day of the run, as `2026-11-30.csv`")),
    responses(
        (status = 200, description = "The table", content_type = "text/csv", body = String),
        (status = 404, description = "`not-found`: there was no run on that day", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn file(
    State(app): State<App>,
    _: Staff<may::ManagePayments>,
    Path(file): Path<String>,
) -> Result<Response, Problem> {
    let day = csv::stem(&file).and_then(|day| day.parse::<Date>().ok());
    let day = day.ok_or(Error::NotFound)?;
    let mut conn = app.db.read().await?;
    if !payouts::is_run(&mut conn, day).await? {
        return Err(Error::NotFound.into());
    }
    let filter = Filter { first_run: Some(day), last_run: Some(day), ..Filter::default() };
    let listed = payouts::list(&mut conn, filter, None, ALL).await?;
    let mut rows = vec![csv::head(&COLUMNS)];
    let let_go = listed.into_iter().map(|(_, payout)| payout).filter(Payout::is_let_go);
    rows.extend(let_go.rev().map(row));
    Ok(csv::file(&format!("payouts-{day}"), &rows))
}

fn row(payout: Payout) -> Vec<String> {
    vec![
        payout.key(),
        payout.vendor_id.to_string(),
        csv::rupees(payout.amount),
        payout.amount.currency().to_string(),
        payout.status.into_str().to_owned(),
        payout.bank_reference.unwrap_or_default(),
        payout.requested_at.to_string(),
    ]
}
