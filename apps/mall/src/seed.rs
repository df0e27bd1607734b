//! A small catalogue: four sellers, six shelves, twenty-four products. Repeating it changes nothing.

use std::path::PathBuf;

use crate::onboarding::{self, Application, Listing};
use crate::person::Person;
use crate::settings::Settings;

/// Staff of the development profile.
pub const STAFF: &str = "staff@mall.test";
/// Another member of it, for what takes two.
pub const SECOND: &str = "second@mall.test";

/// A seller of the demonstration catalogue.
struct Seller {
    address: &'static str,
    names: (&'static str, &'static str),
    gstin: &'static str,
    place: (&'static str, &'static str, &'static str),
    products: [Product; 6],
}

/// Title, category, HSN, GST in basis points, SKU, price in paise.
type Product = (&'static str, &'static str, &'static str, u32, &'static str, i64);

const SELLERS: [Seller; 4] = [
    Seller {
        address: "lotus@sellers.mall.test",
        names: ("Lotus Home", "Lotus Home Retail Private Limited"),
        gstin: "29AAGCL7383J1ZU",
        place: ("Bengaluru", "29", "560001"),
        products: [
            ("Brass oil lamp", "decor", "8306", 1800, "LOTUS-LAMP-18", 129_900),
            ("Hand-block cotton bedsheet", "linen", "6304", 500, "LOTUS-SHEET-Q", 179_900),
            ("Terracotta planter", "decor", "6914", 500, "LOTUS-PLANTER-M", 49_900),
            ("Steel tiffin, three tiers", "kitchen", "7323", 500, "LOTUS-TIFFIN-3", 89_900),
            ("Jute table runner", "decor", "6304", 500, "LOTUS-RUNNER-J", 64_900),
            ("Mango wood cutting board", "kitchen", "4419", 500, "LOTUS-BOARD-L", 74_900),
        ],
    },
    Seller {
        address: "nilgiri@sellers.mall.test",
        names: ("Nilgiri Tea House", "Nilgiri Tea House LLP"),
        gstin: "33AAPFN4821K1Z1",
        place: ("Coimbatore", "33", "641001"),
        products: [
            ("Orange pekoe tea, 250 g", "tea", "0902", 500, "NILG-OP-250", 39_900),
            ("Filter coffee, 500 g", "tea", "0901", 500, "NILG-FC-500", 54_900),
            ("Green cardamom, 100 g", "spices", "0908", 500, "NILG-CARD-100", 47_500),
            ("Black pepper, 200 g", "spices", "0904", 500, "NILG-PEPPER-200", 32_000),
            ("Brass coffee filter", "kitchen", "7418", 500, "NILG-FILTER-4", 69_900),
            ("Masala chai blend, 200 g", "tea", "0902", 500, "NILG-CHAI-200", 29_900),
        ],
    },
    Seller {
        address: "deccan@sellers.mall.test",
        names: ("Deccan Audio", "Deccan Audio Private Limited"),
        gstin: "27AABCD9603R1Z4",
        place: ("Pune", "27", "411001"),
        products: [
            ("Wireless earbuds", "gadgets", "8518", 1800, "DECC-BUDS-1", 249_900),
            ("Bookshelf speaker, pair", "gadgets", "8518", 1800, "DECC-SPEAK-2", 899_900),
            ("USB-C cable, 2 m", "gadgets", "8544", 1800, "DECC-CABLE-2", 34_900),
            ("Power bank, 10,000 mAh", "gadgets", "8507", 1800, "DECC-POWER-10", 159_900),
            ("Desk lamp with dimmer", "decor", "9405", 1800, "DECC-LAMP-D", 119_900),
            ("Kettle, 1.5 l", "kitchen", "8516", 1800, "DECC-KETTLE-15", 139_900),
        ],
    },
    Seller {
        address: "jaipur@sellers.mall.test",
        names: ("Jaipur Weaves", "Jaipur Weaves Exports"),
        gstin: "08AAPFJ5127M1ZT",
        place: ("Jaipur", "08", "302001"),
        products: [
            ("Quilted razai, double", "linen", "9404", 500, "JAIP-RAZAI-D", 299_900),
            ("Cushion cover, set of five", "linen", "6304", 500, "JAIP-CUSH-5", 79_900),
            ("Blue pottery bowl", "decor", "6912", 500, "JAIP-BOWL-B", 59_900),
            ("Turmeric, stone ground, 250 g", "spices", "0910", 500, "JAIP-TURM-250", 19_900),
            ("Red chilli, Mathania, 250 g", "spices", "0904", 500, "JAIP-CHILLI-250", 24_900),
            ("Brass spice box", "kitchen", "7418", 500, "JAIP-BOX-7", 149_900),
        ],
    },
];

/// Where sessions of staff, sellers and buyers of the demonstration are kept.
pub fn wallet(settings: &Settings) -> PathBuf {
    settings.home().join("run/sessions.json")
}

/// A seller that is aboard.
#[derive(Debug, Clone)]
pub struct SeededSeller {
    pub person: Person,
    pub vendor: String,
    /// Its products: id, SKU, price in paise.
    pub products: Vec<(String, String, i64)>,
}

/// Makes what is missing. Says what it does; returns staff and the sellers.
pub async fn run(settings: &Settings, quiet: bool) -> anyhow::Result<(Person, Vec<SeededSeller>)> {
    let wallet = wallet(settings);
    let staff = Person::remembered(settings, &wallet, STAFF).await?;
    let mut sellers = Vec::new();
    for seller in &SELLERS {
        let mut person = Person::remembered(settings, &wallet, seller.address).await?;
        let aboard = ensure(&mut person, &staff, seller).await?;
        if !quiet {
            println!("  {:<24} {} products", seller.names.0, aboard.products.len());
        }
        sellers.push(aboard);
    }
    Ok((staff, sellers))
}

async fn ensure(
    person: &mut Person,
    staff: &Person,
    seller: &Seller,
) -> anyhow::Result<SeededSeller> {
    let vendor = onboarding::come_aboard(person, staff, &application(seller)).await?;
    let known = onboarding::owned(person, &vendor).await?;
    let mut products = Vec::new();
    for product in &seller.products {
        let id = onboarding::list(person, staff, &vendor, &known, &listing(product)).await?;
        products.push((id, product.4.to_owned(), product.5));
    }
    restock(person, &vendor, &products).await?;
    Ok(SeededSeller { person: person.clone(), vendor, products })
}

/// Demonstrations sell things; the shelves are filled again when they run low.
async fn restock(
    person: &Person,
    vendor: &str,
    products: &[(String, String, i64)],
) -> anyhow::Result<()> {
    for (_, sku, _) in products {
        let stock = person.get(&format!("/v1/vendors/{vendor}/stock/{sku}")).await?;
        if stock["available"].as_i64().unwrap_or(0) < 20 {
            onboarding::stock(person, vendor, sku, 100).await?;
        }
    }
    Ok(())
}

fn application(seller: &Seller) -> Application {
    let (city, state, pincode) = seller.place;
    Application {
        display_name: seller.names.0.into(),
        legal_name: seller.names.1.into(),
        gstin: Some(seller.gstin.into()),
        pan: seller.gstin[2..12].into(),
        city: city.into(),
        state: state.into(),
        pincode: pincode.into(),
    }
}

fn listing(product: &Product) -> Listing {
    let (title, category, hsn, gst_rate_bp, sku, price) = *product;
    Listing {
        title: title.into(),
        description: format!("{title}. Sold and sent by its maker."),
        category: category.into(),
        hsn: hsn.into(),
        gst_rate_bp,
        sku: sku.into(),
        price,
        stock: 100,
    }
}
