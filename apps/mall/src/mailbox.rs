//! Reading the mail sink (maildev's API).

use std::collections::BTreeSet;
use std::time::Duration;

use reqwest::Url;
use serde_json::Value;

use crate::client;
use crate::reporter::{PATIENCE, until, until_every};

const CODE_PATIENCE: Duration = Duration::from_secs(30);
/// How often somebody who waits for a code looks: the sink goes through all mails each time, and takes none meanwhile.
const LOOK: Duration = Duration::from_millis(300);

/// A mailbox of everybody.
#[derive(Debug, Clone)]
pub struct Mailbox {
    api: String,
    http: reqwest::Client,
}

#[derive(Debug, Clone)]
pub struct Mail {
    /// Its id in the sink.
    pub id: String,
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// Rich text.
    pub html: String,
}

impl Mailbox {
    /// The mailbox behind `api`.
    #[must_use]
    pub fn new(api: &str) -> Self {
        Self { api: api.trim_end_matches('/').to_owned(), http: reqwest::Client::new() }
    }

    /// Every mail to `address`, oldest first. What came twice with one `Message-ID` is one mail.
    pub async fn to(&self, address: &str) -> anyhow::Result<Vec<Mail>> {
        let mails = format!("{}/email", self.api);
        let ours = Url::parse_with_params(&mails, [("to.address", address)])?;
        let mut ours: Vec<Value> = client::send(self.http.get(ours)).await?.json().await?;
        let text = |mail: &Value, key: &str| mail[key].as_str().unwrap_or_default().to_owned();
        // A sink that was restarted has them in no order.
        ours.sort_by_key(|mail| text(mail, "time"));
        let mut known = BTreeSet::new();
        ours.retain(|mail| known.insert(text(mail, "messageId")));
        let read = |mail: &Value| Mail {
            id: text(mail, "id"),
            subject: text(mail, "subject"),
            text: text(mail, "text"),
            html: text(mail, "html"),
        };
        Ok(ours.iter().map(read).collect())
    }

    /// Waits for a mail to `address` whose subject contains `subject`, beyond the first `seen`.
    pub async fn wait_for(
        &self,
        address: &str,
        subject: &str,
        seen: usize,
    ) -> anyhow::Result<Mail> {
        until(PATIENCE, &format!("a mail with the subject {subject:?}"), async || {
            let mails = self.to(address).await?;
            Ok(mails.into_iter().filter(|m| m.subject.contains(subject)).nth(seen))
        })
        .await
    }

    /// Every sign-in code that came to `address`, oldest first.
    pub async fn codes(&self, address: &str) -> anyhow::Result<Vec<String>> {
        Ok(self.to(address).await?.iter().filter_map(Mail::code).collect())
    }

    /// The code that comes after the first `seen`; somebody who waits longer asks for another.
    pub async fn next_code(&self, address: &str, seen: usize) -> anyhow::Result<String> {
        until_every(LOOK, CODE_PATIENCE, "a mail with a code", async || {
            Ok(self.codes(address).await?.into_iter().nth(seen))
        })
        .await
    }

    /// Where a person can look at a mail.
    pub fn page(&self, mail: &Mail) -> String {
        format!("{}/#/email/{}", self.api, mail.id)
    }
}

impl Mail {
    /// The six digits of a sign-in code.
    pub fn code(&self) -> Option<String> {
        self.text
            .split(|c: char| !c.is_ascii_digit())
            .find(|word| word.len() == 6)
            .map(str::to_owned)
    }

    /// Every link that contains `part`.
    pub fn links(&self, part: &str) -> Vec<String> {
        let words = self
            .text
            .split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '(' | ')'));
        words.filter(|w| w.starts_with("http") && w.contains(part)).map(str::to_owned).collect()
    }
}
