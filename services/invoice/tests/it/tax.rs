//! The amounts: what each line is worth, which taxes it bears, and what is refused.

use invoice::domain::{
    credit::{Credited, Remainder},
    flaw::InvoiceRefused,
    invoice::{Invoice, Reason},
    party::Registration,
};
use kernel::gst::{self, Tax};
use kernel::{Currency, Money, MoneyError, SupplyType};
use serde_json::Value;

use crate::fixtures::{
    KARNATAKA, MAHARASHTRA, address, forty_items, gstin, item, items, particulars, rate, to_mumbai,
    unregistered,
};

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../libs/kernel/tests/vectors.json");

#[test]
fn the_published_example_comes_out_to_the_paisa() {
    let example = example();
    let (input, expected) = (&example["input"], &example["expected"]);
    let coupon = Money::inr(input["coupon"].as_i64().unwrap());
    let sold = input["lines"].as_array().unwrap();
    let gross = |line: &Value| line["unit"].as_i64().unwrap() * line["qty"].as_i64().unwrap();
    let weights: Vec<_> = sold.iter().map(|line| u64::try_from(gross(line)).unwrap()).collect();
    let discounts = coupon.split(&weights).unwrap();

    for (vendor, state, own_gstin) in
        [("V1", KARNATAKA, "29AABCU9603R1ZJ"), ("V2", MAHARASHTRA, "27AABCU9603R1ZN")]
    {
        let mut particulars = particulars();
        particulars.supplier.address.state = state.parse().unwrap();
        particulars.supplier.registration = Registration::Regular { gstin: gstin(own_gstin) };
        let own = sold.iter().zip(&discounts).filter(|(line, _)| line["vendor"] == vendor);
        let items = own.map(|(line, discount)| {
            let quantity = line["qty"].as_u64().unwrap().try_into().unwrap();
            let mut item =
                item(line["sku"].as_str().unwrap(), line["unit"].as_i64().unwrap(), quantity);
            item.discount = *discount;
            item.rate = rate(line["rate_bp"].as_u64().unwrap().try_into().unwrap());
            item
        });
        let invoice = Invoice::issue(particulars, items.collect()).unwrap();

        for line in &invoice.lines {
            let mut wanted = expected["lines"].as_array().unwrap().iter();
            let wanted = wanted.find(|wanted| wanted["sku"] == line.item.sku.as_str()).unwrap();
            assert_eq!(line.gross.minor(), wanted["gross"]);
            assert_eq!(line.item.discount.minor(), wanted["discount"]);
            assert_eq!(line.tax.taxable.minor(), wanted["taxable"]);
            assert_eq!(line.tax.cgst.minor(), wanted["cgst"]);
            assert_eq!(line.tax.sgst.minor(), wanted["sgst"]);
            assert_eq!(line.tax.igst.minor(), wanted["igst"]);
            assert_eq!(line.tax.total.minor(), wanted["total"]);
        }
        let (tax, wanted) = (invoice.totals.tax, &expected["vendors"][vendor]);
        assert_eq!(tax.total.minor(), wanted["sub_order_net"]);
        assert_eq!(tax.taxable.minor(), wanted["taxable"]);
        assert_eq!(tax.cgst.minor(), wanted["cgst"]);
        assert_eq!(tax.sgst.minor(), wanted["sgst"]);
        assert_eq!(tax.igst.minor(), wanted["igst"]);
    }
}

fn example() -> Value {
    let vectors: Value = serde_json::from_slice(&std::fs::read(VECTORS).unwrap()).unwrap();
    let mut cases = vectors["vectors"].as_array().unwrap().iter();
    cases.find(|case| case["area"] == "end_to_end").unwrap().clone()
}

#[test]
fn lines_and_rates_add_up_to_the_total() {
    let mut sold = forty_items();
    for (item, basis_points) in sold.iter_mut().zip([0, 25, 500, 1800, 4000].into_iter().cycle()) {
        item.rate = rate(basis_points);
        item.discount = Money::inr(101);
    }

    for particulars in [particulars(), to_mumbai(), unregistered()] {
        let invoice = Invoice::issue(particulars, sold.clone()).unwrap();
        let (totals, sum) =
            (&invoice.totals, |amounts: Vec<Money>| Money::sum(amounts, Currency::Inr).unwrap());

        let tax = totals.tax;
        assert_eq!(sum(invoice.lines.iter().map(|line| line.tax.total).collect()), tax.total);
        assert_eq!(sum(totals.by_rate.iter().map(|rate| rate.tax.total).collect()), tax.total);
        assert_eq!(sum(vec![tax.taxable, tax.cgst, tax.sgst, tax.igst]), tax.total);
        assert_eq!(totals.gross.sub(totals.discount).unwrap(), invoice.total());
        assert_eq!(totals.by_rate.len(), 5);
    }
}

#[test]
fn the_place_of_delivery_decides_between_the_taxes() {
    let at_home = Invoice::issue(particulars(), items()).unwrap();
    let elsewhere = Invoice::issue(to_mumbai(), items()).unwrap();

    assert_eq!(at_home.supply, Some(SupplyType::CgstSgst));
    assert_eq!(elsewhere.supply, Some(SupplyType::Igst));
    assert_eq!(elsewhere.total(), at_home.total());
}

#[test]
fn a_union_territory_collects_its_own_tax() {
    let mut particulars = particulars();
    particulars.supplier.registration = Registration::Regular { gstin: gstin("04AABCU9603R1ZV") };
    particulars.ship_to.address = address("Sector 17", "Chandigarh", "160017", "04");

    assert_eq!(particulars.supply(), Some(SupplyType::CgstUtgst));
}

#[test]
fn a_seller_who_may_not_charge_tax_charges_none() {
    let mut composition = particulars();
    composition.supplier.registration =
        Registration::Composition { gstin: gstin("29AABCU9603R1ZJ") };

    for particulars in [composition, unregistered()] {
        let invoice = Invoice::issue(particulars, items()).unwrap();

        assert_eq!(invoice.supply, None);
        assert_eq!(invoice.totals.tax.taxable, invoice.total());
        assert_eq!(invoice.total(), Money::inr(105_122));
    }
}

/// The tax in `net` on a document of this supply.
fn tax_of(sold: &Invoice, position: usize, net: i64) -> i64 {
    let rate = sold.lines[position].item.rate.basis_points();
    let tax = sold.supply.map(|supply| gst::inclusive(Money::inr(net), rate, supply).unwrap());
    tax.map_or(0, |tax| net - tax.taxable.minor())
}

#[test]
fn a_sale_that_is_taken_back_piece_by_piece_is_taken_back_to_the_paisa() {
    let mut composition = particulars();
    composition.supplier.registration =
        Registration::Composition { gstin: gstin("29AABCU9603R1ZJ") };

    for particulars in [particulars(), to_mumbai(), composition, unregistered()] {
        let sold = Invoice::issue(particulars, items()).unwrap();
        let mut notes = Vec::new();
        for (position, line) in sold.lines.iter().enumerate() {
            let pieces = i64::from(line.item.quantity.get());
            let mut left = line.tax.total.minor();
            for more in (0..pieces).rev() {
                let total = left / (more + 1);
                let tax = tax_of(&sold, position, left) - tax_of(&sold, position, left - total);
                left -= total;
                let credited = Credited {
                    position: u32::try_from(position).unwrap(),
                    sku: line.item.sku.clone(),
                    quantity: 1,
                    keeps_pieces: false,
                    commercial: false,
                    total: Money::inr(total),
                    taxable: Money::inr(total - tax),
                    tax: Money::inr(tax),
                };
                let lines = vec![Remainder::of(&sold, &notes).unwrap().take(&credited).unwrap()];
                let (number, at) = (sold.particulars.number.clone(), sold.particulars.issued_at);
                let reason = Reason { words: "Returned".to_owned(), commercial: false };
                let note = Invoice::credit(&sold, number, at, reason, lines);
                notes.push(note.unwrap());
            }
        }

        assert_eq!(notes.len(), 3);
        let sum = |of: fn(&Tax) -> Money| -> i64 {
            notes.iter().map(|note| of(&note.totals.tax).minor()).sum()
        };
        let whole = sold.totals.tax;
        assert_eq!(sum(|tax| tax.taxable), whole.taxable.minor());
        assert_eq!(sum(|tax| tax.cgst), whole.cgst.minor());
        assert_eq!(sum(|tax| tax.sgst), whole.sgst.minor());
        assert_eq!(sum(|tax| tax.igst), whole.igst.minor());
        assert_eq!(sum(|tax| tax.total), whole.total.minor());
        assert!(notes.iter().all(|note| note.supply == sold.supply));
    }
}

#[test]
fn what_cannot_be_a_document_is_refused() {
    let refused = |change: fn(&mut invoice::domain::item::Item)| {
        let mut item = item("A", 10_000, 1);
        change(&mut item);
        Invoice::issue(particulars(), vec![item]).unwrap_err()
    };

    assert_eq!(Invoice::issue(particulars(), vec![]).unwrap_err(), InvoiceRefused::NoLines);
    assert_eq!(
        refused(|item| item.unit_price = Money::new(100, Currency::Hkd)),
        InvoiceRefused::NotInRupees
    );
    assert_eq!(
        refused(|item| item.discount = Money::inr(10_001)),
        InvoiceRefused::DiscountOutOfRange
    );
    assert_eq!(refused(|item| item.discount = Money::inr(-1)), InvoiceRefused::DiscountOutOfRange);
    assert_eq!(
        refused(|item| item.unit_price = Money::inr(-1)),
        InvoiceRefused::DiscountOutOfRange
    );
    assert_eq!(
        Invoice::issue(particulars(), vec![item("A", i64::MAX, 2)]).unwrap_err(),
        InvoiceRefused::Money(MoneyError::Overflow)
    );
}

#[test]
fn a_document_survives_being_kept_as_json() {
    let invoice = Invoice::issue(to_mumbai(), items()).unwrap();

    let kept = serde_json::to_string(&invoice).unwrap();

    assert_eq!(serde_json::from_str::<Invoice>(&kept).unwrap(), invoice);
}
