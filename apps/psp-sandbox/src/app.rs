//! What the HTTP door and the deliveries share: the books, the ledger file, the keys.

use std::fmt;
use std::sync::{Arc, Mutex};

use kernel::{Clock, SystemClock};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::sync::watch;

use crate::config::{Autopay, Config};
use crate::domain::books::{Books, Entry, Receiver};
use crate::domain::ids::Ids;
use crate::domain::refused::Refused;
use crate::domain::turn::Turn;
use crate::error::{Broken, Error};
use crate::journal::{Journal, Written};
use crate::signature::Signer;

/// The running provider. Clones are the same one.
#[derive(Clone)]
pub struct App {
    shared: Arc<Shared>,
}

struct Shared {
    desk: Mutex<Desk>,
    journal: Journal,
    clock: Arc<dyn Clock>,
    credentials: String,
    checkout: Signer,
    autopay: Autopay,
    configured_url: Option<String>,
    webhook_url: watch::Sender<Option<String>>,
    origin: String,
}

struct Desk {
    books: Books,
    ids: Ids,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("origin", &self.shared.origin).finish_non_exhaustive()
    }
}

impl App {
    /// Puts the provider together; `origin` is where it can be reached.
    pub fn try_new(
        config: Config,
        journal: Journal,
        books: Books,
        origin: String,
    ) -> anyhow::Result<Self> {
        let checkout = Signer::try_new(&config.key_secret)?;
        let (webhook_url, _) = watch::channel(books.receiver(config.webhook_url.as_deref()));
        let shared = Shared {
            desk: Mutex::new(Desk { books, ids: Ids::from_entropy() }),
            journal,
            clock: Arc::new(SystemClock),
            credentials: format!("{}:{}", config.key_id, config.key_secret),
            checkout,
            autopay: config.autopay,
            configured_url: config.webhook_url,
            webhook_url,
            origin,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Acts on the books. What `act` keeps is on disk when this returns, and so is everything
    /// it saw; when it refuses, nothing is kept.
    pub async fn act<T>(
        &self,
        act: impl FnOnce(&Books, &mut Turn<'_>) -> Result<T, Refused>,
    ) -> Result<T, Error> {
        let (answer, written) = self.decide(act)?;
        written.await.map_err(|_| Broken)??;
        Ok(answer?)
    }

    /// Looks something up. What it returns is on disk.
    pub async fn read<T>(
        &self,
        look: impl FnOnce(&Books) -> Result<T, Refused>,
    ) -> Result<T, Error> {
        self.act(|books, _| look(books)).await
    }

    /// Remembers that deliveries need no more attempts. If a crash forgets it, the event is
    /// delivered once more, which its receiver has to bear anyway.
    pub fn settle(&self, event_id: &str, deliveries: u32) {
        let settled = Entry::Settled { event_id: event_id.to_owned(), deliveries };
        let _unwaited = self.decide(|_, turn| {
            turn.keep(settled);
            Ok(())
        });
    }

    /// Sends webhooks to `url` from now on.
    pub async fn set_webhook_url(&self, url: Option<String>) -> Result<(), Error> {
        let instead_of = self.shared.configured_url.clone();
        let receiver = Receiver { url: url.clone(), instead_of };
        self.act(|_, turn| {
            turn.keep(Entry::Receiver(receiver));
            Ok(())
        })
        .await?;
        self.shared.webhook_url.send_replace(url);
        Ok(())
    }

    /// Where webhooks go, now and after each change.
    pub fn webhook_url(&self) -> watch::Receiver<Option<String>> {
        self.shared.webhook_url.subscribe()
    }

    /// Whether `id:secret` are the merchant's, in a time that does not tell how nearly.
    pub fn knows(&self, credentials: &[u8]) -> bool {
        let (ours, theirs) =
            (Sha256::digest(&self.shared.credentials), Sha256::digest(credentials));
        ours.as_slice().ct_eq(theirs.as_slice()).into()
    }

    /// Signs finished checkouts.
    pub fn checkout(&self) -> &Signer {
        &self.shared.checkout
    }

    /// Whether UPI payments wait for a buyer.
    pub fn autopay(&self) -> Autopay {
        self.shared.autopay
    }

    /// The time.
    pub fn clock(&self) -> &dyn Clock {
        self.shared.clock.as_ref()
    }

    /// Where the sandbox can be reached when a request does not say.
    pub fn origin(&self) -> &str {
        &self.shared.origin
    }

    fn decide<T>(
        &self,
        act: impl FnOnce(&Books, &mut Turn<'_>) -> Result<T, Refused>,
    ) -> Result<(Result<T, Refused>, Written), Broken> {
        let mut desk = self.shared.desk.lock().map_err(|_| Broken)?;
        let Desk { books, ids } = &mut *desk;
        let mut turn = Turn::begin(self.shared.clock.now(), ids);
        let answer = act(books, &mut turn);
        let entries = if answer.is_ok() { turn.finish() } else { Vec::new() };

        // Queued under the lock, so that the file has the acts in the order they were decided.
        let written = self.shared.journal.write(&entries)?;
        for entry in entries {
            books.apply(entry);
        }
        Ok((answer, written))
    }
}
