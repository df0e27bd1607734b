//! Somebody who uses the mall through its gateway.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::mailbox::Mailbox;
use crate::settings::Settings;

/// A person, signed in or not.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their mail address.
    pub address: String,
    gateway: String,
    http: reqwest::Client,
    access_token: String,
    refresh_token: String,
    /// What the mall knows of them: `user` of the last sign-in.
    pub user: Value,
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
        })
    }

    /// Signs in with a code that arrives by mail.
    pub async fn sign_in(settings: &Settings, address: &str) -> anyhow::Result<Self> {
        let mut person = Self::stranger(settings, address)?;
        let mailbox = Mailbox::new(&settings.mail);
        let seen = mailbox.to(address).await?.iter().filter(|m| m.code().is_some()).count();
        let asked = person.post("/v1/auth/otp", json!({ "address": address })).await?;
        let code = crate::story::until(crate::story::PATIENCE, "a mail with a code", async || {
            Ok(mailbox.to(address).await?.iter().filter_map(crate::mailbox::Mail::code).nth(seen))
        })
        .await?;
        let body = json!({ "challenge_id": asked["challenge_id"], "code": code });
        let session = person.post("/v1/auth/otp/verify", body).await?;
        person.adopt(&session)?;
        Ok(person)
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
        let session = self.post("/v1/auth/refresh", body).await?;
        self.adopt(&session)
    }

    /// The session's refresh token, to be kept.
    #[must_use]
    pub fn refresh_token(&self) -> &str {
        &self.refresh_token
    }

    /// The user's id.
    #[must_use]
    pub fn id(&self) -> String {
        self.user["user_id"].as_str().unwrap_or_default().to_owned()
    }

    /// `GET`, expecting a 2xx.
    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.json(Method::GET, path, None, None).await
    }

    /// `POST`, expecting a 2xx.
    pub async fn post(&self, path: &str, body: Value) -> anyhow::Result<Value> {
        self.json(Method::POST, path, Some(body), None).await
    }

    /// `POST` with an `Idempotency-Key`, expecting a 2xx.
    pub async fn post_once(&self, path: &str, key: &str, body: Value) -> anyhow::Result<Value> {
        self.json(Method::POST, path, Some(body), Some(key)).await
    }

    /// `PUT`, expecting a 2xx.
    pub async fn put(&self, path: &str, body: Value) -> anyhow::Result<Value> {
        self.json(Method::PUT, path, Some(body), None).await
    }

    async fn json(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        key: Option<&str>,
    ) -> anyhow::Result<Value> {
        let answer = self.send(method.clone(), path, body, key).await?;
        let status = answer.status();
        let text = answer.text().await?;
        anyhow::ensure!(status.is_success(), "{method} {path}: {status} {text}");
        if text.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&text).with_context(|| format!("{method} {path}: {text}"))
    }

    /// Any request; the answer as it came.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        key: Option<&str>,
    ) -> anyhow::Result<Response> {
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.gateway));
        if !self.access_token.is_empty() {
            request = request.bearer_auth(&self.access_token);
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.send().await.with_context(|| format!("{method} {path}"))
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
