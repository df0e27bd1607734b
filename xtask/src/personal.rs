//! Where personal data may stand: in which events, and in which answers. Whoever adds a member adds it here, knowingly.

use std::collections::BTreeSet;

use contracts::catalogue;
use serde_json::Value;

use crate::api;

/// Members that are about a person or a business, or would let somebody pass as one.
const PERSONAL: &[&str] = &[
    "email",
    "phone",
    "recipient",
    "line1",
    "line2",
    "landmark",
    "pincode",
    "legal_name",
    "gstin",
    "pan",
    "account_number",
    "ifsc",
    "vpa",
    "ip",
    "user_agent",
    "author",
    "author_id",
];

/// Members that no event carries, and no answer but one that is made for it.
const SECRET: &[&str] = &[
    "password",
    "otp",
    "code_hash",
    "secret",
    "cost_price",
    "supplier",
    "internal_note",
    "token_hash",
];

const PLACE: &[&str] = &["line1", "line2", "pincode"];
const BUSINESS: &[&str] = &["legal_name", "gstin"];

/// What each event may carry.
const SAID: &[(&str, &[&[&str]])] = &[
    ("user.contact_updated.v1", &[&["email", "phone", "recipient"], PLACE]),
    ("vendor.changed.v1", &[BUSINESS, PLACE]),
    // Masked.
    ("email.sent.v1", &[&["recipient"]]),
    ("email.bounced.v1", &[&["recipient"]]),
    ("review.submitted.v1", &[&["author"]]),
];

/// What the answers of a route may show: one's own, what the law wants shown, what staff or the carrier need.
const SHOWN: &[(&str, &[&[&str]])] = &[
    ("/v1/auth/", &[&["email"]]),
    ("/v1/me/addresses", &[&["recipient", "phone"], PLACE]),
    // Its owner's app needs it, and it is shown once.
    ("/v1/me/totp", &[&["secret"]]),
    ("/v1/me", &[&["email", "phone"]]),
    ("/v1/vendors/{vendor_id}/profile", &[BUSINESS, PLACE, &["pan", "account_number", "ifsc"]]),
    (
        "/v1/vendors/{vendor_id}/bank-account",
        &[BUSINESS, PLACE, &["pan", "account_number", "ifsc"]],
    ),
    // The buyer's own address, in the answers that show a whole order.
    ("/v1/orders/{id}", &[&["recipient", "phone"], PLACE]),
    ("/v1/orders/{id}/cancel", &[&["recipient", "phone"], PLACE]),
    ("/v1/orders/{id}/parts/", &[&["recipient", "phone"], PLACE]),
    ("/v1/vendors/{vendor_id}/orders/", &[&["recipient", "phone"], PLACE]),
    ("/v1/vendors/{vendor_id}", &[BUSINESS, PLACE]),
    ("/v1/admin/users", &[&["email", "phone"]]),
    // Masked.
    ("/v1/admin/messages", &[&["recipient"]]),
    // Masked to its buyer; in full to whoever pays it.
    ("/v1/payments/{id}/refund-account", &[&["vpa"]]),
    ("/v1/admin/refunds/{id}/account", &[&["vpa"]]),
    // What staff decide by, masked as for the seller itself.
    (
        "/v1/admin/vendors/{vendor_id}/application",
        &[BUSINESS, PLACE, &["pan", "account_number", "ifsc"]],
    ),
    ("/v1/admin/vendors", &[BUSINESS]),
    // What a return of income tax needs; the audit trail has who read it.
    ("/v1/admin/tax/sellers", &[BUSINESS, &["pan"]]),
    ("/v1/admin/tax/", &[BUSINESS]),
];

/// Personal data where it may not stand.
pub fn troubles() -> Vec<String> {
    [in_events(), in_answers()].concat()
}

fn in_events() -> Vec<String> {
    let troubles = catalogue().into_iter().flat_map(|entry| {
        let allowed = SAID.iter().find(|(name, _)| *name == entry.name).map(|(_, lists)| *lists);
        let schema = entry.schema.to_value();
        misplaced(&members(&schema, &schema), allowed)
            .into_iter()
            .map(move |member| format!("{} must not carry {member}", entry.name))
            .collect::<Vec<_>>()
    });
    troubles.collect()
}

fn in_answers() -> Vec<String> {
    let mut troubles = Vec::new();
    for (_, document) in api::documents() {
        let document = serde_json::to_value(document).unwrap_or_default();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            let shown: BTreeSet<String> = item
                .as_object()
                .into_iter()
                .flatten()
                .flat_map(|(_, operation)| members(&operation["responses"], &document))
                .collect();
            let allowed = SHOWN.iter().find(|(start, _)| begins(path, start));
            for member in misplaced(&shown, allowed.map(|(_, lists)| *lists)) {
                troubles.push(format!("{path} must not show {member}"));
            }
        }
    }
    troubles
}

/// `/v1/me` covers itself and what ends in `/` covers what is below it.
fn begins(path: &str, start: &str) -> bool {
    if start.ends_with('/') { path.starts_with(start) } else { path_and_one(path, start) }
}

/// The route itself, one thing of it, or an act on that thing.
fn path_and_one(path: &str, start: &str) -> bool {
    let rest = path.strip_prefix(start);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("/{id}"))
}

fn misplaced(members: &BTreeSet<String>, allowed: Option<&[&[&str]]>) -> Vec<String> {
    let allowed: BTreeSet<&str> =
        allowed.unwrap_or_default().iter().copied().flatten().copied().collect();
    let is_wrong = |name: &str| {
        !allowed.contains(name) && (PERSONAL.contains(&name) || SECRET.contains(&name))
    };
    members.iter().filter(|name| is_wrong(name)).cloned().collect()
}

/// The names of all members of a schema, as deep as they go.
fn members(schema: &Value, root: &Value) -> BTreeSet<String> {
    let (mut names, mut followed) = (BTreeSet::new(), BTreeSet::new());
    collect(schema, root, &mut names, &mut followed);
    names
}

fn collect(
    schema: &Value,
    root: &Value,
    names: &mut BTreeSet<String>,
    followed: &mut BTreeSet<String>,
) {
    for item in schema.as_array().into_iter().flatten() {
        collect(item, root, names, followed);
    }
    for (key, value) in schema.as_object().into_iter().flatten() {
        if key == "$ref"
            && let Some(pointer) = value.as_str().and_then(|text| text.strip_prefix('#'))
            && followed.insert(pointer.to_owned())
            && let Some(target) = root.pointer(pointer)
        {
            collect(target, root, names, followed);
        }
        if key == "properties" {
            names.extend(value.as_object().into_iter().flatten().map(|(name, _)| name.clone()));
        }
        // What other types the document defines is followed where it is used.
        if !["$defs", "description", "example"].contains(&key.as_str()) {
            collect(value, root, names, followed);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{in_answers, in_events, members, misplaced};

    #[test]
    fn no_event_carries_personal_data_beyond_what_is_declared() {
        assert_eq!(in_events(), Vec::<String>::new());
    }

    #[test]
    fn no_answer_shows_what_is_not_its_readers_to_see() {
        assert_eq!(in_answers(), Vec::<String>::new());
    }

    #[test]
    fn a_member_is_found_however_deep_it_stands() {
        let root = json!({ "properties": { "list": { "items": { "anyOf": [{ "$ref": "#/$defs/A" }] } } },
            "$defs": { "A": { "properties": { "phone": {}, "next": { "$ref": "#/$defs/A" } } }, "B": { "properties": { "pan": {} } } } });
        let found = members(&root, &root);
        assert!(found.iter().eq(["list", "next", "phone"]));
        assert_eq!(misplaced(&found, None), ["phone"]);
        assert!(misplaced(&found, Some(&[&["phone"]])).is_empty());
    }
}
