//! Settlements as the provider reports them: every payment, refund, dispute and correction that went into one.

use async_trait::async_trait;
use jiff::civil::Date;
use kernel::{Currency, Money};
use serde::Deserialize;

use super::{Razorpay, wire};
use crate::domain::settlement::{Kind, Settled};
use crate::provider::settlements::{Rows, Settlements};
use crate::provider::{ProviderError, id};

/// So many rows are asked for at once; the provider shows a thousand at most, which may be too large an answer.
const AT_ONCE: usize = 500;
/// No amount is larger.
const MOST: i64 = 1_000_000_000_000_000;

/// A row of the report.
#[derive(Debug, Deserialize)]
struct Row {
    entity_id: String,
    #[serde(rename = "type")]
    kind: String,
    debit: i64,
    credit: i64,
    currency: Currency,
    #[serde(default)]
    fee: i64,
    #[serde(default)]
    tax: i64,
    settled: bool,
    settlement_id: Option<String>,
    settlement_utr: Option<String>,
    dispute_id: Option<String>,
}

#[async_trait]
impl Settlements for Razorpay {
    async fn settled(&self, day: Date, skip: usize) -> Result<Rows, ProviderError> {
        let (year, month, on) = (day.year(), day.month(), day.day());
        let path = format!(
            "settlements/recon/combined?year={year}&month={month:02}&day={on:02}&count={AT_ONCE}&skip={skip}"
        );
        let all: wire::Collection<Row> = self.ask(self.get(&path)).await?;
        let next = (all.items.len() >= AT_ONCE).then_some(skip + all.items.len());
        let rows: Result<Vec<_>, _> = all.items.into_iter().filter_map(Row::read).collect();
        Ok(Rows { rows: rows?, next })
    }
}

impl Row {
    /// What is not settled yet comes again when it is.
    fn read(self) -> Option<Result<Settled, ProviderError>> {
        let settlement_id = self.settlement_id.clone().filter(|_| self.settled)?;
        Some(self.settled(settlement_id))
    }

    fn settled(self, settlement_id: String) -> Result<Settled, ProviderError> {
        let amounts = [self.debit, self.credit, self.fee, self.tax];
        if !amounts.iter().all(|amount| (0..=MOST).contains(amount)) || self.tax > self.fee {
            return Err(ProviderError::Unreadable("a settled row has odd amounts"));
        }
        let entity_id = id(self.entity_id)?;
        let (kind, name) = match (self.kind.as_str(), self.dispute_id) {
            ("payment", _) => (Kind::Payment, entity_id.clone()),
            ("refund", _) => (Kind::Refund, entity_id.clone()),
            ("adjustment", Some(dispute)) => (Kind::Dispute, id(dispute)?),
            _ => (Kind::Other, entity_id.clone()),
        };
        let money = |minor| Money::new(minor, self.currency);
        Ok(Settled {
            settlement_id: id(settlement_id)?,
            kind,
            entity_id,
            name,
            net: money(self.credit - self.debit),
            fee: money(self.fee),
            tax: money(self.tax),
            bank_reference: self.settlement_utr.and_then(|utr| id(utr).ok()),
        })
    }
}
