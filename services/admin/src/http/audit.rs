//! The audit trail, page by page.

use axum::extract::State;
use chassis::auth::Staff;
use chassis::auth::callers::may;
use chassis::{Json, Page, PageQuery, Paging, Problem};
use jiff::Timestamp;
use kernel::{SessionId, UserId};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::App;
use crate::domain::audit::AuditEntry;
use crate::store::audit;

/// An act of staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditItem {
    /// Rises by one from act to act, without gaps.
    seq: i64,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    staff_id: UserId,
    session_id: SessionId,
    /// `<kind of thing>.<verb>`, for example `vendor.approve` or `refund.settle`.
    act: String,
    /// For example `vendor`, `refund`, `seller_order`.
    subject_kind: String,
    /// Which one; an id of the act itself where it made the thing, or is about many.
    subject_id: Uuid,
    /// The `status` it had then, where staff decide about sellers, products and reviews; else `null`.
    before: serde_json::Value,
    /// What was asked for: the `decision`, or the body of the request.
    after: serde_json::Value,
    /// In the words of who did it; empty where the act asks for none.
    reason: String,
    previous_hash: String,
    /// SHA-256, in hex, over this entry and the hash before: nothing can be altered or taken out unseen.
    hash: String,
}

fn audit_item(entry: AuditEntry, hash: String) -> AuditItem {
    let json = |text: &str| serde_json::from_str(text).unwrap_or_default();
    AuditItem {
        seq: entry.seq,
        at: entry.at,
        staff_id: entry.staff_id,
        session_id: entry.session_id,
        act: entry.act,
        subject_kind: entry.subject_kind,
        subject_id: entry.subject_id,
        before: json(&entry.before),
        after: json(&entry.after),
        reason: entry.reason,
        previous_hash: entry.previous_hash,
        hash,
    }
}

/// Lists everything that staff changed, in whichever service, newest first. What was refused is not in it.
#[utoipa::path(
    get, path = "/v1/admin/audit", operation_id = "listAudit", tag = "admin", params(PageQuery),
    responses((status = 200, body = Page<AuditItem>)), security(("bearer" = ["staff"])),
)]
pub async fn audit(
    State(app): State<App>,
    _staff: Staff<may::Look>,
    page: Paging<i64>,
) -> Result<Json<Page<AuditItem>>, Problem> {
    let mut conn = app.db.read().await?;
    let found = audit::list(&mut conn, page.after, page.rows).await?;
    let page = Page::of(found, page.limit, |(entry, _)| entry.seq);
    Ok(Json(page.map(|(entry, hash)| audit_item(entry, hash))))
}
