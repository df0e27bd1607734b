//! Whether every service is ready. This is operation, not business: nobody waits for it.

use axum::extract::State;
use chassis::auth::Staff;
use chassis::auth::callers::may;
use chassis::{Json, Problem};
use futures::future::join_all;
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;

#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceHealth {
    service: String,
    ready: bool,
    /// What it says when it is not ready.
    detail: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HealthView {
    /// Whether all are ready.
    ready: bool,
    services: Vec<ServiceHealth>,
}

/// Asks every service whether it is ready.
#[utoipa::path(
    get, path = "/v1/admin/health", operation_id = "getHealth", tag = "admin",
    responses((status = 200, body = HealthView)), security(("bearer" = ["staff"])),
)]
pub async fn health(
    State(app): State<App>,
    _staff: Staff<may::Look>,
) -> Result<Json<HealthView>, Problem> {
    let asked = app.config.services().map(|(name, url)| ask(&app, name, url));
    let services = join_all(asked).await;
    Ok(Json(HealthView { ready: services.iter().all(|s| s.ready), services }))
}

async fn ask(app: &App, service: &str, url: &str) -> ServiceHealth {
    let answer = app.http.get(format!("{url}/readyz")).send().await;
    let (ready, detail) = match answer {
        Ok(answer) if answer.status().is_success() => (true, None),
        Ok(answer) => (false, Some(answer.text().await.unwrap_or_default().trim().to_owned())),
        Err(_) => (false, Some("does not answer".to_owned())),
    };
    ServiceHealth { service: service.to_owned(), ready, detail }
}
