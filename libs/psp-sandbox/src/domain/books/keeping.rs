//! Each entry of the journal changes the books.

use super::{Books, Folder, JournalEntry};
use crate::domain::account::FundAccount;
use crate::domain::dispute::Dispute;
use crate::domain::order::Order;
use crate::domain::payment::Payment;
use crate::domain::payout::Payout;
use crate::domain::refund::Refund;
use crate::domain::webhook::Webhook;

impl Books {
    /// Takes one change in.
    pub fn apply(&mut self, entry: JournalEntry) {
        match entry {
            JournalEntry::Order(order) => self.keep_order(order),
            JournalEntry::Payment(payment) => self.keep_payment(payment),
            JournalEntry::Refund(refund) => self.keep_refund(refund),
            JournalEntry::Dispute(dispute) => self.keep_dispute(dispute),
            JournalEntry::Payout(payout) => self.keep_payout(payout),
            JournalEntry::PayoutPlan { seller, answer } => {
                self.payout_plans.insert(seller, answer);
            }
            JournalEntry::FundAccount(account) => self.keep_account(account),
            JournalEntry::AccountPlan { seller, answer } => {
                self.account_plans.insert(seller, answer);
            }
            JournalEntry::Webhook(webhook) => self.keep_webhook(webhook),
            JournalEntry::Settled { event_id, deliveries } => self.settle(&event_id, deliveries),
        }
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

    fn keep_dispute(&mut self, dispute: Dispute) {
        let id = dispute.id.clone();
        self.disputes.put(&id, dispute);
    }

    fn keep_account(&mut self, account: FundAccount) {
        let id = account.id.clone();
        self.accounts.put(&id, account);
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
        if let Some(webhook) = self.webhooks.get_mut(event_id) {
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
