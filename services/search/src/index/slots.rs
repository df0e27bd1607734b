//! Things with an unchanging number each, so that a number can stand for the thing.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// The things of one kind. A slot, once given, is never given to another key.
#[derive(Debug)]
pub struct Slots<K, V> {
    slots: HashMap<K, usize>,
    entries: Vec<V>,
}

impl<K: Eq + Hash, V> Slots<K, V> {
    pub fn new() -> Self {
        Self { slots: HashMap::new(), entries: Vec::new() }
    }

    /// The slot of `key`, which is filled with `entry` when it is new.
    pub fn slot_or(&mut self, key: K, entry: impl FnOnce() -> V) -> usize {
        let entries = &mut self.entries;
        *self.slots.entry(key).or_insert_with(|| {
            entries.push(entry());
            entries.len() - 1
        })
    }

    /// The slot of `key`, if it ever had one.
    pub fn find<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<usize>
    where
        K: Borrow<Q>,
    {
        self.slots.get(key).copied()
    }

    pub fn get(&self, slot: usize) -> Option<&V> {
        self.entries.get(slot)
    }

    /// What is in `slot`, to be changed.
    pub fn get_mut(&mut self, slot: usize) -> Option<&mut V> {
        self.entries.get_mut(slot)
    }

    /// All entries in the order of their slots.
    pub fn entries(&self) -> &[V] {
        &self.entries
    }
}
