//! What is printed where: an invoice turned into the strings its template shows.

use kernel::{
    Money,
    gst::{SupplyType, Tax},
};

use super::{
    date::{day, moment},
    text::printable,
};
use crate::domain::{
    invoice::{Invoice, Particulars, Purpose},
    line::{InvoiceLine, RateTotal},
    party::{Address, Recipient, Registration, Supplier},
};

/// The data of one document, as strings.
#[derive(Debug)]
pub struct Sheet {
    pub title: &'static str,
    pub copy: &'static str,
    pub notice: Option<&'static str>,
    pub number: String,
    pub seller: Party,
    pub bill_to: Party,
    pub ship_to: Party,
    pub facts: Vec<(&'static str, String)>,
    pub tax_heads: &'static [&'static str],
    pub discounted: bool,
    pub lines: Vec<Row>,
    pub summary: Vec<RateRow>,
    pub totals: Vec<(&'static str, String)>,
    pub total_label: &'static str,
    pub total: String,
    pub words: String,
    pub declarations: Vec<&'static str>,
    pub issued_by: String,
    pub issued_at: String,
}

#[derive(Debug)]
pub struct Party {
    pub name: String,
    pub lines: Vec<String>,
    pub marks: Vec<(&'static str, String)>,
}

#[derive(Debug)]
pub struct Row {
    pub position: String,
    pub description: String,
    pub detail: String,
    pub hsn: String,
    pub quantity: String,
    pub unit: &'static str,
    pub unit_price: String,
    pub discount: String,
    pub taxable: String,
    pub taxes: Vec<Rated>,
    pub total: String,
}

#[derive(Debug)]
pub struct Rated {
    pub rate: String,
    pub amount: String,
}

#[derive(Debug)]
pub struct RateRow {
    pub rate: String,
    pub taxable: String,
    pub taxes: Vec<String>,
    pub tax: String,
}

impl Sheet {
    /// Writes out `invoice`.
    pub fn of(invoice: &Invoice) -> Self {
        let particulars = &invoice.particulars;
        let supplier = &particulars.supplier;
        let totals = &invoice.totals;
        Self {
            title: title(particulars),
            copy: "Original for recipient",
            notice: notice(&supplier.registration),
            number: particulars.number.to_string(),
            seller: seller(supplier),
            bill_to: recipient(&particulars.bill_to),
            ship_to: recipient(&particulars.ship_to),
            facts: facts(particulars),
            tax_heads: invoice.supply.map_or(&[], SupplyType::components),
            discounted: !totals.discount.is_zero(),
            lines: invoice
                .lines
                .iter()
                .zip(1_u32..)
                .map(|(line, n)| row(line, n, invoice.supply))
                .collect(),
            summary: totals.by_rate.iter().map(|rate| rate_row(rate, invoice.supply)).collect(),
            totals: sums(invoice),
            total_label: match particulars.purpose {
                Purpose::Sale => "Total",
                Purpose::Credit { .. } => "Total credited",
            },
            total: invoice.total().to_string(),
            words: invoice.total().in_words(),
            declarations: declarations(invoice),
            issued_by: format!(
                "Digitally issued by Mall on behalf of {}",
                printable(&supplier.legal_name)
            ),
            issued_at: moment(particulars.issued_at),
        }
    }
}

fn title(particulars: &Particulars) -> &'static str {
    match (&particulars.purpose, &particulars.supplier.registration) {
        (Purpose::Credit { .. }, _) => "Credit Note",
        (Purpose::Sale, Registration::Regular { .. }) => "Tax Invoice",
        (Purpose::Sale, Registration::Composition { .. } | Registration::Unregistered { .. }) => {
            "Bill of Supply"
        }
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

fn seller(supplier: &Supplier) -> Party {
    let mark = match &supplier.registration {
        Registration::Regular { gstin } | Registration::Composition { gstin } => {
            ("GSTIN", gstin.as_str().to_owned())
        }
        Registration::Unregistered { enrolment: Some(number) } => {
            ("Enrolment number", printable(number))
        }
        Registration::Unregistered { enrolment: None } => ("GSTIN", "Not registered".to_owned()),
    };
    Party {
        name: printable(&supplier.legal_name),
        lines: address(&supplier.address),
        marks: vec![mark],
    }
}

fn recipient(recipient: &Recipient) -> Party {
    let gstin = recipient.gstin.as_ref().map(|gstin| ("GSTIN", gstin.as_str().to_owned()));
    Party {
        name: printable(&recipient.name),
        lines: address(&recipient.address),
        marks: gstin.into_iter().collect(),
    }
}

fn address(address: &Address) -> Vec<String> {
    let mut lines: Vec<_> = address.lines.iter().map(|line| printable(line)).collect();
    let pincode = address.pincode.as_ref().map_or("", |pincode| pincode.as_str());
    let town = format!("{} {pincode}", printable(&address.city));
    lines.extend(Some(town.trim().to_owned()).filter(|town| !town.is_empty()));
    lines.push(format!("{}, State code {}", address.state.name(), address.state));
    lines
}

fn facts(particulars: &Particulars) -> Vec<(&'static str, String)> {
    let place = particulars.place_of_supply();
    let (number, date) = match (&particulars.purpose, &particulars.supplier.registration) {
        (Purpose::Credit { .. }, _) => ("Credit note number", "Credit note date"),
        (Purpose::Sale, Registration::Regular { .. }) => ("Invoice number", "Invoice date"),
        (Purpose::Sale, Registration::Composition { .. } | Registration::Unregistered { .. }) => {
            ("Bill number", "Bill date")
        }
    };
    let mut facts = vec![
        (number, particulars.number.to_string()),
        (date, day(particulars.issued_at)),
        ("Place of supply", format!("{} ({place})", place.name())),
        ("Order number", printable(&particulars.order_number)),
        ("Seller order number", printable(&particulars.seller_order_number)),
        ("Tax payable on reverse charge", "No".to_owned()),
    ];
    if let Purpose::Credit { against, against_issued_at, reason } = &particulars.purpose {
        facts.push(("Against document", against.to_string()));
        facts.push(("Dated", day(*against_issued_at)));
        facts.push(("Reason", printable(reason)));
    }
    facts
}

fn row(line: &InvoiceLine, position: u32, supply: Option<SupplyType>) -> Row {
    let item = &line.item;
    let (whole, half) = (item.rate.whole(), item.rate.half());
    let rates = match supply {
        None => vec![],
        Some(SupplyType::CgstSgst | SupplyType::CgstUtgst) => vec![half.clone(), half],
        Some(SupplyType::Igst) => vec![whole],
    };
    Row {
        position: position.to_string(),
        description: printable(&item.description),
        detail: format!("SKU {}", printable(item.sku.as_str())),
        hsn: item.hsn.as_str().to_owned(),
        quantity: item.quantity.to_string(),
        unit: item.unit.code(),
        unit_price: plain(item.unit_price),
        discount: plain(item.discount),
        taxable: plain(line.tax.taxable),
        taxes: rates
            .into_iter()
            .zip(amounts(&line.tax, supply))
            .map(|(rate, amount)| Rated { rate, amount: plain(amount) })
            .collect(),
        total: plain(line.tax.total),
    }
}

fn rate_row(entry: &RateTotal, supply: Option<SupplyType>) -> RateRow {
    RateRow {
        rate: entry.rate.whole(),
        taxable: plain(entry.tax.taxable),
        taxes: amounts(&entry.tax, supply).into_iter().map(plain).collect(),
        tax: plain(entry.charged),
    }
}

fn sums(invoice: &Invoice) -> Vec<(&'static str, String)> {
    let (totals, supply) = (&invoice.totals, invoice.supply);
    let mut sums = vec![];
    if !totals.discount.is_zero() {
        sums.push(("Price before discount", totals.gross.to_string()));
        sums.push(("Discount", format!("\u{2212}{}", totals.discount)));
    }
    if supply.is_some() {
        sums.push(("Taxable value", totals.tax.taxable.to_string()));
    }
    let heads = supply.map_or(&[][..], SupplyType::components);
    let taxes = heads.iter().zip(amounts(&totals.tax, supply));
    sums.extend(taxes.map(|(head, amount)| (*head, amount.to_string())));
    sums
}

fn declarations(invoice: &Invoice) -> Vec<&'static str> {
    let tax = match invoice.supply {
        Some(_) => "Unit prices and discounts include GST.",
        None => "No tax is charged on this supply.",
    };
    vec![
        tax,
        "Whether tax is payable under reverse charge: No.",
        "Issued electronically; a signature is not required.",
        "The code holds the seller, number, date and total.",
    ]
}

// In the order of `SupplyType::components`.
fn amounts(tax: &Tax, supply: Option<SupplyType>) -> Vec<Money> {
    match supply {
        None => vec![],
        Some(SupplyType::CgstSgst | SupplyType::CgstUtgst) => vec![tax.cgst, tax.sgst],
        Some(SupplyType::Igst) => vec![tax.igst],
    }
}

// A column of rupees repeats its sign in the heading's stead only at the foot.
fn plain(amount: Money) -> String {
    amount.to_string().replace('₹', "")
}
