//! A basket, before it is ordered.

use anyhow::Context as _;
use reqwest::StatusCode;
use serde_json::Value;

use super::Purchase;
use crate::journey::{Method, buy};
use crate::person::Person;
use crate::scenarios::cast::{Cast, Item, Seller};

/// Where buyers live: the state of the first and the third seller.
const HOME: (&str, &str, &str) = ("Bengaluru", "29", "560001");

/// Somebody who is signed in and has an address.
#[derive(Debug, Clone)]
pub struct Customer {
    buyer: Person,
    home: String,
}

impl Customer {
    /// Somebody new signs in and writes their address down.
    pub async fn arrive(cast: &Cast) -> anyhow::Result<Self> {
        Self::arrive_in(cast, HOME).await
    }

    /// The same, somewhere else.
    async fn arrive_in(cast: &Cast, home: (&str, &str, &str)) -> anyhow::Result<Self> {
        let address = format!("scene-{}@mall.test", kernel::EventId::new().as_uuid().simple());
        let buyer = Person::sign_in(&cast.settings, &address).await?.lasting(&cast.settings);
        let home = buy::add_address_in(&buyer, home).await?;
        Ok(Self { buyer, home })
    }
}

/// A cart that can be checked out.
#[derive(Debug, Clone)]
pub struct Basket {
    /// Whose it is.
    pub buyer: Person,
    home: String,
    total: Value,
    sellers: Vec<Seller>,
}

impl Basket {
    /// Somebody new puts `items` into a cart.
    pub async fn fill(cast: &Cast, items: &[Item]) -> anyhow::Result<Self> {
        Self::fill_in(cast, items, HOME).await
    }

    /// The same, somewhere else.
    pub async fn fill_in(
        cast: &Cast,
        items: &[Item],
        home: (&str, &str, &str),
    ) -> anyhow::Result<Self> {
        Self::fill_of(&Customer::arrive_in(cast, home).await?, items).await
    }

    /// Somebody who is here already puts `items` into a cart that is empty.
    pub async fn fill_of(customer: &Customer, items: &[Item]) -> anyhow::Result<Self> {
        let Customer { buyer, home } = customer.clone();
        let wanted: Vec<_> = items.iter().map(|item| (item.sku.as_str(), item.quantity)).collect();
        let total = buy::fill_cart(&buyer, &wanted).await?;
        let due: i64 = items.iter().map(Item::total).sum();
        anyhow::ensure!(total["amount"] == due, "the cart is over {total}, not {due}");
        let mut sellers: Vec<Seller> = Vec::new();
        for item in items {
            if sellers.iter().all(|known| known.vendor != item.seller.vendor) {
                sellers.push(item.seller.clone());
            }
        }
        Ok(Self { buyer, home, total, sellers })
    }

    /// Orders it. Nobody waits for what comes of that.
    pub async fn check_out(&self, method: Method) -> anyhow::Result<Purchase> {
        let (checkout, _) = buy::check_out(&self.buyer, &self.home, method, &self.total).await?;
        Ok(Purchase { checkout, ..self.nothing() })
    }

    /// Asks the till. Returns what it answers.
    pub async fn try_check_out(&self, method: Method) -> anyhow::Result<(StatusCode, Value)> {
        let (status, answer, _) =
            buy::try_check_out(&self.buyer, &self.home, method, &self.total).await?;
        Ok((status, answer))
    }

    /// Waits until the order is there that the till's `answer` promises, and by UPI until it can be paid.
    pub async fn ordered(&self, answer: &Value, method: Method) -> anyhow::Result<Purchase> {
        let checkout = answer["checkout_id"].as_str().context("no checkout_id")?.to_owned();
        let mut purchase = Purchase { checkout, ..self.nothing() };
        purchase.placed().await?;
        if method == Method::Upi {
            purchase.payable().await?;
        }
        Ok(purchase)
    }

    /// Nothing came of it.
    pub fn nothing(&self) -> Purchase {
        Purchase {
            buyer: self.buyer.clone(),
            checkout: String::new(),
            order: String::new(),
            payment: String::new(),
            provider_order: String::new(),
            sellers: self.sellers.clone(),
        }
    }
}
