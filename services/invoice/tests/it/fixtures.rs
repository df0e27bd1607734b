//! A seller, a buyer and things to sell, to be varied by the tests.

use invoice::domain::{
    invoice::{Invoice, Particulars, Purpose},
    item::{Hsn, Item, Rate, Unit},
    party::{Address, Recipient, Registration, Supplier},
};
use kernel::{Gstin, InvoiceNumber, Money, Pincode, Quantity, Sku, StateCode};

pub const KARNATAKA: &str = "29";
pub const MAHARASHTRA: &str = "27";

/// A registered seller in Karnataka sells to a buyer in Bengaluru.
pub fn particulars() -> Particulars {
    Particulars {
        purpose: Purpose::Sale,
        number: InvoiceNumber::parse("A1B2/2627/000001").unwrap(),
        issued_at: "2026-11-22T11:33:00Z".parse().unwrap(),
        order_number: "M261122-000417".to_owned(),
        seller_order_number: "M261122-000417-1".to_owned(),
        supplier: Supplier {
            legal_name: "Kaveri Handlooms Private Limited".to_owned(),
            address: address("No. 12, 3rd Cross, Malleshwaram", "Bengaluru", "560003", KARNATAKA),
            registration: Registration::Regular { gstin: gstin("29AABCU9603R1ZJ") },
        },
        bill_to: anita(address("Flat 4B, 100 Feet Road", "Bengaluru", "560038", KARNATAKA)),
        ship_to: anita(address("Flat 4B, 100 Feet Road", "Bengaluru", "560038", KARNATAKA)),
    }
}

/// The same sale, delivered to Mumbai.
pub fn to_mumbai() -> Particulars {
    let mut particulars = particulars();
    particulars.ship_to =
        anita(address("17 Hill Road, Bandra West", "Mumbai", "400050", MAHARASHTRA));
    particulars
}

/// The same sale by a seller who has no GSTIN.
pub fn unregistered() -> Particulars {
    let mut particulars = particulars();
    particulars.supplier.registration = Registration::Unregistered { enrolment: None };
    particulars
}

pub fn gstin(text: &str) -> Gstin {
    Gstin::parse(text).unwrap()
}

pub fn address(line: &str, city: &str, pincode: &str, state: &str) -> Address {
    Address {
        lines: vec![line.to_owned()],
        city: city.to_owned(),
        state: StateCode::parse(state).unwrap(),
        pincode: Some(Pincode::parse(pincode).unwrap()),
    }
}

fn anita(address: Address) -> Recipient {
    Recipient {
        name: "अनिता शर्मा (Anita Sharma)".to_owned(), address, gstin: None
    }
}

/// `quantity` pieces at `paise` each, taxed at 18 %.
pub fn item(sku: &str, paise: i64, quantity: u32) -> Item {
    Item {
        description: "Handloom cotton saree, indigo with temple border".to_owned(),
        sku: Sku::parse(sku).unwrap(),
        hsn: Hsn::parse("52085900").unwrap(),
        quantity: Quantity::new(quantity).unwrap(),
        unit: Unit::Numbers,
        unit_price: Money::inr(paise),
        discount: Money::inr(0),
        rate: rate(1800),
    }
}

pub fn rate(basis_points: u32) -> Rate {
    Rate::from_basis_points(basis_points).unwrap()
}

/// Two lines at two rates, with a discount.
pub fn items() -> Vec<Item> {
    vec![
        Item { discount: Money::inr(4_165), ..item("KAV-SAR-0042", 49_900, 2) },
        Item {
            description: "हथकरघा सूती तौलिया (cotton towel)".to_owned(),
            hsn: Hsn::parse("63026010").unwrap(),
            discount: Money::inr(413),
            rate: rate(500),
            ..item("KAV-TWL-11", 9_900, 1)
        },
    ]
}

/// Forty different lines.
pub fn forty_items() -> Vec<Item> {
    (1..=40).map(|n| item(&format!("SKU-{n:03}"), 129_900 + i64::from(n), 2)).collect()
}

pub fn invoice() -> Invoice {
    Invoice::issue(particulars(), items()).unwrap()
}
