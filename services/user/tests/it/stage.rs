//! What every test here needs: a configuration of its own, and somebody who signs in.

use std::io::Write;
use std::sync::{Arc, LazyLock, Mutex};

use chassis::Sealer;
use contracts::user::{OtpLetter, SendOtp};
use futures::future::join_all;
use secrecy::SecretString;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Answer, Client, TestApp, servers};
use tracing::{Dispatch, Subscriber};
use user::{App, Config};

const MAIL_KEY: &str = "the mailer and user-service share this";

/// A configuration with a key space of its own in Redis. `boss@mall.test` is staff.
pub fn config() -> Config {
    Config {
        redis_url: servers::redis_url().into(),
        redis_prefix: format!("{}:", servers::unique()),
        otp_pepper: secret("a pepper of a test, which is long enough"),
        code_seal_key: secret(MAIL_KEY),
        key_seal_key: secret("a seal of a test, which is long enough"),
        staff_emails: "boss@mall.test, second@mall.test".into(),
        codes_per_account: 3,
        codes_per_network: 60,
        codes_per_minute: 600,
        wrong_codes_per_network: 30,
        wrong_codes_per_minute: 100,
        key_rotation_days: 30,
    }
}

fn secret(text: &str) -> SecretString {
    text.to_owned().into()
}

/// Opens a letter as email-service would.
pub fn open(letter: &SendOtp) -> OtpLetter {
    let text = Sealer::new(&secret(MAIL_KEY))
        .unwrap()
        .open(&letter.sealed, &letter.challenge_id.to_string())
        .unwrap();
    serde_json::from_slice(&text).unwrap()
}

pub struct Mailed {
    pub challenge: String,
    pub letter: OtpLetter,
}

/// Asks for a code and reads the mail.
pub async fn ask(app: &TestApp<App>, address: &str) -> Mailed {
    let answer = app.anonymous().post("/v1/auth/otp", json!({ "address": address })).await;
    let challenge = answer.expect(202)["challenge_id"].as_str().unwrap().to_owned();
    let sent = app.emitted::<SendOtp>().await;
    let sent = sent.iter().find(|letter| letter.challenge_id.to_string() == challenge).unwrap();
    Mailed { challenge, letter: open(sent) }
}

pub async fn verify(app: &TestApp<App>, challenge: &str, code: &str) -> Answer {
    let body = json!({ "challenge_id": challenge, "code": code });
    app.anonymous().post("/v1/auth/otp/verify", body).await
}

/// Some other code than `code`.
pub fn wrong(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}

pub struct Guest {
    pub client: Client,
    pub user_id: String,
    pub access_token: String,
    pub refresh_token: String,
    pub user: Value,
}

impl Guest {
    /// Takes an answer that carries tokens.
    pub fn of(app: &TestApp<App>, answer: Answer) -> Self {
        let body = answer.expect(200);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Self {
            client: bearer(app, &text(&body["access_token"])),
            access_token: text(&body["access_token"]),
            user_id: text(&body["user"]["user_id"]),
            refresh_token: text(&body["refresh_token"]),
            user: body["user"].clone(),
        }
    }
}

/// A client with this access token.
pub fn bearer(app: &TestApp<App>, token: &str) -> Client {
    app.anonymous().with("authorization", &format!("Bearer {token}"))
}

pub async fn sign_in(app: &TestApp<App>, address: &str) -> Guest {
    let mailed = ask(app, address).await;
    Guest::of(app, verify(app, &mailed.challenge, &mailed.letter.code).await)
}

pub async fn refresh(app: &TestApp<App>, token: &str) -> Answer {
    app.anonymous().post("/v1/auth/refresh", json!({ "refresh_token": token })).await
}

/// Everything the service keeps in its database, as hashes: an attack that failed leaves it as it was.
pub async fn kept(pool: &PgPool) -> Vec<String> {
    let tables: Vec<String> = sqlx::query_scalar(
        "select format('%I.%I', table_schema, table_name) from information_schema.tables
          where table_schema in ('public', 'chassis') order by 1",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let mut kept = Vec::new();
    for table in tables {
        let hash = format!(
            "select md5(coalesce(string_agg(t::text, '' order by t::text), '')) from {table} t"
        );
        let hash = sqlx::query_scalar::<_, String>(sqlx::AssertSqlSafe(hash)).fetch_one(pool);
        kept.push(format!("{table} {}", hash.await.unwrap()));
    }
    kept
}

/// While there is one subscriber only, tracing asks the first thread that comes by a place whether anybody listens, and
/// remembers its no for everybody.
static SECOND: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(tracing_subscriber::registry()));

/// Everything that is logged while the test runs under it, at its most talkative.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// A subscriber that writes here.
    pub fn subscriber(&self) -> impl Subscriber + Send + Sync + use<> {
        LazyLock::force(&SECOND);
        let log = self.clone();
        let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE);
        subscriber.with_writer(move || log.clone()).finish()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Opens every connection there may be, so that what is asked at once really runs at once.
pub async fn warm(pool: &PgPool) {
    let open = (0..pool.options().get_max_connections()).map(|_| pool.acquire());
    join_all(open).await.into_iter().for_each(|opened| drop(opened.unwrap()));
}
