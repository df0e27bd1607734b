//! Money that stays where it should not: it is said of sellers who have owed us for a month, what is open is counted, and
//! what is proposed about nothing any more ends.

use std::time::Duration;

use chassis::{Timer, TimerHandler, Tx};
use contracts::payment::VendorBalanceOverdue;
use jiff::Timestamp;
use kernel::Currency;
use tracing::{info, warn};

use crate::App;
use crate::domain::debt::{self, Debt};
use crate::domain::proposal::MatterKind;
use crate::error::Error;
use crate::store::{balances, proposals, remittances};

/// It is time to look.
pub enum Watch {}

impl Timer for Watch {
    const NAME: &'static str = "payment.watch";
    const EVERY: Duration = Duration::from_secs(30);
    // It counts what is posted, and decides nothing over what others say.
    const WAITS_FOR_NEWS: bool = false;
}

impl TimerHandler<Watch> for App {
    async fn run(&self, tx: &mut Tx) -> Result<usize, Error> {
        let now = tx.now();
        let then = debt::overdue_since(now);
        let lapsed = end(tx).await?;
        count(tx, then).await?;
        count_proposals(tx).await?;
        let overdue = balances::say_overdue(tx.conn(), then, now).await?;
        for &Debt { vendor_id, owed, since } in &overdue {
            tx.emit(&VendorBalanceOverdue { vendor_id, owed, since, at: now });
            warn!(vendor.id = %vendor_id, "seller {vendor_id} has owed us since {since}, now {owed}");
        }
        Ok(overdue.len() + lapsed)
    }
}

/// Shows who owes since `then` or longer, and the cash that nobody reported.
async fn count(tx: &mut Tx, then: Timestamp) -> Result<(), Error> {
    let (now, currency) = (tx.now(), Currency::Inr);
    let (sellers, owed) = balances::count_overdue(tx.conn(), currency, then).await?;
    show("mall_balances_overdue", sellers);
    show("mall_balances_overdue_rupees", owed / 100);
    let (parts, cash, oldest) = remittances::count_unreported(tx.conn(), currency).await?;
    show("mall_cash_unreported", parts);
    show("mall_cash_unreported_rupees", cash / 100);
    let age = oldest.map_or(0, |oldest| now.duration_since(oldest).as_secs());
    show("mall_cash_unreported_oldest_seconds", age);
    Ok(())
}

/// Nobody has to decline what is about a difference that fits by now, or about a dispute that was won. Returns how much ended.
async fn end(tx: &mut Tx) -> Result<usize, Error> {
    let now = tx.now();
    let lapsed = proposals::lapse(tx.conn(), now).await?;
    for (kind, about) in &lapsed {
        info!("{} of {about} is about nothing any more", kind.into_str());
    }
    Ok(lapsed.len())
}

/// Shows what waits for a second member of staff, and for how long.
async fn count_proposals(tx: &mut Tx) -> Result<(), Error> {
    let (now, waiting) = (tx.now(), proposals::count_waiting(tx.conn()).await?);
    for kind in MatterKind::ALL {
        let one = waiting.iter().find(|one| one.kind == kind);
        let age = one.map_or(0, |one| now.duration_since(one.oldest).as_secs());
        show_of(kind, "mall_proposals_waiting", one.map_or(0, |one| one.count));
        show_of(kind, "mall_proposals_waiting_oldest_seconds", age);
    }
    Ok(())
}

fn show_of(kind: MatterKind, name: &'static str, number: i64) {
    metrics::gauge!(name, "service" => "payment", "kind" => kind.into_str()).set(small(number));
}

fn show(name: &'static str, number: i64) {
    metrics::gauge!(name, "service" => "payment").set(small(number));
}

fn small(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
