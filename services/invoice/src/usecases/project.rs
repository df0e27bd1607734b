//! Keeps copies of sellers and of buyers, guarded by version.

use chassis::Tx;
use contracts::user::{ContactAddress, ContactUpdated};
use contracts::vendor::VendorChanged;
use kernel::UserId;

use crate::error::Error;
use crate::store::{recipients, sellers};

pub async fn project_seller(tx: &mut Tx, vendor: VendorChanged, version: i64) -> Result<(), Error> {
    let heard = sellers::Heard {
        vendor_id: vendor.vendor_id,
        legal_name: &vendor.legal_name,
        gstin: vendor.gstin.as_ref(),
        scheme: (vendor.scheme, vendor.enrolment.as_deref()),
        prefix: &vendor.invoice_prefix,
        lines: (&vendor.address.line1, vendor.address.line2.as_deref()),
        city: &vendor.address.city,
        place: (vendor.address.state, &vendor.address.pincode),
    };
    Ok(sellers::upsert(tx.conn(), &heard, version).await?)
}

/// Keeps what documents say about a buyer, and every edition of their addresses. Mail address and phone are not kept.
pub async fn project_recipient(
    tx: &mut Tx,
    contact: &ContactUpdated,
    version: i64,
) -> Result<(), Error> {
    let name = contact.name.as_deref();
    // First: an older edition must not bring back what was forgotten since.
    if !recipients::upsert(tx.conn(), contact.user_id, name, version).await? {
        return Ok(());
    }
    for address in &contact.addresses {
        recipients::insert_address(tx.conn(), &heard(contact.user_id, address)).await?;
    }
    Ok(())
}

fn heard(user_id: UserId, address: &ContactAddress) -> recipients::Heard<'_> {
    recipients::Heard {
        edition: (address.address_id, address.version),
        user_id,
        recipient: &address.recipient,
        lines: (&address.line1, address.line2.as_deref()),
        city: &address.city,
        place: (address.state, &address.pincode),
    }
}

/// Forgets a buyer. Documents that were issued stay: the law orders to keep them.
pub async fn forget_recipient(tx: &mut Tx, key: &str, version: i64) -> Result<(), Error> {
    // A key that is no id is nobody's we could know.
    let Ok(user_id) = key.parse::<UserId>() else { return Ok(()) };
    if recipients::forget(tx.conn(), user_id, version).await? {
        recipients::delete_addresses(tx.conn(), user_id).await?;
    }
    Ok(())
}
