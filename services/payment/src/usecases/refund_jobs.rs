//! What the provider is to be asked about refunds. Whoever asks for it need not know how it is done.

use chassis::Job;
use kernel::RefundId;
use serde::{Deserialize, Serialize};

use crate::domain::Refund;

/// Have the provider give money back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendRefund {
    pub refund_id: RefundId,
    /// Which attempt; it is the last part of its name at the provider.
    pub attempt: i32,
    /// It was asked for before, too long ago for its name alone to be relied upon.
    #[serde(default)]
    pub look_first: bool,
    /// So often it did not answer since it was last left alone.
    #[serde(default)]
    pub tries: u32,
}

impl SendRefund {
    pub const fn of(refund: &Refund) -> Self {
        Self { refund_id: refund.id, attempt: refund.attempt, look_first: false, tries: 0 }
    }
}

impl Job for SendRefund {
    const KIND: &'static str = "send_refund";
}

/// Ask what became of a refund that the provider accepted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LookAtRefund {
    pub refund_id: RefundId,
    pub attempt: i32,
    /// The how many-th look, counted from 0.
    pub nth: usize,
    /// So often the provider did not answer this look.
    #[serde(default)]
    pub tries: u32,
}

impl Job for LookAtRefund {
    const KIND: &'static str = "look_at_refund";
    // The next look comes by itself.
    const MAX_ATTEMPTS: i32 = 3;
}
