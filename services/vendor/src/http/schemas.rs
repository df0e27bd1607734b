//! How the domain's values look in the API document.

use std::borrow::Cow;

use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::bank::AccountNumber;
use crate::domain::document::Kind;
use crate::domain::file::{Hash, MAX_BYTES, Media, Size};
use crate::domain::standing::Status;

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

impl PartialSchema for AccountNumber {
    fn schema() -> RefOr<Schema> {
        text().pattern(Some("^[0-9]{9,18}$")).into()
    }
}

impl ToSchema for AccountNumber {}

impl PartialSchema for Kind {
    fn schema() -> RefOr<Schema> {
        text().enum_values(Some(Self::ALL.map(Self::word))).into()
    }
}

impl ToSchema for Kind {
    fn name() -> Cow<'static, str> {
        "DocumentKind".into()
    }
}

impl PartialSchema for Media {
    fn schema() -> RefOr<Schema> {
        text().enum_values(Some(Self::ALL.map(Self::word))).into()
    }
}

impl ToSchema for Media {
    fn name() -> Cow<'static, str> {
        "DocumentMedia".into()
    }
}

impl PartialSchema for Size {
    fn schema() -> RefOr<Schema> {
        let number = ObjectBuilder::new().schema_type(Type::Integer);
        number.minimum(Some(1)).maximum(Some(MAX_BYTES)).into()
    }
}

impl ToSchema for Size {
    fn name() -> Cow<'static, str> {
        "DocumentSize".into()
    }
}

impl PartialSchema for Hash {
    fn schema() -> RefOr<Schema> {
        text().pattern(Some("^[0-9a-fA-F]{64}$")).into()
    }
}

impl ToSchema for Hash {
    fn name() -> Cow<'static, str> {
        "Sha256".into()
    }
}

impl PartialSchema for Status {
    fn schema() -> RefOr<Schema> {
        let words = ["draft", "submitted", "approved", "rejected", "suspended"];
        text().enum_values(Some(words)).into()
    }
}

impl ToSchema for Status {
    fn name() -> Cow<'static, str> {
        "VendorStatus".into()
    }
}
