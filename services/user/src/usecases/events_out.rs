//! Telling the other services how an account stands now.

use chassis::Tx;
use contracts::user::{
    AccountChange, AccountStatus, AccountUpdated, AddressEdition, ContactAddress, ContactUpdated,
};
use kernel::{Line, UserId};

use crate::domain::{Account, AccountStanding, Address};
use crate::error::Error;
use crate::store::addresses;

/// Says account and contact. The account's row is locked, so that versions follow the order of the changes.
pub async fn emit_all(tx: &mut Tx, account: &Account, change: AccountChange) -> Result<(), Error> {
    let book = addresses::list(tx.conn(), account.user_id).await?;
    tx.emit(&account_updated(account, &book, change, None));
    if let Some(contact) = contact_updated(account, book) {
        tx.emit(&contact);
    }
    Ok(())
}

/// Says the account, where nothing about the person changed, and which member of staff changed it.
pub async fn emit_account(
    tx: &mut Tx,
    account: &Account,
    change: AccountChange,
    changed_by: Option<UserId>,
) -> Result<(), Error> {
    let book = addresses::list(tx.conn(), account.user_id).await?;
    tx.emit(&account_updated(account, &book, change, changed_by));
    Ok(())
}

fn account_updated(
    account: &Account,
    book: &[Address],
    change: AccountChange,
    changed_by: Option<UserId>,
) -> AccountUpdated {
    AccountUpdated {
        user_id: account.user_id,
        change,
        status: match account.standing {
            AccountStanding::Active => AccountStatus::Active,
            AccountStanding::Suspended { .. } => AccountStatus::Suspended,
            AccountStanding::Erased => AccountStatus::Erased,
        },
        roles: account.rights.roles(),
        address_ids: book.iter().map(|address| address.id).collect(),
        address_editions: book.iter().map(edition).collect(),
        registered_at: account.registered_at,
        changed_by,
    }
}

const fn edition(address: &Address) -> AddressEdition {
    AddressEdition { address_id: address.id, version: address.version }
}

fn contact_updated(account: &Account, book: Vec<Address>) -> Option<ContactUpdated> {
    Some(ContactUpdated {
        user_id: account.user_id,
        email: account.email.clone()?,
        name: account.name.clone(),
        phone: account.phone.clone(),
        locale: account.locale.as_str().to_owned(),
        addresses: book.into_iter().map(contact_address).collect(),
    })
}

fn contact_address(address: Address) -> ContactAddress {
    let Address { id, version, place } = address;
    ContactAddress {
        address_id: id,
        version,
        recipient: place.recipient.into_string(),
        phone: place.phone,
        line1: place.line1.into_string(),
        line2: place.line2.map(Line::into_string),
        city: place.city.into_string(),
        state: place.state,
        pincode: place.pincode,
    }
}
