//! Sign-in codes: sent in time or never, and nowhere in clear.

use std::io::Write;
use std::sync::{Arc, LazyLock, Mutex};

use contracts::email::{EmailBounced, EmailSent};
use email::App;
use jiff::SignedDuration;
use sqlx::PgPool;
use testkit::TestApp;
use tracing::Dispatch;
use tracing::instrument::WithSubscriber;

use crate::scene::{address, config, ledger, otp, with_sink};
use crate::server::{MailServer, Mood};
use crate::sink;

const CODE: &str = "731946";

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn a_code_arrives_in_both_forms_and_not_in_the_subject(pool: PgPool) {
    let app = with_sink(pool).await;
    let to = address("new");
    app.deliver(otp(&to, CODE)).await;
    assert_eq!(app.run_jobs().await, 1);

    let mail = sink::only(&to).await;

    assert_eq!(mail["subject"], "Your sign-in code");
    assert!(sink::text(&mail, "text").contains(CODE) && sink::text(&mail, "html").contains(CODE));
    assert!(sink::text(&mail, "text").contains("5 minutes"));
    assert_eq!(mail["headers"]["auto-submitted"], "auto-generated");
    let emitted = app.emitted::<EmailSent>().await;
    assert_eq!(emitted.len(), 1);
    assert_eq!((emitted[0].kind.as_str(), emitted[0].recipient), ("sign_in_code", None));
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn a_code_is_not_sent_from_its_expiry_on(pool: PgPool) {
    let server = MailServer::start(Mood::Take).await;
    let app = TestApp::<App>::start(pool, config(&server.url())).await;
    app.deliver(otp(&address("late"), CODE)).await;
    app.clock.advance(SignedDuration::from_mins(5));

    assert_eq!(app.run_jobs().await, 1);

    assert!(server.taken().is_empty());
    assert_eq!(ledger(&app, "sign_in_code").await, [("expired".to_owned(), 1)]);
    assert!(app.emitted_names().await.is_empty());
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn a_code_that_is_on_its_way_when_the_clock_jumps_was_sent_in_time(pool: PgPool) {
    let server = MailServer::start(Mood::Take).await;
    let app = TestApp::<App>::start(pool, config(&server.url())).await;
    let clock = app.clock.clone();
    server.meanwhile(move || clock.advance(SignedDuration::from_hours(72)));
    let code = otp(&address("asha"), CODE);
    app.deliver(code.clone()).await;
    app.run_jobs().await;

    assert_eq!(server.taken().len(), 1);
    assert_eq!(ledger(&app, "sign_in_code").await, [("sent".to_owned(), 1)]);
    let late: i64 =
        sqlx::query_scalar("select count(*) from messages where updated_at >= expires_at")
            .fetch_one(app.db().pool())
            .await
            .unwrap();
    assert_eq!(late, 0, "the ledger says when it was handed over");
    assert!(app.emitted::<EmailSent>().await[0].sent_at < code.expires_at);
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn a_code_that_could_not_be_sent_in_time_expires_in_the_queue(pool: PgPool) {
    let server = MailServer::start(Mood::Refuse(451)).await;
    let app = TestApp::<App>::start(pool, config(&server.url())).await;
    app.deliver(otp(&address("late"), CODE)).await;
    for _ in 0..3 {
        app.run_jobs().await;
        app.clock.advance(SignedDuration::from_secs(90));
    }
    server.turn(Mood::Take);
    app.clock.advance(SignedDuration::from_secs(90));

    app.run_jobs().await;

    assert!(server.taken().is_empty());
    assert_eq!(ledger(&app, "sign_in_code").await, [("expired".to_owned(), 4)]);
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn the_code_stands_nowhere_in_the_database(pool: PgPool) {
    let server = MailServer::start(Mood::Refuse(451)).await;
    let app = TestApp::<App>::start(pool, config(&server.url())).await;
    let to = address("canary");
    app.deliver(otp(&to, CODE)).await;
    free_of(&app, &[CODE, &to]).await;
    app.run_jobs().await;
    free_of(&app, &[CODE, &to]).await;

    server.turn(Mood::Take);
    app.clock.advance(SignedDuration::from_secs(5));
    app.run_jobs().await;

    let mail = server.taken().pop().unwrap();
    assert!(mail.contains(CODE) && mail.contains(&to), "the canary is the right one: {mail}");
    free_of(&app, &[CODE, &to]).await;
    let sealed: Option<String> =
        sqlx::query_scalar("select sealed from messages").fetch_one(app.db().pool()).await.unwrap();
    assert_eq!(sealed, None, "what was sealed is dropped with the last use for it");
}

/// Asserts that no table, whatever its schema, holds any of the words: neither as text nor as bytes.
async fn free_of(app: &TestApp<App>, words: &[&str]) {
    let tables: Vec<String> = sqlx::query_scalar(
        "select format('%I.%I', table_schema, table_name) from information_schema.tables
          where table_schema in ('public', 'chassis')",
    )
    .fetch_all(app.db().pool())
    .await
    .unwrap();
    assert!(tables.len() > 8, "{tables:?}");
    let mut seen = 0;
    for table in tables {
        let dump = format!("select coalesce(string_agg(t::text, ' '), '') from {table} t");
        let rows: String =
            sqlx::query_scalar(sqlx::AssertSqlSafe(dump)).fetch_one(app.db().pool()).await.unwrap();
        seen += rows.len();
        for word in words {
            let bytes = hex::encode(word);
            assert!(!rows.contains(word) && !rows.contains(&bytes), "{word} stands in {table}");
        }
    }
    assert!(seen > 100, "there was something to search");
}

/// While there is one subscriber only, tracing asks the first thread that comes by a place whether anybody listens, and
/// remembers its no for everybody.
static SECOND: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(tracing_subscriber::registry()));

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn code_and_address_stand_in_no_log_however_talkative(pool: PgPool) {
    let server = MailServer::start(Mood::Refuse(451)).await;
    let app = TestApp::<App>::start(pool, config(&server.url())).await;
    let (log, to) = (Log::default(), address("canary"));
    LazyLock::force(&SECOND);
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();

    async {
        app.deliver(otp(&to, CODE)).await;
        app.run_jobs().await;
        server.turn(Mood::Refuse(550));
        app.clock.advance(SignedDuration::from_secs(5));
        app.run_jobs().await;
        server.turn(Mood::Take);
        app.deliver(otp(&to, CODE)).await;
        app.run_jobs().await;
    }
    .with_subscriber(subscriber)
    .await;

    assert_eq!(server.taken().len(), 1);
    assert_eq!(app.emitted::<EmailBounced>().await.len(), 1);
    let log = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(log.contains("is settled"), "the log was caught: {log}");
    for word in [CODE, &to, "somebody@secret.test"] {
        assert!(!log.contains(word), "{word} stands in the log");
    }
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn a_code_sealed_for_another_challenge_is_not_sent(pool: PgPool) {
    let server = MailServer::start(Mood::Take).await;
    let app = TestApp::<App>::start(pool, config(&server.url())).await;
    let mut swapped = otp(&address("a"), CODE);
    swapped.sealed = otp(&address("b"), CODE).sealed;
    app.deliver(swapped).await;
    app.run_jobs().await;
    assert!(server.taken().is_empty());
    let error: Option<String> =
        sqlx::query_scalar("select error from messages").fetch_one(app.db().pool()).await.unwrap();
    assert_eq!(error.as_deref(), Some("email/seal-broken"));
}
