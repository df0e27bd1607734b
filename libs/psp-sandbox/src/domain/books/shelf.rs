//! Things by their id, in the order they came.

use std::collections::HashMap;

/// Things by id, in the order they came.
#[derive(Debug)]
pub(super) struct Shelf<T> {
    by_id: HashMap<String, T>,
    ids: Vec<String>,
}

impl<T> Shelf<T> {
    pub fn put(&mut self, id: &str, thing: T) {
        if self.by_id.insert(id.to_owned(), thing).is_none() {
            self.ids.push(id.to_owned());
        }
    }

    pub fn find(&self, id: &str) -> Option<&T> {
        self.by_id.get(id)
    }

    pub fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.by_id.get_mut(id)
    }

    pub fn list(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.ids.iter().filter_map(|id| self.by_id.get(id))
    }
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { by_id: HashMap::new(), ids: Vec::new() }
    }
}
