//! A product: what its seller wrote, where it stands, what can be bought of it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use kernel::{CategorySlug, ProductId, Sku, VendorId};

use super::price::Price;
use super::status::{ListingStatus, ListingStep, NotProposable, Verdict};
use super::text::{Description, Hsn, Options, Title};

/// What a seller says about a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// What it is called.
    pub title: Title,
    pub description: Description,
    /// The shelf it stands on.
    pub category: CategorySlug,
    /// What it is to the tax office.
    pub hsn: Hsn,
    /// Goods and services tax contained in the price, in basis points.
    pub gst_rate_bp: u32,
}

/// One thing of a product that can be bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// Its stock keeping unit, unique in the mall.
    pub sku: Sku,
    /// What makes it different.
    pub options: Options,
    pub price: Price,
}

/// A product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    pub id: ProductId,
    pub vendor_id: VendorId,
    /// What the seller says about it.
    pub content: Content,
    pub status: ListingStatus,
    /// What can be bought.
    pub variants: Vec<Variant>,
    /// When moderation last decided about it, by moderation's clock.
    pub decided_at: Option<Timestamp>,
    /// Grows with every change.
    pub version: i64,
    /// When it was first written.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// One wrong value, and where it stands in the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// JSON pointer.
    pub pointer: String,
    pub why: &'static str,
}

impl Flaw {
    /// A wrong value at `pointer`.
    pub fn at(pointer: impl Into<String>, why: &'static str) -> Self {
        Self { pointer: pointer.into(), why }
    }
}

impl Product {
    /// The most variants a product can have.
    pub const MOST_VARIANTS: usize = 50;

    /// Writes a new product down as a draft.
    pub fn draft(
        vendor_id: VendorId,
        content: Content,
        variants: Vec<Variant>,
        now: Timestamp,
    ) -> Result<Self, Vec<Flaw>> {
        check(&variants)?;
        Ok(Self {
            id: ProductId::new(),
            vendor_id,
            content,
            status: ListingStatus::Draft,
            variants,
            decided_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
        })
    }

    /// The seller says something else about it.
    pub fn edit(&mut self, content: Content, now: Timestamp) -> ListingStep {
        if self.content == content {
            return ListingStep::Same;
        }
        self.content = content;
        self.touch(now);
        ListingStep::Moved(self.status.clone())
    }

    /// The seller asks for moderation.
    pub fn propose(&mut self, now: Timestamp) -> Result<(), NotProposable> {
        self.status = self.status.propose()?;
        self.touch(now);
        Ok(())
    }

    /// Moderation decided at `at`. A decision that was overtaken by a later one changes nothing.
    pub fn moderate(&mut self, verdict: Verdict, at: Timestamp, now: Timestamp) -> ListingStep {
        // The database keeps microseconds, so finer differences must not count.
        let overtaken =
            self.decided_at.is_some_and(|last| at.as_microsecond() <= last.as_microsecond());
        if overtaken {
            return ListingStep::Same;
        }
        let step = self.status.moderate(verdict);
        if let ListingStep::Moved(next) = &step {
            self.status = next.clone();
            self.decided_at = Some(at);
            self.touch(now);
        }
        step
    }

    /// It cannot be sold as it is any more.
    pub fn withdraw(&mut self, reason: &str, now: Timestamp) -> ListingStep {
        let step = self.status.withdraw(reason);
        if let ListingStep::Moved(next) = &step {
            self.status = next.clone();
            self.touch(now);
        }
        step
    }

    /// One of its variants costs something else.
    pub fn reprice(&mut self, sku: &Sku, price: Price, now: Timestamp) -> Repriced {
        let Some(variant) = self.variants.iter_mut().find(|v| &v.sku == sku) else {
            return Repriced::NoSuchVariant;
        };
        if variant.price == price {
            return Repriced::Same;
        }
        variant.price = price;
        self.touch(now);
        Repriced::Changed
    }

    fn touch(&mut self, now: Timestamp) {
        self.version += 1;
        self.updated_at = now;
    }
}

/// What came of a new price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repriced {
    /// It costs something else now.
    Changed,
    /// It cost that already.
    Same,
    /// The product has no such variant.
    NoSuchVariant,
}

fn check(variants: &[Variant]) -> Result<(), Vec<Flaw>> {
    if variants.is_empty() || variants.len() > Product::MOST_VARIANTS {
        return Err(vec![Flaw::at("/variants", "must be 1 to 50")]);
    }
    let mut seen = BTreeSet::new();
    let twice = variants.iter().enumerate().filter(|(_, v)| !seen.insert(&v.sku));
    let flaw = |(i, _)| Flaw::at(format!("/variants/{i}/sku"), "stands here twice");
    let flaws: Vec<Flaw> = twice.map(flaw).collect();
    if flaws.is_empty() { Ok(()) } else { Err(flaws) }
}

#[cfg(test)]
mod tests;
