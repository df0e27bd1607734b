//! What a seller handed in, opened by staff.

use axum::extract::State;
use chassis::auth::Acting;
use chassis::auth::callers::may;
use chassis::{Json, Path, Problem};
use jiff::Timestamp;
use kernel::line::Line;
use kernel::{DocumentId, VendorId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::file::Media;
use crate::usecases::open::Opened;
use crate::{App, usecases};

/// Why a document is opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenDocumentRequest {
    /// In a few words, for the audit trail.
    why: Line<200>,
}

/// Where the document is for a minute.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenedDocumentView {
    /// GET it without a token. It is answered as a file to keep, never as a page.
    url: String,
    /// 60 seconds from now; then open it again.
    expires_at: Timestamp,
    #[schema(value_type = Media)]
    content_type: &'static str,
    /// In lower-case hex: what the file has to have, as the seller announced it.
    sha256: String,
}

impl From<Opened> for OpenedDocumentView {
    fn from(opened: Opened) -> Self {
        let Opened { document, url, expires_at } = opened;
        Self {
            url,
            expires_at,
            content_type: document.file.media.into_str(),
            sha256: document.file.sha256.as_str().to_owned(),
        }
    }
}

/// Opens a document that a seller handed in.
///
/// The link leads to the copy that was checked. Who opened which, and why, is in the audit trail.
#[utoipa::path(
    post, path = "/v1/admin/vendors/{vendor_id}/kyc-documents/{document_id}/open",
    operation_id = "openKycDocument", tag = "vendor", request_body = OpenDocumentRequest,
    params(("vendor_id" = VendorId, Path), ("document_id" = DocumentId, Path)),
    responses(
        (status = 200, description = "For a minute", body = OpenedDocumentView),
        (status = 403, description = "`vendor/own-seller`: nobody of staff opens what a seller of their own handed in", body = Problem),
    ),
    security(("bearer" = ["staff"])),
)]
pub async fn open(
    State(app): State<App>,
    staff: Acting<may::DecideVendors>,
    Path((vendor_id, document_id)): Path<(VendorId, DocumentId)>,
    Json(body): Json<OpenDocumentRequest>,
) -> Result<Json<OpenedDocumentView>, Problem> {
    let opened = usecases::open::open(&app, &staff, (vendor_id, document_id), &body.why).await?;
    Ok(Json(opened.into()))
}
