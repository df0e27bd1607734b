//! The proof that nothing was lost and nothing doubled.

use mall::reporter::PATIENCE;
use mall::settings::Settings;
use mall::verify::{self, CHECKS, settle, stack::StackHandles};

/// Waits until everything that was said is heard and done, then checks the invariants. What a service gave up on is a
/// failure, and so is what does not come to rest.
pub async fn holds(settings: &Settings) -> anyhow::Result<()> {
    let stack = StackHandles::of(settings).await?;
    let moving = settle::wait(&stack, PATIENCE).await?;
    anyhow::ensure!(moving.is_empty(), "it does not settle: {}", moving.join("; "));
    for (service, db) in &stack.databases {
        let given_up: i64 = sqlx::query_scalar(
            "select (select count(*) from chassis.dead_letter)
                  + (select count(*) from chassis.job where failed_at is not null)",
        )
        .fetch_one(db)
        .await?;
        anyhow::ensure!(given_up == 0, "{service} gave up on {given_up} events or jobs");
    }
    verify::run(settings, false).await
}

/// Checks a few of the invariants, by their numbers: a test that is about those need not wait for the dear ones.
pub async fn hold(stack: &StackHandles, ids: &[u8]) -> anyhow::Result<()> {
    for check in CHECKS.iter().filter(|check| ids.contains(&check.id)) {
        let wrong = check.run(stack).await.violations;
        anyhow::ensure!(wrong.is_empty(), "{}: {}", check.name, wrong.join("; "));
    }
    Ok(())
}
