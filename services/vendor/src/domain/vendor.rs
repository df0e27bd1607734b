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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sealed {
    pub pan: String,
    pub account_number: String,
    /// By which another seller with the same number is found; open of those that were not gone through yet.
    pub pan_mark: Option<String>,
    pub account_mark: Option<String>,
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

    /// Puts in what was changed, if it fits together. Returns whether that changed anything.
    pub fn edit(&mut self, change: Change) -> Result<bool, Vec<Flaw>> {
        let Change { display_name, address, enrolment, legal_name, gstin, scheme } = change;
        // Who has registered since has no use for the number of before.
        let (registered_now, enrols) = (gstin.is_some(), enrolment.is_some());
        let mut edited = self.clone();
        edited.display_name = display_name.unwrap_or(edited.display_name);
        edited.address = address.unwrap_or(edited.address);
        edited.enrolment = enrolment.or(edited.enrolment);
        edited.legal_name = legal_name.unwrap_or(edited.legal_name);
        edited.gstin =
            if scheme == Some(Scheme::Enrolled) { gstin } else { gstin.or(edited.gstin) };
        edited.scheme = scheme.unwrap_or(edited.scheme);
        if registered_now && !enrols {
            edited.enrolment = None;
        }
        let mut flaws = edited.scheme.flaws(edited.gstin.as_ref(), edited.enrolment.as_ref());
        flaws.extend(edited.address.flaws(edited.gstin.as_ref()));
        if !flaws.is_empty() {
            return Err(flaws);
        }
        let changed = edited != *self;
        *self = edited;
        Ok(changed)
    }
}

/// What of a seller is changed; what is left out stays.
#[derive(Debug, Clone, Default)]
pub struct Change {
    pub display_name: Option<Line<100>>,
    pub address: Option<Address>,
    pub enrolment: Option<Enrolment>,
    pub legal_name: Option<Line<200>>,
    pub gstin: Option<Gstin>,
    /// `enrolled` gives the registration up.
    pub scheme: Option<Scheme>,
}
