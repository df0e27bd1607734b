//! The provider's verbs: each reads the books and decides what to keep and what to tell.

mod accounts;
mod create_order;
mod create_payment;
mod dispute;
mod pay;
mod pay_out;
mod plan_order;
mod refund;
mod settle_refund;

pub use accounts::{register_account, set_account_active};
pub use create_order::{NewOrder, create_order};
pub use create_payment::{NewPayment, create_payment};
pub use dispute::{decide_dispute, open_dispute};
pub use pay::{Outcome, Pay, pay};
pub use pay_out::{pay_out, plan_accounts, plan_payouts, settle_payout};
pub use plan_order::plan_order;
pub use refund::{Answer, refund};
pub use settle_refund::{Settlement, settle_refund};
