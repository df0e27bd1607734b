//! What was paid to the tax offices: one member of staff reports it and another one agrees.

use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::{Act, Caller};
use chassis::{Json, Page, PageQuery, Problem, Tx};
use kernel::{Money, TaxDepositId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use super::look::Look;
use super::proposals::ProposalView;
use super::wish::Asked;
use crate::domain::bank_reference::BankReference;
use crate::domain::proposal::Proposal;
use crate::domain::tax::{Deposit, TaxKind};
use crate::domain::tax_period::TaxMonth;
use crate::store::proposals;
use crate::usecases;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TaxDepositsQuery {
    /// Only deposits of this tax.
    kind: Option<TaxKind>,
    /// Only deposits for this month.
    #[param(value_type = Option<String>, pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$", example = "2026-11")]
    month: Option<TaxMonth>,
}

impl TaxDepositsQuery {
    /// What a deposit has that is asked for.
    fn about(&self) -> Value {
        let kind = self.kind.map(|kind| ("kind".to_owned(), json!(kind)));
        let month = self.month.map(|month| ("month".to_owned(), json!(month)));
        Value::Object(kind.into_iter().chain(month).collect())
    }
}

/// What was paid to a tax office for a month.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaxDepositView {
    deposit_id: TaxDepositId,
    kind: TaxKind,
    month: TaxMonth,
    amount: Money,
    /// The number of the challan.
    reference: String,
    #[serde(flatten)]
    said: ProposalView,
}

impl From<Proposal<Deposit>> for TaxDepositView {
    fn from(Proposal { id, matter, said }: Proposal<Deposit>) -> Self {
        let Deposit { kind, month, amount, reference } = matter;
        Self { deposit_id: id, kind, month, amount, reference, said: said.into() }
    }
}

/// Lists what was paid to the tax offices, newest first.
#[utoipa::path(
    get, path = "/v1/admin/tax/deposits", operation_id = "listTaxDeposits", tag = "payment",
    params(TaxDepositsQuery, PageQuery),
    responses((status = 200, description = "A page of deposits", body = Page<TaxDepositView>)),
    security(("bearer" = ["staff"])),
)]
pub async fn list(mut look: Look<TaxDepositsQuery>) -> Result<Json<Page<TaxDepositView>>, Problem> {
    let about = look.query.about();
    let listed = proposals::list::<Deposit>(&mut look.conn, &about, look.before, look.rows).await?;
    Ok(Json(look.page(listed, |(seq, _)| *seq).map(|(_, deposit)| deposit.into())))
}

/// A payment to a tax office.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxDepositRequest {
    kind: TaxKind,
    /// For which month; it has to be closed.
    month: TaxMonth,
    /// Without interest and fees; no more than is due of the month.
    amount: Money,
    /// The number of the challan, 6 to 40 letters and digits.
    reference: BankReference,
}

/// Reports that a tax was paid to the state.
///
/// Nothing is booked before a second member of staff approves it. One challan is one deposit: reported again with the same
/// number, it answers as before.
#[utoipa::path(
    post, path = "/v1/admin/tax/deposits", operation_id = "reportTaxDeposit", tag = "payment",
    request_body = TaxDepositRequest,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = 201, description = "It is `proposed`, now or before", body = TaxDepositView),
        (status = 409, description = "`payment/not-depositable`: the month is not closed, less is due of it, or the challan is another deposit's", body = Problem),
        (status = 422, description = "`payment/unpayable`: it is not more than nothing", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn report(asked: Asked<TaxDepositRequest>) -> Result<Response, Problem> {
    let report = async |tx: &mut Tx, staff: &Caller, body: TaxDepositRequest| {
        let TaxDepositRequest { kind, month, amount, reference } = body;
        let deposit = Deposit { kind, month, amount, reference: reference.as_str().to_owned() };
        let said = usecases::report_deposit(tx, staff.user_id, deposit).await?;
        Ok((StatusCode::CREATED, TaxDepositView::from(said)))
    };
    asked.once(Act::new("tax_deposit.report"), report).await
}
