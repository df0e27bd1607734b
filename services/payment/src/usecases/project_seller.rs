//! Copies whether a seller may be paid, and its registration.

use chassis::Tx;
use contracts::vendor::{PayoutAccountState, VendorChanged, VendorStatus};

use super::stop_payout::stop_all;
use crate::error::Error;
use crate::store::seller_tax;
use crate::store::sellers::{self, Standing};

pub async fn project_seller(
    tx: &mut Tx,
    vendor: &VendorChanged,
    version: i64,
) -> Result<(), Error> {
    let gstin = vendor.gstin.as_ref();
    seller_tax::upsert(tx.conn(), vendor.vendor_id, gstin, version).await?;
    let is_approved = match vendor.status {
        VendorStatus::Approved => true,
        VendorStatus::Draft
        | VendorStatus::Submitted
        | VendorStatus::Rejected
        | VendorStatus::Suspended
        | VendorStatus::Unknown => false,
    };
    // What was said before vendor-service told the provider says nothing of it: then the provider knows.
    let account = vendor.payout_account;
    let standing = Standing {
        is_approved,
        has_account: account.is_none_or(|account| account.state == PayoutAccountState::Registered),
        payable_from: account.map(|account| account.payable_from),
    };
    sellers::upsert(tx.conn(), vendor, standing, version).await?;
    // What was heard may be older than what is known.
    if !is_approved && !sellers::is_approved(tx.conn(), vendor.vendor_id).await? {
        stop_all(tx, vendor.vendor_id).await?;
    }
    Ok(())
}
