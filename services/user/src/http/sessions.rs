//! The caller's own devices.

use axum::extract::State;
use axum::http::StatusCode;
use chassis::auth::Buyer;
use chassis::{Json, Page, PageQuery, Paging, Path, Problem};
use jiff::Timestamp;
use kernel::SessionId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::store::sessions;
use crate::{App, usecases};

/// A session that is going on.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionView {
    session_id: SessionId,
    /// The `User-Agent` that signed in, up to 200 characters; `null` without one.
    #[schema(required)]
    device: Option<String>,
    started_at: Timestamp,
    /// When it last got an access token.
    last_used_at: Timestamp,
    /// Unless it is used again before.
    expires_at: Timestamp,
    /// Whether it is the one that asks.
    current: bool,
}

/// Lists the caller's sessions, newest first.
#[utoipa::path(
    get, path = "/v1/me/sessions", operation_id = "listSessions", tag = "user", params(PageQuery),
    responses((status = 200, description = "The sessions", body = Page<SessionView>)),
    security(("bearer" = [])),
)]
pub async fn list(
    State(app): State<App>,
    Buyer(caller): Buyer,
    page: Paging<SessionId>,
) -> Result<Json<Page<SessionView>>, Problem> {
    let mut conn = app.db.read().await?;
    let now = app.clock.now();
    let found = sessions::list(&mut conn, caller.user_id, page.after, page.rows, now).await?;
    let view = Page::of(found, page.limit, |session| session.id).map(|session| SessionView {
        session_id: session.id,
        device: session.device,
        started_at: session.started_at,
        last_used_at: session.last_used_at,
        expires_at: session.expires_at,
        current: session.id == caller.session_id,
    });
    Ok(Json(view))
}

/// Ends one of the caller's sessions, and its access tokens at once.
#[utoipa::path(
    delete, path = "/v1/me/sessions/{id}", operation_id = "endSession", tag = "user",
    params(("id" = SessionId, Path, description = "The session")),
    responses((status = 204, description = "Ended")), security(("bearer" = [])),
)]
pub async fn end(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(session_id): Path<SessionId>,
) -> Result<StatusCode, Problem> {
    usecases::end_session(&app, caller.user_id, session_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
