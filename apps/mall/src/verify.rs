//! `mall verify`: the invariants of the mall as checks over the real data of a running stack. Nothing is changed.

pub mod acts;
pub mod answers;
pub mod broker;
pub mod check;
pub mod checkout;
pub mod commission;
pub mod databases;
pub mod disputes;
pub mod documents;
pub mod event_log;
pub mod events;
pub mod facts;
pub mod hearing;
pub mod ledger;
pub mod links;
pub mod mail;
pub mod money;
pub mod numbers;
pub mod overdue;
pub mod payouts;
pub mod projections;
pub mod rebuild;
pub mod refunds;
pub mod rows;
pub mod secrets;
pub mod settle;
pub mod stack;
pub mod stock;
pub mod tax_returns;
pub mod taxes;
pub mod traces;
pub mod waiting;
pub mod written_once;

use std::time::Instant;

use futures::{StreamExt, stream};
use serde::Serialize;

use crate::settings::Settings;
use check::{Check, CheckFuture, Outcome};
use stack::StackHandles;

const fn check(id: u8, name: &'static str, look: fn(&StackHandles) -> CheckFuture<'_>) -> Check {
    Check { id, name, look }
}

/// Every check, by the numbers of docs/invariants.md.
pub const CHECKS: [Check; 30] = [
    check(1, "what was committed reached the broker", |s| Box::pin(events::reached(s))),
    check(2, "what is on the broker was committed", |s| Box::pin(events::backed(s))),
    check(3, "versions of a key are said in order, repeats are the same", |s| {
        Box::pin(events::ordered(s))
    }),
    check(4, "every consumer took in every event, once", |s| Box::pin(hearing::taken_in(s))),
    check(5, "no consumer's offset went back", |s| Box::pin(hearing::forward(s))),
    check(7, "one idempotency key, one effect, one answer", |s| Box::pin(answers::once(s))),
    check(8, "one checkout, one order, split to the paisa", |s| Box::pin(checkout::split(s))),
    check(9, "every piece of stock is accounted for", |s| Box::pin(stock::counted(s))),
    check(10, "no stock is held too long or for an order that ended", |s| {
        Box::pin(stock::released(s))
    }),
    check(11, "what was confirmed was paid, once and exactly", |s| Box::pin(money::paid(s))),
    check(12, "what came for an order that ended goes back", |s| {
        Box::pin(refunds::of_what_ended(s))
    }),
    check(13, "no more is given back than was taken", |s| Box::pin(refunds::within_what_came(s))),
    check(14, "every history is a path of the state machine", |s| Box::pin(checkout::paths(s))),
    check(15, "no checkout stays open beyond its time", |s| Box::pin(overdue::closed(s))),
    check(
        18,
        "one invoice per confirmed seller order and one credit note per credit of it, numbered without holes",
        |s| Box::pin(documents::numbered(s)),
    ),
    check(19, "links end, belong to one reader, and are shown nowhere", |s| {
        Box::pin(links::linked(s))
    }),
    check(20, "one confirmation mail per order, codes in time and sealed", |s| {
        Box::pin(mail::sent(s))
    }),
    check(22, "each service reaches its own database only", |s| Box::pin(databases::apart(s))),
    check(24, "rebuilding a copy gives the same rows", |s| Box::pin(rebuild::same(s))),
    check(26, "one checkout, one connected trace", |s| Box::pin(traces::connected(s))),
    check(29, "analytics counts what order and payment keep", |s| Box::pin(numbers::summed(s))),
    check(30, "the ledger balances and says what happened", |s| Box::pin(ledger::balanced(s))),
    check(31, "nothing was given up or is forgotten", |s| Box::pin(waiting::none_forgotten(s))),
    check(32, "papers, orders and shares bear the same tax", |s| Box::pin(taxes::agree(s))),
    check(33, "what is told to the tax offices is what the ledger holds", |s| {
        Box::pin(tax_returns::told(s))
    }),
    check(34, "what is written once cannot be changed", |s| Box::pin(written_once::kept(s))),
    check(35, "every act of staff follows the one before", |s| Box::pin(acts::chained(s))),
    check(36, "no seller was paid more than was free", |s| {
        Box::pin(payouts::within_what_was_free(s))
    }),
    check(37, "cash goes back to somebody", |s| Box::pin(refunds::of_cash(s))),
    check(39, "what a bank took is not paid by hand as well", |s| {
        Box::pin(disputes::given_once(s))
    }),
];

/// What all checks found.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    checks: Vec<Outcome>,
}

/// Violations of one check that are printed for people; all of them are in the JSON.
const SHOWN: usize = 20;

/// Runs every check over the stack that `settings` name. Fails when one is broken.
pub async fn run(settings: &Settings, json: bool) -> anyhow::Result<()> {
    let tell = |line: String| {
        if !json {
            println!("{line}");
        }
    };
    let report = look(settings, tell).await?;
    if json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    }
    report.whole()?;
    let open = report.checks.iter().filter(|check| check.ok.is_none()).count();
    let held = report.checks.len() - open;
    tell(format!("\n  {held} invariants hold; {open} had nothing to check"));
    Ok(())
}

/// Runs every check, and tells of each. All at once, told in order: some wait, some read a lot.
pub async fn look(settings: &Settings, tell: impl Fn(String)) -> anyhow::Result<Report> {
    let stack = StackHandles::of(settings).await?;
    tell(format!("  waiting until nothing is on its way, for at most {:?}", settle::PATIENCE));
    tell(settled(&stack).await?);
    let mut report = Report::default();
    let mut outcomes = stream::iter(&CHECKS).map(|check| check.run(&stack)).buffered(CHECKS.len());
    while let Some(outcome) = outcomes.next().await {
        tell(lines(&outcome).join("\n"));
        report.checks.push(outcome);
    }
    Ok(report)
}

async fn settled(stack: &StackHandles) -> anyhow::Result<String> {
    let started = Instant::now();
    let moving = settle::wait(stack, settle::PATIENCE).await?;
    Ok(if moving.is_empty() {
        format!("  settled after {} ms\n", started.elapsed().as_millis())
    } else {
        format!("  did not settle: {}\n", moving.join("; "))
    })
}

impl Report {
    /// Fails when an invariant is broken.
    pub fn whole(&self) -> anyhow::Result<()> {
        let broken = self.checks.iter().filter(|check| check.ok == Some(false)).count();
        anyhow::ensure!(broken == 0, "{broken} of {} invariants are broken", self.checks.len());
        Ok(())
    }
}

/// What people read about an outcome.
fn lines(outcome: &Outcome) -> Vec<String> {
    let mut lines = vec![format!(
        "  {:>3}  {:<64} {:<16} {:>8} {:>6} ms",
        outcome.id,
        outcome.name,
        outcome.verdict(),
        outcome.checked,
        outcome.ms
    )];
    lines.extend(outcome.violations.iter().take(SHOWN).map(|wrong| format!("         {wrong}")));
    if outcome.violations.len() > SHOWN {
        lines.push(format!("         and {} more", outcome.violations.len() - SHOWN));
    }
    lines.extend(outcome.unseen.iter().map(|unseen| format!("       . {unseen}")));
    lines
}
