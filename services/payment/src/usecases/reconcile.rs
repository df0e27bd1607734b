//! What the provider settled on a day is gone through: kept, booked, and compared with what our books have. In pieces,
//! each of which can be done once more.

use chassis::{Job, JobHandler, Problem, Tx};
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};
use kernel::Currency;
use serde::{Deserialize, Serialize};
use tracing::{error, info, warn};

use super::away::LEFT_ALONE;
use crate::App;
use crate::domain::calendar;
use crate::domain::ledger::Journal;
use crate::domain::settlement::{Kind, Settlement, Why};
use crate::error::Error;
use crate::provider::settlements::Rows;
use crate::store::{differences, ledger, reconciliations};

/// So many things are compared at once.
const AT_ONCE: i64 = 500;
/// Whatever came is settled within so many days: two working days, and whatever holidays lie between.
const SETTLED_WITHIN_DAYS: i32 = 7;
/// A provider that does not answer is asked again after this; five times, and then hourly.
const PAUSE: SignedDuration = SignedDuration::from_mins(2);

/// Go through a day.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reconcile {
    pub day: Date,
    /// The how many-th time.
    pub run: i32,
    pub piece: Piece,
    /// So often the provider did not answer.
    #[serde(default)]
    pub tries: u32,
}

/// A piece of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// Ask the provider for its rows, but for the first so many.
    Ask(usize),
    /// Book each settlement.
    Book,
    /// Compare what comes after this name.
    Compare(String),
}

impl Job for Reconcile {
    const KIND: &'static str = "reconcile";
}

impl Reconcile {
    /// The first piece.
    pub const fn of(day: Date, run: i32) -> Self {
        Self { day, run, piece: Piece::Ask(0), tries: 0 }
    }

    fn then(&self, piece: Piece) -> Self {
        Self { day: self.day, run: self.run, piece, tries: 0 }
    }
}

/// What the provider said.
#[derive(Debug)]
pub enum Said {
    Rows(Rows),
    /// Nothing was asked.
    Nothing,
    /// It did not answer.
    Away,
}

impl JobHandler<Reconcile> for App {
    type Output = Said;

    async fn run(&self, job: &Reconcile) -> Result<Said, Error> {
        let Piece::Ask(skip) = job.piece else { return Ok(Said::Nothing) };
        // No answer is an answer, too: nothing has failed that does not go on by itself.
        Ok(match self.provider.settled(job.day, skip).await {
            Ok(rows) => Said::Rows(rows),
            Err(error) => {
                warn!(day = %job.day, %error, "what was settled on {} could not be read", job.day);
                Said::Away
            }
        })
    }

    async fn complete(&self, job: Reconcile, said: Said, tx: &mut Tx) -> Result<(), Error> {
        let found = reconciliations::lock(tx.conn(), job.day).await?;
        if found.is_none_or(|known| known.run != job.run || known.done_at.is_some()) {
            return Ok(());
        }
        if !matches!(job.piece, Piece::Ask(_)) {
            differences::lock_all_open(tx.conn()).await?;
        }
        match (&job.piece, said) {
            (_, Said::Away) => ask_later(tx, job).await,
            (Piece::Ask(_), Said::Rows(rows)) => {
                reconciliations::keep(tx.conn(), job.day, &rows.rows).await?;
                go_on(tx, job.then(rows.next.map_or(Piece::Book, Piece::Ask))).await
            }
            (Piece::Ask(skip), Said::Nothing) => {
                let piece = Piece::Ask(*skip);
                go_on(tx, job.then(piece)).await
            }
            (Piece::Book, _) => {
                book(tx, job.day).await?;
                go_on(tx, job.then(Piece::Compare(String::new()))).await
            }
            (Piece::Compare(after), _) => match compare(tx, job.day, after).await? {
                Some(last) => go_on(tx, job.then(Piece::Compare(last))).await,
                None => finish(tx, job.day).await,
            },
        }
    }

    async fn fail(&self, job: Reconcile, problem: &Problem, tx: &mut Tx) -> Result<(), Error> {
        error!(day = %job.day, problem = problem.slug, "{} could not be gone through", job.day);
        let due = tx.now() + LEFT_ALONE;
        Ok(tx.schedule(&Reconcile { tries: 0, ..job }, due).await?)
    }
}

async fn go_on(tx: &mut Tx, next: Reconcile) -> Result<(), Error> {
    let now = tx.now();
    Ok(tx.schedule(&next, now).await?)
}

async fn ask_later(tx: &mut Tx, job: Reconcile) -> Result<(), Error> {
    let tries = job.tries.saturating_add(1);
    let due = tx.now() + if tries <= 5 { PAUSE } else { LEFT_ALONE };
    Ok(tx.schedule(&Reconcile { tries, ..job }, due).await?)
}

/// Books what went to our bank, once for each settlement. What was booked is not booked otherwise afterwards.
async fn book(tx: &mut Tx, day: Date) -> Result<(), Error> {
    let now = tx.now();
    for (settlement, booked) in reconciliations::add_up(tx.conn(), day).await? {
        let Settlement { net, fee, .. } = &settlement;
        let Some(known) = booked else {
            reconciliations::book(tx.conn(), day, &settlement, now).await?;
            let journal = Journal::settlement(&settlement)?;
            if !journal.postings.is_empty() {
                ledger::post(tx.conn(), None, &journal, now).await?;
            }
            info!(
                settlement.id = settlement.id,
                "{net} of settlement {} are at our bank", settlement.id
            );
            continue;
        };
        let theirs = net.minor() + fee.minor();
        let ours = known.net + known.fee + known.explained.unwrap_or(0);
        let is_same = (known.net, known.fee) == (net.minor(), fee.minor());
        let fits = if known.explained.is_some() { ours == theirs } else { is_same };
        let why = (!fits).then_some(Why::Amount);
        let of = (Kind::Settlement, &*settlement.id, net.currency());
        note(tx, day, of, why, (Some(ours), Some(theirs))).await?;
    }
    Ok(())
}

/// Compares the next so many things. Returns the last one, unless there are no more.
async fn compare(tx: &mut Tx, day: Date, after: &str) -> Result<Option<String>, Error> {
    let names = reconciliations::list_names(tx.conn(), day, after, AT_ONCE).await?;
    for compared in reconciliations::compare(tx.conn(), &names).await? {
        let of = (compared.kind, &*compared.name, compared.currency);
        let amounts = (compared.ours, Some(compared.theirs));
        note(tx, day, of, compared.judge(), amounts).await?;
    }
    Ok(names.last().cloned())
}

async fn note(
    tx: &mut Tx,
    day: Date,
    (kind, name, currency): (Kind, &str, Currency),
    why: Option<Why>,
    (ours, theirs): (Option<i64>, Option<i64>),
) -> Result<(), Error> {
    let now = tx.now();
    differences::resolve(tx.conn(), kind, name, why, now).await?;
    let Some(why) = why else { return Ok(()) };
    let new = differences::New { kind, name, why, ours, theirs, currency };
    if differences::insert(tx.conn(), day, &new, now).await? {
        let (kind, why) = (kind.into_str(), why.into_str());
        error!(%day, kind, name, why, "{kind} {name} of {day} does not fit our books: {why}");
    }
    Ok(())
}

/// What should have been settled by then is looked for, and the day is done.
async fn finish(tx: &mut Tx, day: Date) -> Result<(), Error> {
    let now = tx.now();
    let before = |days: i32| day.checked_sub(days.days()).unwrap_or(Date::MIN);
    let (from, until) = (before(SETTLED_WITHIN_DAYS + 1), before(SETTLED_WITHIN_DAYS));
    let (start, end) = (calendar::start(from), calendar::start(until));
    let missing = differences::keep_missing(tx.conn(), day, start, end, now).await?;
    if missing > 0 {
        error!(%day, missing, "{missing} captures and refunds of {from} are in no settlement");
    }
    reconciliations::finish(tx.conn(), day, now).await?;
    info!(%day, "{day} was gone through with the provider");
    Ok(())
}
