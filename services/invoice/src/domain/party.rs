//! Who sells and who receives: names, addresses and registrations as the document states them.

use kernel::{Gstin, Pincode, StateCode};
use serde::{Deserialize, Serialize};

/// A postal address in India.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// House, street and locality, one entry a line.
    pub lines: Vec<String>,
    /// The city, town or village; empty where it is not known any more.
    pub city: String,
    /// The state or union territory.
    pub state: StateCode,
    /// The PIN code, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pincode: Option<Pincode>,
}

/// How the tax authority knows the seller, which decides the kind of document he issues.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "scheme", rename_all = "snake_case", deny_unknown_fields)]
pub enum Registration {
    /// Registered and charging tax: tax invoices.
    Regular {
        /// The seller's registration.
        gstin: Gstin,
    },
    /// Registered under the composition levy, which may not charge tax: bills of supply.
    Composition {
        /// The seller's registration.
        gstin: Gstin,
    },
    /// Not registered: bills of supply.
    Unregistered {
        /// The number of the enrolment for sales through an operator, where there is one.
        enrolment: Option<String>,
    },
}

impl Registration {
    /// The GSTIN, if there is one.
    pub fn gstin(&self) -> Option<&Gstin> {
        match self {
            Self::Regular { gstin } | Self::Composition { gstin } => Some(gstin),
            Self::Unregistered { .. } => None,
        }
    }
}

/// The seller, in whose name the document is issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supplier {
    /// The name on the registration.
    pub legal_name: String,
    /// The address of the place of business.
    pub address: Address,
    /// The registration at the time of the sale.
    pub registration: Registration,
}

/// The buyer, or whoever receives the goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    /// The name of the person or firm.
    pub name: String,
    /// Where the person lives or the goods go.
    pub address: Address,
    /// The registration, if the recipient gave one.
    pub gstin: Option<Gstin>,
}

impl Recipient {
    /// A buyer who was erased before the sale was documented. The sale stays taxable, and the law asks for the state of
    /// a consumer at the least: it decides which tax is due (IGST Act, section 10(1)(ca)). Below Rs 50,000 the document
    /// needs no name (rule 46(f)). From there on it does (rule 46(e)), but the name cannot be had any more, and a
    /// document without it is better than none.
    #[must_use]
    pub fn erased(state: StateCode) -> Self {
        let address = Address { lines: vec![], city: String::new(), state, pincode: None };
        Self {
            name: format!("Unregistered buyer, {} ({state})", state.name()),
            address,
            gstin: None,
        }
    }
}
