//! One journey with one death in it.

use std::io::Write as _;

use anyhow::Context as _;
use e2e::supervisor::Supervisor;
use e2e::{invariants, stage};
use mall::journey::{Method, Report, play};
use mall::reporter::{Reporter, Step};
use mall::settings::Settings;
use tokio::sync::{Mutex, OnceCell};

use crate::kill_point::{KillPoint, seed};

/// One stack, one death at a time.
static STACK: Mutex<()> = Mutex::const_new(());

/// The steps of a journey that nobody disturbs, and how long they take here.
static REHEARSAL: OnceCell<Vec<Step>> = OnceCell::const_new();

/// Kills a program, or one replica of a service, in the middle of a journey, and checks that nothing comes of it.
pub async fn survives(program: &str) {
    let _one_at_a_time = STACK.lock().await;
    let survived = ordeal(program).await;
    survived.unwrap_or_else(|error| {
        panic!("{program}; MALL_CRASH_SEED={} repeats it: {error:#}", seed())
    });
}

/// The same for what keeps the objects, which differs from machine to machine.
pub async fn object_store_survives() {
    let settings = stage::settings().expect("a mall is running: use `make test`");
    let program = Supervisor::of(&settings).object_store().await.expect("a supervisor");
    survives(program).await;
}

async fn ordeal(program: &str) -> anyhow::Result<()> {
    let settings = stage::settings()?;
    let supervisor = Supervisor::of(&settings);
    supervisor.all_ready().await?;
    let steps = REHEARSAL.get_or_try_init(async || rehearse(&settings).await).await?;
    let moment = KillPoint::draw(program, steps);
    let replicas = supervisor.replicas(&[program]).await?;
    let program = replicas.get(moment.draw_of(replicas.len())).map_or(program, String::as_str);
    say(&format!("kill -9 of {program}, {moment}; seed {}", seed()));

    let actors = stage::actors(&settings, program).await?;
    let before = supervisor.life(program).await?.context("it does not run")?;
    let mut reporter = Reporter::new(true);
    let mut begun = reporter.begun();
    let journey = async move { play(&actors, Method::Upi, &mut reporter).await };
    let death = async {
        moment.come(&mut begun).await?;
        before.kill().await
    };
    let (played, killed) = tokio::join!(journey, death);

    killed?;
    complete(&played?);
    supervisor.restarted(program, before).await?;
    supervisor.all_ready().await?;
    invariants::holds(&settings).await
}

async fn rehearse(settings: &Settings) -> anyhow::Result<Vec<Step>> {
    let actors = stage::actors(settings, "rehearsal").await?;
    let report = play(&actors, Method::Upi, &mut Reporter::new(true)).await?;
    invariants::holds(settings).await.context("before anything was killed")?;
    Ok(report.steps)
}

fn complete(report: &Report) {
    assert!(report.steps.iter().all(|step| step.ok), "{:?}", report.steps);
    assert_eq!((report.seller_orders.len(), report.invoices.len()), (3, 3));
}

/// Past the capture of the test runner: the seed is to be seen in a run that passes, too.
fn say(line: &str) {
    writeln!(std::io::stderr(), "{line}").ok();
}
