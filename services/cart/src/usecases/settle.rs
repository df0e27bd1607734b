//! What was ordered leaves the cart.

use chassis::{Job, JobHandler, Tx};
use jiff::SignedDuration;
use kernel::UserId;
use serde::{Deserialize, Serialize};

use super::PATIENCE;
use crate::App;
use crate::domain::owner::Owner;
use crate::error::Error;

/// When it is done once more: a Redis that dies forgets two seconds at most.
pub const LATER: SignedDuration = SignedDuration::from_secs(5);

/// Takes the lines of a checkout out of the cart. What came in since stays, so it may be done any number of times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settle {
    pub buyer: UserId,
    /// Lines that were set at this version or before.
    pub cart_version: i64,
}

impl Job for Settle {
    const KIND: &'static str = "settle";
    const MAX_ATTEMPTS: i32 = PATIENCE;
}

impl JobHandler<Settle> for App {
    type Output = ();

    async fn run(&self, job: &Settle) -> Result<(), Error> {
        settle(self, *job).await
    }

    async fn complete(&self, _job: Settle, _made: (), _tx: &mut Tx) -> Result<(), Error> {
        Ok(())
    }
}

pub async fn settle(app: &App, Settle { buyer, cart_version }: Settle) -> Result<(), Error> {
    app.redis.clear(&Owner::user(buyer), cart_version, app.clock.now()).await
}

/// Does it for the buyer who looks now. The checkout stands, whether or not Redis answers.
pub async fn settle_at_once(app: &App, job: Settle) {
    if let Err(error) = settle(app, job).await {
        tracing::warn!(%error, "what was ordered leaves the cart later");
    }
}
