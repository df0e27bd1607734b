//! What an order's confirmation shows: lines by seller, delivery, totals, and an invoice for each seller.

use contracts::cart::PaymentMethod;
use contracts::invoice::InvoiceIssued;
use contracts::order::{OrderFact, OrderLine, SellerPart};
use kernel::{InvoiceId, Money, SellerOrderId, Sku};
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use super::text::one_line;

/// The longest title or name shown.
const LONGEST: usize = 200;

/// A line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptLine {
    /// Not known of what was kept before it was.
    #[serde(default)]
    pub sku: Option<Sku>,
    pub title: String,
    pub quantity: u32,
    pub unit_price: Money,
    pub total: Money,
}

/// One seller's part of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    pub seller_order_id: SellerOrderId,
    pub number: String,
    pub seller: String,
    pub lines: Vec<ReceiptLine>,
    pub shipping: Money,
    /// Tax contained in the total.
    pub tax: Money,
    pub total: Money,
    /// Its invoice, once there is one.
    pub invoice: Option<Invoice>,
}

/// An invoice and the sealed link to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    pub id: InvoiceId,
    pub number: String,
    /// What it is over.
    pub total: Money,
    pub sealed_link: String,
}

impl Invoice {
    /// The document that lies in the store.
    #[must_use]
    pub fn of(event: &InvoiceIssued) -> Self {
        Self {
            id: event.invoice_id,
            number: one_line(&event.number, LONGEST),
            total: event.total,
            sealed_link: event.sealed_link.clone(),
        }
    }
}

/// How it is paid, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Paid {
    /// By UPI.
    ByUpi,
    /// At the door.
    OnDelivery,
    /// Some other way.
    Otherwise,
}

impl From<PaymentMethod> for Paid {
    fn from(method: PaymentMethod) -> Self {
        match method {
            PaymentMethod::Upi => Self::ByUpi,
            PaymentMethod::Cod => Self::OnDelivery,
            PaymentMethod::Unknown => Self::Otherwise,
        }
    }
}

/// An order as its confirmation shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    pub number: String,
    /// One section per seller.
    pub sections: Vec<Section>,
    /// The sum of the sections.
    pub total: Money,
    /// How it is paid.
    pub paid: Paid,
}

/// The lines of a part, as mail shows them.
pub fn lines(of: &[OrderLine]) -> Vec<ReceiptLine> {
    let line = |line: &OrderLine| ReceiptLine {
        sku: Some(line.sku.clone()),
        title: one_line(&line.title, LONGEST),
        quantity: line.quantity,
        unit_price: line.unit_price,
        total: line.total,
    };
    of.iter().map(line).collect()
}

impl Section {
    fn of(part: &SellerPart) -> Self {
        Self {
            seller_order_id: part.seller_order_id,
            number: one_line(&part.number, LONGEST),
            seller: one_line(&part.vendor_name, LONGEST),
            lines: lines(&part.lines),
            shipping: part.shipping,
            tax: part.tax,
            total: part.total,
            invoice: None,
        }
    }
}

impl Receipt {
    /// What it says of a seller order.
    pub fn section_of(&self, id: SellerOrderId) -> Option<&Section> {
        self.sections.iter().find(|section| section.seller_order_id == id)
    }

    /// The receipt of an order; its invoices are still to come.
    #[must_use]
    pub fn of(order: &OrderFact) -> Self {
        Self {
            number: one_line(&order.number, LONGEST),
            sections: order.parts.iter().map(Section::of).collect(),
            total: order.total,
            paid: order.payment_method.into(),
        }
    }

    /// The receipt with every section's invoice; nothing while one is missing.
    #[must_use]
    pub fn complete(mut self, invoices: &[(SellerOrderId, Invoice)]) -> Option<Self> {
        for section in &mut self.sections {
            let (_, invoice) = invoices.iter().find(|(of, _)| *of == section.seller_order_id)?;
            section.invoice = Some(invoice.clone());
        }
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use contracts::invoice::InvoiceIssued;
    use contracts::order::OrderConfirmed;
    use kernel::{Money, SellerOrderId};
    use testkit::sample;

    use super::{Invoice, Receipt};

    fn invoice() -> Invoice {
        let issued = sample::<InvoiceIssued>();
        Invoice {
            id: issued.invoice_id,
            number: issued.number,
            total: issued.total,
            sealed_link: issued.sealed_link,
        }
    }

    #[test]
    fn a_receipt_is_complete_when_every_seller_order_has_its_own_invoice() {
        let mut order = sample::<OrderConfirmed>().order;
        let first = order.parts[0].seller_order_id;
        let mut second = order.parts[0].clone();
        second.seller_order_id = SellerOrderId::new();
        order.parts.push(second.clone());
        let receipt = Receipt::of(&order);

        assert_eq!(receipt.clone().complete(&[]), None);
        assert_eq!(receipt.clone().complete(&[(first, invoice())]), None);
        let stranger = (SellerOrderId::new(), invoice());
        assert_eq!(receipt.clone().complete(&[(first, invoice()), stranger]), None);
        let both = [(second.seller_order_id, invoice()), (first, invoice())];
        let complete = receipt.complete(&both).unwrap();
        assert!(complete.sections.iter().all(|s| s.invoice.is_some()));
    }

    #[test]
    fn the_table_adds_up_as_the_order_does() {
        let order = sample::<OrderConfirmed>().order;
        let receipt = Receipt::of(&order);
        let section = &receipt.sections[0];
        let lines = section.lines.iter().map(|l| l.total).chain([section.shipping]);
        assert_eq!(Money::sum(lines, receipt.total.currency()), Ok(section.total));
        let sections = receipt.sections.iter().map(|s| s.total);
        assert_eq!(Money::sum(sections, receipt.total.currency()), Ok(receipt.total));
    }
}
