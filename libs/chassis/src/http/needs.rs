//! What a body lacks, by the document of the service. Whoever reads a body meets what is missing last, and only the first
//! of it; the document knows all.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use serde_json::Value;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::schema::ArrayItems;
use utoipa::openapi::{OpenApi, RefOr, Schema};

use super::mistakes::{LONGEST, MOST};
use crate::problem::{FieldError, Problem};

type AnySchema = RefOr<Schema>;

/// What the bodies of a service have to have.
#[derive(Clone)]
pub struct Needs(Arc<Documented>);

struct Documented {
    bodies: BTreeMap<(Method, String), AnySchema>,
    schemas: BTreeMap<String, AnySchema>,
}

/// The same of the body of one request.
pub struct Needed(Option<(Needs, Method, String)>);

impl Needs {
    /// As documented.
    pub fn of(document: &OpenApi) -> Self {
        let mut bodies = BTreeMap::new();
        for (path, item) in &document.paths.paths {
            for (method, operation) in with_bodies(item) {
                let Some(RefOr::T(body)) = &operation.request_body else { continue };
                let Some(RefOr::T(json)) = body.content.get("application/json") else { continue };
                bodies.extend(json.schema.clone().map(|schema| ((method, path.clone()), schema)));
            }
        }
        let schemas = document.components.as_ref().map(|parts| parts.schemas.clone());
        Self(Arc::new(Documented { bodies, schemas: schemas.unwrap_or_default() }))
    }
}

/// The operations of a path that may have a body.
fn with_bodies(item: &PathItem) -> impl Iterator<Item = (Method, &Operation)> {
    let all = [
        (Method::PUT, &item.put),
        (Method::POST, &item.post),
        (Method::DELETE, &item.delete),
        (Method::PATCH, &item.patch),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_ref()?)))
}

impl Needed {
    /// By what the layers left at the request.
    pub fn of(request: &Request) -> Self {
        let (needs, route) =
            (request.extensions().get::<Needs>(), request.extensions().get::<MatchedPath>());
        let known = needs.zip(route).map(|(needs, route)| {
            (needs.clone(), request.method().clone(), route.as_str().to_owned())
        });
        Self(known)
    }

    /// The refusal of `body`, with what it lacks beside what is wrong with it.
    pub fn complete(self, mut refused: Problem, body: &[u8]) -> Problem {
        let Some((needs, method, route)) = self.0.filter(|_| !refused.errors.is_empty()) else {
            return refused;
        };
        let (documented, room) = (needs.0, body.len() <= LONGEST);
        let body = room.then(|| serde_json::from_slice(body).ok()).flatten().unwrap_or(Value::Null);
        let mut lacking = Vec::new();
        if let Some(schema) = documented.bodies.get(&(method, route)) {
            documented.look(schema, &body, "", &mut lacking);
        }
        lacking.retain(|error| !refused.errors.contains(error));
        refused.errors.extend(lacking);
        refused.errors.truncate(MOST);
        refused
    }
}

impl Documented {
    fn look(&self, schema: &AnySchema, value: &Value, at: &str, lacking: &mut Vec<FieldError>) {
        match (self.resolve(schema), value) {
            (Some(Schema::Object(object)), Value::Object(members)) => {
                let missing = object.required.iter().filter(|name| !members.contains_key(*name));
                lacking
                    .extend(missing.map(|name| FieldError::at(at, format!("it lacks `{name}`"))));
                for (name, schema) in &object.properties {
                    if let Some(member) = members.get(name) {
                        self.look(schema, member, &format!("{at}/{name}"), lacking);
                    }
                }
            }
            (Some(Schema::Array(list)), Value::Array(items)) => {
                let ArrayItems::RefOrSchema(schema) = &list.items else { return };
                for (nth, item) in items.iter().enumerate() {
                    self.look(schema, item, &format!("{at}/{nth}"), lacking);
                }
            }
            (Some(Schema::AllOf(all)), _) => {
                for schema in &all.items {
                    self.look(schema, value, at, lacking);
                }
            }
            // Which of several it was to be nobody knows.
            _ => {}
        }
    }

    /// What `schema` names.
    fn resolve<'a>(&'a self, schema: &'a AnySchema) -> Option<&'a Schema> {
        match schema {
            RefOr::T(schema) => Some(schema),
            RefOr::Ref(other) => {
                let name = other.ref_location.rsplit('/').next()?;
                match self.schemas.get(name)? {
                    RefOr::T(schema) => Some(schema),
                    RefOr::Ref(_) => None,
                }
            }
        }
    }
}
