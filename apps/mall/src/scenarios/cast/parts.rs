//! The three sellers of every story and what they sell.

use super::Seller;
use crate::onboarding::{self, Application, Listing};
use crate::person::Person;
use crate::seed;
use crate::settings::Settings;

/// How many there are of each product before a story begins, at least.
const ON_THE_SHELF: i64 = 300;

/// What one seller sells in every story.
pub struct Part {
    address: &'static str,
    /// The name buyers see, and the one on documents.
    pub names: (&'static str, &'static str),
    /// Its number, if it is registered.
    pub gstin: Option<&'static str>,
    pan: &'static str,
    /// City, state, pincode.
    pub place: (&'static str, &'static str, &'static str),
    /// Title, HSN, GST in basis points.
    pub product: (&'static str, &'static str, u32),
    /// Its SKU.
    pub sku: &'static str,
    /// Price of one in paise.
    pub price: i64,
    /// How many the buyer takes.
    pub quantity: u32,
}

/// The three parts of every order.
pub const PARTS: [Part; 3] = [
    Part {
        address: "nila@sellers.mall.test",
        names: ("Nila Pottery", "Nila Pottery Private Limited"),
        gstin: Some("29AAKCN5127P1ZQ"),
        pan: "AAKCN5127P",
        place: ("Bengaluru", "29", "560001"),
        product: ("Stoneware mug", "6912", 1800),
        sku: "NILA-MUG-1",
        price: 49_900,
        quantity: 3,
    },
    Part {
        address: "lumen@sellers.mall.test",
        names: ("Lumen Lights", "Lumen Lights Private Limited"),
        gstin: Some("27AAFCL9043Q1ZS"),
        pan: "AAFCL9043Q",
        place: ("Pune", "27", "411001"),
        product: ("Reading lamp", "9405", 1800),
        sku: "LUMEN-LAMP-1",
        price: 129_900,
        quantity: 2,
    },
    Part {
        address: "meera@sellers.mall.test",
        names: ("Meera Papercraft", "Meera Devi"),
        gstin: None,
        pan: "AAHPM4410R",
        place: ("Mysuru", "29", "570001"),
        product: ("Paper lantern", "4823", 0),
        sku: "MEERA-LANTERN-1",
        price: 25_000,
        quantity: 1,
    },
];

/// What a buyer pays for all three parts, in paise.
pub const TOTAL: i64 = 434_500;

impl Part {
    pub(super) async fn aboard(
        &self,
        settings: &Settings,
        staff: &Person,
    ) -> anyhow::Result<Seller> {
        let person = Person::remembered(settings, &seed::wallet(settings), self.address).await?;
        let person = person.lasting(settings);
        let vendor = onboarding::come_aboard(&person, staff, &self.application()).await?;
        let known = onboarding::owned(&person, &vendor).await?;
        onboarding::list(&person, staff, &vendor, &known, &self.listing()).await?;
        let stock = person.get(&format!("/v1/vendors/{vendor}/stock/{}", self.sku)).await?;
        if stock["available"].as_i64().unwrap_or(0) < ON_THE_SHELF {
            onboarding::stock(&person, &vendor, self.sku, 1_000).await?;
        }
        Ok(Seller { person, vendor, guest: false })
    }

    fn application(&self) -> Application {
        let (city, state, pincode) = self.place;
        Application {
            display_name: self.names.0.into(),
            legal_name: self.names.1.into(),
            gstin: self.gstin.map(Into::into),
            pan: self.pan.into(),
            city: city.into(),
            state: state.into(),
            pincode: pincode.into(),
        }
    }

    fn listing(&self) -> Listing {
        let (title, hsn, gst_rate_bp) = self.product;
        Listing {
            title: title.into(),
            description: format!("{title}. Sold and sent by its maker."),
            category: "decor".into(),
            hsn: hsn.into(),
            gst_rate_bp,
            sku: self.sku.into(),
            price: self.price,
            stock: 100,
        }
    }
}
