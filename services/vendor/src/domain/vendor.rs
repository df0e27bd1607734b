//! A seller.

use jiff::Timestamp;
use kernel::{Gstin, Line, UserId, VendorId};

use super::address::Address;
use super::bank::Payee;
use super::document::Registered;
use super::flaw::Flaw;
use super::payout_account::PayoutAccount;
use super::scheme::{Enrolment, Scheme};
use super::standing::Standing;

/// What is kept sealed and opened only to show a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    pub pan: String,
    pub account_number: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vendor {
    pub id: VendorId,
    /// Who applied and answers for it.
    pub owner: UserId,
    /// Everybody who may act for it, the owner included.
    pub members: Vec<UserId>,
    pub standing: Standing,
    /// The name on documents.
    pub legal_name: Line<200>,
    /// The name buyers see.
    pub display_name: Line<100>,
    pub gstin: Option<Gstin>,
    pub scheme: Scheme,
    pub enrolment: Option<Enrolment>,
    pub address: Address,
    pub payee: Payee,
    /// Once it was approved: whether the payment provider knows where it is paid.
    pub payout_account: Option<PayoutAccount>,
    /// What only this service can read.
    pub sealed: Sealed,
    /// What its invoice numbers begin with.
    pub invoice_prefix: String,
    /// The platform's commission as it was when it applied.
    pub commission_bp: u32,
    /// Rises with every change.
    pub version: i64,
    /// Since when it is here.
    pub since: Timestamp,
}

impl Vendor {
    pub fn registered(&self) -> Registered {
        if self.gstin.is_some() { Registered::Yes } else { Registered::No }
    }

    /// Puts another name, address or enrolment number in. Returns whether that changed anything.
    pub fn edit(
        &mut self,
        display_name: Option<Line<100>>,
        address: Option<Address>,
        enrolment: Option<Enrolment>,
    ) -> Result<bool, Vec<Flaw>> {
        let before = (self.display_name.clone(), self.address.clone(), self.enrolment.clone());
        let flaws = self.scheme.flaws(self.gstin.as_ref(), enrolment.as_ref());
        if !flaws.is_empty() {
            return Err(flaws);
        }
        if let Some(address) = address {
            let flaws = address.flaws(self.gstin.as_ref());
            if !flaws.is_empty() {
                return Err(flaws);
            }
            self.address = address;
        }
        if let Some(name) = display_name {
            self.display_name = name;
        }
        if enrolment.is_some() {
            self.enrolment = enrolment;
        }
        Ok(before != (self.display_name.clone(), self.address.clone(), self.enrolment.clone()))
    }
}
