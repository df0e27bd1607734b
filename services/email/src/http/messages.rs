//! What staff see of mail, and sending it again. The contents are shown to nobody.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::Staff;
use chassis::auth::callers::may;
use chassis::etag::Hashed;
use chassis::{Idempotent, Json, NoBody, Page, Path, Problem, Query, Tx, page};
use jiff::Timestamp;
use kernel::MessageId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::letter::Kind;
use crate::domain::message::Status;
use crate::error::Error;
use crate::store::ledger::{self, Entry, Wanted};
use crate::{App, usecases};

/// Which mail is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MessagesQuery {
    /// Only where it stands here.
    status: Option<Status>,
    /// Only of this kind.
    kind: Option<Kind>,
    /// How many items, 1 to 100.
    #[serde(default = "twenty")]
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: i64,
    /// The `next` of the page before.
    after: Option<String>,
}

fn twenty() -> i64 {
    20
}

/// A mail, without its contents.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageView {
    message_id: MessageId,
    #[schema(value_type = Kind)]
    kind: &'static str,
    #[schema(value_type = Status)]
    status: &'static str,
    /// Masked, for example `a***@example.in`; `null` while nobody is known.
    #[schema(required)]
    recipient: Option<String>,
    /// How often it was handed to the mail server.
    attempts: i32,
    /// The mail server's last reply, where that was not good.
    #[schema(required)]
    reply_code: Option<i16>,
    /// Why it is not sent.
    #[schema(required)]
    error: Option<String>,
    /// Which earlier message it repeats.
    #[schema(required)]
    resend_of: Option<MessageId>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Entry> for MessageView {
    fn from(entry: Entry) -> Self {
        Self {
            message_id: entry.id,
            kind: entry.kind.as_str(),
            status: entry.status.as_str(),
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

/// Mail, newest first.
#[utoipa::path(get, path = "/v1/admin/messages", tag = "email", params(MessagesQuery),
    responses((status = 200, body = Page<MessageView>), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)),
    security(("bearer" = [])))]
pub async fn list(
    State(app): State<App>,
    _: Staff<may::ManageMail>,
    Query(query): Query<MessagesQuery>,
) -> Result<Json<Page<MessageView>>, Problem> {
    let rows = page::rows(query.limit)?;
    let wanted = Wanted {
        id: None,
        status: query.status,
        kind: query.kind,
        before: page::cursor(query.after.as_deref())?,
    };
    let mut conn = app.db.read().await?;
    let found = ledger::list(&mut conn, wanted, rows).await?;
    Ok(Json(Page::of(found, query.limit, |entry| entry.id).map(MessageView::from)))
}

/// One mail.
#[utoipa::path(get, path = "/v1/admin/messages/{id}", tag = "email", params(("id" = MessageId, Path)),
    responses((status = 200, body = MessageView), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)),
    security(("bearer" = [])))]
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
    #[schema(value_type = Status)]
    status: &'static str,
}

/// Sends a mail again that was sent, bounced or failed; sign-in codes never.
#[utoipa::path(post, path = "/v1/admin/messages/{id}/resend", tag = "email", request_body = Option<NoBody>,
    params(("id" = MessageId, Path),
           ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]+$",
            description = "Repeats the request safely")),
    responses((status = 201, body = ResentView), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
              (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem),
              (status = 503, body = Problem)),
    security(("bearer" = [])))]
pub async fn resend(
    State(app): State<App>,
    staff: Staff<may::ManageMail>,
    Path(id): Path<MessageId>,
    once: Idempotent<NoBody>,
) -> Result<Response, Problem> {
    let resend = async |tx: &mut Tx, _| {
        let message_id = usecases::resend(tx, id).await?.id;
        let status = Status::Queued.as_str();
        Ok((StatusCode::CREATED, ResentView { message_id, resend_of: id, status }))
    };
    once.answer(&app.db, &staff.caller.user_id.to_string(), resend).await
}
