//! Staff look at what the provider settled, and where our books say otherwise.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::callers::may;
use chassis::auth::{Act, Caller, Staff};
use chassis::{Json, Page, PageQuery, Problem, Query, Tx};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::Money;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::explanations::ExplanationView;
use super::wish::Asked;
use crate::domain::proposal::Proposal;
use crate::domain::settlement::{Explanation, Kind, Why};
use crate::error::Error;
use crate::store::differences::{self, Difference, Listed};
use crate::store::proposals;
use crate::{App, usecases};

/// Something that the provider settled otherwise than our books have it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DifferenceView {
    difference_id: i64,
    kind: Kind,
    /// The provider's name for it.
    name: String,
    why: Why,
    /// What our books have, negative where it went back; `null` where they have nothing.
    #[schema(required)]
    ours: Option<Money>,
    /// What the provider settled, its fee included; `null` where it settled nothing.
    #[schema(required)]
    theirs: Option<Money>,
    found_at: Timestamp,
    /// When it was gone through again and fitted, or was explained; `null` while it is open.
    #[schema(required)]
    resolved_at: Option<Timestamp>,
    /// What staff say that it is: `booked`, or waiting for a second one of them.
    #[schema(required)]
    explanation: Option<ExplanationView>,
}

impl DifferenceView {
    fn of(found: Difference, explained: &mut Explained) -> Self {
        Self {
            difference_id: found.id,
            explanation: explained.remove(&found.id).map(Into::into),
            kind: found.kind,
            name: found.name,
            why: found.why,
            ours: found.ours,
            theirs: found.theirs,
            found_at: found.found_at,
            resolved_at: found.resolved_at,
        }
    }
}

/// A day on which the provider settled, or did not.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReconciliationView {
    /// By the calendar of India.
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// How often it was gone through, the present time included.
    run: i32,
    started_at: Timestamp,
    /// `null` while it is under way.
    #[schema(required)]
    done_at: Option<Timestamp>,
    /// How many settlements arrived at our bank.
    settlements: i64,
    /// How many differences are open.
    open_differences: i64,
    /// The open ones first, a hundred at most.
    differences: Vec<DifferenceView>,
}

type Found = BTreeMap<Date, Vec<Difference>>;
type Explained = BTreeMap<i64, Proposal<Explanation>>;

/// Days with what was found on each, and what staff say about it.
async fn views(
    conn: &mut PgConnection,
    listed: Vec<Listed>,
) -> sqlx::Result<Vec<ReconciliationView>> {
    let days: Vec<Date> = listed.iter().map(|listed| listed.day.day).collect();
    let mut found: Found = differences::list(conn, &days).await?;
    let ids: Vec<_> = found.values().flatten().map(|one| one.id.to_string()).collect();
    let said = proposals::list_of::<Explanation>(conn, &ids).await?.into_iter();
    let mut explained: Explained = said.map(|said| (said.matter.difference_id, said)).collect();
    let views = listed.into_iter().map(|listed| {
        let found = found.remove(&listed.day.day).unwrap_or_default();
        let found = found.into_iter().map(|one| DifferenceView::of(one, &mut explained));
        view(&listed, found.collect())
    });
    Ok(views.collect())
}

fn view(listed: &Listed, differences: Vec<DifferenceView>) -> ReconciliationView {
    ReconciliationView {
        day: listed.day.day,
        run: listed.day.run,
        started_at: listed.day.started_at,
        done_at: listed.day.done_at,
        settlements: listed.settlements,
        open_differences: listed.open,
        differences,
    }
}

/// Lists the days that were gone through with the provider, newest first.
#[utoipa::path(
    get, path = "/v1/admin/reconciliations", operation_id = "listReconciliations", tag = "payment",
    params(PageQuery),
    responses((status = 200, description = "A page of days", body = Page<ReconciliationView>)),
    security(("bearer" = ["staff"])),
)]
pub async fn list(
    State(app): State<App>,
    _: Staff<may::ManagePayments>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<ReconciliationView>>, Problem> {
    let (rows, before) = (page.rows()?, page.cursor()?);
    let mut conn = app.db.read().await?;
    let listed = differences::list_days(&mut conn, None, before, rows).await?;
    let Page { items, next } = Page::of(listed, page.limit, |listed| listed.day.day);
    let items = views(&mut conn, items).await?;
    Ok(Json(Page { items, next }))
}

/// A day to go through.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReconcileRequest {
    /// By the calendar of India; over, and not before anything was taken.
    #[serde(deserialize_with = "a_day")]
    #[schema(value_type = String, format = Date)]
    day: Date,
}

/// In our words where it is none: the parser's name its own types.
fn a_day<'de, D: Deserializer<'de>>(body: D) -> Result<Date, D::Error> {
    let text = String::deserialize(body)?;
    let day = text.parse();
    day.map_err(|_: jiff::Error| D::Error::custom("must be a day, such as 2026-11-30"))
}

/// Goes through a day once more with the provider.
///
/// What is booked stays booked; differences that are none any more are resolved. A day that is under way goes on.
#[utoipa::path(
    post, path = "/v1/admin/reconciliations", operation_id = "reconcileDay", tag = "payment",
    request_body = ReconcileRequest,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = 202, description = "It is under way", body = ReconciliationView),
        (status = 422, description = "`payment/not-reconcilable`: the day is not over, or nothing had been taken by then", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn reconcile(asked: Asked<ReconcileRequest>) -> Result<Response, Problem> {
    let reconcile = async |tx: &mut Tx, _: &Caller, body: ReconcileRequest| {
        usecases::reconcile(tx, body.day).await?;
        let listed = differences::list_days(tx.conn(), Some(body.day), None, 1).await?;
        let view = views(tx.conn(), listed).await?.pop().ok_or(Error::NotFound)?;
        Ok((StatusCode::ACCEPTED, view))
    };
    asked.once(Act::new("reconciliation.run"), reconcile).await
}
