//! Keeps the best of many.

use std::collections::BinaryHeap;

use crate::domain::{Order, PageRequest, Place, QueryRefused};

/// The best places behind a cursor.
pub struct Top<T> {
    limit: usize,
    order: Order,
    after: Option<Place>,
    best: BinaryHeap<(Place, T)>,
}

impl<T: Ord> Top<T> {
    /// Takes as many as `page` wants, from where it wants them.
    pub fn new(page: &PageRequest, order: Order) -> Result<Self, QueryRefused> {
        let place = |text| Place::decode(text, order).ok_or(QueryRefused::BadCursor);
        let after = page.after.as_deref().map(place).transpose()?;
        Ok(Self { limit: page.limit.get(), order, after, best: BinaryHeap::new() })
    }

    /// Takes note of `what` at `place`.
    pub fn take(&mut self, place: Place, what: T) {
        if self.after.is_some_and(|after| place <= after) {
            return;
        }
        // One more than wanted, to know whether there is a next page.
        if self.best.len() <= self.limit {
            self.best.push((place, what));
        } else if self.best.peek().is_some_and(|(worst, _)| place < *worst) {
            self.best.pop();
            self.best.push((place, what));
        }
    }

    /// The best, and where the next page begins.
    pub fn finish(self) -> (Vec<T>, Option<String>) {
        let mut best = self.best.into_sorted_vec();
        let more = best.len() > self.limit;
        best.truncate(self.limit);
        let next = best.last().filter(|_| more).map(|(place, _)| place.encode(self.order));
        (best.into_iter().map(|(_, what)| what).collect(), next)
    }
}
