//! Somebody who uses the mall through its gateway.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use kernel::EventId;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::client;
use crate::mailbox::Mailbox;
use crate::reporter::PATIENCE;
use crate::settings::Settings;

mod requests;
use requests::read;

/// So many codes the mall sends to one address in a quarter of an hour.
const CODES: u32 = 3;

/// A person, signed in or not.
#[derive(Debug, Clone)]
pub struct Person {
    pub address: String,
    gateway: String,
    http: reqwest::Client,
    access_token: String,
    refresh_token: String,
    /// What the mall knows of them: `user` of the last sign-in.
    pub user: Value,
    lasting: Option<Arc<Lasting>>,
}

/// The session of somebody who stays signed in, however the time is moved. Clones have the same.
#[derive(Debug)]
struct Lasting {
    person: Mutex<Person>,
    settings: Settings,
}

impl Lasting {
    async fn token(&self) -> String {
        self.person.lock().await.access_token.clone()
    }

    /// Another token than `over`, which is none any more.
    async fn renew(&self, over: &str) -> anyhow::Result<String> {
        let mut person = self.person.lock().await;
        if person.access_token == over && person.refresh().await.is_err() {
            *person = Person::sign_in(&self.settings, &person.address.clone()).await?;
        }
        Ok(person.access_token.clone())
    }
}

impl Person {
    /// Somebody who has not signed in.
    pub fn stranger(settings: &Settings, address: &str) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(40)).build()?;
        Ok(Self {
            address: address.to_owned(),
            gateway: settings.gateway.trim_end_matches('/').to_owned(),
            http,
            access_token: String::new(),
            refresh_token: String::new(),
            user: Value::Null,
            lasting: None,
        })
    }

    /// The same person, who takes a fresh token, or signs in again, whenever the old one is over.
    #[must_use]
    pub fn lasting(self, settings: &Settings) -> Self {
        let lasting = Lasting { person: Mutex::new(self.clone()), settings: settings.clone() };
        Self { lasting: Some(Arc::new(lasting)), ..self }
    }

    /// Signs in with a code that arrives by mail.
    pub async fn sign_in(settings: &Settings, address: &str) -> anyhow::Result<Self> {
        let mut person = Self::stranger(settings, address)?;
        let mailbox = Mailbox::new(&settings.mail);
        let mut seen = mailbox.codes(address).await?.len();
        for _ in 0..CODES {
            let challenge = person.ask_code().await?;
            // A code may belong to an earlier question, and an answer may have been lost on its way.
            while let Ok(code) = mailbox.next_code(address, seen).await {
                seen += 1;
                if let Some(session) = person.try_code(&challenge, &code).await? {
                    person.adopt(&session)?;
                    return Ok(person);
                }
            }
        }
        anyhow::bail!("no code let {address} in")
    }

    /// Asks for a code. Returns the challenge.
    async fn ask_code(&self) -> anyhow::Result<Value> {
        let answer = self.sign_in_step("/v1/auth/otp", json!({ "address": self.address })).await?;
        Ok(read(answer, "POST /v1/auth/otp").await?["challenge_id"].clone())
    }

    async fn try_code(&self, challenge: &Value, code: &str) -> anyhow::Result<Option<Value>> {
        let body = json!({ "challenge_id": challenge, "code": code });
        let answer = self.sign_in_step("/v1/auth/otp/verify", body).await?;
        if answer.status() == StatusCode::UNAUTHORIZED {
            return Ok(None);
        }
        read(answer, "POST /v1/auth/otp/verify").await.map(Some)
    }

    /// Posts as soon as the mall lets this address, which others sign in from, too.
    async fn sign_in_step(&self, path: &str, body: Value) -> anyhow::Result<Response> {
        loop {
            let answer = self.send_as("", Method::POST, path, Some(body.clone()), None).await?;
            let wait = client::retry_after(&answer).filter(|wait| *wait <= PATIENCE);
            match (answer.status(), wait) {
                (StatusCode::TOO_MANY_REQUESTS, Some(wait)) => tokio::time::sleep(wait).await,
                _ => return Ok(answer),
            }
        }
    }

    /// Goes on with a session kept in `wallet`, or signs in; keeps the session there.
    pub async fn remembered(
        settings: &Settings,
        wallet: &Path,
        address: &str,
    ) -> anyhow::Result<Self> {
        let kept = std::fs::read_to_string(wallet).ok();
        let mut sessions: Value =
            kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_else(|| json!({}));
        let mut person = Self::stranger(settings, address)?;
        person.refresh_token = sessions[address].as_str().unwrap_or_default().to_owned();
        if person.refresh_token.is_empty() || person.refresh().await.is_err() {
            person = Self::sign_in(settings, address).await?;
        }
        sessions[address] = person.refresh_token.clone().into();
        write_private(wallet, &sessions.to_string())?;
        Ok(person)
    }

    fn adopt(&mut self, session: &Value) -> anyhow::Result<()> {
        let text = |key: &str| {
            session[key]
                .as_str()
                .map(str::to_owned)
                .with_context(|| format!("no {key} in the answer"))
        };
        self.access_token = text("access_token")?;
        self.refresh_token = text("refresh_token")?;
        if session["user"].is_object() {
            self.user = session["user"].clone();
        }
        Ok(())
    }

    /// Takes a fresh token, which shows roles and memberships as they are now.
    pub async fn refresh(&mut self) -> anyhow::Result<()> {
        let body = json!({ "refresh_token": self.refresh_token });
        let path = "/v1/auth/refresh";
        let key = EventId::new().to_string();
        let answer = self.send_as("", Method::POST, path, Some(body), Some(&key)).await?;
        let session = read(answer, "POST /v1/auth/refresh").await?;
        self.adopt(&session)
    }

    /// The access token; empty for a stranger.
    pub fn access_token(&self) -> &str {
        &self.access_token
    }

    /// The session's refresh token, to be kept.
    pub fn refresh_token(&self) -> &str {
        &self.refresh_token
    }

    /// The user's id.
    pub fn id(&self) -> String {
        self.user["user_id"].as_str().unwrap_or_default().to_owned()
    }
}

/// Writes a file that only its owner can read.
fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.create(true).write(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    Ok(())
}
