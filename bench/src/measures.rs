//! What is measured of the mall itself.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use contracts::Event as _;
use contracts::cart::ItemAdded;
use e2e::supervisor::Supervisor;
use futures::future::try_join_all;
use mall::registry;
use mall::seed::SeededSeller;
use mall::settings::Settings;
use mall::verify::settle;
use mall::verify::stack::StackHandles;
use reqwest::Method;
use serde_json::json;

use crate::processes::{ONLOOKERS, Programs, Used, between};
use crate::shop::Buyer;
use crate::table::{Gate, Table, median};

/// How long a crowd's work may take to come to rest.
const PATIENCE: Duration = Duration::from_mins(3);
/// Requests that are under way at once while pages are measured.
const CALLERS: u64 = 8;

/// The stack, and what was found out.
pub struct Bench {
    /// Where everything is.
    pub settings: Settings,
    /// The numbers so far.
    pub table: Table,
    /// Rounds of each measurement.
    pub rounds: usize,
    supervisor: Supervisor,
    /// What runs.
    pub programs: Programs,
    stack: StackHandles,
    sellers: Vec<SeededSeller>,
}

/// A round of checkouts.
struct Round {
    /// From the request until the confirmation, less what the buyer needs to pay, in microseconds.
    confirmed: Vec<u64>,
    /// From the first request until the last confirmation.
    took: Duration,
    /// From there until nothing was on its way.
    left_over: Duration,
    used: Used,
}

impl Bench {
    /// Looks at what runs.
    pub async fn new(
        settings: Settings,
        sellers: Vec<SeededSeller>,
        rounds: usize,
    ) -> anyhow::Result<Self> {
        let supervisor = Supervisor::of(&settings);
        let programs = Programs::of(&supervisor).await?;
        let stack = StackHandles::of(&settings).await?;
        let table = Table::new();
        table.say_origin();
        Ok(Self { settings, table, rounds, supervisor, programs, stack, sellers })
    }

    /// What twelve services use while nobody comes.
    pub async fn idle(&mut self) -> anyhow::Result<()> {
        self.come_to_rest(&self.stack).await?;
        let (quiet, mut percents) = (Duration::from_secs(10), Vec::new());
        for _ in 0..self.rounds {
            let before = self.programs.used()?;
            tokio::time::sleep(quiet).await;
            let used = between(&before, &self.programs.used()?);
            percents.push(of_services(&used) / 100);
        }
        self.table.add(
            "idle, twelve services: of one core",
            median(percents),
            "%",
            Some(gate(2_000, 0)),
        );
        let (own, resident) = (self.programs.own_kib()?, self.programs.resident_kib()?);
        let mb = |of: &BTreeMap<String, u64>| of_services(of) * 1000 / 1024;
        self.table.add("  memory that is theirs (PSS)", mb(&own), "MB", Some(gate(120_000, 0)));
        self.table.add(
            "  resident, shared pages counted again for each",
            mb(&resident),
            "MB",
            None,
        );
        Ok(())
    }

    /// Checkouts of three sellers by so many buyers at once, everything counted until the last mail is out.
    pub async fn checkouts(&mut self, buyers: usize, each: u64) -> anyhow::Result<()> {
        let who = if buyers == 1 { "one buyer".into() } else { format!("{buyers} buyers") };
        let messages = self.messages().await?;
        let rounds = self.rounds_of(buyers, each, &self.stack).await?;
        let orders = each * u64::try_from(buyers)?;
        let messages = (self.messages().await? - messages) * 1000
            / i64::try_from(orders * u64::try_from(rounds.len() + 1)?)?;
        let confirmed = rounds.iter().flat_map(|round| round.confirmed.iter().copied());
        let reach =
            if buyers == 1 { Some(gate(80_000, 40_000)) } else { Some(gate(250_000, 100_000)) };
        let what = format!("request to CONFIRMED, {who}");
        self.table.add(&what, median(confirmed.collect()), "ms", reach);
        let used: Vec<Used> = rounds.into_iter().map(|round| round.used).collect();
        let cost = if buyers == 1 { None } else { Some(gate(110_000, 30_000)) };
        self.costs(&format!("checkout of three sellers, CPU, {who}"), &used, orders, cost);
        if buyers > 1 {
            let messages = u64::try_from(messages)?;
            self.table.add("messages per checkout", messages, "", Some(gate(13_000, 10_000)));
        }
        Ok(())
    }

    /// The same while nobody renders or keeps documents.
    pub async fn without_invoices(&mut self, buyers: usize, each: u64) -> anyhow::Result<()> {
        let store = self.supervisor.object_store().await?;
        self.supervisor.stop(&["invoice", store]).await?;
        let mut stack = StackHandles::of(&self.settings).await?;
        stack.consumers.remove("invoice");
        stack.databases.remove("invoice");
        let rounds = self.rounds_of(buyers, each, &stack).await?;
        let used: Vec<Used> = rounds.into_iter().map(|round| round.used).collect();
        let orders = each * u64::try_from(buyers)?;
        let what = format!("the same without invoices, CPU, {buyers} buyers");
        self.costs(&what, &used, orders, Some(gate(70_000, 10_000)));
        self.supervisor.start_all().await?;
        self.supervisor.all_ready().await?;
        self.programs = Programs::of(&self.supervisor).await?;
        self.come_to_rest(&self.stack).await
    }

    /// How many checkouts a second a crowd gets through.
    pub async fn throughput(&mut self, buyers: usize, each: u64) -> anyhow::Result<()> {
        let rounds = self.rounds_of(buyers, each, &self.stack).await?;
        let orders = each * u64::try_from(buyers)?;
        let a_second =
            |r: &Round| orders * 1_000_000 / u64::try_from(r.took.as_millis()).unwrap_or(1);
        let speed = median(rounds.iter().map(a_second).collect());
        let what = format!("checkouts per second, {buyers} buyers");
        self.table.add(&what, speed, "", Some(at_least(18_000, 60_000)));
        let left = median(rounds.iter().map(|r| micros(r.left_over) / 1000).collect());
        self.table.add("  everything done after the last of them", left, "s", Some(gate(5_000, 0)));
        let confirmed = rounds.iter().flat_map(|round| round.confirmed.iter().copied());
        self.table.add("  request to CONFIRMED", median(confirmed.collect()), "ms", None);
        let used: Vec<Used> = rounds.into_iter().map(|round| round.used).collect();
        self.costs("  CPU", &used, orders, None);
        Ok(())
    }

    /// Pages that people look at, and a line that they put into their cart.
    pub async fn pages(&mut self, requests: u64) -> anyhow::Result<()> {
        let list = "/v1/products?limit=20";
        self.page("list page of 20", Method::GET, list, requests, Some(gate(500, 170))).await?;
        let search = "/v1/search/products?q=brass&limit=20";
        self.page("search page with facets", Method::GET, search, requests, Some(gate(600, 500)))
            .await?;
        let sku = &self.sellers[0].products[0].1;
        let line = format!("/v1/cart/lines/{sku}");
        self.page("line put into a cart", Method::PUT, &line, requests, Some(gate(700, 400))).await
    }

    /// One request again and again.
    pub async fn page(
        &mut self,
        what: &str,
        method: Method,
        path: &str,
        requests: u64,
        gate: Option<Gate>,
    ) -> anyhow::Result<()> {
        let buyer = Buyer::new(&self.settings, &self.sellers).await?;
        let (mut costs, mut times, mut speeds) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..=self.rounds {
            let (before, begun) = (self.programs.used()?, Instant::now());
            let callers = (0..CALLERS).map(|_| ask(&buyer, &method, path, requests / CALLERS));
            let took: Vec<Vec<u64>> = try_join_all(callers).await?;
            if round > 0 {
                speeds.push(requests * 1_000_000 / u64::try_from(begun.elapsed().as_millis())?);
                costs.push(between(&before, &self.programs.used()?));
                times.extend(took.into_iter().flatten());
            }
        }
        self.costs(&format!("{what}, CPU"), &costs, requests, gate);
        self.table.add("  a second", median(speeds), "", None);
        self.table.add(&format!("  answered after, {CALLERS} callers"), median(times), "ms", None);
        Ok(())
    }

    /// A mall is measured as one that has been open for a while: the broker's JVM has compiled what it does often.
    pub async fn warm_up(&self, buyers: usize, each: u64) -> anyhow::Result<()> {
        let buyers = self.sign_in(buyers).await?;
        try_join_all(buyers.iter().map(|buyer| shop(buyer, each))).await?;
        self.come_to_rest(&self.stack).await
    }

    async fn sign_in(&self, buyers: usize) -> anyhow::Result<Vec<Buyer>> {
        try_join_all((0..buyers).map(|_| Buyer::new(&self.settings, &self.sellers))).await
    }

    /// The first round warms up connections and caches.
    async fn rounds_of(
        &self,
        buyers: usize,
        each: u64,
        stack: &StackHandles,
    ) -> anyhow::Result<Vec<Round>> {
        let buyers = self.sign_in(buyers).await?;
        let mut rounds = Vec::new();
        for round in 0..=self.rounds {
            let (before, begun) = (self.programs.used()?, Instant::now());
            let bought = try_join_all(buyers.iter().map(|buyer| shop(buyer, each))).await?;
            let (took, ended) = (begun.elapsed(), Instant::now());
            self.come_to_rest(stack).await?;
            let left_over = ended.elapsed();
            let used = between(&before, &self.programs.used()?);
            let confirmed = bought.into_iter().flatten().collect();
            if round > 0 {
                rounds.push(Round { confirmed, took, left_over, used });
            }
        }
        Ok(rounds)
    }

    async fn come_to_rest(&self, stack: &StackHandles) -> anyhow::Result<()> {
        let moving = settle::wait(stack, PATIENCE).await?;
        anyhow::ensure!(moving.is_empty(), "it does not come to rest: {}", moving.join("; "));
        Ok(())
    }

    /// Everything that was ever said, except what went into carts.
    async fn messages(&self) -> anyhow::Result<i64> {
        let topics =
            contracts::topics::ALL.iter().filter(|topic| topic.name != ItemAdded::TOPIC.name);
        let topics = topics.map(|topic| topic.name).collect();
        let extents = self.stack.broker.extents(topics).await?;
        Ok(extents.values().map(|extent| extent.high).sum())
    }

    /// The median sum over all programs that take part, and what the dearer of them have of it.
    pub fn costs(&mut self, what: &str, rounds: &[Used], jobs: u64, gate: Option<Gate>) {
        let per_job = |us: u64| us / jobs;
        let parts = rounds.iter().map(|used| without_onlookers(used).values().sum());
        let total = per_job(median(parts.collect()));
        self.table.add(what, total, "ms", gate);
        let names = rounds.first().map(without_onlookers).unwrap_or_default().into_keys();
        let of = |name: &String| {
            median(rounds.iter().map(|u| u.get(name).copied().unwrap_or(0)).collect())
        };
        let mut dearest: Vec<(u64, String)> =
            names.map(|name| (per_job(of(&name)), name)).collect();
        dearest.sort_unstable_by(|a, b| b.cmp(a));
        for (us, name) in dearest.into_iter().take_while(|(us, _)| us * 50 > total) {
            self.table.add(&format!("  of that {name}"), us, "ms", None);
        }
    }
}

/// One buyer's round; microseconds of each checkout until it was confirmed.
async fn shop(buyer: &Buyer, each: u64) -> anyhow::Result<Vec<u64>> {
    let mut done = Vec::new();
    for _ in 0..each {
        done.push(micros(buyer.buy().await?));
    }
    Ok(done)
}

async fn ask(buyer: &Buyer, method: &Method, path: &str, times: u64) -> anyhow::Result<Vec<u64>> {
    let body = (*method == Method::PUT).then(|| json!({"quantity": 1}));
    let mut took = Vec::new();
    for _ in 0..times {
        let begun = Instant::now();
        let answer = buyer.person.send(method.clone(), path, body.clone(), None).await?;
        anyhow::ensure!(answer.status().is_success(), "{path}: {}", answer.text().await?);
        answer.bytes().await?;
        took.push(micros(begun.elapsed()));
    }
    Ok(took)
}

/// At most so many thousandths; and where we want to go.
fn gate(most: u64, aim: u64) -> Gate {
    Gate { bound: most, aim, rising: false }
}

fn at_least(least: u64, aim: u64) -> Gate {
    Gate { bound: least, aim, rising: true }
}

fn without_onlookers(used: &Used) -> BTreeMap<String, u64> {
    let working = used.iter().filter(|(name, _)| !ONLOOKERS.contains(&name.as_str()));
    working.map(|(name, us)| (name.clone(), *us)).collect()
}

fn of_services(values: &BTreeMap<String, u64>) -> u64 {
    let services = registry::names();
    let of_these = |program: &str| services.contains(&program.split('-').next().unwrap_or(program));
    values.iter().filter(|(program, _)| of_these(program)).map(|(_, value)| value).sum()
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
