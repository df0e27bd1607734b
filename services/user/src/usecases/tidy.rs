//! Sessions and half sign-ins that are over are forgotten after a while.

use std::time::Duration;

use chassis::{Timer, TimerHandler, Tx};
use jiff::SignedDuration;

use crate::App;
use crate::error::Error;
use crate::store::{half_sign_ins, sessions};

/// So long after its end a session can still be asked about.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);

#[derive(Debug)]
pub enum Tidying {}

impl Timer for Tidying {
    const NAME: &'static str = "user.tidy";
    const EVERY: Duration = Duration::from_mins(5);
    // The clock alone decides.
    const WAITS_FOR_NEWS: bool = false;
}

impl TimerHandler<Tidying> for App {
    async fn run(&self, tx: &mut Tx) -> Result<usize, Error> {
        let before = tx.now() - KEPT;
        let now = tx.now();
        let deleted = sessions::delete_over(tx.conn(), before).await?
            + half_sign_ins::delete_over(tx.conn(), now).await?;
        Ok(usize::try_from(deleted).unwrap_or(usize::MAX))
    }
}
