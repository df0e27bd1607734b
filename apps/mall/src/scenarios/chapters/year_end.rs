//! The tax year ends.

use super::super::cast::Cast;
use super::super::ends::Ends;
use super::super::known::{BACK, CHANGED, CONFIRMED, YES};
use super::super::purchase::Purchase;
use super::super::{Scenario, Setting};
use super::Played;
use crate::journey::Method;
use crate::reporter::{PATIENCE, until};
use anyhow::Context as _;
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use kernel::india;
use serde_json::{Value, json};

pub const STORIES: &[Scenario] = &[Scenario {
    id: 51,
    name: "taken-back-in-april",
    happens: "The buyer pays in the last hour of March and cancels ten minutes into April: the invoice is of one year and the credit note the first of the next, and the tax that was deducted is with the state and charged to the seller at once.",
    setting: Setting::Timed,
    play: |cast| Box::pin(taken_back_in_april(cast)),
    ends: &[Ends {
        parts: &["buyer_cancelled"],
        books: &[("tds_payable", -127), ("vendor_payable_available 1", 127)],
        stock: &[[0, 0, 0]],
        papers: [1, 1],
        refunds: &[(149_700, "done")],
        mails: &[YES, CHANGED, BACK],
        ..CONFIRMED
    }],
}];

/// When the next April begins in India, with at least an hour to go, and its year.
fn next_april(now: Timestamp) -> anyhow::Result<(Timestamp, Date)> {
    let soon = india::clock(now + SignedDuration::from_hours(1));
    let this_year = date(soon.year(), 4, 1);
    let first = if soon.date() < this_year { this_year } else { date(soon.year() + 1, 4, 1) };
    Ok((india::moment(first.at(0, 0, 0, 0))?, first))
}

async fn taken_back_in_april(cast: &Cast) -> Played {
    let item = cast.guest_item(0).await?;
    let (april, first) = next_april(cast.clock.now()?)?;
    cast.prompter.time(april - SignedDuration::from_mins(40)).await?;
    let bought = Purchase::confirmed_with(cast, &[item], Method::Upi).await?;
    bought.mail(cast, YES).await?;
    cast.prompter.time(april + SignedDuration::from_mins(10)).await?;
    bought.ask("cancel", json!({})).await?;
    numbered(&bought, first.year() % 100).await?;
    Ok(bought)
}

/// The invoice is numbered in the year before `year`, and the credit note, which is about it, is the first of `year`.
async fn numbered(bought: &Purchase, year: i16) -> anyhow::Result<()> {
    let path = format!("/v1/orders/{}/invoices", bought.order);
    let papers = until(PATIENCE, "both papers are there", async || {
        let papers = bought.buyer.get(&path).await?["items"].as_array().cloned();
        Ok(papers.filter(|papers| papers.len() == 2))
    })
    .await?;
    let of = |kind: &str| papers.iter().find(|paper| paper["kind"] == kind);
    let number = |paper: &Value| paper["number"].as_str().unwrap_or_default().to_owned();
    let (sale, credit) = (of("sale").context("no invoice")?, of("credit").context("no note")?);
    let (invoice, note) = (number(sale), number(credit));
    let before = format!("/{:02}{year:02}/", year - 1);
    anyhow::ensure!(invoice.contains(&before), "the invoice has the number {invoice}");
    let first = format!("C{year:02}{:02}/000001", year + 1);
    anyhow::ensure!(note.ends_with(&first), "the credit note has the number {note}");
    anyhow::ensure!(credit["against"]["number"] == *invoice, "it is against {}", credit["against"]);
    Ok(())
}
