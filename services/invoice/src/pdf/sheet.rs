//! What is printed where: an invoice turned into the texts of its sheet.

use kernel::{
    Money,
    gst::{SupplyType, Tax},
};
use paper::date::{day, iso_day, moment};
use paper::{Block, Code, Party, Sheet, Signature, Words};

use crate::domain::invoice::{Invoice, Nature, Particulars, Purpose};
use crate::domain::party::{Address, Recipient, Registration, Supplier};

mod lines;
use lines::{lines, summary};

/// Writes out `invoice`.
pub fn of(invoice: &Invoice) -> Sheet {
    let particulars = &invoice.particulars;
    let supplier = &particulars.supplier;
    let nature = invoice.nature();
    let block = |label: &str, party| Block { label: label.to_owned(), party };
    Sheet {
        title: title(nature).to_owned(),
        copy: "Original for recipient".to_owned(),
        notice: notice(&supplier.registration).map(str::to_owned),
        number: particulars.number.to_string(),
        issuer: seller(supplier),
        facts: facts(particulars, nature)
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
        blocks: vec![
            block("BILLED TO", recipient(&particulars.bill_to)),
            block("SHIPPED TO", recipient(&particulars.ship_to)),
        ],
        table: lines(invoice),
        summary: summary(invoice).map(|table| ("TAX SUMMARY".to_owned(), table)),
        sums: sums(invoice),
        total_label: match particulars.purpose {
            Purpose::Sale => "Total",
            Purpose::Credit { .. } => "Total credited",
        }
        .to_owned(),
        total: invoice.total().to_string(),
        words: Some(Words {
            label: "AMOUNT IN WORDS".to_owned(),
            text: invoice.total().in_words(),
        }),
        notes: declarations(invoice).into_iter().map(str::to_owned).collect(),
        code: Some(Code {
            text: code(invoice),
            says: "QR code with the particulars of this document".to_owned(),
        }),
        signature: Some(Signature {
            on_behalf: format!("For {}", supplier.legal_name),
            by: "Digitally issued by Mall".to_owned(),
            at: moment(particulars.issued_at),
        }),
        footer: format!("Digitally issued by Mall on behalf of {}", supplier.legal_name),
        made_at: Some(particulars.issued_at),
    }
}

fn title(nature: Nature) -> &'static str {
    match nature {
        Nature::TaxInvoice => "Tax Invoice",
        Nature::BillOfSupply => "Bill of Supply",
        Nature::InvoiceCumBill => "Invoice-cum-Bill of Supply",
        Nature::CreditNote => "Credit Note",
    }
}

// The wording is prescribed: CGST Rules, rule 5(1)(f).
fn notice(registration: &Registration) -> Option<&'static str> {
    match registration {
        Registration::Composition { .. } => {
            Some("Composition taxable person, not eligible to collect tax on supplies")
        }
        Registration::Regular { .. } | Registration::Unregistered { .. } => None,
    }
}

pub(super) fn seller(supplier: &Supplier) -> Party {
    let mark = match &supplier.registration {
        Registration::Regular { gstin } | Registration::Composition { gstin } => {
            ("GSTIN", gstin.as_str().to_owned())
        }
        Registration::Unregistered { enrolment: Some(number) } => {
            ("Enrolment number", number.clone())
        }
        Registration::Unregistered { enrolment: None } => ("GSTIN", "Not registered".to_owned()),
    };
    party(&supplier.legal_name, &supplier.address, Some(mark))
}

pub(super) fn recipient(recipient: &Recipient) -> Party {
    let gstin = recipient.gstin.as_ref().map(|gstin| ("GSTIN", gstin.as_str().to_owned()));
    party(&recipient.name, &recipient.address, gstin)
}

fn party(name: &str, at: &Address, mark: Option<(&str, String)>) -> Party {
    let marks = mark.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    Party { name: name.to_owned(), lines: address(at), marks }
}

fn address(address: &Address) -> Vec<String> {
    let mut lines = address.lines.clone();
    let pincode = address.pincode.as_ref().map_or("", |pincode| pincode.as_str());
    let town = format!("{} {pincode}", address.city.trim());
    lines.extend(Some(town.trim().to_owned()).filter(|town| !town.is_empty()));
    lines.push(format!("{}, State code {}", address.state.name(), address.state));
    lines
}

fn facts(particulars: &Particulars, nature: Nature) -> Vec<(&'static str, String)> {
    let place = particulars.place_of_supply();
    let (number, date) = labels(nature);
    let mut facts = vec![
        (number, particulars.number.to_string()),
        (date, day(particulars.issued_at)),
        ("Place of supply", format!("{} ({place})", place.name())),
        ("Order number", particulars.order_number.clone()),
        ("Seller order number", particulars.seller_order_number.clone()),
        ("Tax payable on reverse charge", "No".to_owned()),
    ];
    if let Purpose::Credit { against, against_issued_at, reason, .. } = &particulars.purpose {
        facts.push(("Against document", against.to_string()));
        facts.push(("Dated", day(*against_issued_at)));
        facts.push(("Reason", reason.clone()));
    }
    facts
}

fn labels(nature: Nature) -> (&'static str, &'static str) {
    match nature {
        Nature::CreditNote => ("Credit note number", "Credit note date"),
        Nature::TaxInvoice | Nature::InvoiceCumBill => ("Invoice number", "Invoice date"),
        Nature::BillOfSupply => ("Bill number", "Bill date"),
    }
}

fn sums(invoice: &Invoice) -> Vec<(String, String)> {
    let (totals, supply) = (&invoice.totals, invoice.taxed_supply());
    let mut sums = vec![];
    if !totals.discount.is_zero() {
        sums.push(("Price before discount", totals.gross.to_string()));
        sums.push(("Discount", format!("\u{2212}{}", totals.discount)));
    }
    if supply.is_some() {
        sums.push(("Taxable value", totals.tax.taxable.to_string()));
    }
    let taxes = heads(supply).iter().zip(amounts(&totals.tax, supply));
    sums.extend(taxes.map(|(head, amount)| (*head, amount.to_string())));
    sums.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn heads(supply: Option<SupplyType>) -> &'static [&'static str] {
    supply.map_or(&[], SupplyType::components)
}

/// The facts an accountant would otherwise type off the paper.
fn code(invoice: &Invoice) -> String {
    let particulars = &invoice.particulars;
    let gstin = particulars.supplier.registration.gstin();
    format!(
        "GSTIN {}\nNumber {}\nDate {}\nTotal INR {}",
        gstin.map_or("none", |gstin| gstin.as_str()),
        particulars.number,
        iso_day(particulars.issued_at),
        invoice.total().decimal(),
    )
}

fn declarations(invoice: &Invoice) -> Vec<&'static str> {
    let tax = match (invoice.taxed_supply(), &invoice.particulars.purpose) {
        (Some(_), _) => "Unit prices and discounts include GST.",
        (None, Purpose::Credit { commercial: true, .. }) => {
            "This note takes no tax back: the sale stays taxed."
        }
        (None, Purpose::Sale | Purpose::Credit { .. }) => "No tax is charged on this supply.",
    };
    vec![
        tax,
        "Whether tax is payable under reverse charge: No.",
        "Issued electronically; a signature is not required.",
        "The code holds the seller, number, date and total.",
    ]
}

// In the order of `SupplyType::components`.
pub(super) fn amounts(tax: &Tax, supply: Option<SupplyType>) -> Vec<Money> {
    match supply {
        None => vec![],
        Some(SupplyType::CgstSgst | SupplyType::CgstUtgst) => vec![tax.cgst, tax.sgst],
        Some(SupplyType::Igst) => vec![tax.igst],
    }
}

// A column of rupees repeats its sign in the heading's stead only at the foot.
pub(super) fn plain(amount: Money) -> String {
    amount.to_string().replace('₹', "")
}
