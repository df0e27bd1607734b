//! Brings webhooks to the merchant: at least once, again until one is accepted.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderName};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use tokio::sync::Semaphore;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tracing::{debug, warn};

use crate::app::App;
use crate::domain::webhook::{self, Route, Webhook};
use crate::signature::Signer;

const SIGNATURE: HeaderName = HeaderName::from_static("x-razorpay-signature");
const EVENT_ID: HeaderName = HeaderName::from_static("x-razorpay-event-id");
/// Razorpay takes a slower answer for none.
const TIMEOUT: Duration = Duration::from_secs(5);
const AT_ONCE: usize = 64;

/// Carries webhooks, one task for each batch.
#[derive(Clone)]
pub struct Courier {
    app: App,
    client: Client,
    genuine: Signer,
    forger: Signer,
    hands: Arc<Semaphore>,
}

enum Reply {
    Accepted,
    Refused(StatusCode),
    Silence,
}

impl Courier {
    /// A courier that signs with `secret`.
    pub fn try_new(app: App, secret: &str) -> anyhow::Result<Self> {
        let client =
            Client::builder().no_proxy().redirect(Policy::none()).timeout(TIMEOUT).build()?;
        Ok(Self {
            app,
            client,
            genuine: Signer::try_new(secret)?,
            forger: Signer::try_new(&format!("not {secret}"))?,
            hands: Arc::new(Semaphore::new(AT_ONCE)),
        })
    }

    /// Delivers every batch that comes, until the sender is gone. Dropping it drops them all.
    pub async fn run(self, mut batches: UnboundedReceiver<Vec<Webhook>>) {
        let mut under_way = JoinSet::new();
        loop {
            tokio::select! {
                batch = batches.recv() => match batch {
                    Some(batch) => { under_way.spawn(self.clone().deliver(batch)); }
                    None => break,
                },
                Some(_) = under_way.join_next() => {}
            }
        }
    }

    async fn deliver(self, mut batch: Vec<Webhook>) {
        self.wait_until_due(&batch).await;
        let mut failures = 0_u32;
        loop {
            batch = self.round(batch).await;
            if batch.is_empty() {
                return;
            }
            self.pause(webhook::pause(failures)).await;
            failures = failures.saturating_add(1);
        }
    }

    /// Tries each webhook of the batch in turn and returns what has to be tried again.
    async fn round(&self, batch: Vec<Webhook>) -> Vec<Webhook> {
        let mut left = Vec::new();
        for webhook in batch {
            let open = self.try_copies(&webhook).await;
            if open > 0 {
                left.push(Webhook { open, ..webhook });
            }
        }
        left
    }

    async fn try_copies(&self, webhook: &Webhook) -> u32 {
        if webhook.is_expired(self.app.clock().now()) {
            warn!(event.id = %webhook.id, "event {} was not accepted in time, giving up", webhook.id);
            self.app.settle(&webhook.id, webhook.open);
            return 0;
        }
        let mut open = webhook.open;
        for _ in 0..webhook.open {
            if self.attempt(webhook).await {
                self.app.settle(&webhook.id, 1);
                open -= 1;
            }
        }
        open
    }

    /// Delivers one copy; whether it needs no other attempt.
    async fn attempt(&self, webhook: &Webhook) -> bool {
        let reply = self.post(webhook).await;
        let (id, name) = (&webhook.id, webhook.event.name());
        match (reply, webhook.route) {
            (Reply::Accepted, _) => {
                debug!(event.id = %id, "event {id} ({name}) accepted");
                true
            }
            (Reply::Refused(status), Route::Forged) => {
                debug!(event.id = %id, "forged event {id} ({name}) answered {status}");
                true
            }
            (Reply::Refused(status), Route::Genuine | Route::Lost) => {
                warn!(event.id = %id, "event {id} ({name}) answered {status}, trying again");
                false
            }
            (Reply::Silence, _) => {
                debug!(event.id = %id, "event {id} ({name}) reached nobody, trying again");
                false
            }
        }
    }

    async fn post(&self, webhook: &Webhook) -> Reply {
        let Ok(_hand) = self.hands.acquire().await else { return Reply::Silence };
        let url = self.app.webhook_url().borrow().clone();
        let Some(url) = url else { return Reply::Silence };
        let signer = if webhook.route == Route::Forged { &self.forger } else { &self.genuine };
        let sent = self
            .client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header(SIGNATURE, signer.sign(webhook.body.as_bytes()))
            .header(EVENT_ID, &webhook.id)
            .body(webhook.body.clone())
            .send()
            .await;
        match sent {
            Ok(answer) if answer.status().is_success() => Reply::Accepted,
            Ok(answer) => Reply::Refused(answer.status()),
            Err(_) => Reply::Silence,
        }
    }

    async fn wait_until_due(&self, batch: &[Webhook]) {
        let now = self.app.clock().now();
        let due = batch.iter().map(|webhook| webhook.due_at).max().unwrap_or(now);
        if let Ok(wait) = Duration::try_from(due.duration_since(now)) {
            sleep(wait).await;
        }
    }

    /// A new receiver need not wait for the old one's pause.
    async fn pause(&self, length: Duration) {
        let mut url = self.app.webhook_url();
        tokio::select! {
            () = sleep(length) => {}
            _ = url.changed() => {}
        }
    }
}
