//! What staff see of mail, and sending it again. The contents are shown to nobody.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::callers::may;
use chassis::auth::{Act, Acting, Staff};
use chassis::etag::Hashed;
use chassis::{Idempotent, Json, NoBody, Page, PageQuery, Path, Problem, Query, Tx};
use jiff::Timestamp;
use kernel::{MessageId, OrderId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::letter::Kind;
use crate::domain::message::MessageStatus;
use crate::error::Error;
use crate::store::ledger::{self, LedgerEntry, Wanted};
use crate::{App, usecases};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MessagesQuery {
    /// Only mail that stands here; all without it.
    status: Option<MessageStatus>,
    /// Only mail of this kind; all without it.
    kind: Option<Kind>,
    /// Only mail about this order. Of mail that an earlier release wrote, not every kind is found.
    order_id: Option<OrderId>,
}

/// A mail, without its contents.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageView {
    message_id: MessageId,
    kind: Kind,
    /// `queued`, `sent` (the mail server took it), `bounced` (it refused it for good), `failed` (given up after a day,
    /// or nobody to send it to) or `expired` (its code was worthless before it could go).
    status: MessageStatus,
    /// Masked, for example `a***@example.in`; `null` while nobody is known.
    #[schema(required)]
    recipient: Option<String>,
    /// How often it was handed to the mail server.
    attempts: i32,
    /// The SMTP code of the mail server's last reply, where that was not good.
    #[schema(required)]
    reply_code: Option<i16>,
    /// Why it is not sent: the end of a problem's `type`, such as `email/mail-server-away`, or `nobody-to-send-to`.
    #[schema(required)]
    error: Option<String>,
    /// Which earlier message it repeats.
    #[schema(required)]
    resend_of: Option<MessageId>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<LedgerEntry> for MessageView {
    fn from(entry: LedgerEntry) -> Self {
        Self {
            message_id: entry.id,
            kind: entry.kind,
            status: entry.status,
            recipient: entry.recipient,
            attempts: entry.attempts,
            reply_code: entry.reply_code,
            error: entry.error,
            resend_of: entry.resend_of,
            created_at: entry.created_at,
            updated_at: entry.updated_at,
        }
    }
}

/// Lists mail, newest first.
#[utoipa::path(
    get, path = "/v1/admin/messages", operation_id = "listMessages", tag = "email",
    params(MessagesQuery, PageQuery), responses((status = 200, body = Page<MessageView>)),
    security(("bearer" = ["staff"])),
)]
pub async fn list(
    State(app): State<App>,
    _: Staff<may::ManageMail>,
    Query(query): Query<MessagesQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<MessageView>>, Problem> {
    let rows = page.rows()?;
    let wanted = Wanted {
        id: None,
        status: query.status,
        kind: query.kind,
        order_id: query.order_id,
        before: page.cursor()?,
    };
    let mut conn = app.db.read().await?;
    let found = ledger::list(&mut conn, wanted, rows).await?;
    Ok(Json(Page::of(found, page.limit, |entry| entry.id).map(MessageView::from)))
}

/// Shows one mail, without its contents.
#[utoipa::path(
    get, path = "/v1/admin/messages/{id}", operation_id = "getMessage", tag = "email",
    params(("id" = MessageId, Path)), responses((status = 200, body = MessageView)),
    security(("bearer" = ["staff"])),
)]
pub async fn read(
    State(app): State<App>,
    _: Staff<may::ManageMail>,
    Path(id): Path<MessageId>,
) -> Result<Hashed<MessageView>, Problem> {
    let mut conn = app.db.read().await?;
    let entry = ledger::find(&mut conn, id).await?.ok_or(Error::NotFound)?;
    Ok(Hashed(entry.into()))
}

/// The message that was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResentView {
    message_id: MessageId,
    resend_of: MessageId,
    status: MessageStatus,
}

/// Sends a mail again.
///
/// It must have been sent, bounced or failed, and not been sent again before. Sign-in codes are never sent again.
#[utoipa::path(
    post, path = "/v1/admin/messages/{id}/resend", operation_id = "resendMessage", tag = "email",
    request_body = Option<NoBody>,
    params(
        ("id" = MessageId, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses((status = 201, body = ResentView), (status = 409, description = "It is still on its way or holds a code (`email/not-resendable`), or was sent again before (`email/already-resent`)", body = Problem)),
    security(("bearer" = ["staff"])),
)]
pub async fn resend(
    State(app): State<App>,
    staff: Acting<may::ManageMail>,
    Path(id): Path<MessageId>,
    once: Idempotent<NoBody>,
) -> Result<Response, Problem> {
    let resend = async |tx: &mut Tx, _| {
        let message_id = usecases::resend(tx, id).await?.id;
        let view = ResentView { message_id, resend_of: id, status: MessageStatus::Queued };
        Ok((StatusCode::CREATED, view))
    };
    staff.once(&app.db, Act::new("message.resend").on(id.as_uuid()), once, resend).await
}
