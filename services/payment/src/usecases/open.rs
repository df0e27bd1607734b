//! Opens a way to pay at the provider.

use chassis::{Job, JobHandler, Problem, Tx};
use contracts::payment::{PaymentCreated, PaymentFailed};
use kernel::PaymentId;
use serde::{Deserialize, Serialize};
use tracing::info;

use super::absorb::absorb;
use super::events_out::about;
use super::take_in;
use crate::App;
use crate::domain::progress::{Seen, Sighting};
use crate::domain::{AttemptStatus, Payment, PaymentProgress};
use crate::error::Error;
use crate::provider::{Ask, Begun, ProviderError};
use crate::store::{attempts, former_orders, payments, webhooks};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Open {
    pub payment_id: PaymentId,
}

impl Job for Open {
    const KIND: &'static str = "open";
    // An attempt hardly works: it waits for the provider.
    const AT_ONCE: usize = 16;
}

#[derive(Debug)]
pub struct Opened {
    order_id: String,
    way: Way,
}

#[derive(Debug)]
enum Way {
    Begun(Begun),
    /// It was paid before the link was known here.
    Paid(Vec<Sighting>),
}

impl JobHandler<Open> for App {
    type Output = Option<Opened>;

    async fn run(&self, job: &Open) -> Result<Option<Opened>, Error> {
        let mut conn = self.db.read().await?;
        let found = payments::find(&mut conn, job.payment_id).await?;
        let spoilt = attempts::count_suspense(&mut conn, job.payment_id).await?;
        let former = former_orders::list(&mut conn, job.payment_id).await?;
        // The provider may take its time: no connection waits for it.
        drop(conn);
        let payment = found.ok_or(Error::NotFound)?;
        if !payment.status.is_open() {
            return Ok(None);
        }
        let ask = Ask {
            receipt: payment.receipt(spoilt),
            amount: payment.amount,
            order_number: payment.order_number,
        };
        let order = self.provider.open_order(&ask).await?;
        let is_new = payment.provider_order_id.is_some_and(|known| known != order.id);
        if former.contains(&order.id) || (is_new && former.len() >= spoilt) {
            return Err(ProviderError::Unreadable("one receipt has two orders").into());
        }
        let way = if order.paid {
            let paid = self.captures(&order.id).await?;
            Way::Paid(paid.ok_or(ProviderError::Unreadable("it is paid, but by nothing"))?)
        } else {
            self.begin(&order.id, &ask).await?
        };
        Ok(Some(Opened { order_id: order.id, way }))
    }

    async fn complete(&self, job: Open, made: Option<Opened>, tx: &mut Tx) -> Result<(), Error> {
        let now = tx.now();
        if let Some(opened) = &made {
            // Before the payment's row, as everybody does who takes both. What is told of the order meanwhile is kept as
            // unmatched and found below, or waits and finds the payment.
            webhooks::take_turn(tx.conn(), &opened.order_id).await?;
        }
        let mut payment =
            payments::lock(tx.conn(), job.payment_id).await?.ok_or(Error::NotFound)?;
        payment.opening = false;
        let Some(Opened { order_id, way }) = made else {
            return Ok(payments::update(tx.conn(), &mut payment, now).await?);
        };
        let before = payment.provider_order_id.replace(order_id.clone());
        if let Some(before) = before.filter(|before| *before != order_id) {
            // What is told of it still is of this payment.
            former_orders::insert(tx.conn(), &before, payment.id).await?;
        }
        match way {
            Way::Begun(begun) => begin(tx, &mut payment, begun).await?,
            Way::Paid(sightings) => {
                payments::update(tx.conn(), &mut payment, now).await?;
                for sighting in &sightings {
                    absorb(self, tx, &mut payment, sighting).await?;
                }
            }
        }
        take_in::take_in_unmatched(self, tx, &mut payment, &order_id).await
    }

    async fn fail(&self, job: Open, problem: &Problem, tx: &mut Tx) -> Result<(), Error> {
        let now = tx.now();
        // Locked: the money may come at this moment all the same, and then it has not failed.
        let Some(mut payment) = payments::lock(tx.conn(), job.payment_id).await? else {
            return Ok(());
        };
        payment.opening = false;
        if payment.status == PaymentProgress::Created {
            // Failed, not cancelled: the buyer may try again.
            payment.status = PaymentProgress::Failed;
            let reason = problem.slug.trim_start_matches("payment/").to_owned();
            tx.emit(&PaymentFailed { payment: about(&payment, now), reason });
        }
        Ok(payments::update(tx.conn(), &mut payment, now).await?)
    }
}

impl App {
    async fn begin(&self, order_id: &str, ask: &Ask) -> Result<Way, Error> {
        let refused = match self.provider.begin_upi(order_id, ask).await {
            Ok(begun) => return Ok(Way::Begun(begun)),
            Err(refused @ ProviderError::Refused { .. }) => refused,
            Err(trouble) => return Err(trouble.into()),
        };
        // It may refuse because the buyer paid a moment ago.
        Ok(Way::Paid(self.captures(order_id).await?.ok_or(refused)?))
    }

    /// Every attempt to pay the provider's order, if one of them brought money.
    async fn captures(&self, order_id: &str) -> Result<Option<Vec<Sighting>>, ProviderError> {
        let sightings = self.provider.attempts(order_id).await?;
        let paid = sightings.iter().any(|sighting| sighting.seen == Seen::Captured);
        Ok(paid.then_some(sightings))
    }
}

async fn begin(tx: &mut Tx, payment: &mut Payment, begun: Begun) -> Result<(), Error> {
    let now = tx.now();
    if payment.status.is_open() {
        payment.open(begun.link, now);
        info!(payment.id = %payment.id, order.id = %payment.order_id, "payment {} can be paid", payment.id);
        tx.emit(&PaymentCreated {
            payment: about(payment, now),
            provider_order_id: payment.provider_order_id.clone().unwrap_or_default(),
            upi_intent: payment.upi_intent.clone().unwrap_or_default(),
            expires_at: payment.expires_at,
        });
    }
    payments::update(tx.conn(), payment, now).await?;
    let sighting = Sighting {
        provider_payment_id: begun.provider_payment_id,
        amount: payment.amount,
        seen: Seen::Waiting,
        went_back: Vec::new(),
    };
    // The provider may have told more of it already: that must stand.
    let known = attempts::list(tx.conn(), payment.id).await?;
    if known.iter().all(|a| a.provider_payment_id != sighting.provider_payment_id) {
        let status = AttemptStatus::Pending;
        attempts::put(tx.conn(), payment.id, &sighting, status, None, now).await?;
    }
    Ok(())
}
