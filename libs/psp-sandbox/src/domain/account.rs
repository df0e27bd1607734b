//! Where a seller is paid: the bank accounts that the merchant registered for it.

use serde::{Deserialize, Serialize};

/// How the provider answers whoever registers a bank account for a seller.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountAnswer {
    /// It takes it.
    #[default]
    Accepted,
    /// The bank knows no such account.
    Refused,
}

/// A bank account, as the merchant gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BankAccount {
    /// Whose it is.
    pub name: String,
    /// Which branch.
    pub ifsc: String,
    /// Which account.
    pub account_number: String,
}

/// A fund account: a bank account of a seller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FundAccount {
    /// `fa_`, the seller and the how many-th it is.
    pub id: String,
    /// Whose.
    pub seller: String,
    /// Where.
    pub bank: BankAccount,
    /// Whether anything is paid to it.
    pub active: bool,
}
