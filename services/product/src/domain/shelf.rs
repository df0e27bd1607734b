//! The SKUs a transaction has locked, and what moving pieces does to them.

use std::collections::BTreeMap;

use kernel::{ProductId, Sku, VendorId};

use super::stock::{Counters, Level, Move};

/// What is known of one locked SKU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    pub product_id: ProductId,
    pub vendor_id: VendorId,
    /// How many there are, and where.
    pub counters: Counters,
}

/// Locked SKUs, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shelf(BTreeMap<Sku, Slot>);

/// A SKU's coarse level is another one now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crossed {
    pub sku: Sku,
    pub product_id: ProductId,
    pub vendor_id: VendorId,
    pub level: Level,
}

/// Fewer of a SKU are there than were to be moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Short(pub Sku);

impl FromIterator<(Sku, Slot)> for Shelf {
    fn from_iter<I: IntoIterator<Item = (Sku, Slot)>>(slots: I) -> Self {
        Self(slots.into_iter().collect())
    }
}

impl Shelf {
    /// One SKU.
    pub fn slot(&self, sku: &Sku) -> Option<&Slot> {
        self.0.get(sku)
    }

    /// Everything on it is of `seller`; else which SKU is not.
    pub fn all_of(&self, seller: VendorId) -> Result<(), Sku> {
        match self.0.iter().find(|(_, slot)| slot.vendor_id != seller) {
            Some((sku, _)) => Err(sku.clone()),
            None => Ok(()),
        }
    }

    /// How many of a SKU can be had; none of one that does not exist.
    pub fn available(&self, sku: &Sku) -> i64 {
        self.0.get(sku).map_or(0, |slot| slot.counters.available)
    }

    /// Moves pieces, all or nothing, and names the SKUs whose coarse level changed on the whole.
    pub fn carry_out(&mut self, moves: &[Move]) -> Result<Vec<Crossed>, Short> {
        let mut after = self.0.clone();
        for step in moves {
            let slot = after.get_mut(&step.sku).ok_or_else(|| Short(step.sku.clone()))?;
            slot.counters =
                slot.counters.plus(step.change()).ok_or_else(|| Short(step.sku.clone()))?;
        }
        let before = std::mem::replace(&mut self.0, after);
        Ok(self.crossed(&before))
    }

    fn crossed(&self, before: &BTreeMap<Sku, Slot>) -> Vec<Crossed> {
        let changed = self.0.iter().filter(|(sku, slot)| {
            before.get(*sku).is_some_and(|old| old.counters.level() != slot.counters.level())
        });
        changed
            .map(|(sku, slot)| Crossed {
                sku: sku.clone(),
                product_id: slot.product_id,
                vendor_id: slot.vendor_id,
                level: slot.counters.level(),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
