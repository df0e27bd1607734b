//! The caller's own devices.

use axum::extract::State;
use axum::http::StatusCode;
use chassis::auth::Buyer;
use chassis::{Json, Page, PageQuery, Path, Problem, Query};
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
    /// What the client called itself.
    #[schema(required)]
    device: Option<String>,
    started_at: Timestamp,
    last_used_at: Timestamp,
    expires_at: Timestamp,
    /// Whether it is the one that asks.
    current: bool,
}

/// Lists the caller's sessions, newest first.
#[utoipa::path(
    get, path = "/v1/me/sessions", tag = "user", params(PageQuery),
    responses(
        (status = 200, description = "The sessions", body = Page<SessionView>),
        (status = 400, description = "An unknown parameter", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 422, description = "A parameter is not valid", body = Problem),
        (status = 503, description = "A part of the mall is away", body = Problem),
    ),
    security(("bearer" = []))
)]
pub async fn list(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<SessionView>>, Problem> {
    let (after, rows) = (page.cursor()?, page.rows()?);
    let mut conn = app.db.read().await?;
    let now = app.clock.now();
    let found = sessions::list(&mut conn, caller.user_id, after, rows, now).await?;
    let view = Page::of(found, page.limit, |session| session.id).map(|session| SessionView {
        session_id: session.id,
        device: session.device,
        started_at: session.started_at.to_jiff(),
        last_used_at: session.last_used_at.to_jiff(),
        expires_at: session.expires_at.to_jiff(),
        current: session.id == caller.session_id,
    });
    Ok(Json(view))
}

/// Ends one of the caller's sessions.
#[utoipa::path(
    delete, path = "/v1/me/sessions/{id}", tag = "user",
    params(("id" = SessionId, Path, description = "The session")),
    responses(
        (status = 204, description = "Ended"),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 404, description = "No session of the caller", body = Problem),
        (status = 503, description = "A part of the mall is away", body = Problem),
    ),
    security(("bearer" = []))
)]
pub async fn end(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(session_id): Path<SessionId>,
) -> Result<StatusCode, Problem> {
    usecases::end_session(&app, caller.user_id, session_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
