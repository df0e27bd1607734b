//! What the probe overhears, in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use chassis::{InMemoryProjection, Meta};
use contracts::product::StockLevelChanged;

use crate::probe::Probe;

/// The last version heard of each key; a version without a level is one that is gone.
#[derive(Debug, Clone, Default)]
pub struct Levels(Arc<Mutex<BTreeMap<String, (i64, bool)>>>);

impl Levels {
    /// The versions of the keys that are there.
    pub fn there(&self) -> BTreeMap<String, i64> {
        let all = self.0.lock().unwrap();
        all.iter().filter(|(_, (_, there))| *there).map(|(k, (v, _))| (k.clone(), *v)).collect()
    }
}

impl InMemoryProjection<StockLevelChanged> for Probe {
    fn apply(&self, state: Option<StockLevelChanged>, meta: &Meta) {
        assert!(meta.key != "PANIC", "the probe was told to");
        let mut all = self.strings.levels.0.lock().unwrap();
        let known = all.entry(meta.key.clone()).or_insert((0, false));
        if meta.version > known.0 {
            *known = (meta.version, state.is_some());
        }
    }
}
