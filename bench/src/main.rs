//! What the mall costs: idle, per checkout, per page, beside what the machine can do at all. CPU time comes from `/proc`.

mod limits;
mod measures;
mod processes;
mod profile;
mod shop;
mod table;

use clap::{Parser, ValueEnum};
use mall::catalogue;
use mall::seed;
use mall::settings::Settings;
use measures::Bench;

/// Measures the running stack and prints one table. `make bench` starts a stack of its own for it.
#[derive(Debug, Parser)]
struct Arguments {
    /// Rounds of each measurement; the table shows medians.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Checkouts of each buyer in a round.
    #[arg(long, default_value_t = 10)]
    checkouts: u64,
    /// Requests for a page in a round.
    #[arg(long, default_value_t = 2_000)]
    requests: u64,
    /// Products in the catalogue.
    #[arg(long, default_value_t = 10_000)]
    products: usize,
    /// What to measure, in this order; without it everything.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Measure>,
    /// Leave a flame graph and the statements of every database in this folder, for the checkouts of eight buyers.
    #[arg(long)]
    profile: Option<std::path::PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Measure {
    /// What this machine can do at all.
    Limits,
    /// What the services take while nobody comes.
    Idle,
    /// One buyer, eight, thirty-two.
    Checkouts,
    /// Eight buyers while invoice-service and the object store are stopped.
    WithoutInvoices,
    /// Lists, searches, carts.
    Pages,
}

/// Sellers of the catalogue.
const VENDORS: usize = 20;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let settings = Settings::from_env()?;
    let (_, sellers) = seed::run(&settings, true).await?;
    for seller in &sellers {
        for (_, sku, _) in &seller.products {
            mall::onboarding::stock(&seller.person, &seller.vendor, sku, 100_000).await?;
        }
    }
    println!("A catalogue of {} products", arguments.products);
    catalogue::run(&settings, arguments.products, VENDORS).await?;
    let mut bench = Bench::new(settings, sellers, arguments.rounds).await?;
    let all = Measure::value_variants();
    let chosen = if arguments.only.is_empty() { all } else { &arguments.only };
    for measure in chosen {
        match measure {
            Measure::Limits => limits::measure(&mut bench, arguments.requests).await?,
            Measure::Idle => bench.idle().await?,
            Measure::Checkouts => {
                bench.warm_up(8, 4 * arguments.checkouts).await?;
                bench.checkouts(1, arguments.checkouts).await?;
                let profile = match &arguments.profile {
                    Some(folder) => Some(profile::begin(&bench.settings, folder).await?),
                    None => None,
                };
                bench.checkouts(8, arguments.checkouts).await?;
                if let Some(profile) = profile {
                    profile.end(&bench.programs).await?;
                }
                bench.throughput(32, arguments.checkouts).await?;
            }
            Measure::WithoutInvoices => bench.without_invoices(8, arguments.checkouts).await?,
            Measure::Pages => bench.pages(arguments.requests).await?,
        }
    }
    bench.table.say();
    Ok(())
}
