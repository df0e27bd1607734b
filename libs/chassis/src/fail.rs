//! Named places where a test can make the process "die": the future stops there and everything it held is dropped.
//!
//! Without the feature `failpoints`, which no shipped binary has, a point costs nothing.

/// The process "died" here.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("crashed at {0}")]
pub struct Crash(pub &'static str);

#[cfg(not(feature = "failpoints"))]
pub(crate) fn point(_name: &'static str) -> Result<(), Crash> {
    Ok(())
}

#[cfg(feature = "failpoints")]
pub use armed::{arm, point};

#[cfg(feature = "failpoints")]
mod armed {
    use std::collections::HashMap;
    use std::sync::{Mutex, PoisonError};

    use super::Crash;

    static ARMED: Mutex<Option<HashMap<String, u32>>> = Mutex::new(None);

    /// Makes the next `times` passages of `name` crash. The name may carry a scope: `scope/name`.
    pub fn arm(name: &str, times: u32) {
        let mut armed = ARMED.lock().unwrap_or_else(PoisonError::into_inner);
        armed.get_or_insert_default().insert(name.to_owned(), times);
    }

    /// Crashes if armed.
    pub fn point(name: &'static str) -> Result<(), Crash> {
        let mut armed = ARMED.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(left) = armed.as_mut().and_then(|a| a.get_mut(name)) else { return Ok(()) };
        if *left == 0 {
            return Ok(());
        }
        *left -= 1;
        Err(Crash(name))
    }
}
