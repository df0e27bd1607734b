//! What the mall costs: idle, per checkout, per page. CPU time comes from `/proc`; every number is a median of rounds.

mod processes;
mod shop;
mod table;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use clap::Parser;
use e2e::supervisor::Supervisor;
use futures::future::try_join_all;
use mall::catalogue;
use mall::mailbox::Mailbox;
use mall::operator::roster;
use mall::seed::{self, Aboard};
use mall::settings::Settings;
use processes::{ONLOOKERS, Programs, Used, between};
use reqwest::Method;
use serde_json::json;
use shop::Buyer;
use table::{Table, median};

/// Measures the running stack and prints one table. `make bench` starts a stack of its own for it.
#[derive(Debug, Parser)]
struct Arguments {
    /// Rounds of each measurement; the table shows medians.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Checkouts of each buyer in a round.
    #[arg(long, default_value_t = 10)]
    checkouts: u64,
    /// Requests for a page in a round.
    #[arg(long, default_value_t = 400)]
    requests: u64,
    /// Products in the catalogue while checkouts and pages are measured.
    #[arg(long, default_value_t = 10_000)]
    products: usize,
}

/// Sellers of the catalogue.
const VENDORS: usize = 20;

struct Bench {
    arguments: Arguments,
    settings: Settings,
    programs: Programs,
    sellers: Vec<Aboard>,
    mailbox: Mailbox,
    table: Table,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let settings = Settings::from_env()?;
    let programs = Programs::of(&Supervisor::of(&settings)).await?;
    let (_, sellers) = seed::run(&settings, true).await?;
    for seller in &sellers {
        for (_, sku, _) in &seller.products {
            mall::onboarding::stock(&seller.person, &seller.vendor, sku, 10_000).await?;
        }
    }
    let mailbox = Mailbox::new(&settings.mail);
    let mut bench = Bench { arguments, settings, programs, sellers, mailbox, table: Table::new() };
    bench.table.say_origin();
    bench.idle("with the seed's catalogue", Some(250)).await?;
    let products = bench.arguments.products;
    println!("A catalogue of {products} products");
    catalogue::run(&bench.settings, products, VENDORS).await?;
    bench.checkouts(1).await?;
    bench.checkouts(4).await?;
    bench.page("list page, 20 products", Method::GET, "/v1/products?limit=20").await?;
    bench.page("search page, 20 hits", Method::GET, "/v1/search/products?q=brass&limit=20").await?;
    let sku = &bench.sellers[0].products[0].1;
    let line = format!("/v1/cart/lines/{sku}");
    bench.page("add to cart", Method::PUT, &line).await?;
    bench.idle("after all of this", None).await?;
    bench.table.say();
    Ok(())
}

impl Bench {
    /// What twelve services use while nobody comes.
    async fn idle(&mut self, when: &str, limit: Option<u64>) -> anyhow::Result<()> {
        let (quiet, mut percents) = (Duration::from_secs(10), Vec::new());
        for _ in 0..self.arguments.rounds {
            let before = self.programs.used()?;
            tokio::time::sleep(quiet).await;
            let used = between(&before, &self.programs.used()?);
            percents.push(of_services(&used) * 100_000 / 10_000);
        }
        let resident = of_services(&self.programs.resident_kib()?) * 1000 / 1024;
        self.table.add(&format!("idle {when}: twelve services, resident"), resident, "MB", limit);
        self.table.add(&format!("idle {when}: of one core"), median(percents), "%", Some(5));
        Ok(())
    }

    /// Checkouts of three sellers by so many buyers at once, until the last confirmation has come by mail.
    async fn checkouts(&mut self, at_once: usize) -> anyhow::Result<()> {
        let making = (0..at_once).map(|_| Buyer::new(&self.settings, &self.sellers));
        let buyers = try_join_all(making).await?;
        let each = self.arguments.checkouts;
        let (mut confirmed, mut mailed, mut costs) = (Vec::new(), Vec::new(), Vec::new());
        // The first round warms up: connections, caches, the broker's JVM.
        for round in 0..=self.arguments.rounds {
            let before = self.programs.used()?;
            let done = try_join_all(buyers.iter().map(|buyer| self.shop(buyer, round))).await?;
            let used = between(&before, &self.programs.used()?);
            if round > 0 {
                confirmed.extend(done.iter().flatten().map(|(confirmed, _)| *confirmed));
                mailed.extend(done.iter().flatten().map(|(_, mailed)| *mailed));
                costs.push(used);
            }
        }
        let orders = each * u64::try_from(at_once)?;
        let with =
            if at_once == 1 { "one buyer".into() } else { format!("{at_once} buyers at once") };
        let (limit, mail_limit) = if at_once == 1 { (Some(250), Some(700)) } else { (None, None) };
        let what = format!("checkout to CONFIRMED, {with}");
        self.table.add(&what, median(confirmed), "ms", limit);
        let what = format!("payment to confirmation mail, {with}");
        self.table.add(&what, median(mailed), "ms", mail_limit);
        self.costs(&format!("CPU per checkout, {with}"), &costs, orders);
        Ok(())
    }

    /// One buyer's round; per checkout the microseconds until it was confirmed, and from payment to mail.
    async fn shop(&self, buyer: &Buyer, round: usize) -> anyhow::Result<Vec<(u64, u64)>> {
        let each = usize::try_from(self.arguments.checkouts)?;
        let mut done = Vec::new();
        for nth in 1..=each {
            let bought = buyer.buy().await?;
            buyer.confirmations(&self.mailbox, round * each + nth).await?;
            done.push((micros(bought.confirmed_after), micros(bought.paid_at.elapsed())));
        }
        Ok(done)
    }

    /// One request again and again, four at a time.
    async fn page(&mut self, what: &str, method: Method, path: &str) -> anyhow::Result<()> {
        let buyer = Buyer::new(&self.settings, &self.sellers).await?;
        let (mut costs, mut times) = (Vec::new(), Vec::new());
        for round in 0..=self.arguments.rounds {
            let before = self.programs.used()?;
            let callers = (0..4).map(|_| self.ask(&buyer, &method, path));
            let took: Vec<Vec<u64>> = try_join_all(callers).await?;
            if round > 0 {
                costs.push(between(&before, &self.programs.used()?));
                times.extend(took.into_iter().flatten());
            }
        }
        self.table.add(&format!("{what}, answered after"), median(times), "ms", None);
        self.costs(&format!("CPU per {what}"), &costs, self.arguments.requests);
        Ok(())
    }

    async fn ask(&self, buyer: &Buyer, method: &Method, path: &str) -> anyhow::Result<Vec<u64>> {
        let body = (*method == Method::PUT).then(|| json!({"quantity": 1}));
        let mut took = Vec::new();
        for _ in 0..self.arguments.requests / 4 {
            let begun = Instant::now();
            let answer = buyer.person.send(method.clone(), path, body.clone(), None).await?;
            anyhow::ensure!(answer.status().is_success(), "{path}: {}", answer.text().await?);
            answer.bytes().await?;
            took.push(micros(begun.elapsed()));
        }
        Ok(took)
    }

    /// The median sum over all programs that take part, and the five dearest of them.
    fn costs(&mut self, what: &str, rounds: &[Used], jobs: u64) {
        let per_job = |ms: u64| ms * 1000 / jobs;
        let parts = rounds.iter().map(|used| without_onlookers(used).values().sum());
        self.table.add(what, per_job(median(parts.collect())), "ms", None);
        let names = rounds.first().map(without_onlookers).unwrap_or_default().into_keys();
        let of = |name: &String| {
            median(rounds.iter().map(|u| u.get(name).copied().unwrap_or(0)).collect())
        };
        let mut dearest: Vec<(u64, String)> = names.map(|name| (of(&name), name)).collect();
        dearest.sort_unstable_by(|a, b| b.cmp(a));
        for (ms, name) in dearest.into_iter().take(5) {
            self.table.add(&format!("  of that {name}"), per_job(ms), "ms", None);
        }
    }
}

fn without_onlookers(used: &Used) -> BTreeMap<String, u64> {
    let working = used.iter().filter(|(name, _)| !ONLOOKERS.contains(&name.as_str()));
    working.map(|(name, ms)| (name.clone(), *ms)).collect()
}

fn of_services(values: &BTreeMap<String, u64>) -> u64 {
    let services: Vec<_> = roster::all().iter().map(|entry| entry.name).collect();
    let of_these = |program: &str| services.contains(&program.split('-').next().unwrap_or(program));
    values.iter().filter(|(program, _)| of_these(program)).map(|(_, value)| value).sum()
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
