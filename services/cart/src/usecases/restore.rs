//! A rejected order gives the cart its lines back.

use chassis::{Job, JobHandler, Tx};
use contracts::order::OrderRejected;
use kernel::Sku;
use serde::{Deserialize, Serialize};

use super::PATIENCE;
use crate::App;
use crate::domain::cart::CartLine;
use crate::domain::owner::Owner;
use crate::error::Error;
use crate::store::standing;

/// Puts the lines of a rejected checkout back, flagged, once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PutBack {
    rejected: OrderRejected,
}

impl Job for PutBack {
    const KIND: &'static str = "put_back";
    const MAX_ATTEMPTS: i32 = PATIENCE;
}

/// Has the lines put back: Redis is outside of the transaction.
pub async fn restore(tx: &mut Tx, rejected: OrderRejected) -> Result<(), Error> {
    standing::answer(tx.conn(), rejected.checkout_id, rejected.rejected_at).await?;
    tx.schedule(&PutBack { rejected }, tx.now()).await?;
    Ok(())
}

impl JobHandler<PutBack> for App {
    type Output = ();

    async fn run(&self, PutBack { rejected }: &PutBack) -> Result<(), Error> {
        let lines: Vec<(Sku, CartLine)> = rejected
            .lines
            .iter()
            .map(|line| {
                let mut kept = CartLine::new(line.quantity, line.unit_price, rejected.rejected_at);
                let problem = rejected.problems.iter().find(|p| p.sku == line.sku);
                kept.trouble = problem.map(|problem| problem.trouble);
                kept.left = problem.and_then(|problem| problem.left);
                (line.sku.clone(), kept)
            })
            .collect();
        let owner = Owner::user(rejected.buyer);
        // The marker of the checkout keeps a second run from putting them in again.
        self.redis.put_back(&owner, rejected.checkout_id, &lines, self.clock.now()).await
    }

    async fn complete(&self, _job: PutBack, _made: (), _tx: &mut Tx) -> Result<(), Error> {
        Ok(())
    }
}
