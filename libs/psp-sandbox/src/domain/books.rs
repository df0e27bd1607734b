//! All that the provider knows, built from entries one after the other and from nothing else.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::account::{AccountAnswer, FundAccount};
use super::dispute::Dispute;
use super::order::Order;
use super::payment::Payment;
use super::payout::{Payout, PayoutAnswer};
use super::refund::Refund;
use super::refused::Refused;
use super::webhook::Webhook;

mod keeping;

mod shelf;
use shelf::Shelf;

/// One change, as the ledger file keeps it. An entity is written whole each time it changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JournalEntry {
    /// An order as it is now.
    Order(Order),
    /// A payment as it is now.
    Payment(Payment),
    /// A refund as it is now.
    Refund(Refund),
    /// A dispute as it is now.
    Dispute(Dispute),
    /// A payout as it is now.
    Payout(Payout),
    /// What payouts to a seller meet with from now on.
    PayoutPlan {
        /// The seller.
        seller: String,
        /// The answer.
        answer: PayoutAnswer,
    },
    /// A bank account of a seller as it is now.
    FundAccount(FundAccount),
    /// How whoever registers a bank account for a seller is answered from now on.
    AccountPlan {
        /// The seller.
        seller: String,
        /// The answer.
        answer: AccountAnswer,
    },
    /// An event to deliver.
    Webhook(Webhook),
    /// Some deliveries of an event need no more attempts.
    Settled {
        /// The event's id.
        event_id: String,
        /// How many deliveries.
        deliveries: u32,
    },
}

/// The ids of what belongs to one order, in the order they came.
#[derive(Debug, Default)]
struct Folder {
    payments: Vec<String>,
    refunds: Vec<String>,
    webhooks: Vec<String>,
}

/// The provider's memory.
#[derive(Debug, Default)]
pub struct Books {
    orders: Shelf<Order>,
    payments: Shelf<Payment>,
    refunds: Shelf<Refund>,
    disputes: Shelf<Dispute>,
    webhooks: Shelf<Webhook>,
    folders: HashMap<String, Folder>,
    receipts: HashMap<String, String>,
    refund_keys: HashMap<String, String>,
    payouts: Shelf<Payout>,
    payout_keys: HashMap<String, String>,
    payout_plans: HashMap<String, PayoutAnswer>,
    accounts: Shelf<FundAccount>,
    account_plans: HashMap<String, AccountAnswer>,
}

impl Books {
    /// The order with this id.
    pub fn order(&self, id: &str) -> Result<&Order, Refused> {
        self.orders.find(id).ok_or(Refused::UnknownId)
    }

    /// The payment with this id.
    pub fn payment(&self, id: &str) -> Result<&Payment, Refused> {
        self.payments.find(id).ok_or(Refused::UnknownId)
    }

    /// The refund with this id.
    pub fn refund(&self, id: &str) -> Result<&Refund, Refused> {
        self.refunds.find(id).ok_or(Refused::UnknownId)
    }

    /// The dispute with this id.
    pub fn dispute(&self, id: &str) -> Result<&Dispute, Refused> {
        self.disputes.find(id).ok_or(Refused::UnknownId)
    }

    /// Every dispute, oldest first.
    pub fn disputes(&self) -> impl DoubleEndedIterator<Item = &Dispute> {
        self.disputes.list()
    }

    /// The payout with this id.
    pub fn payout(&self, id: &str) -> Result<&Payout, Refused> {
        self.payouts.find(id).ok_or(Refused::UnknownId)
    }

    /// The payout first asked for under this idempotency key.
    pub fn find_by_payout_key(&self, key: &str) -> Option<&Payout> {
        self.payouts.find(self.payout_keys.get(key)?)
    }

    /// Every payout, oldest first.
    pub fn payouts(&self) -> impl DoubleEndedIterator<Item = &Payout> {
        self.payouts.list()
    }

    /// How the next payout to a seller is answered.
    pub fn payout_answer(&self, seller: &str) -> PayoutAnswer {
        self.payout_plans.get(seller).copied().unwrap_or_default()
    }

    /// The fund account with this id.
    pub fn account(&self, id: &str) -> Result<&FundAccount, Refused> {
        self.accounts.find(id).ok_or(Refused::UnknownId)
    }

    /// The bank accounts that were registered for a seller, oldest first.
    pub fn accounts_of(&self, seller: &str) -> impl Iterator<Item = &FundAccount> {
        self.accounts.list().filter(move |account| account.seller == seller)
    }

    /// How whoever registers a bank account for a seller is answered.
    pub fn account_answer(&self, seller: &str) -> AccountAnswer {
        self.account_plans.get(seller).copied().unwrap_or_default()
    }

    /// The order the merchant calls `receipt`.
    pub fn find_by_receipt(&self, receipt: &str) -> Option<&Order> {
        self.orders.find(self.receipts.get(receipt)?)
    }

    /// The refund first asked for under this idempotency key.
    pub fn find_by_refund_key(&self, key: &str) -> Option<&Refund> {
        self.refunds.find(self.refund_keys.get(key)?)
    }

    /// The refund of this payment that the merchant calls `receipt`.
    pub fn find_by_refund_receipt(&self, payment: &Payment, receipt: &str) -> Option<&Refund> {
        let mut refunds = self.refunds_of(&payment.order_id);
        refunds.find(|refund| {
            refund.ask.payment_id == payment.id && refund.ask.receipt.as_deref() == Some(receipt)
        })
    }

    /// Every payment, oldest first.
    pub fn payments(&self) -> impl DoubleEndedIterator<Item = &Payment> {
        self.payments.list()
    }

    /// Every refund, oldest first.
    pub fn refunds(&self) -> impl DoubleEndedIterator<Item = &Refund> {
        self.refunds.list()
    }

    /// The payments of one order, oldest first.
    pub fn payments_of(&self, order_id: &str) -> impl DoubleEndedIterator<Item = &Payment> {
        let ids = self.folders.get(order_id).map_or(&[][..], |folder| &folder.payments);
        ids.iter().filter_map(|id| self.payments.find(id))
    }

    /// The refunds of one order, oldest first.
    pub fn refunds_of(&self, order_id: &str) -> impl DoubleEndedIterator<Item = &Refund> {
        let ids = self.folders.get(order_id).map_or(&[][..], |folder| &folder.refunds);
        ids.iter().filter_map(|id| self.refunds.find(id))
    }

    /// The webhooks about one order, oldest first.
    pub fn webhooks_of(&self, order_id: &str) -> impl DoubleEndedIterator<Item = &Webhook> {
        let ids = self.folders.get(order_id).map_or(&[][..], |folder| &folder.webhooks);
        ids.iter().filter_map(|id| self.webhooks.find(id))
    }

    /// What is still to be delivered, in one batch per order, each in the order it was told.
    pub fn undelivered(&self) -> Vec<Vec<Webhook>> {
        let mut batches: HashMap<&str, Vec<Webhook>> = HashMap::new();
        for webhook in self.webhooks.list().filter(|webhook| webhook.open > 0) {
            batches.entry(&webhook.order_id).or_default().push(webhook.clone());
        }
        batches.into_values().collect()
    }
}
