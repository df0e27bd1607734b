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

/// Things by id, in the order they came.
#[derive(Debug)]
struct Shelf<T> {
    by_id: HashMap<String, T>,
    ids: Vec<String>,
}

impl<T> Shelf<T> {
    fn put(&mut self, id: &str, thing: T) {
        if self.by_id.insert(id.to_owned(), thing).is_none() {
            self.ids.push(id.to_owned());
        }
    }

    fn find(&self, id: &str) -> Option<&T> {
        self.by_id.get(id)
    }

    fn list(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.ids.iter().filter_map(|id| self.by_id.get(id))
    }
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { by_id: HashMap::new(), ids: Vec::new() }
    }
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
    /// Takes one change in.
    pub fn apply(&mut self, entry: JournalEntry) {
        match entry {
            JournalEntry::Order(order) => self.keep_order(order),
            JournalEntry::Payment(payment) => self.keep_payment(payment),
            JournalEntry::Refund(refund) => self.keep_refund(refund),
            JournalEntry::Dispute(dispute) => {
                let id = dispute.id.clone();
                self.disputes.put(&id, dispute);
            }
            JournalEntry::Payout(payout) => self.keep_payout(payout),
            JournalEntry::PayoutPlan { seller, answer } => {
                self.payout_plans.insert(seller, answer);
            }
            JournalEntry::FundAccount(account) => {
                let id = account.id.clone();
                self.accounts.put(&id, account);
            }
            JournalEntry::AccountPlan { seller, answer } => {
                self.account_plans.insert(seller, answer);
            }
            JournalEntry::Webhook(webhook) => self.keep_webhook(webhook),
            JournalEntry::Settled { event_id, deliveries } => self.settle(&event_id, deliveries),
        }
    }

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

    fn keep_order(&mut self, order: Order) {
        if let Some(receipt) = &order.receipt {
            self.receipts.insert(receipt.clone(), order.id.clone());
        }
        let id = order.id.clone();
        self.orders.put(&id, order);
    }

    fn keep_payment(&mut self, payment: Payment) {
        if self.payments.find(&payment.id).is_none() {
            self.folder(&payment.order_id).payments.push(payment.id.clone());
        }
        let id = payment.id.clone();
        self.payments.put(&id, payment);
    }

    fn keep_refund(&mut self, refund: Refund) {
        if let Some(key) = &refund.ask.key {
            self.refund_keys.insert(key.clone(), refund.id.clone());
        }
        if self.refunds.find(&refund.id).is_none() {
            self.folder(&refund.order_id).refunds.push(refund.id.clone());
        }
        let id = refund.id.clone();
        self.refunds.put(&id, refund);
    }

    fn keep_payout(&mut self, payout: Payout) {
        if let Some(key) = &payout.ask.key {
            self.payout_keys.insert(key.clone(), payout.id.clone());
        }
        let id = payout.id.clone();
        self.payouts.put(&id, payout);
    }

    fn keep_webhook(&mut self, mut webhook: Webhook) {
        if webhook.open == 0 {
            webhook.body.clear();
        }
        self.folder(&webhook.order_id).webhooks.push(webhook.id.clone());
        let id = webhook.id.clone();
        self.webhooks.put(&id, webhook);
    }

    fn settle(&mut self, event_id: &str, deliveries: u32) {
        if let Some(webhook) = self.webhooks.by_id.get_mut(event_id) {
            webhook.open = webhook.open.saturating_sub(deliveries);
            if webhook.open == 0 {
                webhook.body = String::new();
            }
        }
    }

    fn folder(&mut self, order_id: &str) -> &mut Folder {
        self.folders.entry(order_id.to_owned()).or_default()
    }
}
