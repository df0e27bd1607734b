//! What a seller hands in to prove who it is.

use jiff::Timestamp;
use kernel::{DocumentId, VendorId};
use serde::Deserialize;
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::file::File;

/// What a document proves.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Deserialize, EnumString, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Kind {
    Pan,
    GstCertificate,
    BankProof,
    AddressProof,
}

#[derive(Debug, Clone, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum DocumentState {
    /// It may be uploaded.
    Announced,
    /// It came, and is what was announced.
    Verified,
    /// Something else came.
    Refused {
        /// What is wrong with it.
        reason: String,
    },
}

impl DocumentState {
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Refused { reason } => Some(reason),
            Self::Announced | Self::Verified => None,
        }
    }

    /// Whether it still may be or is the proof that is asked for.
    fn counts(&self) -> bool {
        match self {
            Self::Announced | Self::Verified => true,
            Self::Refused { .. } => false,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    pub id: DocumentId,
    pub vendor_id: VendorId,
    pub kind: Kind,
    pub file: File,
    pub state: DocumentState,
    pub announced_at: Timestamp,
}

impl Document {
    /// A document that may be uploaded from now on.
    pub fn announce(vendor_id: VendorId, kind: Kind, file: File, now: Timestamp) -> Self {
        let id = DocumentId::new();
        Self { id, vendor_id, kind, file, state: DocumentState::Announced, announced_at: now }
    }

    pub fn upload_key(&self) -> String {
        format!("incoming/{}/{}", self.vendor_id, self.id)
    }

    /// Where it is kept once it was checked: out of reach of the link that uploaded it.
    pub fn kept_key(&self) -> String {
        format!("kept/{}/{}", self.vendor_id, self.id)
    }
}

/// The kinds that are asked for and not among `documents`.
pub fn missing(documents: &[Document], has_gstin: Registered) -> Vec<Kind> {
    let asked = Kind::VARIANTS.iter().copied().filter(|kind| match kind {
        Kind::Pan | Kind::BankProof => true,
        Kind::GstCertificate => has_gstin == Registered::Yes,
        Kind::AddressProof => false,
    });
    asked.filter(|kind| !documents.iter().any(|d| d.kind == *kind && d.state.counts())).collect()
}

/// Whether a seller is registered for GST.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registered {
    /// It gave a number.
    Yes,
    /// It issues bills of supply.
    No,
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kernel::VendorId;

    use super::{Document, DocumentState, Kind, Registered, missing};
    use crate::domain::file::{File, Hash, Media, Size};

    fn document(kind: Kind) -> Document {
        let file = File {
            media: Media::Pdf,
            size: Size::try_from(1).unwrap(),
            sha256: Hash::try_from("0".repeat(64)).unwrap(),
        };
        Document::announce(VendorId::new(), kind, file, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_certificate_is_asked_of_the_registered_only() {
        assert_eq!(missing(&[], Registered::No), [Kind::Pan, Kind::BankProof]);
        let all = [Kind::Pan, Kind::GstCertificate, Kind::BankProof];
        assert_eq!(missing(&[], Registered::Yes), all);
        assert_eq!(missing(&all.map(document), Registered::Yes), []);
    }

    #[test]
    fn a_refused_document_proves_nothing() {
        let mut pan = document(Kind::Pan);
        pan.state = DocumentState::Refused { reason: "another file".into() };
        assert_eq!(missing(&[pan, document(Kind::BankProof)], Registered::No), [Kind::Pan]);
    }
}
