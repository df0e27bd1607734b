//! Taking a batch of records in: one transaction for the offset, the inbox, the handlers and what they say.

use super::consumer::Consumer;
use super::dead_letters;
use super::handle::cause_of;
use super::inbox::Inbox;
use super::record::Record;
use crate::fail;
use crate::problem::Problem;

mod place;

/// What came of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Applied {
    /// Where to go on.
    pub next_offset: i64,
    /// Events handed to a handler.
    pub applied: usize,
    /// Records known already (below the offset, or a producer's duplicate), or heard by others only.
    pub known: usize,
    /// Records put aside.
    pub parked: usize,
}

/// Why a batch was not taken in. Nothing of it happened.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The database failed.
    #[error("the batch could not be written")]
    Db(#[from] sqlx::Error),
    /// A handler failed; the index of the record and its problem.
    #[error("record {index} could not be handled: {}", problem.slug)]
    Handler {
        /// Which record of the batch.
        index: usize,
        /// Why.
        problem: Box<Problem>,
    },
    /// The database knows less than it did: it was restored, or it failed over to a copy that lacks commits.
    #[error(
        "the database went back: it had taken in everything below {believed}, now below {stored}"
    )]
    WentBack {
        /// Where it stood when this process last saw it.
        believed: i64,
        /// Where it stands.
        stored: i64,
    },
    /// A test stopped the process here.
    #[error(transparent)]
    Crash(#[from] fail::Crash),
}

/// Records of one partition that are taken in together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Batch<'r> {
    /// In the order of their offsets.
    pub records: &'r [Record],
    /// Where the database stood when this process last saw it; nothing when it never looked.
    pub believed: Option<i64>,
}

impl Batch<'_> {
    /// Where to go on behind the batch.
    fn end(&self) -> i64 {
        self.records.last().map_or(0, |last| last.offset + 1)
    }
}

/// A batch, or where another process has come to meanwhile.
enum Taken {
    In(Applied),
    Overtaken(i64),
}

impl Consumer {
    /// Takes in records of one partition, in order, in one transaction.
    pub async fn apply(&self, records: &[Record]) -> Result<Applied, ApplyError> {
        self.take(Batch { records, believed: None }).await
    }

    /// Takes a batch in. What others hear only is passed over, without a transaction when there is nothing else.
    pub(crate) async fn take(&self, batch: Batch<'_>) -> Result<Applied, ApplyError> {
        let all = batch.records.iter().enumerate();
        let ours: Vec<(usize, &Record)> = all.filter(|(_, r)| self.concerns(r)).collect();
        let Some((_, first)) = ours.first() else {
            let known = batch.records.len();
            return Ok(Applied { next_offset: batch.end(), known, ..Applied::default() });
        };
        let mut believed = match batch.believed {
            Some(believed) => believed,
            None => self.stored_at(first).await?,
        };
        loop {
            match self.try_take(batch, &ours, believed).await? {
                Taken::In(applied) => return Ok(applied),
                Taken::Overtaken(stored) => believed = stored,
            }
        }
    }

    async fn try_take(
        &self,
        batch: Batch<'_>,
        ours: &[(usize, &Record)],
        believed: i64,
    ) -> Result<Taken, ApplyError> {
        let records = batch.records;
        let mut tx = self.db.begin().await?;
        let mut inbox = Inbox::of(self, ours.iter().map(|(_, r)| *r));
        let opened = self.open(&mut tx, batch, ours, &inbox).await?;
        let stored = opened.stored;
        if stored < believed {
            return Err(ApplyError::WentBack { believed, stored });
        }
        if stored > believed {
            // What the statement saw may be older than the lock it waited for.
            return Ok(Taken::Overtaken(stored));
        }
        inbox.opened(&mut tx, self, opened.new).await?;
        let fresh: Vec<_> = ours.iter().copied().filter(|(_, r)| r.offset >= stored).collect();
        let mut done = Applied {
            next_offset: stored.max(batch.end()),
            known: records.len(),
            ..Applied::default()
        };
        let fresh = if opened.waiting {
            let (waiting, fresh) = dead_letters::behind(&mut tx, self, fresh).await?;
            inbox.unread(&mut tx, self, &waiting).await?;
            for record in &waiting {
                dead_letters::park(&mut tx, self, record).await?;
            }
            done.parked = waiting.len();
            fresh
        } else {
            fresh
        };
        match self.handle_all(&fresh, &mut inbox, &mut tx).await {
            Ok(applied) => done.applied = applied,
            Err((_, problem)) if !problem.may_pass() && records.len() == 1 => {
                // The handler may have left half its work behind: begin again, with the letter only.
                drop(tx);
                return self.give_up(&records[0], &problem).await.map(Taken::In);
            }
            Err((index, problem)) => {
                return Err(ApplyError::Handler { index, problem: Box::new(problem) });
            }
        }
        done.known -= done.applied + done.parked;
        fail::point(&self.db, "consumer.before_commit")?;
        tx.commit().await?;
        fail::point(&self.db, "consumer.after_commit")?;
        Ok(Taken::In(done))
    }

    /// Puts a record aside, unless somebody else took it in meanwhile.
    pub async fn give_up(&self, record: &Record, problem: &Problem) -> Result<Applied, ApplyError> {
        let mut tx = self.db.begin().await?;
        let start = self.lock_offset(&mut tx, record).await?;
        if record.offset < start {
            return Ok(Applied { next_offset: start, known: 1, ..Applied::default() });
        }
        if let Ok(meta) = record.meta() {
            let traceparent = meta.traceparent.clone();
            tx.set_cause(cause_of(&meta, traceparent));
        }
        if problem.is_not_yet() {
            dead_letters::postpone(&mut tx, self, record, problem).await?;
        } else {
            dead_letters::add(&mut tx, self, record, problem).await?;
        }
        self.advance(&mut tx, record).await?;
        fail::point(&self.db, "consumer.before_commit")?;
        tx.commit().await?;
        fail::point(&self.db, "consumer.after_commit")?;
        Ok(Applied { next_offset: record.offset + 1, parked: 1, ..Applied::default() })
    }
}
