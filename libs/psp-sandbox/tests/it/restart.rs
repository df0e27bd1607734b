//! The ledger file: nothing that was answered is lost, however the sandbox ends.

use std::fs;
use std::io::Write;
use std::process::Stdio;
use std::time::Duration;

use psp_sandbox::{Config, Sandbox};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::stage::{Caller, Folder, KEY_ID, KEY_SECRET, Receiver, WEBHOOK_SECRET, text};

async fn everything(call: &Caller, order: &str) -> Value {
    let payments = call.see(&format!("/v1/orders/{order}/payments")).await;
    json!([call.look(order).await, payments, call.see("/sandbox/ledger").await])
}

/// A port that nobody listens on.
async fn nobody() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}/", listener.local_addr().unwrap())
}

/// The books say so only after the answer to the webhook came back.
async fn delivered(call: &Caller, order: &str) {
    while call.see(&format!("/sandbox/orders/{order}")).await["webhooks"][0]["open_deliveries"] != 0
    {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_crash_loses_neither_the_books_nor_the_webhooks() {
    let folder = Folder::make();
    let running = Sandbox::start(folder.config(Some(&nobody().await))).await.unwrap();
    let call = Caller::new(running.url());
    let order = call.order(5_000).await;
    let payment = text(&call.pay(&order, json!({"outcome": "captured"})).await["id"]);
    call.ok(&format!("/v1/payments/{payment}/refund"), json!({"amount": 1_000})).await;
    let before = everything(&call, &order).await;
    drop(running);

    let mut receiver = Receiver::start().await;
    let running = Sandbox::start(folder.config(Some(&receiver.url))).await.unwrap();
    assert_eq!(everything(&Caller::new(running.url()), &order).await, before);
    assert_eq!(
        receiver.next_events(5).await,
        [
            "payment.authorized",
            "payment.captured",
            "order.paid",
            "refund.created",
            "refund.processed"
        ]
    );
}

#[tokio::test]
async fn accepted_webhooks_are_not_delivered_again_after_a_stop() {
    let folder = Folder::make();
    let mut receiver = Receiver::start().await;
    let running = Sandbox::start(folder.config(Some(&receiver.url))).await.unwrap();
    let call = Caller::new(running.url());
    let first = call.order(5_000).await;
    call.pay(&first, json!({"outcome": "failed"})).await;
    receiver.next().await;
    timeout(Duration::from_mins(1), delivered(&call, &first)).await.unwrap();
    running.stop().await;

    let running = Sandbox::start(folder.config(Some(&receiver.url))).await.unwrap();
    let call = Caller::new(running.url());
    let second = call.order(5_000).await;
    call.pay(&second, json!({"outcome": "failed"})).await;
    let heard = receiver.next().await;
    assert_eq!(heard.body["payload"]["payment"]["entity"]["order_id"], second.as_str());
}

#[tokio::test]
async fn receipts_survive() {
    let folder = Folder::make();
    let config = folder.config(None);
    let running = Sandbox::start(config.clone()).await.unwrap();
    let call = Caller::new(running.url());
    let asked = json!({"amount": 500, "currency": "INR", "receipt": "R1"});
    let order = call.ok("/v1/orders", asked.clone()).await;
    running.stop().await;

    let running = Sandbox::start(config).await.unwrap();
    let call = Caller::new(running.url());
    assert_eq!(call.ok("/v1/orders", asked).await, order);
}

#[tokio::test]
async fn a_line_without_its_end_is_dropped_and_the_file_goes_on() {
    let folder = Folder::make();
    let config = folder.config(None);
    let running = Sandbox::start(config.clone()).await.unwrap();
    let order = Caller::new(running.url()).order(5_000).await;
    running.stop().await;
    let mut file = fs::OpenOptions::new().append(true).open(&config.ledger_file).unwrap();
    file.write_all(br#"[{"order":{"id":"order_torn"#).unwrap();

    let running = Sandbox::start(config.clone()).await.unwrap();
    let call = Caller::new(running.url());
    let other = call.order(100).await;
    running.stop().await;
    let running = Sandbox::start(config).await.unwrap();
    let call = Caller::new(running.url());
    for id in [order, other] {
        assert_eq!(call.look(&id).await["id"], id);
    }
}

/// A line as it was written before refunds had a status and orders a plan.
const BEFORE_PLANS: &str = r#"[{"order":{"id":"order_1","amount":5000,"currency":"INR","receipt":null,"amount_paid":5000,"attempts":1,"created_at":"2026-11-01T10:00:00Z"}},{"payment":{"id":"pay_1","order_id":"order_1","amount":5000,"currency":"INR","description":null,"email":null,"contact":null,"state":{"captured":{"rrn":"123456789012","at":"2026-11-01T10:00:00Z","fee":{"total":0,"tax":0}}},"refunded":2000,"created_at":"2026-11-01T10:00:00Z"}},{"refund":{"id":"rfnd_1","order_id":"order_1","amount":2000,"currency":"INR","ask":{"payment_id":"pay_1","amount":2000,"speed":"normal","receipt":null,"key":null},"arn":"210987654321","created_at":"2026-11-01T11:00:00Z"}}]
"#;

#[tokio::test]
async fn a_file_from_before_refunds_had_a_status_is_still_read() {
    let folder = Folder::make();
    let config = folder.config(None);
    fs::write(&config.ledger_file, BEFORE_PLANS).unwrap();
    let running = Sandbox::start(config).await.unwrap();
    let refund = Caller::new(running.url()).see("/v1/refunds/rfnd_1").await;
    assert_eq!(refund["status"], "processed");
    assert_eq!(refund["acquirer_data"]["arn"], "210987654321");
}

#[tokio::test]
async fn a_damaged_file_stops_the_start_and_names_the_line() {
    let folder = Folder::make();
    let config = folder.config(None);
    fs::write(&config.ledger_file, "[]\nnot json\n[]\n").unwrap();
    let refused = Sandbox::start(config).await.unwrap_err();
    assert!(format!("{refused:#}").contains("line 2"), "{refused:#}");
}

struct Process {
    child: Child,
    call: Caller,
}

impl Process {
    async fn start(folder: &Folder, config: &Config) -> Self {
        let secret = |name: &str, text: &str| {
            let file = folder.file(name);
            fs::write(&file, format!("{text}\n")).unwrap();
            file
        };
        let mut child = Command::new(env!("CARGO_BIN_EXE_psp-sandbox"))
            .env_clear()
            .env("SANDBOX__ADDR", "127.0.0.1:0")
            .env("SANDBOX__KEY_ID_FILE", secret("id", KEY_ID))
            .env("SANDBOX__KEY_SECRET_FILE", secret("secret", KEY_SECRET))
            .env("SANDBOX__WEBHOOK_SECRET_FILE", secret("webhook", WEBHOOK_SECRET))
            .env("SANDBOX__LEDGER_FILE", &config.ledger_file)
            .env("MALL_SANDBOX_AUTOPAY", "captured")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        loop {
            let line = lines.next_line().await.unwrap().expect("the sandbox says where it listens");
            if let Some((_, url)) = line.split_once("listening on ") {
                let call = Caller::new(url.split_whitespace().next().unwrap());
                return Self { child, call };
            }
        }
    }
}

#[tokio::test]
async fn a_killed_process_has_kept_everything_it_answered() {
    let folder = Folder::make();
    let config = folder.config(None);
    let mut process = Process::start(&folder, &config).await;
    let mut answered = Vec::new();
    for _ in 0..20 {
        let order = process.call.order(5_000).await;
        answered.push(process.call.upi(&order, 5_000).await);
    }
    process.child.kill().await.unwrap();

    let process = Process::start(&folder, &config).await;
    let ledger = process.call.see("/sandbox/ledger").await;
    let captured: Vec<_> =
        ledger["captures"].as_array().unwrap().iter().map(|row| text(&row["payment_id"])).collect();
    assert_eq!(captured, answered);
}

#[tokio::test]
async fn the_command_explains_itself() {
    let help =
        Command::new(env!("CARGO_BIN_EXE_psp-sandbox")).arg("--help").output().await.unwrap();
    let help_text = String::from_utf8(help.stdout).unwrap();
    assert!(help.status.success());
    for variable in ["SANDBOX__ADDR", "SANDBOX__LEDGER_FILE", "MALL_SANDBOX_AUTOPAY"] {
        assert!(help_text.contains(variable), "{help_text}");
    }
    let nothing =
        Command::new(env!("CARGO_BIN_EXE_psp-sandbox")).env_clear().output().await.unwrap();
    assert!(!nothing.status.success());
}
