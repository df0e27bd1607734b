//! Staff's view of money that goes to sellers.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::Staff;
use chassis::auth::callers::may;
use chassis::{Idempotent, Json, NoBody, Page, Path, Problem, Query, Tx, page};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Money, PayoutId, VendorId};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use utoipa::{IntoParams, ToSchema};

use super::csv;
use crate::domain::{Payout, PayoutStatus};
use crate::error::Error;
use crate::store::payouts;
use crate::{App, usecases};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PayoutsQuery {
    /// Only payouts of this state.
    state: Option<PayoutStatus>,
    /// Only payouts of the run of this day.
    #[serde(default, deserialize_with = "a_day")]
    #[param(value_type = Option<String>, format = Date)]
    run: Option<Date>,
    /// How many items, 1 to 100.
    #[serde(default = "chassis::page::default_limit")]
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: i64,
    /// The `next` of the page before.
    #[param(max_length = 1000, pattern = "^[A-Za-z0-9_-]+$")]
    after: Option<String>,
}

/// In our words where it is none: the parser's name its own types.
fn a_day<'de, D: Deserializer<'de>>(query: D) -> Result<Option<Date>, D::Error> {
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
    /// After `failed` and `returned` the seller is owed it again, and the next run pays it.
    state: PayoutStatus,
    /// `null` until the provider has accepted it.
    #[schema(required)]
    provider_payout_id: Option<String>,
    /// The bank's number for the transfer (UTR).
    #[schema(required)]
    bank_reference: Option<String>,
    /// Why it came to nothing.
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
    }
}

/// Lists payouts to sellers, newest first.
#[utoipa::path(
    get, path = "/v1/admin/payouts", operation_id = "listPayouts", tag = "payment",
    params(PayoutsQuery),
    responses((status = 200, description = "A page of payouts", body = Page<PayoutView>)),
    security(("bearer" = ["staff"])),
)]
pub async fn list(
    State(app): State<App>,
    _: Staff<may::ManagePayments>,
    Query(query): Query<PayoutsQuery>,
) -> Result<Json<Page<PayoutView>>, Problem> {
    let rows = page::rows(query.limit)?;
    let before = page::cursor::<i64>(query.after.as_deref())?;
    let mut conn = app.db.read().await?;
    let listed = payouts::list(&mut conn, query.state, query.run, before, rows).await?;
    let page = Page::of(listed, query.limit, |(seq, _)| *seq);
    Ok(Json(page.map(|(_, payout)| view(payout))))
}

/// The run of a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunView {
    /// The day, by the calendar of India.
    #[schema(value_type = String, format = Date)]
    run: Date,
    /// Who is paid now, because enough is there for them and they were not paid today.
    vendors: Vec<VendorId>,
}

/// Pays today what is due to sellers, without waiting for the day of the week.
///
/// A seller is paid once a day at most: asked again, it pays those for whom something came free meanwhile. Look at the
/// list of payouts for what becomes of them.
#[utoipa::path(
    post, path = "/v1/admin/payouts/run", operation_id = "runPayouts", tag = "payment",
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 202, description = "The run goes on; nobody may be due", body = RunView)),
    security(("bearer" = ["staff"])),
)]
pub async fn run(
    State(app): State<App>,
    staff: Staff<may::ManagePayments>,
    once: Idempotent<NoBody>,
) -> Result<Response, Problem> {
    let begin = async |tx: &mut Tx, _| {
        let (run, vendors) = usecases::run_payouts(&app, tx).await?;
        Ok((StatusCode::ACCEPTED, RunView { run, vendors }))
    };
    once.answer(&app.db, &staff.caller.user_id.to_string(), begin).await
}

const COLUMNS: [&str; 7] =
    ["reference", "beneficiary", "amount", "currency", "state", "bank_reference", "requested_at"];
/// More than a run has sellers.
const ALL: i64 = 1_000_000;

/// Downloads the payouts of a run as a table, for an upload at a bank.
///
/// Sellers are named by their ids, under which the bank has their accounts.
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
    let listed = payouts::list(&mut conn, None, Some(day), None, ALL).await?;
    let mut rows = vec![csv::head(&COLUMNS)];
    rows.extend(listed.into_iter().rev().map(|(_, payout)| row(payout)));
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
