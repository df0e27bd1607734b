//! Sellers that take part in one story only: what one of them is owed or paid is of that story.

use kernel::{EventId, Gstin};

use super::cast::{Cast, Item, PARTS, Seller};
use crate::onboarding::{self, Application};
use crate::person::Person;
use crate::reporter::{PATIENCE, until};

/// How many pieces a guest has.
const ON_THE_SHELF: i64 = 10;

impl Cast {
    /// A seller comes aboard who takes part in one story only: of the kind and the state of the seller of part `nth`, with
    /// a number of its own.
    pub async fn guest(&self, nth: usize) -> anyhow::Result<Seller> {
        let like = &PARTS[nth];
        let (city, state, pincode) = like.place;
        let pan = fresh_pan();
        let digits = ('0'..='9').chain('A'..='Z');
        let mut numbers = digits.map(|last| format!("{state}{pan}1Z{last}"));
        let gstin = like.gstin.and_then(|_| numbers.find(|gstin| Gstin::parse(gstin).is_ok()));
        let address = format!("guest-{}@sellers.mall.test", EventId::new().as_uuid().simple());
        let person = Person::sign_in(&self.settings, &address).await?.lasting(&self.settings);
        let application = Application {
            display_name: format!("Guest {}", &pan[5..9]),
            legal_name: format!("Guest {pan}"),
            gstin,
            pan,
            city: city.into(),
            state: state.into(),
            pincode: pincode.into(),
        };
        let vendor = onboarding::come_aboard(&person, &self.staff, &application).await?;
        Ok(Seller { person, vendor, guest: true })
    }

    /// What a buyer takes of part `nth`, offered by a guest.
    pub async fn guest_item(&self, nth: usize) -> anyhow::Result<Item> {
        let part = &PARTS[nth];
        let (_, _, gst_rate_bp) = part.product;
        let guest = self.guest(nth).await?;
        let item = self.offer(&guest, part.price, gst_rate_bp, ON_THE_SHELF, part.quantity).await?;
        self.known_to_order(&guest, &item).await?;
        Ok(item)
    }

    /// The till overhears at once what is for sale; order-service, which has the last word, may hear it a moment later.
    async fn known_to_order(&self, guest: &Seller, item: &Item) -> anyhow::Result<()> {
        let db = self.stack.db("order")?;
        let known = "select exists (select from vendor_copies where vendor_id::text = $1 and standing = 'on')
                        and exists (select from product_copies where $2 = any (skus) and standing = 'on')";
        until(PATIENCE, "order-service knows the guest", async || {
            let known = sqlx::query_scalar::<_, bool>(known);
            let known = known.bind(&guest.vendor).bind(&item.sku).fetch_one(db).await?;
            Ok(known.then_some(()))
        })
        .await
    }

    /// All three parts, each offered by a guest.
    pub async fn guest_items(&self) -> anyhow::Result<[Item; 3]> {
        let (first, second, third) =
            tokio::try_join!(self.guest_item(0), self.guest_item(1), self.guest_item(2))?;
        Ok([first, second, third])
    }
}

fn fresh_pan() -> String {
    let unique = EventId::new().as_uuid().as_u128();
    let letter =
        |nth: u32| char::from(b'A' + u8::try_from((unique >> (5 * nth)) % 26).unwrap_or(0));
    let first: String = (0..3).map(letter).collect();
    format!("{first}P{}{:04}{}", letter(3), unique % 10_000, letter(4))
}
