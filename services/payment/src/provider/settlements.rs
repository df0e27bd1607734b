//! What the provider settles to our bank.

use std::fmt::Debug;

use async_trait::async_trait;
use jiff::civil::Date;

use super::ProviderError;
use crate::domain::settlement::Settled;

/// Some of the rows of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    pub rows: Vec<Settled>,
    /// So many were passed over and shown so far; none where there are no more.
    pub next: Option<usize>,
}

/// Tells what it settled.
#[async_trait]
pub trait Settlements: Debug + Send + Sync {
    /// What it settled on a day by India's calendar, without the first so many rows.
    async fn settled(&self, day: Date, skip: usize) -> Result<Rows, ProviderError>;
}
