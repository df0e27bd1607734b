//! How the domain's values look in the API document.

use std::borrow::Cow;

use strum::{VariantArray, VariantNames};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::bank::AccountNumber;
use crate::domain::check::Outcome;
use crate::domain::document::Kind;
use crate::domain::file::{Hash, MAX_BYTES, Media, Size};
use crate::domain::scheme::Scheme;
use crate::domain::standing::SellerStatus;

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
        text().enum_values(Some(Self::VARIANTS.iter().map(Self::into_str))).into()
    }
}

impl ToSchema for Kind {
    fn name() -> Cow<'static, str> {
        "DocumentKind".into()
    }
}

impl PartialSchema for Media {
    fn schema() -> RefOr<Schema> {
        text().enum_values(Some(Self::VARIANTS.iter().map(Self::into_str))).into()
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

impl PartialSchema for Scheme {
    fn schema() -> RefOr<Schema> {
        text().enum_values(Some(Self::VARIANTS.iter().map(Self::into_str))).into()
    }
}

impl ToSchema for Scheme {
    fn name() -> Cow<'static, str> {
        "TaxScheme".into()
    }
}

impl PartialSchema for Outcome {
    fn schema() -> RefOr<Schema> {
        text().enum_values(Some(Self::VARIANTS.iter().copied())).into()
    }
}

impl ToSchema for Outcome {
    fn name() -> Cow<'static, str> {
        "CheckOutcome".into()
    }
}

impl PartialSchema for SellerStatus {
    fn schema() -> RefOr<Schema> {
        text().enum_values(Some(Self::VARIANTS.iter().copied())).into()
    }
}

impl ToSchema for SellerStatus {
    fn name() -> Cow<'static, str> {
        "VendorStatus".into()
    }
}
