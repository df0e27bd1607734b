//! What clients were given with the last release is still there: a change of the API adds.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// The whole API as it is, and as it was at the last release (`cargo xtask release` copies it).
pub const TODAY: &str = "contracts/mall.openapi.json";
const RELEASED: &str = "contracts/released/mall.openapi.json";

/// Makes today's document the one that later ones are compared with.
pub fn publish(root: &Path) -> anyhow::Result<()> {
    fs::copy(root.join(TODAY), root.join(RELEASED))?;
    Ok(())
}

/// What a client of the last release would miss.
pub fn troubles(root: &Path) -> Vec<String> {
    let read = |path: &str| -> Value {
        let text = fs::read_to_string(root.join(path)).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    };
    let (before, today) = (read(RELEASED), read(TODAY));
    if before.is_null() {
        return vec![format!("{RELEASED} cannot be read")];
    }
    broken(&before, &today)
        .into_iter()
        .map(|broken| format!("since the last release {broken}"))
        .collect()
}

fn broken(before: &Value, today: &Value) -> Vec<String> {
    let mut broken = Vec::new();
    for (path, method, operation) in operations(before) {
        let name = format!("{} {path}", method.to_uppercase());
        let now = &today["paths"][path][method];
        if now.is_null() {
            broken.push(format!("{name} is gone"));
        } else {
            broken.extend(broken_operation(&name, operation, now));
        }
    }
    let asked = asked(before);
    for (name, schema) in members(&before["components"]["schemas"]) {
        let now = &today["components"]["schemas"][name];
        // One that nobody names any more has no reader.
        if !now.is_null() {
            broken.extend(broken_schema(name, schema, now, asked.contains(name)));
        }
    }
    broken
}

fn broken_operation(name: &str, before: &Value, now: &Value) -> Vec<String> {
    let mut broken = Vec::new();
    if before["operationId"] != now["operationId"] {
        broken.push(format!("{name} has another name: {}", now["operationId"]));
    }
    let (known, taken) = (parameters(before), parameters(now));
    broken.extend(known.difference(&taken).map(|parameter| format!("{name} takes no {parameter}")));
    let required = list(&now["parameters"]).filter(|parameter| parameter["required"] == true);
    let new = required.map(parameter).filter(|parameter| !known.contains(parameter));
    broken.extend(new.map(|parameter| format!("{name} wants the {parameter}")));
    let body = |operation: &Value| {
        (operation["requestBody"]["required"] == true, schemas(&operation["requestBody"]))
    };
    let ((was_due, was), (is_due, is)) = (body(before), body(now));
    // Where there was none, one that may be left out breaks nobody.
    let is_new = was.is_empty() && !is_due;
    if was != is && !is_new || is_due && !was_due {
        broken.push(format!("{name} wants another body"));
    }
    let given = |operation: &Value| -> BTreeSet<String> {
        let answers =
            members(&operation["responses"]).filter(|(status, _)| status.starts_with('2'));
        answers
            .flat_map(|(status, answer)| {
                schemas(answer).into_iter().map(move |s| format!("{status} with {s}"))
            })
            .collect()
    };
    broken.extend(
        given(before)
            .difference(&given(now))
            .map(|answer| format!("{name} does not answer {answer}")),
    );
    broken
}

fn parameters(operation: &Value) -> BTreeSet<String> {
    list(&operation["parameters"]).map(parameter).collect()
}

fn parameter(parameter: &Value) -> String {
    let text = |member: &str| parameter[member].as_str().unwrap_or_default().to_owned();
    format!("{} parameter {}", text("in"), text("name"))
}

/// Members that are gone or have another type, words that are gone; of what is sent, members that became necessary; of
/// what is answered, members that may be missing.
fn broken_schema(name: &str, before: &Value, now: &Value, is_sent: bool) -> Vec<String> {
    let mut broken = Vec::new();
    for (member, schema) in members(&before["properties"]) {
        let is = &now["properties"][member];
        if is.is_null() {
            broken.push(format!("{name} has no {member}"));
        } else if kind(schema) != kind(is) {
            broken.push(format!("{name}.{member} has another type"));
        }
    }
    let words =
        |schema: &Value| list(&schema["enum"]).map(Value::to_string).collect::<BTreeSet<_>>();
    broken.extend(
        words(before).difference(&words(now)).map(|word| format!("{name} knows no {word}")),
    );
    let required =
        |schema: &Value| list(&schema["required"]).map(Value::to_string).collect::<BTreeSet<_>>();
    let (was, is) = (required(before), required(now));
    if is_sent {
        broken.extend(is.difference(&was).map(|member| format!("{name} wants {member}")));
    } else {
        broken.extend(was.difference(&is).map(|member| format!("{name} may lack {member}")));
    }
    broken
}

/// What a value is: its type, that of its items, and every schema that it may be or hold.
fn kind(schema: &Value) -> (&Value, &Value, Vec<String>) {
    (&schema["type"], &schema["items"]["type"], schemas(schema))
}

/// The schemas that are sent to the API, with all that they hold.
fn asked(document: &Value) -> BTreeSet<String> {
    let bodies =
        operations(document).flat_map(|(_, _, operation)| schemas(&operation["requestBody"]));
    let mut known = BTreeSet::new();
    let mut fresh: Vec<String> = bodies.collect();
    while let Some(name) = fresh.pop() {
        let held = schemas(&document["components"]["schemas"][&name]);
        if known.insert(name) {
            fresh.extend(held);
        }
    }
    known
}

/// The names of the schemas that stand anywhere below a value.
fn schemas(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => {
            text.strip_prefix("#/components/schemas/").map(str::to_owned).into_iter().collect()
        }
        Value::Array(items) => items.iter().flat_map(schemas).collect(),
        Value::Object(members) => members.values().flat_map(schemas).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    members(&document["paths"]).flat_map(|(path, item)| {
        members(item).map(move |(method, operation)| (path, method, operation))
    })
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, member)| (name.as_str(), member))
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::broken;

    fn api(parameters: &Value, request: &Value, answer: &Value) -> Value {
        let body = |name: &str| json!({ "content": { "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}") } } } });
        json!({
            "paths": { "/v1/things": { "post": {
                "operationId": "createThing", "parameters": parameters,
                "requestBody": body("NewThing"), "responses": { "201": body("Thing") },
            } } },
            "components": { "schemas": { "NewThing": request, "Thing": answer } },
        })
    }

    fn sent() -> Value {
        json!({ "properties": { "title": { "type": "string" } }, "required": ["title"] })
    }

    fn answered() -> Value {
        json!({ "properties": { "id": { "type": "string" }, "colour": { "type": "string" } }, "required": ["id"] })
    }

    #[test]
    fn what_is_added_breaks_nobody() {
        let more = json!([{ "in": "query", "name": "limit", "required": false }]);
        let request = json!({ "properties": { "title": { "type": "string" }, "note": { "type": "string" } }, "required": ["title"] });
        let answer = json!({ "properties": { "id": { "type": "string" }, "colour": { "type": "string" }, "size": { "type": "integer" } }, "required": ["id", "size"] });
        assert_eq!(
            broken(&api(&json!([]), &sent(), &answered()), &api(&more, &request, &answer)),
            Vec::<String>::new()
        );
    }

    #[test]
    fn other_items_another_choice_and_another_body_are_named() {
        let list = |name: &str| json!({ "properties": { "all": { "type": "array", "items": { "$ref": format!("#/components/schemas/{name}") } } } });
        let choice = |name: &str| json!({ "properties": { "one": { "oneOf": [{ "$ref": format!("#/components/schemas/{name}") }, { "type": "null" }] } } });
        let before = api(&json!([]), &choice("Colour"), &list("Size"));
        let mut today = api(&json!([]), &choice("Shade"), &list("Length"));
        assert_eq!(
            broken(&before, &today),
            ["NewThing.one has another type", "Thing.all has another type"]
        );
        today = before.clone();
        today["paths"]["/v1/things"]["post"]["requestBody"]["required"] = json!(true);
        assert_eq!(broken(&before, &today), ["POST /v1/things wants another body"]);
        let mut none = before.clone();
        none["paths"]["/v1/things"]["post"]["requestBody"] = json!(null);
        assert_eq!(broken(&none, &before), Vec::<String>::new());
    }

    #[test]
    fn what_a_client_would_miss_is_named() {
        let before = api(&json!([{ "in": "query", "name": "limit" }]), &sent(), &answered());
        let wanted = json!([{ "in": "header", "name": "X-Reason", "required": true }]);
        let request = json!({ "properties": { "title": { "type": "integer" }, "note": {} }, "required": ["title", "note"] });
        let answer = json!({ "properties": { "id": { "type": "string" } }, "required": [] });
        let missed = broken(&before, &api(&wanted, &request, &answer));
        assert_eq!(
            missed,
            [
                "POST /v1/things takes no query parameter limit",
                "POST /v1/things wants the header parameter X-Reason",
                "NewThing.title has another type",
                "NewThing wants \"note\"",
                "Thing has no colour",
                "Thing may lack \"id\"",
            ]
        );
        let gone = broken(&before, &json!({ "paths": {} }));
        assert_eq!(gone, ["POST /v1/things is gone"]);
    }
}
