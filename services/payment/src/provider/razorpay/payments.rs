//! Payments and what goes back of them: an order that may be paid once, attempts to pay it, refunds of a capture.

use async_trait::async_trait;
use kernel::upi;
use serde_json::json;

use super::{Razorpay, wire};
use crate::domain::progress::Sighting;
use crate::domain::refund::{RefundSeen, RefundSighting, read_key};
use crate::provider::{Ask, Begun, GiveBack, Payments, ProviderError, ProviderOrder, id};

const LONGEST_LINK: usize = 2_000;

#[async_trait]
impl Payments for Razorpay {
    async fn open_order(&self, ask: &Ask) -> Result<ProviderOrder, ProviderError> {
        let body = json!({
            "amount": ask.amount.minor(), "currency": ask.amount.currency(), "receipt": ask.receipt,
            "payment_capture": true, "unique_receipt": true,
        });
        let order: wire::Order = self.ask(self.post("orders", &body)).await?;
        let same = order.amount == ask.amount.minor()
            && order.currency == ask.amount.currency()
            && order.receipt.as_deref() == Some(&*ask.receipt);
        if !same {
            return Err(ProviderError::Unreadable("it is another order than was asked for"));
        }
        Ok(ProviderOrder { id: id(order.id)?, paid: order.status == "paid" })
    }

    async fn begin_upi(&self, order_id: &str, ask: &Ask) -> Result<Begun, ProviderError> {
        // The provider insists on a payer's origin; the buyer's own is none of its business.
        let body = json!({
            "amount": ask.amount.minor(), "currency": ask.amount.currency(), "order_id": order_id,
            "method": "upi", "upi": {"flow": "intent"}, "email": self.email, "contact": self.contact,
            "description": format!("{} {}", self.payee_name, ask.order_number),
            "ip": "127.0.0.1", "referer": self.referer, "user_agent": "Mall",
        });
        let begun: wire::Begun = self.ask(self.post("payments/create/upi", &body)).await?;
        self.check_link(&begun.link, ask)?;
        Ok(Begun { provider_payment_id: id(begun.razorpay_payment_id)?, link: begun.link })
    }

    async fn attempts(&self, order_id: &str) -> Result<Vec<Sighting>, ProviderError> {
        let path = format!("orders/{order_id}/payments");
        let all: wire::Collection<wire::Payment> = self.ask(self.get(&path)).await?;
        let mut seen = Vec::with_capacity(all.items.len());
        for payment in all.items {
            if payment.order_id.as_deref() != Some(order_id) {
                return Err(ProviderError::Unreadable("a payment pays something else"));
            }
            let went_back = payment.has_gone_back();
            let sighting = payment.sighting()?;
            let went_back = if went_back { self.foreign(&sighting).await? } else { Vec::new() };
            seen.push(Sighting { went_back, ..sighting });
        }
        Ok(seen)
    }

    async fn refund(&self, back: &GiveBack) -> Result<RefundSighting, ProviderError> {
        // Named twice: by the header for whoever asks again, by the receipt for whoever looks it up.
        let body = json!({"amount": back.amount.minor(), "speed": "normal", "receipt": back.key});
        let path = format!("payments/{}/refund", back.provider_payment_id);
        let request = self.post(&path, &body).header("X-Refund-Idempotency", &back.key);
        let refund = self.ask::<wire::Refund>(request).await?.sighting()?;
        let same = refund.provider_payment_id == back.provider_payment_id
            && refund.amount == back.amount
            && refund.key.as_ref().is_none_or(|receipt| *receipt == back.key);
        if !same {
            return Err(ProviderError::Unreadable("it is another refund than was asked for"));
        }
        Ok(RefundSighting { key: Some(back.key.clone()), ..refund })
    }

    async fn refunds(
        &self,
        provider_payment_id: &str,
    ) -> Result<Vec<RefundSighting>, ProviderError> {
        // Unless more are asked for, it shows ten.
        let path = format!("payments/{provider_payment_id}/refunds?count=100");
        let all: wire::Collection<wire::Refund> = self.ask(self.get(&path)).await?;
        all.items.into_iter().map(wire::Refund::sighting).collect()
    }
}

impl Razorpay {
    /// What somebody else gave back of a capture.
    async fn foreign(&self, seen: &Sighting) -> Result<Vec<RefundSighting>, ProviderError> {
        let all = self.refunds(&seen.provider_payment_id).await?.into_iter();
        let foreign = |back: &RefundSighting| {
            back.seen != RefundSeen::Failed
                && back.provider_payment_id == seen.provider_payment_id
                && back.key.as_deref().and_then(read_key).is_none()
        };
        Ok(all.filter(foreign).collect())
    }

    /// A link is shown to buyers, so it has to pay the right one the right amount.
    fn check_link(&self, link: &str, ask: &Ask) -> Result<(), ProviderError> {
        if link.len() > LONGEST_LINK || link.contains(|c: char| c.is_control() || c.is_whitespace())
        {
            return Err(ProviderError::Unreadable("the link is not one line"));
        }
        let read =
            upi::parse(link).map_err(|_| ProviderError::Unreadable("the link is no UPI link"))?;
        if read.payee != self.payee {
            return Err(ProviderError::Unreadable("the link pays somebody else"));
        }
        if read.amount != Some(ask.amount) {
            return Err(ProviderError::Unreadable("the link pays another amount"));
        }
        Ok(())
    }
}
