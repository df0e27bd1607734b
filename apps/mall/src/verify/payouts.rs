//! Sellers are paid out of what is free for them, never beyond.

use super::check::Finding;
use super::rows::{count, wrong};
use super::stack::StackHandles;

/// What a seller has free after each posting. Whatever takes from it locks the seller first, so that the order of postings
/// is the order in which they were decided. Credits may overdraw it later; a payout may not.
const OVERPAID: &str = "
    with free as (
        select j.cause, a.vendor_id, p.currency, p.amount,
               -sum(p.amount) over (partition by a.vendor_id, p.currency order by p.posting_id) as left_over
          from postings p join accounts a using (account_id) join journals j using (journal_id)
         where a.code = 'vendor_payable_available'
    )
    select format('payment: %s paid seller %s %s %s, but %s were free', cause, vendor_id, amount, currency,
                  amount + left_over)
      from free where cause like 'payout:%' and left_over < 0";

/// 36: no payout is more than what was free for its seller when it was booked.
pub async fn within_what_was_free(stack: &StackHandles) -> anyhow::Result<Finding> {
    let db = stack.db("payment")?;
    let violations = wrong(db, OVERPAID).await?;
    Ok(Finding { checked: count(db, "payouts").await?, violations, unseen: Vec::new() })
}
