//! The way to whoever pays sellers. Their bank accounts are known there, each under the seller's id (ADR 25): they never
//! come here.

use std::fmt::Debug;

use async_trait::async_trait;
use kernel::{Money, VendorId};

use super::ProviderError;
use crate::domain::payout::PayoutSighting;

/// What a refusal says when a seller has no bank account at the provider.
pub const NO_ACCOUNT: &str = "no_bank_account";

/// What a seller is to be paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutAsk {
    pub vendor_id: VendorId,
    pub amount: Money,
    /// Our unique name for it: asking twice is asking once.
    pub key: String,
}

/// Pays sellers.
#[async_trait]
pub trait Payouts: Debug + Send + Sync {
    /// Pays, or finds what was paid under the same name before.
    async fn pay(&self, ask: &PayoutAsk) -> Result<PayoutSighting, ProviderError>;

    /// The payout of this name of ours, if it is there.
    async fn find_payout(&self, key: &str) -> Result<Option<PayoutSighting>, ProviderError>;
}
