//! `mall`: the operator's command.

use std::path::PathBuf;
use std::process::Command;

use chassis::run;
use clap::{Parser, Subcommand};
use jiff::SignedDuration;
use mall::operator::{
    dead_letters, doctor, jobs, migrate, offsets, replay, restored, summary, token,
};
use mall::registry;
use mall::settings::Settings;
use mall::{catalogue, clock, demo, scenarios, seed, verify};

/// Runs, fills and looks after a mall.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Install, build and start everything on this machine, then play the demonstration.
    Up,
    /// Stop everything; the data stays.
    Down,
    /// What runs, and where.
    Status,
    /// Be a service: `mall run order`.
    ///
    /// It is configured by the environment, MALL__* and ORDER__*. Where `MALL_ENV_DIR` names a folder with a settings file
    /// for each, `mall run order payment` hosts several in one process, and `mall run all` all of them.
    Run {
        /// Names of services, or `all`.
        #[arg(required = true)]
        services: Vec<String>,
        #[command(flatten)]
        flags: run::Arguments,
    },
    /// Bring tables, topics and buckets up to date.
    Migrate,
    /// Fill the shelves: four sellers, twenty-four products; more on request.
    Seed {
        /// So many more products, spread over the sellers of `--vendors`. What is there already is left alone.
        #[arg(long, default_value_t = 0)]
        products: usize,
        /// So many more sellers.
        #[arg(long, default_value_t = 10)]
        vendors: usize,
    },
    /// Play the journey of a buyer, once by UPI and once with cash on delivery.
    Demo {
        /// Print the report of the UPI journey as JSON and nothing else.
        #[arg(long)]
        json: bool,
    },
    /// Play what can happen to an order, each to its end, and compare the end with what is written.
    ///
    /// A line each: order and parts, books in paise, papers, refunds, mails.
    Scenarios {
        /// Only these.
        names: Vec<String>,
        /// Print the names with what happens, and play nothing.
        #[arg(long)]
        list: bool,
        /// In every sixth story one process of the stack is killed; this number says in which, whom, and when.
        #[arg(long, value_name = "SEED")]
        kill: Option<u64>,
        /// Print `[{id, name, ok, ended, ms}]` and nothing else.
        #[arg(long)]
        json: bool,
    },
    /// Let many buyers do random legal things at once, then check the invariants.
    ///
    /// They pay by UPI and at the door, once, twice, too little or not at all, and cancel; sellers accept, reject, ship,
    /// deliver and lose. At the end a quarter of an hour passes for those who never paid. What takes more than three minutes
    /// after the time is over, to be done or to settle, is an error.
    Crowd {
        /// So many buyers.
        #[arg(long, default_value_t = 100)]
        buyers: u64,
        /// For so long: `120s`, `5m`.
        #[arg(long = "for", default_value = "120s", value_parser = clock::step)]
        time: SignedDuration,
        /// Repeats what chance decided.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Print `{crowd: {customers, placed, refused, orders, parts, errors, buying_s, settling_s, ..}, verify: {checks}}`
        /// and nothing else; what goes on is told on the standard error all the same.
        #[arg(long)]
        json: bool,
    },
    /// Show the time of the running stack, or move it on: `mall clock +72h`. It never goes back, and a restart keeps it.
    ///
    /// Every replica of every service and the payment provider of development go with it. A stack of services as they are
    /// shipped has no such clock.
    Clock {
        /// By so much.
        #[arg(value_parser = clock::step)]
        forward: Option<SignedDuration>,
    },
    /// Print where everything is and what the last demonstration left behind.
    Welcome,
    /// Find what is missing or unhealthy.
    Doctor,
    /// Check the invariants over the data of the running stack; changes nothing.
    ///
    /// Waits until nothing is on its way, then prints a line per invariant and a sentence for everything that is wrong.
    Verify {
        /// Print `{checks: [{id, name, ok, checked, violations}]}` and nothing else.
        #[arg(long)]
        json: bool,
    },
    /// Sign in as somebody of this stack and print an access token.
    Token {
        /// Their mail address; a new one becomes a buyer.
        address: String,
    },
    /// Events that could not be handled.
    DeadLetters {
        #[command(subcommand)]
        verb: Letters,
    },
    /// Jobs that were given up.
    Jobs {
        #[command(subcommand)]
        verb: jobs::Verb,
    },
    /// Where the consumers stand in the topics.
    Offsets {
        #[command(subcommand)]
        verb: Offsets,
    },
    /// Make the copies that a service keeps of others' facts anew, from the topics: `mall replay order copies`.
    ///
    /// Nothing is said and nothing is done in the world: only the service's own copies change. Meanwhile they are
    /// incomplete; what needs them is answered 503 or waits.
    Replay {
        /// The service.
        service: String,
        /// The projection; every service has one, `copies`.
        projection: String,
    },
    /// After a service's database was restored, before the service starts: count on where its topics end.
    ///
    /// Prints what the topics hold and the database does not.
    Restored {
        /// The service.
        service: String,
    },
}

#[derive(Debug, Subcommand)]
enum Offsets {
    /// Let a service hear a topic from its beginning: after the topic was made anew, or lost its end.
    Restart {
        /// The service.
        service: String,
        /// The topic, as the catalogue calls it.
        topic: String,
    },
}

#[derive(Debug, Subcommand)]
enum Letters {
    /// List them, service by service.
    List,
    /// Show one, with the payload of its record.
    Show {
        /// The service.
        service: String,
        /// The letter's number.
        id: i64,
    },
    /// Hand letters to their service again, in order: those of one letter's key, or all of the service.
    Redrive {
        /// The service.
        service: String,
        /// A letter's number; the others of its key go with it.
        id: Option<i64>,
    },
    /// Drop some for good.
    Drop {
        /// The service.
        service: String,
        /// The letters' numbers.
        #[arg(required = true)]
        ids: Vec<i64>,
    },
}

fn main() -> anyhow::Result<()> {
    let verb = Arguments::parse().verb;
    match verb {
        Verb::Up => return stack("up"),
        Verb::Down => return stack("down"),
        Verb::Status => return stack("status"),
        Verb::Run { services, flags } if std::env::var_os("MALL_ENV_DIR").is_none() => {
            let [service] = &services[..] else {
                anyhow::bail!(
                    "several services in one process need MALL_ENV_DIR, a folder with their settings"
                )
            };
            return (registry::find(service)?.process)(flags);
        }
        Verb::Run { .. }
        | Verb::Migrate
        | Verb::Seed { .. }
        | Verb::Replay { .. }
        | Verb::Restored { .. }
        | Verb::Demo { .. }
        | Verb::Scenarios { .. }
        | Verb::Crowd { .. }
        | Verb::Clock { .. }
        | Verb::Welcome
        | Verb::Doctor
        | Verb::Verify { .. }
        | Verb::Token { .. }
        | Verb::Jobs { .. }
        | Verb::Offsets { .. }
        | Verb::DeadLetters { .. } => {}
    }
    let settings = Settings::from_env()?;
    tokio::runtime::Runtime::new()?.block_on(async {
        match verb {
            Verb::Run { services, .. } => host(&settings, &services).await,
            Verb::Migrate => migrate::run(&settings).await,
            Verb::Seed { products, vendors } => {
                seed::run(&settings, false).await?;
                if products > 0 {
                    catalogue::run(&settings, products, vendors).await?;
                }
                Ok(())
            }
            Verb::Replay { service, projection } => {
                replay::run(&settings, &service, &projection).await
            }
            Verb::Restored { service } => restored::run(&settings, &service).await,
            Verb::Demo { json } => demo::run(&settings, json).await,
            Verb::Scenarios { list: true, .. } => {
                scenarios::list();
                Ok(())
            }
            Verb::Scenarios { names, kill, json, .. } => {
                scenarios::run(&settings, &names, kill, json).await
            }
            Verb::Crowd { buyers, time, seed, json } => {
                let crowd = scenarios::Crowd { buyers, time: time.unsigned_abs(), seed };
                scenarios::let_loose(&settings, &crowd, json).await
            }
            Verb::Clock { forward } => clock::run(&settings, forward).await,
            Verb::Welcome => {
                summary::run(&settings);
                Ok(())
            }
            Verb::Doctor => doctor::run(&settings).await,
            Verb::Verify { json } => verify::run(&settings, json).await,
            Verb::Token { address } => token::print(&settings, &address).await,
            Verb::Offsets { verb: Offsets::Restart { service, topic } } => {
                offsets::restart(&settings, &service, &topic).await
            }
            Verb::Jobs { verb } => jobs::run(&settings, verb).await,
            Verb::DeadLetters { verb } => letters(&settings, verb).await,
            Verb::Up | Verb::Down | Verb::Status => Ok(()),
        }
    })
}

async fn letters(settings: &Settings, verb: Letters) -> anyhow::Result<()> {
    match verb {
        Letters::List => dead_letters::list(settings).await,
        Letters::Show { service, id } => dead_letters::show(settings, &service, id).await,
        Letters::Redrive { service, id } => dead_letters::redrive(settings, &service, id).await,
        Letters::Drop { service, ids } => {
            dead_letters::drop_letters(settings, &service, &ids).await
        }
    }
}

/// The native stack knows how; it lies beside the sources.
fn stack(verb: &str) -> anyhow::Result<()> {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../deploy/native/stack");
    let status = Command::new(script).arg(verb).status()?;
    anyhow::ensure!(status.success(), "it did not succeed");
    Ok(())
}

async fn host(settings: &Settings, names: &[String]) -> anyhow::Result<()> {
    let entries = registry::pick(names)?;
    let first = registry::common(&settings.env_dir, entries[0].name)?;
    let telemetry = chassis::telemetry::start("mall", &first.log, first.otlp_endpoint.as_deref())?;
    let stop = chassis::run::signalled();
    let mut running = Vec::new();
    for entry in entries {
        let common = registry::common(&settings.env_dir, entry.name)?;
        let vars = registry::variables(&settings.env_dir, entry.name)?;
        running.push(tokio::spawn((entry.serve)(common, vars, stop.clone())));
    }
    for service in running {
        service.await??;
    }
    telemetry.flush();
    Ok(())
}
