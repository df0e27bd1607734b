//! Statements: what a seller was owed in a month or a week, posting by posting.

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use chassis::auth::VendorSeen;
use chassis::{Json, Path, Problem};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Currency, VendorId};
use serde::Serialize;
use utoipa::ToSchema;

use super::csv;
use super::earnings::SeenMoney;
use crate::domain::calendar;
use crate::domain::earning::Parts;
use crate::domain::period::Period;
use crate::domain::statement::{Balance, Entry, Statement, reason};
use crate::error::Error;
use crate::store::{sellers, statements};
use crate::{App, pdf};

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
    /// Whether it is over. Until then its statement grows, and ends with the `balance so far`.
    is_over: bool,
}

/// The statements of a seller, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatementsView {
    vendor_id: VendorId,
    months: Vec<PeriodView>,
    /// From Monday to Sunday, as ISO 8601 numbers them.
    weeks: Vec<PeriodView>,
}

fn view(period: Period, now: Timestamp) -> PeriodView {
    PeriodView {
        period: period.to_string(),
        first: period.first(),
        last: period.last(),
        is_over: period.is_over(now),
    }
}

/// Lists the months and weeks in which something happened to what a seller is owed.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/statements", operation_id = "listVendorStatements",
    tag = "payment", params(("vendor_id" = VendorId, Path)),
    responses((status = 200, description = "Months and weeks, by the calendar of India", body = StatementsView)),
    security(("bearer" = ["seller"]), ("bearer" = ["staff"])),
)]
pub async fn list(
    State(app): State<App>,
    VendorSeen { vendor_id, .. }: SeenMoney,
) -> Result<Json<StatementsView>, Problem> {
    let mut tx = app.db.begin().await?;
    let now = tx.now();
    let days = statements::list_days(tx.conn(), vendor_id).await?;
    drop(tx);
    let periods = |of: fn(Date) -> Period| {
        let mut all: Vec<Period> = days.iter().map(|day| of(*day)).collect();
        all.dedup();
        all.into_iter().map(|period| view(period, now)).collect()
    };
    let (months, weeks) = (periods(Period::month_of), periods(Period::week_of));
    Ok(Json(StatementsView { vendor_id, months, weeks }))
}

const COLUMNS: [&str; 14] = [
    "date",
    "order_number",
    "what",
    "cause",
    "account",
    "amount",
    "pending",
    "available",
    "gross",
    "commission",
    "commission_tax",
    "tcs",
    "tds",
    "why",
];

/// The file.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only describes what is answered")]
struct Pdf(Vec<u8>);

/// How a statement is written.
#[derive(Debug, Clone, Copy)]
enum Form {
    Table,
    Paper,
}

/// The period and the form that a file's name stands for.
fn read(file: &str) -> Option<(Period, Form)> {
    let (period, form) = match file.strip_suffix(".pdf") {
        Some(period) => (period, Form::Paper),
        None => (csv::stem(file)?, Form::Table),
    };
    Some((Period::parse(period)?, form))
}

/// Downloads the statement of a month or a week, as a table or to be printed: every posting, in rupees.
///
/// `pending` and `available` are what the seller is owed after each line. A negative `available` is kept from what is
/// released next. Of what was sold or taken back, `gross` is what the buyer paid or gets; `amount` is that less commission,
/// GST on it, TCS and TDS, which stand beside it. `why` says why something was taken back. The last line is the `closing
/// balance`, or the `balance so far` of today when the period is not over.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/statements/{file}", operation_id = "getVendorStatement",
    tag = "payment",
    params(
        ("vendor_id" = VendorId, Path),
        ("file" = String, Path, description = "The period, as `2026-11.csv` or `2026-W48.csv`; `2026-11.pdf` to be printed"),
    ),
    responses(
        (
            status = 200, description = "From the opening to the closing balance, or the balance so far",
            content(
                (String = "text/csv"),
                (inline(Pdf) = "application/pdf"),
            ),
        ),
        (status = 404, description = "`not-found`: that is no period, or one that has not begun", body = Problem),
    ),
    security(("bearer" = ["seller"]), ("bearer" = ["staff"])),
)]
pub async fn file(
    State(app): State<App>,
    VendorSeen { vendor_id, .. }: SeenMoney,
    Path(path): Path<(VendorId, String)>,
) -> Result<Response, Problem> {
    let (period, form) = read(&path.1).ok_or(Error::NotFound)?;
    let (start, end) = period.bounds();
    let mut tx = app.db.begin().await?;
    let now = tx.now();
    if !period.has_begun(now) {
        return Err(Error::NotFound.into());
    }
    // All looks are at one moment.
    statements::freeze(tx.conn()).await?;
    let opening = statements::balance_before(tx.conn(), vendor_id, Currency::Inr, start).await?;
    let entries = statements::list_between(tx.conn(), vendor_id, Currency::Inr, start, end).await?;
    let seller = sellers::find_named(tx.conn(), vendor_id).await?;
    drop(tx);
    let statement = Statement::of(period, opening, entries).map_err(Error::from)?;
    let name = format!("statement-{period}");
    match form {
        Form::Table => Ok(csv::file(&name, &table(statement, now))),
        Form::Paper => {
            let seller = pdf::Seller::named(seller, vendor_id);
            let platform = app.settings.platform.clone();
            let sheet = move || pdf::statement(&statement, seller, &platform, now);
            Ok(paper(&name, app.press.print(sheet).await.map_err(Error::Print)?))
        }
    }
}

fn table(statement: Statement, now: Timestamp) -> Vec<Vec<String>> {
    let period = statement.period;
    let last = total(period.last_until(now), statement.last_words(now), statement.closing);
    let opening = total(period.first(), "opening balance", statement.opening);
    let mut rows = vec![csv::head(&COLUMNS), opening];
    rows.extend(statement.lines.into_iter().map(row));
    rows.push(last);
    rows
}

fn total(day: Date, what: &str, balance: Balance) -> Vec<String> {
    let mut row = vec![day.to_string(), String::new(), what.to_owned()];
    row.extend([String::new(), String::new(), String::new()]);
    row.extend([csv::rupees(balance.pending), csv::rupees(balance.available)]);
    row.extend(made_of(None));
    row.push(String::new());
    row
}

/// What the buyer's money is made of beside the seller's own.
fn made_of(parts: Option<Parts>) -> [String; 5] {
    let Some(parts) = parts else { return Default::default() };
    [parts.gross, parts.commission, parts.commission_tax, parts.tcs, parts.tds].map(csv::rupees)
}

fn row((entry, balance): (Entry, Balance)) -> Vec<String> {
    let account = if entry.is_pending() { "pending" } else { "available" };
    let what = entry.what().to_owned();
    let why = entry.why.as_deref().and_then(reason).unwrap_or_default();
    let mut row = vec![
        calendar::date(entry.posted_at).to_string(),
        entry.order_number.unwrap_or_default(),
        what,
        entry.cause,
        account.to_owned(),
        csv::rupees(entry.amount),
        csv::rupees(balance.pending),
        csv::rupees(balance.available),
    ];
    row.extend(made_of(entry.parts));
    row.push(why.to_owned());
    row
}

/// A document of this name.
fn paper(name: &str, bytes: Vec<u8>) -> Response {
    let kind = (CONTENT_TYPE, "application/pdf".to_owned());
    let named = (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.pdf\""));
    ([kind, named], bytes).into_response()
}
