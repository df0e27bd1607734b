//! How the domain's values look in the API document.

use std::borrow::Cow;

use chassis::auth::callers::may;
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::{Code, Locale, OpaqueToken, SecondCode};

fn text(pattern: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::new(Type::String)).pattern(Some(pattern))
}

fn one_of(names: &[&str]) -> RefOr<Schema> {
    let names = Some(names.iter().copied());
    ObjectBuilder::new().schema_type(SchemaType::new(Type::String)).enum_values(names).into()
}

impl PartialSchema for Code {
    fn schema() -> RefOr<Schema> {
        text("^[0-9]{6}$").into()
    }
}

impl ToSchema for Code {}

impl PartialSchema for OpaqueToken {
    fn schema() -> RefOr<Schema> {
        text("^[A-Za-z0-9_-]{43}$").into()
    }
}

impl ToSchema for OpaqueToken {
    /// What clients know it as.
    fn name() -> Cow<'static, str> {
        "RefreshToken".into()
    }
}

impl PartialSchema for SecondCode {
    fn schema() -> RefOr<Schema> {
        text("^[0-9]{6}$|^[A-Za-z2-7 -]{24,40}$").into()
    }
}

impl ToSchema for SecondCode {}

impl PartialSchema for Locale {
    fn schema() -> RefOr<Schema> {
        text("^[a-z]{2,3}(-[A-Z]{2})?$").into()
    }
}

impl ToSchema for Locale {}

pub enum Role {}

impl PartialSchema for Role {
    fn schema() -> RefOr<Schema> {
        one_of(&["buyer", "admin"])
    }
}

impl ToSchema for Role {}

pub enum PermissionName {}

impl PartialSchema for PermissionName {
    fn schema() -> RefOr<Schema> {
        one_of(may::ALL)
    }
}

impl ToSchema for PermissionName {}
