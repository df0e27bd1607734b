//! What buyers' banks took back.

use super::check::Finding;
use super::rows::{count, wrong};
use super::stack::StackHandles;

/// What went back before the bank asked cannot be helped, and what the platform gives of its own is not given back. What was
/// paid by hand since then was said to be so while the bank's part was known.
const TWICE: &str = "
    with lost as (
        select provider_payment_id, sum(amount) as amount, min(opened_at) as since
          from disputes where state = 'lost' group by provider_payment_id
    ), back as (
        select provider_payment_id, sum(amount) as amount, max(done_at) filter (where provider_refund_id is null) as by_hand_at
          from refunds where status = 'done' and dispute_id is null and kind <> 'goodwill' group by provider_payment_id
    )
    select format('payment: of %s over %s %s, a bank took %s, and %s went back beside it, some of it by hand',
                  a.provider_payment_id, a.amount, a.currency, l.amount, b.amount)
      from attempts a join lost l using (provider_payment_id) join back b using (provider_payment_id)
     where l.amount + b.amount > a.amount and b.by_hand_at > l.since";

/// 39: what a bank took for a buyer is not paid out by hand as well.
pub async fn given_once(stack: &StackHandles) -> anyhow::Result<Finding> {
    let db = stack.db("payment")?;
    let violations = wrong(db, TWICE).await?;
    Ok(Finding { checked: count(db, "disputes").await?, violations, unseen: Vec::new() })
}
