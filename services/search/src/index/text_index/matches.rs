//! Collects what matches, with its score.

use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::ColumnValues;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use super::{Match, SLOT};

/// Collects slots and scores.
pub(super) struct Matches;

pub(super) struct SegmentMatches {
    slots: Arc<dyn ColumnValues<u64>>,
    found: Vec<Match>,
}

impl Collector for Matches {
    type Fruit = Vec<Match>;
    type Child = SegmentMatches;

    fn for_segment(
        &self,
        _: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<SegmentMatches> {
        let slots = segment.fast_fields().column_first_or_default(SLOT)?;
        Ok(SegmentMatches { slots, found: Vec::new() })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, fruits: Vec<Vec<Match>>) -> tantivy::Result<Vec<Match>> {
        Ok(fruits.concat())
    }
}

impl SegmentCollector for SegmentMatches {
    type Fruit = Vec<Match>;

    fn collect(&mut self, doc: DocId, score: Score) {
        if let Ok(slot) = usize::try_from(self.slots.get_val(doc)) {
            // Positive floats sort like their bits.
            self.found.push(Match { slot, score: score.to_bits() });
        }
    }

    fn harvest(self) -> Vec<Match> {
        self.found
    }
}
