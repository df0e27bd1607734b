//! A server is away for a while in the middle of the journey.

use std::pin::pin;
use std::time::Duration;

use e2e::{invariants, stage};
use mall::journey::{Actors, Method, Report, play};
use mall::reporter::Reporter;

use crate::doors::knock;
use e2e::stack::alone_on_the_stack;

/// Longer than a client tries by itself, which is ten seconds at most; by then a job has failed four times.
const ABSENCE: Duration = Duration::from_secs(12);
/// Longer than the broker's client keeps what it could not hand over, which is twenty seconds.
const ABSENCE_OF_THE_BROKER: Duration = Duration::from_secs(30);

/// Takes `program` away once the buyer is signed in. Returns the doors that were closed meanwhile.
async fn without(program: &str) -> Vec<String> {
    let absence = if program == "kafka" { ABSENCE_OF_THE_BROKER } else { ABSENCE };
    let mut closed = Vec::new();
    alone_on_the_stack(async |settings, supervisor| {
        let program = if program == "objects" { supervisor.object_store().await? } else { program };
        let actors = stage::actors(settings, program).await?;
        let (actors, mut reporter) = (&actors, Reporter::new(true));
        let mut begun = reporter.begun();
        let journey = async move {
            let report = play(actors, Method::Upi, &mut reporter).await?;
            complete(actors, &report, absence)
        };
        let mut journey = pin!(journey);
        tokio::select! {
            over = &mut journey => {
                over?;
                anyhow::bail!("it was over before anything was away");
            }
            signed_in = begun.wait_for(|steps| steps.len() > 1) => drop(signed_in?),
        }
        // Nobody takes a step until it is gone.
        let programs = supervisor.replicas(&[program]).await?;
        supervisor.stop_all_of(&[program]).await?;
        let away = async {
            let closed = knock(actors, absence).await;
            for program in &programs {
                supervisor.start(program).await?;
            }
            closed
        };
        let (played, knocked) = tokio::join!(journey, away);
        closed = knocked?;
        played?;
        invariants::holds(settings).await
    })
    .await
    .unwrap();
    closed
}

/// It completed, and not before what it needed was back.
fn complete(actors: &Actors, report: &Report, absence: Duration) -> anyhow::Result<()> {
    let took: u64 = report.steps.iter().map(|step| step.ms).sum();
    anyhow::ensure!(report.invoices.len() == actors.sellers.len(), "{:?}", report.invoices);
    anyhow::ensure!(u128::from(took) >= absence.as_millis(), "nobody missed it: {took} ms");
    Ok(())
}

#[tokio::test]
async fn without_the_broker_every_door_is_open_and_the_order_waits() {
    assert_eq!(without("kafka").await, [""; 0]);
}

#[tokio::test]
async fn without_redis_carts_and_codes_say_when_to_come_back() {
    let closed = without("redis").await;
    assert_eq!(closed, ["GET /v1/cart", "POST /v1/auth/otp"]);
}

#[tokio::test]
async fn without_the_object_store_the_invoices_wait() {
    assert_eq!(without("objects").await, [""; 0]);
}

#[tokio::test]
async fn without_the_mail_server_the_confirmation_waits() {
    assert_eq!(without("mail").await, [""; 0]);
}

#[tokio::test]
async fn without_the_payment_provider_the_payment_waits() {
    assert_eq!(without("sandbox").await, [""; 0]);
}
