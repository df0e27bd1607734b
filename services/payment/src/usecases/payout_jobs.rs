//! What is to be done about payouts. Whoever asks for it need not know how it is done.

use chassis::Job;
use jiff::SignedDuration;
use jiff::civil::Date;
use kernel::{PayoutId, UserId, VendorId};
use serde::{Deserialize, Serialize};

/// How often staff are told that a payout waits for one of them.
pub const REMINDED: SignedDuration = SignedDuration::from_hours(24);

/// Pay one seller what is there for it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PayOut {
    /// The day of the run.
    pub run_on: Date,
    pub vendor_id: VendorId,
    /// Who of staff began the run, if nobody waited for the day.
    #[serde(default)]
    pub begun_by: Option<UserId>,
}

impl Job for PayOut {
    const KIND: &'static str = "pay_out";
}

/// Have the provider pay.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendPayout {
    pub payout_id: PayoutId,
    /// It was asked for before, too long ago for its name alone to be relied upon.
    #[serde(default)]
    pub look_first: bool,
    /// How often the provider did not answer since it was last left alone.
    #[serde(default)]
    pub tries: u32,
}

impl Job for SendPayout {
    const KIND: &'static str = "send_payout";
}

/// Tell staff that a payout still waits for one of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RemindOfPayout {
    pub payout_id: PayoutId,
}

impl Job for RemindOfPayout {
    const KIND: &'static str = "remind_of_payout";
}

/// Ask what became of a payout that the provider accepted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LookAtPayout {
    pub payout_id: PayoutId,
    /// The how many-th look, counted from 0.
    pub nth: usize,
    /// How often this look saw nothing, because the provider did not answer.
    #[serde(default)]
    pub tries: u32,
}

impl Job for LookAtPayout {
    const KIND: &'static str = "look_at_payout";
}
