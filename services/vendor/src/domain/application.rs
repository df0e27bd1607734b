//! What somebody writes who wants to sell.

use kernel::{Gstin, Line, Pan};

use super::address::Address;
use super::bank::{AccountNumber, Payee};
use super::flaw::Flaw;
use super::scheme::{Enrolment, Scheme};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// The name on documents.
    pub legal_name: Line<200>,
    /// The name buyers see.
    pub display_name: Line<100>,
    pub gstin: Option<Gstin>,
    /// As far as it was said.
    pub scheme: Option<Scheme>,
    pub enrolment: Option<Enrolment>,
    pub pan: Pan,
    pub address: Address,
    pub account_number: AccountNumber,
    /// The rest of the bank account.
    pub payee: Payee,
}

impl Application {
    /// The scheme, or the one that goes without saying.
    pub fn scheme(&self) -> Scheme {
        self.scheme.unwrap_or(Scheme::unasked(self.gstin.as_ref()))
    }

    /// Checks what the parts say about each other.
    pub fn check(self) -> Result<Self, Vec<Flaw>> {
        let mut flaws = self.address.flaws(self.gstin.as_ref());
        if self.gstin.as_ref().is_some_and(|gstin| gstin.pan() != self.pan) {
            flaws.push(Flaw::at("/gstin", "does not contain the PAN"));
        }
        flaws.extend(self.scheme().flaws(self.gstin.as_ref(), self.enrolment.as_ref()));
        let unnumbered = self.gstin.is_none() && self.enrolment.is_none();
        if self.scheme == Some(Scheme::Enrolled) && unnumbered {
            flaws.push(Flaw::at("/enrolment", "is needed under this scheme"));
        }
        if flaws.is_empty() { Ok(self) } else { Err(flaws) }
    }
}

#[cfg(test)]
mod tests;
