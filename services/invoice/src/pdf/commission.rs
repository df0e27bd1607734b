//! What is printed where on the platform's documents to sellers.

use kernel::SupplyType;
use paper::date::{day, iso_day, moment};
use paper::{Block, Cell, Code, Column, Look, Sheet, Signature, Table, Words};

use super::sheet::{amounts, plain, recipient, seller};
use crate::domain::commission::{CommissionPaper, CommissionPurpose, RATE_BP, SAC};
use crate::domain::item::Rate;

/// Writes out `paper`.
pub fn of(paper: &CommissionPaper) -> Sheet {
    let supplier = &paper.supplier;
    let charge = paper.purpose == CommissionPurpose::Charge;
    Sheet {
        title: if charge { "Tax Invoice" } else { "Credit Note" }.to_owned(),
        copy: "Original for recipient".to_owned(),
        notice: None,
        number: paper.number.to_string(),
        issuer: seller(supplier),
        facts: facts(paper),
        blocks: vec![Block { label: "BILLED TO".to_owned(), party: recipient(&paper.seller) }],
        table: table(paper),
        summary: None,
        sums: sums(paper),
        total_label: if charge { "Total" } else { "Total credited" }.to_owned(),
        total: paper.tax.total.to_string(),
        words: Some(Words {
            label: "AMOUNT IN WORDS".to_owned(),
            text: paper.tax.total.in_words(),
        }),
        notes: vec![
            "The sums of what was booked, sale by sale.".to_owned(),
            "Whether tax is payable under reverse charge: No.".to_owned(),
            "Issued electronically; a signature is not required.".to_owned(),
            "The code holds the issuer, number, date and total.".to_owned(),
        ],
        code: Some(Code {
            text: code(paper),
            says: "QR code with the particulars of this document".to_owned(),
        }),
        signature: Some(Signature {
            on_behalf: format!("For {}", supplier.legal_name),
            by: "Digitally issued".to_owned(),
            at: moment(paper.issued_at),
        }),
        footer: format!("Digitally issued by {}", supplier.legal_name),
        made_at: Some(paper.issued_at),
    }
}

fn facts(paper: &CommissionPaper) -> Vec<(String, String)> {
    let place = paper.place_of_supply();
    let (number, date) = match paper.purpose {
        CommissionPurpose::Charge => ("Invoice number", "Invoice date"),
        CommissionPurpose::TakeBack { .. } => ("Credit note number", "Credit note date"),
    };
    let mut facts = vec![
        (number, paper.number.to_string()),
        (date, day(paper.issued_at)),
        ("Place of supply", format!("{} ({place})", place.name())),
        ("Month", month(paper)),
        ("Tax payable on reverse charge", "No".to_owned()),
    ];
    if let CommissionPurpose::TakeBack { against } = &paper.purpose {
        facts.extend(against.iter().map(|charged| {
            ("Against document", format!("{} of {}", charged.number, day(charged.issued_at)))
        }));
    }
    facts.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn month(paper: &CommissionPaper) -> String {
    paper.month.strftime("%B %Y").to_string()
}

fn table(paper: &CommissionPaper) -> Table {
    let mut columns = vec![
        Column::left("#").look(Look::Quiet),
        Column::left("Description").wide(),
        Column::left("SAC"),
        Column::right("Taxable value"),
    ];
    columns.extend(paper.supply.components().iter().map(|head| Column::right(*head)));
    columns.push(Column::right("Total").look(Look::Strong));
    Table { columns, rows: vec![row(paper)] }
}

fn row(paper: &CommissionPaper) -> Vec<Cell> {
    let (what, detail) = subject(paper);
    let mut row = vec![
        Cell::new("1"),
        Cell::new(what).under(detail),
        Cell::new(SAC),
        Cell::new(plain(paper.tax.taxable)),
    ];
    let taxes = amounts(&paper.tax, Some(paper.supply)).into_iter();
    row.extend(taxes.map(|tax| match rate(paper.supply) {
        Some(rate) => Cell::new(plain(tax)).under(rate),
        None => Cell::new(plain(tax)),
    }));
    row.push(Cell::new(plain(paper.tax.total)));
    row
}

fn subject(paper: &CommissionPaper) -> (String, &'static str) {
    match paper.purpose {
        CommissionPurpose::Charge => (
            format!("Commission on sales of {}", month(paper)),
            "Less what was taken back within the month",
        ),
        CommissionPurpose::TakeBack { .. } => (
            format!("Commission of months before, taken back in {}", month(paper)),
            "On sales that were cancelled, returned, lost or disputed, or cost less since",
        ),
    }
}

fn rate(supply: SupplyType) -> Option<String> {
    let rate = Rate::from_basis_points(RATE_BP).ok()?;
    Some(if supply.is_inter_state() { rate.whole() } else { rate.half() })
}

fn sums(paper: &CommissionPaper) -> Vec<(String, String)> {
    let mut sums = vec![("Taxable value".to_owned(), paper.tax.taxable.to_string())];
    let taxes = amounts(&paper.tax, Some(paper.supply));
    let heads = paper.supply.components().iter().zip(taxes);
    sums.extend(heads.map(|(head, tax)| ((*head).to_owned(), tax.to_string())));
    sums
}

/// The facts an accountant would otherwise type off the paper.
fn code(paper: &CommissionPaper) -> String {
    let gstin = paper.supplier.registration.gstin();
    format!(
        "GSTIN {}\nNumber {}\nDate {}\nTotal INR {}",
        gstin.map_or("none", |gstin| gstin.as_str()),
        paper.number,
        iso_day(paper.issued_at),
        paper.tax.total.decimal(),
    )
}
