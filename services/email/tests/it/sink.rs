//! The mail sink, from the reader's side.

use serde_json::Value;
use testkit::servers;

/// Everything that came for `address` so far.
pub async fn inbox(address: &str) -> Vec<Value> {
    let url = format!("{}/email", servers::mail_api());
    let all: Vec<Value> = reqwest::get(url).await.unwrap().json().await.unwrap();
    let to = |mail: &Value| {
        mail["to"].as_array().is_some_and(|to| to.iter().any(|to| to["address"] == address))
    };
    all.into_iter().filter(to).collect()
}

/// The only mail that came for `address`.
pub async fn only(address: &str) -> Value {
    let mut mails = inbox(address).await;
    assert_eq!(mails.len(), 1, "{mails:#?}");
    mails.remove(0)
}

/// A text member of a mail.
pub fn text<'a>(mail: &'a Value, member: &str) -> &'a str {
    mail[member].as_str().unwrap_or_default()
}
