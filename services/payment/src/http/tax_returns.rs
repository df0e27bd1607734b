//! What staff hands in at the tax offices: months that are closed, by seller, state and head.

use axum::extract::State;
use axum::response::Response;
use chassis::auth::Staff;
use chassis::auth::callers::may;
use chassis::{Json, Path, Problem, Query};
use jiff::civil::Date;
use kernel::{Currency, Gstin, Money, StateCode, VendorId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::csv;
use crate::App;
use crate::domain::tax::{Heads, TaxKind};
use crate::domain::tax_period::{Quarter, TaxMonth};
use crate::error::Error;
use crate::store::tax_closings::{self, Closing};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Gstr8Query {
    /// The month; without it the last one that is closed.
    #[param(value_type = Option<String>, pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$", example = "2026-11")]
    month: Option<TaxMonth>,
}

/// What was collected at source from one seller on supplies to one state.
#[derive(Debug, Serialize, ToSchema)]
pub struct Gstr8RowView {
    vendor_id: VendorId,
    /// As it is now; `null` while it is not known.
    #[schema(required)]
    legal_name: Option<String>,
    /// As it was when the month was closed; `null` while it is not known.
    #[schema(required)]
    gstin: Option<Gstin>,
    /// GST state of the buyers; `null` of what was sold before it was kept.
    #[schema(required)]
    place_of_supply: Option<StateCode>,
    /// Taxable value of what was sold in the month.
    sold: Money,
    /// Taxable value of what was taken back in the month, whenever it was sold.
    taken_back: Money,
    /// What was collected on the difference; below nothing when more was taken back.
    net: Heads,
    /// What of earlier months was below nothing.
    carried: Money,
    /// What has to be deposited. What is below nothing is carried on.
    due: Heads,
}

/// A month of tax that was collected at source.
#[derive(Debug, Serialize, ToSchema)]
pub struct Gstr8View {
    month: TaxMonth,
    rows: Vec<Gstr8RowView>,
    /// Over all rows.
    net: Money,
    due: Money,
}

fn row(closing: Closing) -> Result<Option<Gstr8RowView>, Error> {
    let Some(vendor_id) = closing.vendor_id else { return Ok(None) };
    let supply = closing.supply;
    Ok(Some(Gstr8RowView {
        vendor_id,
        legal_name: closing.legal_name,
        gstin: closing.gstin,
        place_of_supply: closing.place_of_supply,
        sold: closing.sold,
        taken_back: closing.taken_back,
        net: Heads::of(closing.net, supply)?,
        carried: closing.carried,
        due: Heads::of(closing.due, supply)?,
    }))
}

async fn closed(app: &App, month: Option<TaxMonth>) -> Result<(TaxMonth, Vec<Closing>), Error> {
    let mut conn = app.db.read().await?;
    let month = match month {
        Some(month) => {
            let closed = tax_closings::count_closed(&mut conn, &[month.first()]).await?;
            (closed > 0).then_some(month)
        }
        None => tax_closings::last(&mut conn).await?.map(TaxMonth::of),
    };
    let month = month.ok_or(Error::NotFound)?;
    let rows = tax_closings::list(&mut conn, TaxKind::Tcs, &[month.first()]).await?;
    Ok((month, rows))
}

/// Shows what was collected at source in a month, as the return GSTR-8 asks for it.
///
/// Per seller, state of the buyers and head. A month is closed an hour after its end, by the calendar of India.
#[utoipa::path(
    get, path = "/v1/admin/tax/gstr8", operation_id = "getGstr8", tag = "payment",
    params(Gstr8Query),
    responses(
        (status = 200, description = "The month", body = Gstr8View),
        (status = 404, description = "`not-found`: the month is not closed", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn gstr8(
    State(app): State<App>,
    _: Staff<may::ManagePayments>,
    Query(query): Query<Gstr8Query>,
) -> Result<Json<Gstr8View>, Problem> {
    let (month, closings) = closed(&app, query.month).await?;
    let sum = |of: fn(&Closing) -> Money| {
        Money::sum(closings.iter().map(of), Currency::Inr).map_err(Error::from)
    };
    let (net, due) = (sum(|closing| closing.net)?, sum(|closing| closing.due)?);
    let rows = closings.into_iter().filter_map(|closing| row(closing).transpose());
    let rows = rows.collect::<Result<_, Error>>()?;
    Ok(Json(Gstr8View { month, rows, net, due }))
}

const GSTR8: [&str; 15] = [
    "gstin",
    "vendor_id",
    "place_of_supply",
    "sold",
    "taken_back",
    "net_value",
    "net_cgst",
    "net_sgst",
    "net_igst",
    "net_unknown",
    "carried",
    "due_cgst",
    "due_sgst",
    "due_igst",
    "legal_name",
];

/// Downloads what was collected at source in a month as a table, in rupees.
#[utoipa::path(
    get, path = "/v1/admin/tax/gstr8/{file}", operation_id = "getGstr8File", tag = "payment",
    params(("file" = String, Path, description = "The month, as `2026-11.csv`")),
    responses(
        (status = 200, description = "A line per seller and state of the buyers", content_type = "text/csv", body = String),
        (status = 404, description = "`not-found`: that is no month that is closed", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn gstr8_file(
    State(app): State<App>,
    _: Staff<may::ManagePayments>,
    Path(file): Path<String>,
) -> Result<Response, Problem> {
    let month = csv::stem(&file).and_then(TaxMonth::parse).ok_or(Error::NotFound)?;
    let (_, closings) = closed(&app, Some(month)).await?;
    let mut lines = vec![csv::head(&GSTR8)];
    for closing in closings {
        lines.extend(row(closing)?.map(gstr8_line).transpose()?);
    }
    Ok(csv::file(&format!("gstr8-{month}"), &lines))
}

fn gstr8_line(row: Gstr8RowView) -> Result<Vec<String>, Error> {
    let mut line = vec![
        row.gstin.map(|gstin| gstin.to_string()).unwrap_or_default(),
        row.vendor_id.to_string(),
        row.place_of_supply.map(|state| state.to_string()).unwrap_or_default(),
    ];
    let (net, due) = (row.net, row.due);
    let value = [row.sold, row.taken_back, row.sold.sub(row.taken_back)?];
    let heads = [net.cgst, net.sgst, net.igst, net.unknown, row.carried];
    let amounts = value.into_iter().chain(heads).chain([due.cgst, due.sgst, due.igst]);
    line.extend(amounts.map(csv::rupees));
    line.push(csv::words(&row.legal_name.unwrap_or_default()));
    Ok(line)
}

const TDS: [&str; 9] =
    ["pan", "vendor_id", "month", "sold", "taken_back", "net", "carried", "due", "legal_name"];

/// Downloads the income tax that was deducted from sellers in a quarter of the financial year, as a table, in rupees.
///
/// A line per seller and month. `sold` is without GST; `net` is what was deducted, less what was taken back of the month's
/// own sales and what was set off. `pan` is empty of a seller without a GSTIN: `POST /v1/admin/tax/sellers` answers it.
#[utoipa::path(
    get, path = "/v1/admin/tax/tds/{file}", operation_id = "getTdsFile", tag = "payment",
    params(("file" = String, Path, description = "The quarter, as `2026-27-Q3.csv`: from October to December 2026")),
    responses(
        (status = 200, description = "The months of it that are closed", content_type = "text/csv", body = String),
        (status = 404, description = "`not-found`: no month of it is closed", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn tds_file(
    State(app): State<App>,
    _: Staff<may::ManagePayments>,
    Path(file): Path<String>,
) -> Result<Response, Problem> {
    let quarter = csv::stem(&file).and_then(Quarter::parse).ok_or(Error::NotFound)?;
    let months: [Date; 3] = quarter.months();
    let mut conn = app.db.read().await?;
    if tax_closings::count_closed(&mut conn, &months).await? == 0 {
        return Err(Error::NotFound.into());
    }
    let closings = tax_closings::list(&mut conn, TaxKind::Tds, &months).await?;
    let mut lines = vec![csv::head(&TDS)];
    lines.extend(closings.into_iter().map(tds_line));
    Ok(csv::file(&format!("tds-{quarter}"), &lines))
}

fn tds_line(closing: Closing) -> Vec<String> {
    let pan = closing.gstin.map(|gstin| gstin.pan().as_str().to_owned());
    let mut line = vec![
        pan.unwrap_or_default(),
        closing.vendor_id.map(|vendor| vendor.to_string()).unwrap_or_default(),
        closing.month.to_string(),
    ];
    let amounts = [closing.sold, closing.taken_back, closing.net, closing.carried, closing.due];
    line.extend(amounts.map(csv::rupees));
    line.push(csv::words(&closing.legal_name.unwrap_or_default()));
    line
}
