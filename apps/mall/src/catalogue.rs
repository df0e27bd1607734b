//! A big catalogue for measuring: as many sellers and products as wanted, made through the API like any other.

use anyhow::Context as _;
use futures::{StreamExt as _, TryStreamExt as _};
use kernel::Gstin;

use crate::onboarding::{self, Application, Listing};
use crate::person::Person;
use crate::seed;
use crate::settings::Settings;

/// Products made at once: enough to keep every part busy, few enough to keep answers quick.
const AT_ONCE: usize = 16;
/// Products between two fresh access tokens.
const PORTION: usize = 500;

const KINDS: [&str; 12] = [
    "lamp",
    "bowl",
    "bedsheet",
    "planter",
    "tiffin",
    "kettle",
    "speaker",
    "cushion",
    "tea",
    "spice box",
    "runner",
    "board",
];
const MAKES: [&str; 12] = [
    "Brass",
    "Cotton",
    "Terracotta",
    "Steel",
    "Jute",
    "Mango wood",
    "Blue pottery",
    "Silk",
    "Copper",
    "Bamboo",
    "Marble",
    "Clay",
];
const PLACES: [&str; 10] =
    ["Jaipur", "Kochi", "Pune", "Mysuru", "Agra", "Surat", "Bhuj", "Shimla", "Puri", "Leh"];
/// Category, HSN, GST in basis points.
const SHELVES: [(&str, &str, u32); 6] = [
    ("decor", "8306", 1800),
    ("kitchen", "7323", 500),
    ("linen", "6304", 500),
    ("tea", "0902", 500),
    ("spices", "0904", 500),
    ("gadgets", "8518", 1800),
];

/// Makes what is missing of `products` products of `vendors` sellers. Says how far it is.
pub async fn run(settings: &Settings, products: usize, vendors: usize) -> anyhow::Result<()> {
    anyhow::ensure!((1..=9999).contains(&vendors), "--vendors must be between 1 and 9999");
    anyhow::ensure!(products <= 1_000_000, "--products must be at most 1000000");
    for nth in 1..=vendors {
        let wanted = products / vendors + usize::from(nth <= products % vendors);
        let made = stock_shop(settings, nth, wanted).await?;
        println!("  seller {nth:>4} of {vendors}: {wanted} products, {made} of them new");
    }
    Ok(())
}

async fn people(settings: &Settings, address: &str) -> anyhow::Result<(Person, Person)> {
    let wallet = seed::wallet(settings);
    let staff = Person::remembered(settings, &wallet, seed::STAFF).await?;
    Ok((staff, Person::remembered(settings, &wallet, address).await?))
}

/// Brings a seller aboard and lists what it lacks; returns how many products were new.
async fn stock_shop(settings: &Settings, nth: usize, wanted: usize) -> anyhow::Result<usize> {
    let address = format!("shop-{nth:04}@sellers.mall.test");
    let (staff, seller) = people(settings, &address).await?;
    let vendor = onboarding::come_aboard(&seller, &staff, &application(nth)?).await?;
    let known = onboarding::owned(&seller, &vendor).await?;
    let is_published = |sku: &str| known.get(sku).is_some_and(|p| p.status == "published");
    let missing: Vec<Listing> = (1..=wanted)
        .map(|product| listing(nth, product))
        .filter(|listing| !is_published(&listing.sku))
        .collect();
    for portion in missing.chunks(PORTION) {
        // Access tokens live for ten minutes.
        let (staff, seller) = people(settings, &address).await?;
        let list = portion
            .iter()
            .map(async |new| onboarding::list(&seller, &staff, &vendor, &known, new).await);
        futures::stream::iter(list).buffer_unordered(AT_ONCE).try_collect::<Vec<_>>().await?;
    }
    Ok(missing.len())
}

fn application(nth: usize) -> anyhow::Result<Application> {
    let pan = format!("AAACM{nth:04}Z");
    let body = format!("29{pan}1Z");
    let digits = ('0'..='9').chain('A'..='Z');
    let gstin =
        digits.map(|last| format!("{body}{last}")).find(|gstin| Gstin::parse(gstin).is_ok());
    Ok(Application {
        display_name: format!("Shop {nth} of {}", PLACES[nth % PLACES.len()]),
        legal_name: format!("Shop {nth} Private Limited"),
        gstin: Some(gstin.context("a GSTIN")?),
        pan,
        city: "Bengaluru".into(),
        state: "29".into(),
        pincode: "560001".into(),
    })
}

/// The same product for the same numbers, every time. Neighbours differ in everything.
fn listing(shop: usize, nth: usize) -> Listing {
    let n = shop * 7919 + nth;
    let (make, kind, place) = (MAKES[n % 12], KINDS[n / 12 % 12], PLACES[n / 144 % 10]);
    let (category, hsn, gst_rate_bp) = SHELVES[n % SHELVES.len()];
    Listing {
        title: format!("{make} {kind} from {place}, no. {nth}"),
        description: format!("{make} {kind}, made in {place}. Sold and sent by its maker."),
        category: category.into(),
        hsn: hsn.into(),
        gst_rate_bp,
        sku: format!("SHOP{shop:04}-{nth:06}"),
        price: i64::try_from(n % 500).unwrap_or(0) * 1_000 + 9_900,
        stock: 100,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use kernel::{Gstin, Pan, Sku};

    use super::{application, listing};

    #[test]
    fn shops_have_numbers_of_their_own_that_are_valid() {
        let gstins: BTreeSet<String> = (1..=9999)
            .map(|nth| {
                let shop = application(nth).unwrap();
                let gstin = shop.gstin.unwrap();
                assert!(Gstin::parse(&gstin).is_ok() && Pan::parse(&shop.pan).is_ok());
                gstin
            })
            .collect();
        assert_eq!(gstins.len(), 9999);
    }

    #[test]
    fn products_have_skus_of_their_own_and_prices() {
        let listings: Vec<_> =
            (1..=20).flat_map(|shop| (1..=50).map(move |nth| listing(shop, nth))).collect();
        let skus: BTreeSet<&str> = listings.iter().map(|l| l.sku.as_str()).collect();
        assert_eq!(skus.len(), 1000);
        assert!(listings.iter().all(|l| Sku::parse(&l.sku).is_ok() && l.price > 0));
    }
}
