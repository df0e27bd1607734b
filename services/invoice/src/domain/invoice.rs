//! The document a seller issues for one order, with its tax worked out line by line.

use std::ops::Not;

use jiff::Timestamp;
use kernel::{InvoiceNumber, Money, StateCode, SupplyType};
use serde::{Deserialize, Serialize};

use super::{
    flaw::InvoiceRefused,
    item::Item,
    line::{InvoiceLine, Totals},
    party::{Recipient, Registration, Supplier},
};

/// What kind of statement the document makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Purpose {
    /// The goods were sold.
    Sale,
    /// Part or all of an earlier sale is taken back.
    Credit {
        /// The number of the document that is corrected.
        against: InvoiceNumber,
        /// When that document was issued.
        against_issued_at: Timestamp,
        /// Why, in a few words.
        reason: String,
        /// It is too late to take tax back: the tax of the sale stays as it was charged.
        #[serde(default, skip_serializing_if = "Not::not")]
        commercial: bool,
    },
}

/// Why something of a sale is taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// In a few words.
    pub words: String,
    /// It is too late to take tax back.
    pub commercial: bool,
}

/// Everything on the document except the lines and what follows from them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Particulars {
    /// A sale, or the correction of one.
    pub purpose: Purpose,
    /// The serial number, consecutive within the seller's series.
    pub number: InvoiceNumber,
    /// When the document was issued; the date on it is this moment's date in India.
    pub issued_at: Timestamp,
    /// The order as the buyer knows it.
    pub order_number: String,
    /// The part of the order that this seller fulfils.
    pub seller_order_number: String,
    /// The seller.
    pub supplier: Supplier,
    /// The buyer.
    pub bill_to: Recipient,
    /// Where the goods go. Its state is the place of supply.
    pub ship_to: Recipient,
}

impl Particulars {
    /// The state whose tax the sale bears: where the goods are delivered, whoever pays for them.
    pub fn place_of_supply(&self) -> StateCode {
        self.ship_to.address.state
    }

    /// Which taxes the seller has to charge, or `None` where he may not charge any.
    pub fn supply(&self) -> Option<SupplyType> {
        match &self.supplier.registration {
            Registration::Regular { gstin } => {
                Some(SupplyType::of(gstin.state(), self.place_of_supply()))
            }
            Registration::Composition { .. } | Registration::Unregistered { .. } => None,
        }
    }
}

/// What the law calls a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// Tax is charged.
    TaxInvoice,
    /// No tax is charged.
    BillOfSupply,
    /// Tax is charged on some of it.
    InvoiceCumBill,
    /// Something is taken back.
    CreditNote,
}

/// One invoice, bill of supply or credit note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invoice {
    /// Who, when and for which order.
    pub particulars: Particulars,
    /// Which taxes were charged; `None` on a bill of supply.
    pub supply: Option<SupplyType>,
    /// The positions.
    pub lines: Vec<InvoiceLine>,
    /// Their sums.
    pub totals: Totals,
}

impl Invoice {
    /// Issues the document, working out the tax contained in each price.
    ///
    /// The discounted prices are kept to the paisa and the taxable value is what remains once
    /// the tax is taken out, so the total is exactly what the buyer paid this seller.
    pub fn issue(particulars: Particulars, items: Vec<Item>) -> Result<Self, InvoiceRefused> {
        if items.is_empty() {
            return Err(InvoiceRefused::NoLines);
        }

        let supply = particulars.supply();
        let lines = items
            .into_iter()
            .map(|item| InvoiceLine::of(item, supply))
            .collect::<Result<Vec<_>, _>>()?;
        let totals = Totals::of(&lines)?;

        Ok(Self { particulars, supply, lines, totals })
    }

    /// Reduces `sold` by `lines`. Everything else is as it stands there, whatever became of buyer and seller since.
    pub fn credit(
        sold: &Self,
        number: InvoiceNumber,
        issued_at: Timestamp,
        reason: Reason,
        lines: Vec<InvoiceLine>,
    ) -> Result<Self, InvoiceRefused> {
        if lines.is_empty() {
            return Err(InvoiceRefused::NoLines);
        }
        let purpose = Purpose::Credit {
            against: sold.particulars.number.clone(),
            against_issued_at: sold.particulars.issued_at,
            reason: reason.words,
            commercial: reason.commercial,
        };
        let particulars = Particulars { purpose, number, issued_at, ..sold.particulars.clone() };
        let totals = Totals::of(&lines)?;
        Ok(Self { particulars, supply: sold.supply, lines, totals })
    }

    /// Which taxes stand on the paper: none where nothing on it is taxed.
    pub fn taxed_supply(&self) -> Option<SupplyType> {
        self.supply.filter(|_| self.lines.iter().any(InvoiceLine::is_taxed))
    }

    /// What the law calls the document. Of a registered seller, goods that bear no tax stand on a bill of supply, and
    /// beside goods that do on an invoice-cum-bill of supply, if the buyer is not registered (CGST Rules, rule 46A).
    pub fn nature(&self) -> Nature {
        if self.particulars.purpose != Purpose::Sale {
            return Nature::CreditNote;
        }
        let mixed = self.lines.iter().any(|line| !line.is_taxed());
        match (self.taxed_supply(), mixed && self.particulars.bill_to.gstin.is_none()) {
            (None, _) => Nature::BillOfSupply,
            (Some(_), true) => Nature::InvoiceCumBill,
            (Some(_), false) => Nature::TaxInvoice,
        }
    }

    /// What the buyer paid, or gets back.
    pub fn total(&self) -> Money {
        self.totals.tax.total
    }
}
