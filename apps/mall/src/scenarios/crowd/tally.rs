//! What a crowd has done so far, and what came of it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::Value;
use sqlx::PgPool;

use super::super::cast::Cast;

/// How often people are told.
const EVERY: Duration = Duration::from_secs(10);
/// Mistakes that are told one by one.
const SHOWN: usize = 5;

const ORDERS: &str = "select state, count(*) from orders where order_id::text = any($1) group by 1";
const PARTS: &str =
    "select state, count(*) from seller_orders where order_id::text = any($1) group by 1";

/// How many of each.
pub type Counts = BTreeMap<String, u64>;

/// What a crowd has done so far.
#[derive(Debug)]
pub struct Tally {
    buyers: u64,
    seed: u64,
    started: Instant,
    counted: Mutex<Counted>,
}

#[derive(Debug, Default)]
struct Counted {
    arrived: u64,
    done: u64,
    refused: Counts,
    orders: Vec<String>,
    errors: Vec<String>,
}

/// What came of a crowd.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// So many shopped at once.
    pub buyers: u64,
    /// What decided for them.
    pub seed: u64,
    /// How many people signed in.
    pub customers: u64,
    /// How many orders they placed.
    pub placed: u64,
    /// How often the till refused, by the name of the problem.
    pub refused: Counts,
    /// Where the orders stand in the end.
    pub orders: Counts,
    /// Where their parts stand.
    pub parts: Counts,
    /// What should not have happened.
    pub errors: Vec<String>,
    /// How long they bought, in seconds.
    pub buying_s: u64,
    /// How long it took until all of it had settled, in seconds.
    pub settling_s: u64,
}

impl Tally {
    /// Nothing yet.
    pub fn begin(buyers: u64, seed: u64) -> Self {
        Self { buyers, seed, started: Instant::now(), counted: Mutex::default() }
    }

    /// Somebody has signed in.
    pub fn arrived(&self) {
        self.counted().arrived += 1;
    }

    /// The till said no; `problem` is how.
    pub fn refused(&self, problem: &Value) {
        let kind = problem["type"].as_str().unwrap_or_default();
        let name = kind.rsplit_once("/problems/").map_or(kind, |(_, name)| name);
        *self.counted().refused.entry(name.to_owned()).or_default() += 1;
    }

    /// There is an order.
    pub fn ordered(&self, order: &str) {
        self.counted().orders.push(order.to_owned());
    }

    /// Nobody does anything more about an order.
    pub fn done(&self) {
        self.counted().done += 1;
    }

    /// Something that should not have happened.
    pub fn failed(&self, error: String) {
        self.counted().errors.push(error);
    }

    /// For how many seconds it has been going on.
    pub fn seconds(&self) -> u64 {
        self.started.elapsed().as_secs()
    }

    /// Tells people what goes on, again and again.
    pub async fn tell(&self) {
        loop {
            tokio::time::sleep(EVERY).await;
            self.say(&self.so_far());
        }
    }

    /// Tells people something.
    pub fn say(&self, what: &str) {
        eprintln!("  {:>4} s  {what}", self.seconds());
    }

    fn so_far(&self) -> String {
        let seen = self.counted();
        let refused: u64 = seen.refused.values().sum();
        format!(
            "{} signed in, {} orders, {} of them left alone, {refused} refused at the till, {} errors",
            seen.arrived,
            seen.orders.len(),
            seen.done,
            seen.errors.len()
        )
    }

    /// All of it, with where its orders stand by the books of order-service.
    pub async fn report(self, cast: &Cast, buying_s: u64) -> anyhow::Result<Report> {
        let (order, settling_s) = (cast.stack.db("order")?, self.seconds() - buying_s);
        let seen = self.counted.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(Report {
            buyers: self.buyers,
            seed: self.seed,
            customers: seen.arrived,
            placed: u64::try_from(seen.orders.len())?,
            refused: seen.refused,
            orders: count(order, ORDERS, &seen.orders).await?,
            parts: count(order, PARTS, &seen.orders).await?,
            errors: seen.errors,
            buying_s,
            settling_s,
        })
    }

    fn counted(&self) -> MutexGuard<'_, Counted> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn count(db: &PgPool, query: &'static str, orders: &[String]) -> anyhow::Result<Counts> {
    let rows: Vec<(String, i64)> = sqlx::query_as(query).bind(orders).fetch_all(db).await?;
    rows.into_iter().map(|(state, many)| Ok((state, u64::try_from(many)?))).collect()
}

impl Report {
    /// Fails where something happened that should not have.
    pub fn fine(&self) -> anyhow::Result<()> {
        let (many, shown) = (self.errors.len(), self.errors.iter().take(SHOWN));
        let shown: Vec<_> = shown.map(|error| format!("  {error}")).collect();
        let seed = self.seed;
        anyhow::ensure!(
            many == 0,
            "{many} errors in the crowd of seed {seed}:\n{}",
            shown.join("\n")
        );
        Ok(())
    }

    /// What people read.
    pub fn lines(&self) -> Vec<String> {
        let said = |counts: &Counts| {
            let each: Vec<_> = counts.iter().map(|(what, many)| format!("{many} {what}")).collect();
            if each.is_empty() { "none".to_owned() } else { each.join(", ") }
        };
        let Self { buyers, customers, placed, buying_s, settling_s, .. } = self;
        vec![
            format!(
                "  {buyers} buyers, {customers} people, {placed} orders in {buying_s} s; settled after {settling_s} s"
            ),
            format!("  orders   {}", said(&self.orders)),
            format!("  parts    {}", said(&self.parts)),
            format!("  refused  {}", said(&self.refused)),
            format!("  errors   {}", self.errors.len()),
        ]
    }
}
