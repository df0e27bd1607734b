//! What a document costs: CPU, bytes and memory, over documents of one to six lines.
//!
//! `cargo run --release -p invoice --example press -- 200`

use std::{env, fs};

use invoice::{
    domain::{
        invoice::{Invoice, Particulars, Purpose},
        item::{Hsn, Item, Rate, Unit},
        party::{Address, Recipient, Registration, Supplier},
    },
    pdf::Press,
};
use jiff::SignedDuration;
use kernel::{Gstin, InvoiceNumber, Money, Pincode, Quantity, Sku, StateCode};

const CJK: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";
const WARM_UP: u32 = 20;
const TITLES: [&str; 4] = [
    "Handloom cotton saree, indigo with temple border",
    "Steel bottle, 750 ml",
    "हथकरघा सूती तौलिया (cotton towel)",
    "Basmati rice, aged two years, in a cloth bag of five kilograms for the larder",
];

fn main() -> anyhow::Result<()> {
    let documents = env::args().nth(1).map_or(Ok(200), |count| count.parse())?;
    let press = Press::open(1, CJK.into())?;
    print(&press, 0..WARM_UP)?;

    let (spent, before) = (cpu_ns()?, resident_kb()?);
    let bytes = print(&press, WARM_UP..WARM_UP + documents)?;
    let (spent, after) = (cpu_ns()? - spent, resident_kb()?);
    println!(
        "{documents} documents: {} us CPU and {} bytes each; resident {before} kB before, {after} kB after",
        spent / 1_000 / u64::from(documents),
        bytes / u64::from(documents),
    );
    Ok(())
}

fn print(press: &Press, documents: std::ops::Range<u32>) -> anyhow::Result<u64> {
    let mut bytes = 0;
    for n in documents {
        bytes += u64::try_from(press.render(&document(n)?)?.len())?;
    }
    Ok(bytes)
}

/// The time all threads of this process ran, by the kernel's own count.
fn cpu_ns() -> anyhow::Result<u64> {
    let mut sum = 0;
    for task in fs::read_dir("/proc/self/task")? {
        let stat = fs::read_to_string(task?.path().join("schedstat"))?;
        sum += stat.split(' ').next().unwrap_or_default().parse::<u64>()?;
    }
    Ok(sum)
}

fn resident_kb() -> anyhow::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let digits = line.unwrap_or_default().trim().trim_end_matches(" kB");
    Ok(digits.parse()?)
}

/// The `n`th document: no two have the same number, buyer, seller order or amounts.
fn document(n: u32) -> anyhow::Result<Invoice> {
    let seller = n % 7;
    let supplier = Supplier {
        legal_name: format!("Kaveri Handlooms No. {seller} Private Limited"),
        address: address(
            format!("No. {seller}, 3rd Cross, Malleshwaram"),
            "Bengaluru",
            "560003",
            "29",
        )?,
        registration: Registration::Regular { gstin: Gstin::parse("29AABCU9603R1ZJ")? },
    };
    let town = if n.is_multiple_of(2) {
        ("Bengaluru", "560038", "29")
    } else {
        ("Mumbai", "400050", "27")
    };
    let buyer = Recipient {
        name: format!("Anita Sharma {n}"),
        address: address(format!("Flat {n}, 100 Feet Road"), town.0, town.1, town.2)?,
        gstin: None,
    };
    let particulars = Particulars {
        purpose: Purpose::Sale,
        number: InvoiceNumber::parse(&format!("A1B2/2627/{:06}", n + 1))?,
        issued_at: "2026-11-22T11:33:00Z".parse::<jiff::Timestamp>()?
            + SignedDuration::from_secs(n.into()),
        order_number: format!("M261122-{n:06}"),
        seller_order_number: format!("M261122-{n:06}-1"),
        supplier,
        bill_to: buyer.clone(),
        ship_to: buyer,
    };
    let items = (0..=n % 6).map(|line| item(n, line)).collect::<anyhow::Result<Vec<_>>>()?;
    Ok(Invoice::issue(particulars, items)?)
}

fn address(line: String, city: &str, pincode: &str, state: &str) -> anyhow::Result<Address> {
    Ok(Address {
        lines: vec![line],
        city: city.to_owned(),
        state: StateCode::parse(state)?,
        pincode: Some(Pincode::parse(pincode)?),
    })
}

fn item(n: u32, line: u32) -> anyhow::Result<Item> {
    let title = TITLES.get(usize::try_from((n + line) % 4)?).copied().unwrap_or_default();
    Ok(Item {
        description: title.to_owned(),
        sku: Sku::parse(&format!("KAV-{n:05}-{line}"))?,
        hsn: Hsn::parse("52085900")?,
        quantity: Quantity::new(1 + line)?,
        unit: Unit::Numbers,
        unit_price: Money::inr(49_900 + i64::from(n * 13 + line)),
        discount: Money::inr(0),
        rate: Rate::from_basis_points(if line.is_multiple_of(2) { 1800 } else { 500 })?,
    })
}
