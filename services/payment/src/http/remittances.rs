//! Staff's view of cash on its way to our bank.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::callers::may;
use chassis::auth::{Act, Caller, Staff};
use chassis::{Json, Problem, Tx};
use jiff::Timestamp;
use kernel::{Line, Money, RemittanceId, SellerOrderId, UserId, VendorId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::wish::Asked;
use crate::domain::bank_reference::BankReference;
use crate::domain::proposal::{Proposal, ProposalStatus, Said};
use crate::domain::remittance::{Remittance, Reported, Transfer};
use crate::error::Error;
use crate::store::proposals;
use crate::store::remittances::{self, Due, Unreported};
use crate::{App, usecases};

/// So many that were taken the longest ago are shown.
const MOST: i64 = 1_000;

/// Cash of one seller order.
#[derive(Debug, Serialize, ToSchema)]
pub struct CashView {
    seller_order_id: SellerOrderId,
    vendor_id: VendorId,
    order_number: String,
    amount: Money,
    collected_at: Timestamp,
}

/// Cash that one party has.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartyView {
    /// The carrier, or `seller:` and the seller where no carrier is known.
    #[schema(example = "Blue Dart")]
    party: String,
    due: Money,
    seller_orders: Vec<CashView>,
}

/// Cash for one seller order that was delivered, and of which nobody said that it was taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnreportedView {
    /// Who should have it: the carrier, or `seller:` and the seller where no carrier is known.
    #[schema(example = "Blue Dart")]
    party: String,
    seller_order_id: SellerOrderId,
    vendor_id: VendorId,
    order_number: String,
    amount: Money,
    delivered_at: Timestamp,
}

impl From<Unreported> for UnreportedView {
    fn from(one: Unreported) -> Self {
        Self {
            party: one.party,
            seller_order_id: one.seller_order_id,
            vendor_id: one.vendor_id,
            order_number: one.order_number,
            amount: one.amount,
            delivered_at: one.delivered_at,
        }
    }
}

/// Cash that was taken and has not arrived at our bank, and cash that should have been.
#[derive(Debug, Serialize, ToSchema)]
pub struct CashDueView {
    parties: Vec<PartyView>,
    /// Delivered, and nobody said that the cash was taken. Once the buyer cannot send it back any more it counts as taken, and
    /// is with its party.
    unreported: Vec<UnreportedView>,
    /// For how many seller orders nobody said so, shown or not.
    unreported_count: i64,
    /// Transfers that wait for a second member of staff, the longest first. Their cash is due meanwhile.
    proposed: Vec<RemittanceView>,
}

fn by_party(due: Vec<Due>) -> Result<Vec<PartyView>, Error> {
    let mut parties: BTreeMap<String, PartyView> = BTreeMap::new();
    for one in due {
        let party = parties.entry(one.party.clone()).or_insert_with(|| PartyView {
            party: one.party,
            due: Money::zero(one.amount.currency()),
            seller_orders: Vec::new(),
        });
        party.due = party.due.add(one.amount)?;
        party.seller_orders.push(CashView {
            seller_order_id: one.seller_order_id,
            vendor_id: one.vendor_id,
            order_number: one.order_number,
            amount: one.amount,
            collected_at: one.collected_at,
        });
    }
    Ok(parties.into_values().collect())
}

/// Lists cash that was taken at doors and has not arrived, by who has it.
///
/// The thousand seller orders whose cash was taken the longest ago, and as many that were delivered the longest ago and
/// of whose cash nobody said that it was taken.
#[utoipa::path(
    get, path = "/v1/admin/cod-remittances", operation_id = "listCashDue", tag = "payment",
    responses((status = 200, description = "What is due, per party", body = CashDueView)),
    security(("bearer" = ["staff"])),
)]
pub async fn list(
    State(app): State<App>,
    _: Staff<may::ManagePayments>,
) -> Result<Json<CashDueView>, Problem> {
    let mut conn = app.db.read().await?;
    let parties = by_party(remittances::list_due(&mut conn, MOST).await?)?;
    let (unreported, unreported_count) = remittances::list_unreported(&mut conn, MOST).await?;
    let unreported = unreported.into_iter().map(Into::into).collect();
    let proposed = proposals::list_waiting::<Remittance>(&mut conn, MOST).await?;
    let proposed = proposed.into_iter().map(Into::into).collect();
    Ok(Json(CashDueView { parties, unreported, unreported_count, proposed }))
}

/// A transfer to our bank.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemitRequest {
    /// Who sent it, as the list of what is due names it.
    party: Line<100>,
    /// For which seller orders.
    #[schema(example = json!(["01934e5f-0000-7000-8000-000000000020"]))]
    seller_orders: Vec<SellerOrderId>,
    /// What arrived; what is missing of what was taken is booked as a loss, what is too much as a gain.
    received: Money,
    /// Why, in a few words, where more or less arrived than was taken.
    reason: Option<Line<200>>,
    /// The bank's number for the transfer (UTR), 6 to 40 letters and digits.
    bank_reference: BankReference,
}

/// A transfer that is booked, or waits for a second member of staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct RemittanceView {
    bank_reference: String,
    party: String,
    /// What was taken.
    due: Money,
    /// What arrived.
    received: Money,
    seller_orders: Vec<SellerOrderId>,
    reported_at: Timestamp,
    /// Why that is not what was taken.
    #[schema(required)]
    reason: Option<String>,
    /// `proposed` waits for a second member of staff; `declined` came to nothing, and the cash stays due.
    status: ProposalStatus,
    /// To approve or decline it. `null` of what one member of staff booked.
    #[schema(required)]
    remittance_id: Option<RemittanceId>,
    #[schema(required)]
    proposed_by: Option<UserId>,
    /// Who agreed, or did not.
    #[schema(required)]
    decided_by: Option<UserId>,
    #[schema(required)]
    decided_at: Option<Timestamp>,
}

impl From<Proposal<Remittance>> for RemittanceView {
    fn from(Proposal { id, matter, said }: Proposal<Remittance>) -> Self {
        let Said { status, proposed_by, proposed_at, decided_by, decided_at } = said;
        let (remittance_id, proposed_by) = (Some(id), Some(proposed_by));
        let booked = Self::booked(matter, proposed_at);
        Self { status, remittance_id, proposed_by, decided_by, decided_at, ..booked }
    }
}

impl From<Reported> for RemittanceView {
    fn from(reported: Reported) -> Self {
        match reported {
            Reported::Alone(remittance, at) => Self::booked(remittance, at),
            Reported::ByTwo(proposal) => proposal.into(),
        }
    }
}

impl RemittanceView {
    /// What one member of staff booked.
    fn booked(remittance: Remittance, reported_at: Timestamp) -> Self {
        let Remittance { bank_reference, party, seller_orders, due, received, reason } = remittance;
        Self {
            bank_reference,
            party,
            due,
            received,
            seller_orders,
            reported_at,
            reason,
            status: ProposalStatus::Booked,
            remittance_id: None,
            proposed_by: None,
            decided_by: None,
            decided_at: None,
        }
    }
}

/// Reports that cash arrived at our bank.
///
/// All of the cash of the seller orders named is settled by it. Where less arrived than was taken, or more by over
/// `PAYMENT__SECOND_PERSON_OVER_PAISE`, it is `proposed`, and a second member of staff approves or declines it; the cash stays
/// due until then. Reported again with the same number, it answers as before.
#[utoipa::path(
    post, path = "/v1/admin/cod-remittances", operation_id = "remitCash", tag = "payment",
    request_body = RemitRequest,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = 201, description = "It is booked, now or before", body = RemittanceView),
        (status = 202, description = "It is `proposed`, now or before", body = RemittanceView),
        (status = 403, description = "`payment/own-purchase`, `payment/own-seller`: nobody reports cash for what they bought, or a seller they act for sold", body = Problem),
        (status = 409, description = "`payment/not-remittable`: some of it is not due from this party, or the number is another transfer's", body = Problem),
        (status = 422, description = "`payment/reason-required`: more or less arrived than was taken, and no reason is given", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn remit(asked: Asked<RemitRequest>) -> Result<Response, Problem> {
    let alone = asked.app.settings.alone_up_to;
    let remit = async |tx: &mut Tx, staff: &Caller, body: RemitRequest| {
        let RemitRequest { party, seller_orders, received, reason, bank_reference } = body;
        let reason = reason.map(|reason| reason.as_str().to_owned());
        let transfer =
            Transfer::of(&bank_reference, party.as_str(), seller_orders, received, reason);
        let reported = usecases::remit(tx, staff, &transfer, alone).await?;
        let status = if reported.is_booked() { StatusCode::CREATED } else { StatusCode::ACCEPTED };
        Ok((status, RemittanceView::from(reported)))
    };
    asked.once(Act::new("cash.remit"), remit).await
}
