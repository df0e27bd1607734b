//! What the HTTP door and the deliveries share: the books, the ledger file, the keys.

use std::fmt;
use std::sync::{Arc, Mutex};

use kernel::{Clock, ClockGoesBack, ShiftedClock};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::sync::watch;

use crate::config::{Autopay, Config};
use crate::domain::books::{Books, JournalEntry};
use crate::domain::ids::Ids;
use crate::domain::refused::Refused;
use crate::domain::turn::Turn;
use crate::domain::webhook::Plan;
use crate::error::{Broken, Error};
use crate::journal::{Journal, Written};

/// The running provider. Clones are the same one.
#[derive(Clone)]
pub struct App {
    shared: Arc<Shared>,
}

struct Shared {
    desk: Mutex<Desk>,
    journal: Journal,
    clock: ShiftedClock,
    credentials: String,
    autopay: Autopay,
    webhook_url: watch::Sender<Option<String>>,
}

struct Desk {
    books: Books,
    ids: Ids,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").finish_non_exhaustive()
    }
}

impl App {
    /// Puts the provider together.
    pub fn new(config: Config, journal: Journal, books: Books) -> Self {
        let (webhook_url, _) = watch::channel(config.webhook_url);
        let shared = Shared {
            desk: Mutex::new(Desk { books, ids: Ids::from_entropy() }),
            journal,
            clock: ShiftedClock::default(),
            credentials: format!("{}:{}", config.key_id, config.key_secret),
            autopay: config.autopay,
            webhook_url,
        };
        Self { shared: Arc::new(shared) }
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

    /// The same; the merchant is told of it as `plan` says.
    pub async fn act_and_tell<T>(
        &self,
        plan: Plan,
        act: impl FnOnce(&Books, &mut Turn<'_>) -> Result<T, Refused>,
    ) -> Result<T, Error> {
        self.act(|books, turn| {
            turn.plan = plan;
            act(books, turn)
        })
        .await
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
        let settled = JournalEntry::Settled { event_id: event_id.to_owned(), deliveries };
        let _unwaited = self.decide(|_, turn| {
            turn.keep(settled);
            Ok(())
        });
    }

    /// Sends webhooks to `url` until the next start.
    pub fn set_webhook_url(&self, url: Option<String>) {
        self.shared.webhook_url.send_replace(url);
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

    /// Whether UPI payments wait for a buyer.
    pub fn autopay(&self) -> Autopay {
        self.shared.autopay
    }

    /// The time.
    pub fn clock(&self) -> &dyn Clock {
        &self.shared.clock
    }

    /// Moves the time on until it is `shift_s` seconds ahead.
    pub fn forward_to(&self, shift_s: i64) -> Result<(), ClockGoesBack> {
        self.shared.clock.forward_to(shift_s)
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
