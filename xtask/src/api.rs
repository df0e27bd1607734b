//! The API as its callers see it: one origin, one document, and the gateway's map of paths to services.

use std::collections::BTreeMap;

use chassis::openapi::operations;
use mall::registry;
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{Info, OpenApi, RefOr, Schema};

/// The API documents of all services.
pub fn documents() -> Vec<(&'static str, OpenApi)> {
    registry::all().into_iter().map(|service| (service.name, (service.document)())).collect()
}

/// The documents of all services as one.
pub fn merged(documents: &[(&'static str, OpenApi)]) -> OpenApi {
    let mut info = Info::new("Mall", env!("CARGO_PKG_VERSION"));
    info.description = Some(DESCRIPTION.to_owned());
    info.license = documents.first().and_then(|(_, document)| document.info.license.clone());
    let mut whole = OpenApi::new(info, utoipa::openapi::Paths::new());
    let tag = |(service, document): &(&str, OpenApi)| {
        TagBuilder::new().name(*service).description(document.info.description.clone()).build()
    };
    whole.tags = Some(documents.iter().map(tag).collect());
    for (_, document) in documents {
        whole.merge(document.clone());
    }
    whole
}

const DESCRIPTION: &str = "The API of a marketplace of many sellers. Amounts are whole numbers of the currency's smallest \
     unit. Every refusal is a problem document (RFC 9457) whose `type` is a page that explains it. A POST that creates \
     takes an `Idempotency-Key`. Lists come in pages: `after` takes the `next` of the page before.";

/// The lines of an nginx `map`: a path, and the service that answers it.
pub fn gateway(documents: &[(&'static str, OpenApi)]) -> String {
    let lines = documents.iter().flat_map(|(service, document)| {
        document.paths.paths.keys().map(move |path| format!("{} {service};\n", pattern(path)))
    });
    "# Made from the API documents by `cargo xtask generate`.\n".to_owned()
        + &lines.collect::<String>()
}

/// An expression even where the path has no parameters: nginx compares plain texts without regard to case.
fn pattern(path: &str) -> String {
    let part = |part: &str| {
        if part.starts_with('{') { "[^/]+".to_owned() } else { part.replace('.', r"\.") }
    };
    format!("\"~^{}$\"", path.split('/').map(part).collect::<Vec<_>>().join("/"))
}

/// What cannot stand in one document: two things of one name.
pub fn troubles(documents: &[(&'static str, OpenApi)]) -> Vec<String> {
    [clashing_schemas(documents), clashing_operations(documents)].concat()
}

fn clashing_schemas(documents: &[(&'static str, OpenApi)]) -> Vec<String> {
    let mut known: BTreeMap<&str, (&str, &RefOr<Schema>)> = BTreeMap::new();
    let mut clashes = Vec::new();
    for (service, document) in documents {
        for (name, schema) in document.components.iter().flat_map(|all| &all.schemas) {
            let (first, same) = *known.entry(name).or_insert((service, schema));
            if same != schema {
                clashes.push(format!(
                    "{first} and {service} mean different things by the schema {name}"
                ));
            }
        }
    }
    clashes
}

fn clashing_operations(documents: &[(&'static str, OpenApi)]) -> Vec<String> {
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    let mut clashes = Vec::new();
    for (service, document) in documents {
        for id in document
            .paths
            .paths
            .values()
            .flat_map(operations)
            .filter_map(|o| o.1.operation_id.as_deref())
        {
            if let Some(first) = known.insert(id, service) {
                clashes.push(format!("{first} and {service} both have an operation {id}"));
            }
        }
    }
    clashes
}
