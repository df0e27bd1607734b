//! The probe's outside work and what falls due.

use std::sync::atomic::Ordering;
use std::time::Duration;

use chassis::{BatchTimerHandler, Job, JobHandler, Problem, Timer, TimerHandler, Tx};
use contracts::vendor::VendorApproved;
use jiff_sqlx::ToSqlx;
use serde::{Deserialize, Serialize};
use testkit::sample;
use uuid::Uuid;

use crate::probe::{Error, Probe};

/// Sends something into the world outside.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Parcel {
    pub what: String,
}

impl Job for Parcel {
    const KIND: &'static str = "probe.send";
    const MAX_ATTEMPTS: i32 = 4;
    const AT_ONCE: usize = 3;
}

impl JobHandler<Parcel> for Probe {
    type Output = String;

    async fn run(&self, job: &Parcel) -> Result<String, Error> {
        let (now, most) = &*self.strings.at_once;
        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        let healed = self.strings.healed.load(Ordering::SeqCst);
        self.strings.world.lock().unwrap().push(job.what.clone());
        let acted = match job.what.split(':').next().unwrap_or_default() {
            "refuse" if !healed => Err(Error::Refused),
            "broken" if !healed => Err(Error::Broken),
            "panic" if !healed => panic!("the probe was told to"),
            "wait" => {
                self.strings.gate.acquire().await.unwrap().forget();
                Ok(format!("made {}", job.what))
            }
            _ => Ok(format!("made {}", job.what)),
        };
        now.fetch_sub(1, Ordering::SeqCst);
        acted
    }

    async fn complete(&self, _job: Parcel, made: String, tx: &mut Tx) -> Result<(), Error> {
        write(&made, tx).await?;
        tx.emit(&VendorApproved { display_name: made, ..sample() });
        Ok(())
    }

    async fn fail(&self, job: Parcel, problem: &Problem, tx: &mut Tx) -> Result<(), Error> {
        Ok(write(&format!("gave up {}: {}", job.what, problem.slug), tx).await?)
    }
}

async fn write(what: &str, tx: &mut Tx) -> sqlx::Result<()> {
    sqlx::query("insert into made (what) values ($1)").bind(what).execute(tx.conn()).await.map(drop)
}

/// Rings what is due.
#[derive(Debug, Clone, Copy)]
pub enum Overdue {}

impl Timer for Overdue {
    const NAME: &'static str = "probe.overdue";
    const EVERY: Duration = Duration::from_millis(20);
}

impl BatchTimerHandler<Overdue> for Probe {
    async fn due(&self, except: &[Uuid], tx: &mut Tx) -> Result<Vec<Uuid>, Error> {
        let now = tx.now().to_sqlx();
        let sql = "select id from due where at <= $1 and id <> all($2) order by at limit 100";
        Ok(sqlx::query_scalar(sql).bind(now).bind(except).fetch_all(tx.conn()).await?)
    }

    async fn run(&self, ids: &[Uuid], tx: &mut Tx) -> Result<usize, Error> {
        let sql = "delete from due where id = any($1) returning what";
        let due: Vec<String> = sqlx::query_scalar(sql).bind(ids).fetch_all(tx.conn()).await?;
        for what in &due {
            self.strings.entered.fetch_add(1, Ordering::SeqCst);
            if what == "broken" && !self.strings.healed.load(Ordering::SeqCst) {
                return Err(Error::Broken);
            }
            sqlx::query("insert into rang (what) values ($1)")
                .bind(what)
                .execute(tx.conn())
                .await?;
        }
        Ok(due.len())
    }
}

/// Comes round and decides over nothing.
#[derive(Debug, Clone, Copy)]
pub enum Beat {}

impl Timer for Beat {
    const NAME: &'static str = "probe.beat";
    const EVERY: Duration = Duration::from_millis(20);
    const WAITS_FOR_NEWS: bool = false;
}

impl TimerHandler<Beat> for Probe {
    async fn run(&self, _tx: &mut Tx) -> Result<usize, Error> {
        self.strings.beats.fetch_add(1, Ordering::SeqCst);
        Ok(0)
    }
}
