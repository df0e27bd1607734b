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
    /// What it proves. All need `pan` and `bank_proof`, who has a GSTIN `gst_certificate`, and nobody `address_proof`.
    kind: Kind,
    content_type: Media,
    /// In bytes.
    size: Size,
    /// Of the whole file, in hex.
    sha256: Hash,
}

/// How to upload the file.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadView {
    /// Always `PUT`.
    method: &'static str,
    url: String,
    /// Headers that the request must carry as they stand here, beside a `Content-Length` of the announced size.
    headers: BTreeMap<&'static str, &'static str>,
    /// 15 minutes from now; then announce the document again.
    expires_at: Timestamp,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AnnouncedView {
    document_id: DocumentId,
    upload: UploadView,
}

impl From<Upload> for AnnouncedView {
    fn from(upload: Upload) -> Self {
        let Upload { document, url, expires_at } = upload;
        let headers = BTreeMap::from([("content-type", document.file.media.into_str())]);
        let upload = UploadView { method: "PUT", url, headers, expires_at };
        Self { document_id: document.id, upload }
    }
}

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
    /// `announced`, `verified` (it came, and is what was announced) or `refused` (it is not: announce another).
    state: &'static str,
    /// Why it was refused; `null` if it was not.
    reason: Option<String>,
    announced_at: Timestamp,
}

impl From<Document> for DocumentView {
    fn from(document: Document) -> Self {
        Self {
            document_id: document.id,
            kind: document.kind.into_str(),
            content_type: document.file.media.into_str(),
            size: document.file.size.bytes(),
            sha256: document.file.sha256.as_str().to_owned(),
            state: document.state.into_str(),
            reason: document.state.reason().map(str::to_owned),
            announced_at: document.announced_at,
        }
    }
}

/// Announces a document.
///
/// It replaces an earlier one of its kind. The answer says how to upload it.
#[utoipa::path(
    post, path = "/v1/vendors/{vendor_id}/kyc-documents", operation_id = "announceKycDocument",
    tag = "vendor", request_body = AnnounceRequest,
    params(
        ("vendor_id" = VendorId, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses(
        (status = 201, description = "Upload it as this says, then submit once all are there", body = AnnouncedView),
        (status = 409, description = "The application was handed in (`vendor/not-editable`)", body = Problem),
    ),
    security(("bearer" = ["seller"])),
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
    get, path = "/v1/vendors/{vendor_id}/kyc-documents", operation_id = "listKycDocuments",
    tag = "vendor", params(("vendor_id" = VendorId, Path)),
    responses((status = 200, description = "The documents", body = Page<DocumentView>)),
    security(("bearer" = ["seller"])),
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
