//! Bodies that no route may take: broken, doubled, deep, huge, or of another kind.

use axum::http::Method;
use serde_json::Value;

use crate::client::Client;

/// Sends every such body, made from the object `good` that the route would take, and asserts that each is refused as
/// what it is.
pub async fn refuses_hostile_bodies(client: &Client, method: &Method, path: &str, good: &Value) {
    let text = good.to_string();
    for (body, status, slug) in hostile_bodies(&text) {
        let answer = client.send(method.clone(), path, Some(("application/json", body))).await;
        eprintln!("{method} {path}: a body that should be {slug}");
        answer.problem(status, slug);
    }
    for media in ["text/plain", "application/xml", "application/x-www-form-urlencoded"] {
        let answer = client.send(method.clone(), path, Some((media, text.clone().into()))).await;
        answer.problem(415, "unsupported-media-type");
    }
    let zipped = client.clone().with("content-encoding", "gzip");
    let answer = zipped.send(method.clone(), path, Some(("application/json", text.into()))).await;
    answer.problem(415, "unsupported-media-type");
}

fn hostile_bodies(good: &str) -> Vec<(Vec<u8>, u16, &'static str)> {
    let malformed = |body: &str| (body.as_bytes().to_vec(), 400, "malformed-body");
    let with = |member: &str| {
        let comma = if good == "{}" { "" } else { "," };
        format!("{}{comma}{member}}}", &good[..good.len() - 1])
    };
    let utf_16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut half_a_character = with("\"x\": \"?\"").into_bytes();
    half_a_character.retain(|byte| *byte != b'?');
    half_a_character.insert(half_a_character.len() - 2, 0xff);
    let deep = format!("\"x\":{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let many: Vec<String> = (0..4_000).map(|n| format!("\"x{n}\":0")).collect();
    let batch = |size: usize| format!("[{}]", vec![good; size].join(","));
    let too_large = |body: String| (body.into_bytes(), 413, "payload-too-large");
    vec![
        malformed("{"),
        malformed(&good[..good.len() - 1]),
        malformed(&format!("{good}{good}")),
        malformed("{x: 'y'}"),
        malformed("<x/>"),
        malformed(&format!("\u{feff}{good}")),
        (utf_16, 400, "malformed-body"),
        (half_a_character, 400, "malformed-body"),
        malformed(&with(&deep)),
        malformed(&with("\"x\":1,\"x\":2")),
        malformed(&batch(1)),
        malformed(&batch(2)),
        too_large(batch(100_000 / good.len())),
        too_large(with(&format!("\"x\":{}", "9".repeat(1 << 20)))),
        too_large(with(&format!("\"x\":\"{}\"", "x".repeat(1 << 20)))),
        (with("\"role\":\"admin\"").into_bytes(), 400, "unknown-field"),
        (with("\"__proto__\":{}").into_bytes(), 400, "unknown-field"),
        (with(&many.join(",")).into_bytes(), 400, "unknown-field"),
    ]
}
