//! Who takes part: staff and three sellers, one of each kind that the law knows differently.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use kernel::EventId;
use serde_json::json;

use super::prompter::Prompter;
use crate::clock::StackClock;
use crate::onboarding::{self, Application, Listing};
use crate::person::Person;
use crate::reporter::{PATIENCE, until};
use crate::seed;
use crate::settings::Settings;
use crate::supervisor::Supervisor;
use crate::verify::stack::StackHandles;

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

/// A seller that is aboard.
#[derive(Debug, Clone)]
pub struct Seller {
    /// Who acts for it.
    pub person: Person,
    /// Its id.
    pub vendor: String,
    /// It takes part in one story only, so that whatever it is paid is of that story.
    pub guest: bool,
}

/// Something that a buyer puts into the cart.
#[derive(Debug, Clone)]
pub struct Item {
    /// Who sells it.
    pub seller: Seller,
    /// What it is.
    pub sku: String,
    /// The product it is of; empty where no story asks for it.
    pub product: String,
    /// Price of one in paise.
    pub price: i64,
    /// How many.
    pub quantity: u32,
}

impl Item {
    /// What all of them cost, in paise.
    pub fn total(&self) -> i64 {
        self.price * i64::from(self.quantity)
    }
}

/// Who takes part.
#[derive(Debug)]
pub struct Cast {
    /// The installation.
    pub settings: Settings,
    /// What lies behind it, to read the books.
    pub stack: StackHandles,
    /// Staff.
    pub staff: Person,
    /// Another member of staff, for what takes two.
    pub second: Person,
    /// The sellers, in the order of the parts.
    pub sellers: [Seller; 3],
    /// The clocks of the stack.
    pub clock: StackClock,
    /// What starts and stops its programs.
    pub supervisor: Supervisor,
    /// Who gives cues.
    pub prompter: Prompter,
}

impl Cast {
    /// Has everybody aboard and every shelf filled. Repeating it changes nothing.
    pub async fn gather(settings: &Settings) -> anyhow::Result<Self> {
        let staff = Person::remembered(settings, &seed::wallet(settings), seed::STAFF).await?;
        let staff = staff.lasting(settings);
        let second = Person::remembered(settings, &seed::wallet(settings), seed::SECOND).await?;
        let [nila, lumen, meera] = &PARTS;
        let sellers = [
            nila.aboard(settings, &staff).await?,
            lumen.aboard(settings, &staff).await?,
            meera.aboard(settings, &staff).await?,
        ];
        let stack = StackHandles::of(settings).await?;
        Ok(Self {
            settings: settings.clone(),
            stack,
            staff,
            second: second.lasting(settings),
            sellers,
            clock: StackClock::of(settings)?,
            supervisor: Supervisor::of(settings),
            prompter: Prompter::default(),
        })
    }

    /// What every buyer buys, unless the story says otherwise.
    pub fn items(&self) -> [Item; 3] {
        [0, 1, 2].map(|nth| self.item(nth))
    }

    /// The `nth` of them.
    pub fn item(&self, nth: usize) -> Item {
        let (part, seller) = (&PARTS[nth], self.sellers[nth].clone());
        let (product, quantity) = (String::new(), part.quantity);
        Item { seller, sku: part.sku.into(), product, price: part.price, quantity }
    }

    /// When it will be `later` than now by the clocks of the stack.
    pub fn after(&self, later: SignedDuration) -> anyhow::Result<Timestamp> {
        Ok(self.clock.now()? + later)
    }

    /// Lets time pass.
    pub async fn pass(&self, time: SignedDuration) -> anyhow::Result<()> {
        self.prompter.time(self.after(time)?).await
    }

    /// `seller` offers something that no other story buys: so many pieces at a price in paise and a rate in basis points.
    pub async fn offer(
        &self,
        seller: &Seller,
        price: i64,
        gst_rate_bp: u32,
        stock: i64,
        quantity: u32,
    ) -> anyhow::Result<Item> {
        let unique = EventId::new().as_uuid().simple().to_string().to_uppercase();
        let sku = format!("SCENE-{}", &unique[unique.len() - 16..]);
        let listing = Listing {
            title: format!("One-off {}", &sku[sku.len() - 6..]),
            description: "Made for one story. Sold and sent by its maker.".into(),
            category: "decor".into(),
            hsn: if gst_rate_bp == 0 { "4823" } else { "6912" }.into(),
            gst_rate_bp,
            sku: sku.clone(),
            price,
            stock,
        };
        let (person, vendor) = (&seller.person, &seller.vendor);
        let product =
            onboarding::list(person, &self.staff, vendor, &BTreeMap::new(), &listing).await?;
        Ok(Item { seller: seller.clone(), sku, product, price, quantity })
    }

    /// Waits until as many of an item as a buyer wanted are to be had.
    pub async fn available(&self, item: &Item) -> anyhow::Result<()> {
        let path = format!("/v1/vendors/{}/stock/{}", item.seller.vendor, item.sku);
        until(PATIENCE, "the pieces are held no longer", async || {
            let stock = item.seller.person.get(&path).await?;
            let there = stock["available"].as_i64() >= Some(i64::from(item.quantity));
            Ok(there.then_some(()))
        })
        .await
    }

    /// Staff decide about a seller or a product: `vendors/{id}`, `products/{id}`.
    pub async fn decide(&self, what: &str, decision: &str) -> anyhow::Result<()> {
        let body = json!({ "decision": decision, "reason": "The story says so." });
        self.staff.post(&format!("/v1/admin/{what}/decisions"), body).await.map(drop)
    }
}

impl Part {
    async fn aboard(&self, settings: &Settings, staff: &Person) -> anyhow::Result<Seller> {
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
