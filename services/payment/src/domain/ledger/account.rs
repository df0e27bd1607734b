//! Which accounts there are.

use kernel::VendorId;
use strum::IntoStaticStr;

/// An account. Its code is its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Account {
    /// What the provider holds for us.
    PspClearing,
    /// Cash that was taken at doors and is on its way.
    CodReceivable,
    /// What a seller is owed, but not yet.
    VendorPayablePending(VendorId),
    /// What a seller is owed now.
    VendorPayableAvailable(VendorId),
    /// What the platform earned.
    CommissionIncome,
    /// Tax on what the platform earned.
    OutputGst,
    /// Tax collected at source.
    TcsPayable,
    /// Income tax deducted at source.
    TdsPayable,
    /// Money that is nobody's yet.
    Suspense,
    /// What buyers get back.
    RefundsPayable,
    /// Our own account at a bank.
    Bank,
    /// Cash that was taken and never arrived, less what arrived too much.
    CodShort,
    /// Income tax that was deposited for a sale that is taken back: it counts for the seller's next sales.
    TdsAdjustable(VendorId),
    /// What the platform gave buyers of its own.
    Goodwill,
    /// What banks ask back, until it is decided who bears it.
    DisputeHold,
    /// What banks took back and we bear.
    ChargebackLoss,
    /// What was given back for nothing that anybody knows, and what sellers owed and will not pay.
    WriteOff,
    /// What the provider keeps of what it settles, without the tax on that.
    PspFees,
    /// Tax that we paid to the provider and may set off.
    InputGst,
    /// What lies between the provider and our books, for reasons that only people know: lost, or gained.
    SettlementDifference,
}

/// What a seller is owed, but not yet.
pub const PENDING: &str = "vendor_payable_pending";
/// What a seller is owed now.
pub const AVAILABLE: &str = "vendor_payable_available";
/// Income tax of a seller that was deposited for sales that were taken back.
pub const TDS_ADJUSTABLE: &str = "tds_adjustable";

impl Account {
    /// Whose it is, if it is a seller's.
    pub const fn vendor(self) -> Option<VendorId> {
        match self {
            Self::VendorPayablePending(vendor_id)
            | Self::VendorPayableAvailable(vendor_id)
            | Self::TdsAdjustable(vendor_id) => Some(vendor_id),
            Self::PspClearing
            | Self::CodReceivable
            | Self::CommissionIncome
            | Self::OutputGst
            | Self::TcsPayable
            | Self::TdsPayable
            | Self::Suspense
            | Self::RefundsPayable
            | Self::Bank
            | Self::Goodwill
            | Self::DisputeHold
            | Self::ChargebackLoss
            | Self::WriteOff
            | Self::PspFees
            | Self::InputGst
            | Self::SettlementDifference
            | Self::CodShort => None,
        }
    }

    /// What kind of account it is.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::PspClearing
            | Self::CodReceivable
            | Self::Bank
            | Self::TdsAdjustable(_)
            | Self::InputGst
            | Self::DisputeHold => "asset",
            Self::VendorPayablePending(_)
            | Self::VendorPayableAvailable(_)
            | Self::OutputGst
            | Self::TcsPayable
            | Self::TdsPayable
            | Self::Suspense
            | Self::RefundsPayable => "liability",
            Self::CommissionIncome => "income",
            Self::Goodwill
            | Self::ChargebackLoss
            | Self::WriteOff
            | Self::PspFees
            | Self::SettlementDifference
            | Self::CodShort => "expense",
        }
    }
}
