//! Who takes part: staff and three sellers, one of each kind that the law knows differently.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use kernel::EventId;
use serde_json::json;

use super::prompter::Prompter;
use crate::clock::StackClock;
use crate::onboarding::{self, Listing};
use crate::person::Person;
use crate::reporter::{PATIENCE, until};
use crate::seed;
use crate::settings::Settings;
use crate::supervisor::Supervisor;
use crate::verify::stack::StackHandles;

mod parts;
pub use parts::{PARTS, Part, TOTAL};

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
        let staff = remembered(settings, seed::STAFF).await?;
        let second = remembered(settings, seed::SECOND).await?;
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
            second,
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
        let listing = one_off(price, gst_rate_bp, stock);
        let (person, vendor) = (&seller.person, &seller.vendor);
        let product =
            onboarding::list(person, &self.staff, vendor, &BTreeMap::new(), &listing).await?;
        Ok(Item { seller: seller.clone(), sku: listing.sku, product, price, quantity })
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

async fn remembered(settings: &Settings, address: &str) -> anyhow::Result<Person> {
    let person = Person::remembered(settings, &seed::wallet(settings), address).await?;
    Ok(person.lasting(settings))
}

/// Made for one story.
fn one_off(price: i64, gst_rate_bp: u32, stock: i64) -> Listing {
    let unique = EventId::new().as_uuid().simple().to_string().to_uppercase();
    let sku = format!("SCENE-{}", &unique[unique.len() - 16..]);
    Listing {
        title: format!("One-off {}", &sku[sku.len() - 6..]),
        description: "Made for one story. Sold and sent by its maker.".into(),
        category: "decor".into(),
        hsn: if gst_rate_bp == 0 { "4823" } else { "6912" }.into(),
        gst_rate_bp,
        sku,
        price,
        stock,
    }
}
