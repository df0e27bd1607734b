//! Cash that arrived at our bank, and when two have to say how much of it did.

use jiff::Timestamp;
use kernel::ids::RemittanceMark;
use kernel::{Money, SellerOrderId};
use serde::{Deserialize, Serialize};

use super::bank_reference::BankReference;
use super::proposal::{Matter, MatterKind, Proposal, ProposalStatus};
use super::refused::Refused;

/// A transfer to our bank, as staff report it.
#[derive(Debug, Clone)]
pub struct Transfer {
    /// The bank's number for it, which is the same however it is written.
    pub bank_reference: String,
    /// Who sent it.
    pub party: String,
    /// For which seller orders, each once and in one order.
    pub seller_orders: Vec<SellerOrderId>,
    pub received: Money,
    /// Why other than what was taken arrived.
    pub reason: Option<String>,
}

impl Transfer {
    pub fn of(
        reference: &BankReference,
        party: &str,
        mut seller_orders: Vec<SellerOrderId>,
        received: Money,
        reason: Option<String>,
    ) -> Self {
        seller_orders.sort_unstable();
        seller_orders.dedup();
        let bank_reference = reference.as_str().to_uppercase();
        Self { bank_reference, party: party.to_owned(), seller_orders, received, reason }
    }

    /// Whether two have to say so, where `due` was taken: of what is lost always, of what is too much when it is more than
    /// one may say `alone`. Whatever is not exact has a reason.
    pub fn needs_two(&self, due: Money, alone: Money) -> Result<bool, Refused> {
        let more = self.received.sub(due).map_err(|_| NO_CASH)?;
        if self.received.is_negative() {
            return Err(NO_CASH);
        }
        if more.is_zero() {
            return Ok(false);
        }
        if self.reason.is_none() {
            return Err(Refused::ReasonRequired("other than what was taken arrived"));
        }
        Ok(more.is_negative() || more.minor() > alone.minor())
    }
}

const NO_CASH: Refused = Refused::NotRemittable("what arrives is rupees, and not below nothing");

/// What is kept of a transfer.
#[derive(Debug, Serialize, Deserialize)]
pub struct Remittance {
    /// The bank's number for it.
    pub bank_reference: String,
    pub party: String,
    pub seller_orders: Vec<SellerOrderId>,
    /// What was taken.
    pub due: Money,
    /// What arrived.
    pub received: Money,
    /// Why that is not the same.
    pub reason: Option<String>,
}

impl Matter for Remittance {
    type Mark = RemittanceMark;
    const KIND: MatterKind = MatterKind::Remittance;

    fn subject(&self) -> String {
        self.bank_reference.clone()
    }
}

impl Remittance {
    /// What `transfer` reports, where `due` was taken.
    pub fn of(transfer: &Transfer, due: Money) -> Self {
        let Transfer { bank_reference, party, seller_orders, received, reason } = transfer.clone();
        Self { bank_reference, party, seller_orders, due, received, reason }
    }

    /// Whether it is what `transfer` reports.
    pub fn is(&self, transfer: &Transfer) -> bool {
        (&self.party, self.received, &self.seller_orders)
            == (&transfer.party, transfer.received, &transfer.seller_orders)
    }
}

/// A transfer that was reported.
pub enum Reported {
    /// By one member of staff: it is booked.
    Alone(Remittance, Timestamp),
    /// By one, for another one to decide.
    ByTwo(Proposal<Remittance>),
}

impl Reported {
    pub const fn remittance(&self) -> &Remittance {
        match self {
            Self::Alone(remittance, _) => remittance,
            Self::ByTwo(proposal) => &proposal.matter,
        }
    }

    /// Whether it is in the books.
    pub fn is_booked(&self) -> bool {
        match self {
            Self::Alone(..) => true,
            Self::ByTwo(proposal) => proposal.said.status == ProposalStatus::Booked,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_say_what_is_lost_and_what_is_much_too_much() {
        let reference = BankReference::parse("HDFC00000001").unwrap();
        let (due, alone) = (Money::inr(5_000), Money::inr(1_000));
        let why = Some("They say it was stolen.".to_owned());
        let of = |received, reason| Transfer::of(&reference, "x", Vec::new(), received, reason);
        for (received, two) in
            [(5_000, false), (4_999, true), (0, true), (6_000, false), (6_001, true)]
        {
            let told = of(Money::inr(received), why.clone()).needs_two(due, alone);
            assert_eq!(told, Ok(two), "{received}");
        }
        assert_eq!(of(due, None).needs_two(due, alone), Ok(false));
        for wrong in [Money::inr(4_999), Money::inr(5_001)] {
            let told = of(wrong, None).needs_two(due, alone);
            assert!(matches!(told, Err(Refused::ReasonRequired(_))), "{told:?}");
        }
        for wrong in [Money::inr(-1), Money::new(5_000, kernel::Currency::Hkd)] {
            assert_eq!(of(wrong, why.clone()).needs_two(due, alone), Err(NO_CASH));
        }
    }
}
