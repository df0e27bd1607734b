//! The payment provider learns where an approved seller is paid.

use std::time::Duration;

use chassis::{Job, JobHandler, Timer, TimerHandler, Tx};
use kernel::VendorId;
use serde::{Deserialize, Serialize};
use tracing::{info, warn};

use super::events_out;
use crate::App;
use crate::domain::payout_account::{PayoutAccount, PayoutAccountState};
use crate::domain::standing::SellerStatus;
use crate::domain::vendor::Vendor;
use crate::error::Error;
use crate::provider::ProviderError;
use crate::store::{payout_accounts, vendors};

/// Tell the provider where a seller is paid.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RegisterAccount {
    pub vendor_id: VendorId,
    /// The how many-th account of the seller. The number itself stays where it is sealed.
    pub edition: i32,
}

impl Job for RegisterAccount {
    const KIND: &'static str = "register_account";
    // The seller is not paid before: a week of trying, ten minutes apart in the end.
    const MAX_ATTEMPTS: i32 = 1000;
}

/// The seller's account is another one from now on, or is to be paid to for the first time. Said to the others by whoever
/// calls it.
pub async fn give(tx: &mut Tx, vendor: &mut Vendor) -> Result<(), Error> {
    let now = tx.now();
    let account = PayoutAccount::after(vendor.payout_account, now);
    payout_accounts::upsert(tx.conn(), vendor.id, account, now).await?;
    vendor.payout_account = Some(account);
    let job = RegisterAccount { vendor_id: vendor.id, edition: account.edition };
    Ok(tx.schedule(&job, now).await?)
}

/// Whether the provider took it. None where it is about an account that the seller had before.
pub type Told = Option<PayoutAccountState>;

impl JobHandler<RegisterAccount> for App {
    type Output = Told;

    async fn run(&self, job: &RegisterAccount) -> Result<Told, Error> {
        let mut conn = self.db.read().await?;
        let found = vendors::find(&mut conn, job.vendor_id).await?;
        // The provider may take its time: no connection waits for it.
        drop(conn);
        let vendor = found.ok_or(Error::NotFound)?;
        if !waits(&vendor, job) {
            return Ok(None);
        }
        let number = self.seals.account_number(&vendor)?;
        match self.provider.register(vendor.id, &vendor.payee, &number).await {
            Ok(()) => Ok(Some(PayoutAccountState::Registered)),
            Err(ProviderError::Refused) => Ok(Some(PayoutAccountState::Refused)),
            Err(trouble) => Err(trouble.into()),
        }
    }

    async fn complete(&self, job: RegisterAccount, told: Told, tx: &mut Tx) -> Result<(), Error> {
        let (id, now) = (job.vendor_id, tx.now());
        let mut vendor = vendors::lock(tx.conn(), id).await?.ok_or(Error::NotFound)?;
        // Not locked while the provider was told: the seller may have given another one.
        let (Some(state), true, Some(account)) =
            (told, waits(&vendor, &job), vendor.payout_account)
        else {
            return Ok(());
        };
        let account = PayoutAccount { state, ..account };
        payout_accounts::upsert(tx.conn(), id, account, now).await?;
        vendor.payout_account = Some(account);
        vendors::update(tx.conn(), &mut vendor, now).await?;
        events_out::changed(tx, &vendor);
        match state {
            PayoutAccountState::Refused => {
                warn!(vendor.id = %id, "the provider refused the bank account of seller {id}");
            }
            PayoutAccountState::Registered | PayoutAccountState::Pending => {
                info!(vendor.id = %id, "the provider pays seller {id} from now on");
            }
        }
        Ok(())
    }
}

fn waits(vendor: &Vendor, job: &RegisterAccount) -> bool {
    vendor.payout_account.is_some_and(|account| {
        account.edition == job.edition && account.state == PayoutAccountState::Pending
    })
}

/// Sellers who were approved before the provider was told by us.
pub enum Unregistered {}

impl Timer for Unregistered {
    const NAME: &'static str = "vendor.unregistered";
    const EVERY: Duration = Duration::from_mins(1);
}

impl TimerHandler<Unregistered> for App {
    async fn run(&self, tx: &mut Tx) -> Result<usize, Error> {
        let ids = payout_accounts::list_missing(tx.conn()).await?;
        for &id in &ids {
            let mut vendor = vendors::lock(tx.conn(), id).await?.ok_or(Error::NotFound)?;
            let missing = vendor.payout_account.is_none();
            if missing && vendor.standing.status == SellerStatus::Approved {
                give(tx, &mut vendor).await?;
            }
        }
        Ok(ids.len())
    }
}
