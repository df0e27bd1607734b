//! What a seller hands in to prove who it is.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::Buyer;
use chassis::{Idempotent, Json, Page, Path, Problem, Tx};
use jiff::Timestamp;
use kernel::{DocumentId, VendorId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::document::{Document, Kind};
use crate::domain::file::{File, Hash, Media, Size};
use crate::usecases::announce::Upload;
use crate::{App, usecases};

/// A document that will be uploaded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnnounceRequest {
    /// What it proves.
    kind: Kind,
    /// Its media type.
    content_type: Media,
    /// In bytes.
    size: Size,
    /// SHA-256 of the file, hex.
    sha256: Hash,
}

/// How to upload the file.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadView {
    /// Always `PUT`.
    method: &'static str,
    /// Where to.
    url: String,
    /// Headers that the request must carry as they stand here, beside a `Content-Length` of the announced size.
    headers: BTreeMap<&'static str, &'static str>,
    /// Until when the link is good.
    expires_at: Timestamp,
}

/// A document that may be uploaded now.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnnouncedView {
    document_id: DocumentId,
    upload: UploadView,
}

impl From<Upload> for AnnouncedView {
    fn from(upload: Upload) -> Self {
        let Upload { document, url, expires_at } = upload;
        let headers = BTreeMap::from([("content-type", document.file.media.word())]);
        let upload = UploadView { method: "PUT", url, headers, expires_at };
        Self { document_id: document.id, upload }
    }
}

/// A document.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentView {
    document_id: DocumentId,
    #[schema(value_type = Kind)]
    kind: &'static str,
    #[schema(value_type = Media)]
    content_type: &'static str,
    /// In bytes.
    size: u32,
    sha256: String,
    /// `announced`, `verified` (it came, and is what was announced) or `refused`.
    state: &'static str,
    /// Why it was refused.
    reason: Option<String>,
    announced_at: Timestamp,
}

impl From<Document> for DocumentView {
    fn from(document: Document) -> Self {
        Self {
            document_id: document.id,
            kind: document.kind.word(),
            content_type: document.file.media.word(),
            size: document.file.size.bytes(),
            sha256: document.file.sha256.as_str().to_owned(),
            state: document.state.word(),
            reason: document.state.reason().map(str::to_owned),
            announced_at: document.announced_at,
        }
    }
}

/// Announces a document; the answer says how to upload it. It replaces an earlier one of its kind.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/kyc-documents", tag = "vendor", request_body = AnnounceRequest,
    params(
        ("vendor_id" = VendorId, Path, description = "The seller"),
        ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]+$",
         description = "Repeats the request safely"),
    ),
    responses(
        (status = 201, description = "It may be uploaded", body = AnnouncedView),
        (status = 400, description = "Not JSON, or an unknown field", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 404, description = "No seller of the caller", body = Problem),
        (status = 409, description = "The application was handed in, or the first request is still running", body = Problem),
        (status = 413, description = "The body is too large", body = Problem),
        (status = 415, description = "Not JSON", body = Problem),
        (status = 422, description = "A value is not valid, or the key was used before", body = Problem),
        (status = 503, description = "A part of the mall is away", body = Problem),
    ),
    security(("bearer" = []))
)]
pub async fn announce(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(vendor_id): Path<VendorId>,
    once: Idempotent<AnnounceRequest>,
) -> Result<Response, Problem> {
    let announce = async |tx: &mut Tx, body: AnnounceRequest| {
        let file = File { media: body.content_type, size: body.size, sha256: body.sha256 };
        let (caller, kind) = (caller.user_id, body.kind);
        let upload = usecases::announce::announce(&app, tx, vendor_id, caller, kind, file).await?;
        Ok((StatusCode::CREATED, AnnouncedView::from(upload)))
    };
    once.answer(&app.db, &caller.user_id.to_string(), announce).await
}

/// Lists the documents that count, at most one of each kind.
#[utoipa::path(
    get, path = "/v1/vendors/{vendor_id}/kyc-documents", tag = "vendor",
    params(("vendor_id" = VendorId, Path, description = "The seller")),
    responses(
        (status = 200, description = "The documents", body = Page<DocumentView>),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 404, description = "No seller of the caller", body = Problem),
        (status = 503, description = "A part of the mall is away", body = Problem),
    ),
    security(("bearer" = []))
)]
pub async fn list(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Path(vendor_id): Path<VendorId>,
) -> Result<Json<Page<DocumentView>>, Problem> {
    let documents = usecases::look::documents(&app, vendor_id, caller.user_id).await?;
    let items = documents.into_iter().map(DocumentView::from).collect();
    Ok(Json(Page { items, next: None }))
}
