//! Money that stays where it should not: it is said of sellers who have owed us for a month, and what is open is counted.

use std::time::Duration;

use chassis::{Timer, TimerHandler, Tx};
use contracts::payment::VendorBalanceOverdue;
use jiff::Timestamp;
use kernel::Currency;
use tracing::warn;

use crate::App;
use crate::domain::debt::{self, Debt};
use crate::error::Error;
use crate::store::{balances, remittances};

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
        count(tx, then).await?;
        let overdue = balances::say_overdue(tx.conn(), then, now).await?;
        for &Debt { vendor_id, owed, since } in &overdue {
            tx.emit(&VendorBalanceOverdue { vendor_id, owed, since, at: now });
            warn!(vendor.id = %vendor_id, "seller {vendor_id} has owed us since {since}, now {owed}");
        }
        Ok(overdue.len())
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

fn show(name: &'static str, number: i64) {
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    metrics::gauge!(name, "service" => "payment").set(number);
}
