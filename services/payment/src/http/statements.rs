//! Statements: what a seller was owed in a month or a week, posting by posting.

use axum::extract::State;
use axum::response::Response;
use chassis::auth::VendorOf;
use chassis::{Json, Path, Problem};
use jiff::civil::Date;
use kernel::{Currency, VendorId};
use serde::Serialize;
use utoipa::ToSchema;

use super::csv;
use crate::App;
use crate::domain::calendar;
use crate::domain::ledger::PENDING;
use crate::domain::period::Period;
use crate::error::Error;
use crate::store::statements::{self, Balance, Entry};

/// A time with something in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PeriodView {
    /// Its name.
    #[schema(example = "2026-11")]
    period: String,
    #[schema(value_type = String, format = Date)]
    first: Date,
    #[schema(value_type = String, format = Date)]
    last: Date,
}

/// The statements of a seller, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatementsView {
    vendor_id: VendorId,
    months: Vec<PeriodView>,
    /// From Monday to Sunday, as ISO 8601 numbers them.
    weeks: Vec<PeriodView>,
}

fn view(period: Period) -> PeriodView {
    PeriodView { period: period.to_string(), first: period.first(), last: period.last() }
}

/// Lists the months and weeks in which something happened to what a seller is owed.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/statements", operation_id = "listVendorStatements",
    tag = "payment", params(("vendor_id" = VendorId, Path)),
    responses((status = 200, description = "Months and weeks, by the calendar of India", body = StatementsView)),
    security(("bearer" = ["seller"])),
)]
pub async fn list(
    State(app): State<App>,
    VendorOf { vendor_id, .. }: VendorOf,
) -> Result<Json<StatementsView>, Problem> {
    let mut conn = app.db.read().await?;
    let days = statements::list_days(&mut conn, vendor_id).await?;
    let periods = |of: fn(Date) -> Period| {
        let mut all: Vec<Period> = days.iter().map(|day| of(*day)).collect();
        all.dedup();
        all.into_iter().map(view).collect()
    };
    let (months, weeks) = (periods(Period::month_of), periods(Period::week_of));
    Ok(Json(StatementsView { vendor_id, months, weeks }))
}

const COLUMNS: [&str; 8] =
    ["date", "order_number", "what", "cause", "account", "amount", "pending", "available"];

/// Downloads the statement of a month or a week as a table: every posting, in rupees.
///
/// `pending` and `available` are what the seller is owed after each line. A negative `available` is kept from what is
/// released next.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/statements/{file}", operation_id = "getVendorStatement",
    tag = "payment",
    params(
        ("vendor_id" = VendorId, Path),
        ("file" = String, Path, description = "The period, as `2026-11.csv` or `2026-W48.csv`"),
    ),
    responses(
        (status = 200, description = "The table, from the opening to the closing balance", content_type = "text/csv", body = String),
        (status = 404, description = "`not-found`: that is no period", body = Problem),
    ),
    security(("bearer" = ["seller"])),
)]
pub async fn file(
    State(app): State<App>,
    VendorOf { vendor_id, .. }: VendorOf,
    Path(path): Path<(VendorId, String)>,
) -> Result<Response, Problem> {
    let period = csv::stem(&path.1).and_then(Period::parse).ok_or(Error::NotFound)?;
    let (start, end) = period.bounds();
    let mut tx = app.db.begin().await?;
    // Both looks are at one moment.
    statements::freeze(tx.conn()).await?;
    let opening = statements::balance_before(tx.conn(), vendor_id, Currency::Inr, start).await?;
    let entries = statements::list_between(tx.conn(), vendor_id, Currency::Inr, start, end).await?;
    let rows = table(period, opening, entries)?;
    Ok(csv::file(&format!("statement-{period}"), &rows))
}

fn table(period: Period, opening: Balance, entries: Vec<Entry>) -> Result<Vec<Vec<String>>, Error> {
    let mut balance = opening;
    let mut rows = vec![csv::head(&COLUMNS), total(period.first(), "opening balance", balance)];
    for entry in entries {
        let side =
            if entry.account == PENDING { &mut balance.pending } else { &mut balance.available };
        *side = side.add(entry.amount)?;
        rows.push(row(entry, balance));
    }
    rows.push(total(period.last(), "closing balance", balance));
    Ok(rows)
}

fn total(day: Date, what: &str, balance: Balance) -> Vec<String> {
    let mut row = vec![day.to_string(), String::new(), what.to_owned()];
    row.extend([String::new(), String::new(), String::new()]);
    row.extend([csv::rupees(balance.pending), csv::rupees(balance.available)]);
    row
}

fn row(entry: Entry, balance: Balance) -> Vec<String> {
    let account = if entry.account == PENDING { "pending" } else { "available" };
    let what = what(&entry.cause).to_owned();
    vec![
        calendar::date(entry.posted_at).to_string(),
        entry.order_number.unwrap_or_default(),
        what,
        entry.cause,
        account.to_owned(),
        csv::rupees(entry.amount),
        csv::rupees(balance.pending),
        csv::rupees(balance.available),
    ]
}

/// What brought a posting about, in a seller's words.
fn what(cause: &str) -> &str {
    let kind = cause.split_once(':').map_or(cause, |(kind, _)| kind);
    match kind {
        "capture" => "sold",
        "cod" => "sold for cash",
        "credit" => "taken back",
        "release" => "released",
        "payout" => "paid out",
        "payout_back" => "payout came back",
        _ => kind,
    }
}
