//! A small catalogue: four sellers, six shelves, twenty-four products. Repeating it changes nothing.

use std::path::PathBuf;

use serde::Deserialize;

use crate::onboarding::{self, Application, Listing};
use crate::person::Person;
use crate::settings::Settings;

/// Staff of the development profile.
pub const STAFF: &str = "staff@mall.test";
/// Another member of it, for what takes two.
pub const SECOND: &str = "second@mall.test";

/// A seller of the demonstration catalogue.
#[derive(Debug, Deserialize)]
struct Seller {
    address: String,
    display_name: String,
    legal_name: String,
    gstin: String,
    city: String,
    state: String,
    pincode: String,
    products: Vec<Product>,
}

#[derive(Debug, Deserialize)]
struct Product {
    title: String,
    category: String,
    hsn: String,
    gst_rate_bp: u32,
    sku: String,
    /// In paise.
    price: i64,
}

fn catalogue() -> serde_json::Result<Vec<Seller>> {
    serde_json::from_str(include_str!("seed/sellers.json"))
}

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
    for seller in catalogue()? {
        let mut person = Person::remembered(settings, &wallet, &seller.address).await?;
        let aboard = ensure(&mut person, &staff, &seller).await?;
        if !quiet {
            println!("  {:<24} {} products", seller.display_name, aboard.products.len());
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
        products.push((id, product.sku.clone(), product.price));
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
    Application {
        display_name: seller.display_name.clone(),
        legal_name: seller.legal_name.clone(),
        gstin: Some(seller.gstin.clone()),
        pan: seller.gstin[2..12].to_owned(),
        city: seller.city.clone(),
        state: seller.state.clone(),
        pincode: seller.pincode.clone(),
    }
}

fn listing(product: &Product) -> Listing {
    Listing {
        title: product.title.clone(),
        description: format!("{}. Sold and sent by its maker.", product.title),
        category: product.category.clone(),
        hsn: product.hsn.clone(),
        gst_rate_bp: product.gst_rate_bp,
        sku: product.sku.clone(),
        price: product.price,
        stock: 100,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn four_sellers_have_six_products_each() {
        let sellers = super::catalogue().unwrap();
        assert_eq!(sellers.iter().map(|seller| seller.products.len()).collect::<Vec<_>>(), [6; 4]);
    }
}
