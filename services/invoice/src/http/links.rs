//! Links that open a document without signing in.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chassis::auth::Buyer;
use chassis::{Idempotent, NoBody, Path, Problem, Tx};
use jiff::Timestamp;
use kernel::InvoiceId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Error;
use crate::{App, usecases};

/// Whoever holds the link can read the document.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkView {
    url: String,
    /// From then on it opens nothing; earlier if it is taken back.
    expires_at: Timestamp,
}

/// Makes a link that opens a document without signing in.
///
/// It is good for a day. Buyer and seller can make them.
#[utoipa::path(
    post, path = "/v1/invoices/{id}/links", operation_id = "createInvoiceLink", tag = "invoice",
    request_body = Option<NoBody>,
    params(
        ("id" = InvoiceId, Path, description = "The document"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 201, description = "The link", body = LinkView),
        (status = 429, description = "30 links to it were made within the hour", body = Problem),
    ),
    security(("bearer" = [])),
)]
pub async fn make(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(id): Path<InvoiceId>,
    once: Idempotent<NoBody>,
) -> Result<Response, Problem> {
    let make = async |tx: &mut Tx, _| {
        let (url, expires_at) = usecases::make_link(&app, tx, &caller, id).await?;
        Ok((StatusCode::CREATED, LinkView { url, expires_at }))
    };
    once.answer(&app.db, &caller.user_id.to_string(), make).await
}

/// Takes back every link to a document.
///
/// That is those of the other party and the one in the confirmation mail, too.
#[utoipa::path(
    delete, path = "/v1/invoices/{id}/links", operation_id = "revokeInvoiceLinks", tag = "invoice",
    params(("id" = InvoiceId, Path, description = "The document")),
    responses((status = 204, description = "No link opens it any more")),
    security(("bearer" = [])),
)]
pub async fn revoke(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(id): Path<InvoiceId>,
) -> Result<StatusCode, Problem> {
    usecases::revoke_links(&app, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "stands in the API document only")]
pub struct Pdf(Vec<u8>);

/// Opens the document behind a link.
///
/// Nobody has to sign in. A link may be used 30 times a minute.
#[utoipa::path(
    get, path = "/v1/invoice-links/{token}", operation_id = "openInvoiceLink", tag = "invoice",
    params(
        ("token" = String, Path, pattern = "^[A-Za-z0-9_-]{75}$", description = "The end of the link"),
    ),
    responses(
        (status = 200, description = "The PDF", content_type = "application/pdf", body = inline(Pdf)),
        (status = 403, description = "Something in the link was altered", body = Problem),
        (status = 410, description = "The link expired or was taken back: ask for another one", body = Problem),
        (status = 429, description = "It was opened too often within a minute", body = Problem),
        (status = 500, description = "The document in the store is not the one that was issued", body = Problem),
    ),
)]
pub async fn open(
    State(app): State<App>,
    token: Result<Path<String>, Problem>,
) -> Result<Response, Problem> {
    // What is no text is an altered link like any other.
    let Path(token) = token.map_err(|_| Error::LinkInvalid)?;
    let opened = usecases::open_link(&app, &token).await?;
    // A number holds letters, digits, '-' and '/' only, so it needs no quoting.
    let name = format!("attachment; filename=\"{}.pdf\"", opened.number.replace('/', "-"));
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, opened.bytes).into_response())
}
