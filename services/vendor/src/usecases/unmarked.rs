//! Sellers who applied before equal numbers were looked for.

use std::time::Duration;

use chassis::{Timer, TimerHandler, Tx};

use crate::App;
use crate::error::Error;
use crate::store::vendors;

/// Marks the numbers of sellers of before, some at a time.
pub enum Unmarked {}

impl Timer for Unmarked {
    const NAME: &'static str = "vendor.unmarked";
    const EVERY: Duration = Duration::from_mins(1);
}

impl TimerHandler<Unmarked> for App {
    async fn run(&self, tx: &mut Tx) -> Result<usize, Error> {
        let ids = vendors::list_unmarked(tx.conn()).await?;
        for &id in &ids {
            let mut vendor = vendors::lock(tx.conn(), id).await?.ok_or(Error::NotFound)?;
            let pan = self.seals.pan(id, &vendor.sealed.pan)?;
            let number = self.seals.account_number(&vendor)?;
            self.seals.put_pan(id, &mut vendor.sealed, &pan)?;
            self.seals.put_account(id, &mut vendor.sealed, &number, &vendor.payee)?;
            vendors::set_sealed(tx.conn(), id, &vendor.sealed).await?;
        }
        Ok(ids.len())
    }
}
