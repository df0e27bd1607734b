//! Named places where a test can make the process "die": the future stops there and everything it held is dropped.
//!
//! Release builds have no points; in a debug build nobody outside the process can arm one.

/// Every place, in the order of a fact's way: said, heard, acted upon.
pub const POINTS: &[&str] = &[
    "relay.before_produce",
    "relay.after_produce",
    "consumer.before_commit",
    "consumer.after_commit",
    "job.before_act",
    "job.after_act",
    "job.before_commit",
    "job.after_commit",
];

/// The process "died" here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("crashed at {0}")]
pub struct Crash(pub &'static str);

#[cfg(not(debug_assertions))]
pub(crate) fn point(_db: &crate::db::Db, _name: &'static str) -> Result<(), Crash> {
    Ok(())
}

#[cfg(debug_assertions)]
pub(crate) use armed::point;
#[cfg(debug_assertions)]
pub use armed::{arm, left};

#[cfg(debug_assertions)]
mod armed {
    use std::collections::HashMap;
    use std::sync::{Mutex, PoisonError};

    use super::Crash;
    use crate::db::Db;

    static ARMED: Mutex<Option<HashMap<String, u32>>> = Mutex::new(None);

    /// The database is the scope, so that tests of one process do not crash each other.
    fn scoped(db: &Db, name: &str) -> String {
        let options = db.pool().connect_options();
        format!("{}/{name}", options.get_database().unwrap_or_default())
    }

    /// Makes the next `times` passages of `name` over this database crash.
    pub fn arm(db: &Db, name: &'static str, times: u32) {
        let mut armed = ARMED.lock().unwrap_or_else(PoisonError::into_inner);
        armed.get_or_insert_default().insert(scoped(db, name), times);
    }

    /// How many armed crashes of `name` have not happened yet.
    pub fn left(db: &Db, name: &'static str) -> u32 {
        let armed = ARMED.lock().unwrap_or_else(PoisonError::into_inner);
        armed.as_ref().and_then(|a| a.get(&scoped(db, name))).copied().unwrap_or(0)
    }

    /// Crashes if armed.
    pub(crate) fn point(db: &Db, name: &'static str) -> Result<(), Crash> {
        let mut armed = ARMED.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(armed) = armed.as_mut() else { return Ok(()) };
        match armed.get_mut(&scoped(db, name)) {
            Some(left) if *left > 0 => {
                *left -= 1;
                Err(Crash(name))
            }
            _ => Ok(()),
        }
    }
}
