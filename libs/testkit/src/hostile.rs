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

/// Texts of which nobody sees anything, each made of another kind of mark.
const UNSEEN: [&str; 17] = [
    " \u{a0}\u{3000}",
    "\u{200b}",
    "\u{3164}",
    "\u{ad}",
    "\u{2800}",
    "\u{2060}",
    "\u{feff}",
    "\u{180e}",
    "\u{115f}\u{1160}",
    "\u{ffa0}",
    "\u{34f}",
    "\u{fe0f}",
    "\u{e0041}\u{e007f}",
    "\u{202e}\u{202c}",
    "\u{2066}\u{2069}",
    "\u{200c}\u{200d}",
    "\u{fff9}\u{1d159}\u{1bca0}",
];

/// Sends `good` with a text of which nobody sees anything at each of `pointers`, and asserts that each is refused there;
/// a turn of the direction in the middle of a text is refused, too.
pub async fn refuses_unseen_texts(
    client: &Client,
    method: &Method,
    path: &str,
    (good, pointers): (&Value, &[&str]),
) {
    let turned = ["Asha\u{202e}oaR", "Asha\u{2067}oaR\u{2069}"];
    for pointer in pointers {
        for text in UNSEEN.into_iter().chain(turned) {
            let mut body = good.clone();
            *body.pointer_mut(pointer).expect("a member of the body") = text.into();
            eprintln!("{method} {path}: {text:?} at {pointer}");
            let body = Some(("application/json", body.to_string().into_bytes()));
            let answer = client.send(method.clone(), path, body).await;
            let problem = answer.problem(422, "validation-error");
            assert_eq!(problem["errors"][0]["pointer"], *pointer);
        }
    }
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
