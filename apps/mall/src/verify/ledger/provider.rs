//! What the provider has in its books, beside ours.

use std::time::Duration;

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::verify::check::Finding;
use crate::verify::rows::{len, wrong_beside_at};
use crate::verify::stack::StackHandles;

const PATIENCE: Duration = Duration::from_secs(10);

/// Where the provider of development shows its books.
const PROVIDERS_BOOKS: &str = "/sandbox/ledger";

/// The provider's captures against ours, id by id. What was captured just now may still be on its way to us.
const CAPTURES: &str = "
    with theirs as (
        select *
          from jsonb_to_recordset($1) as c (payment_id text, order_id text, amount bigint, currency text, at timestamptz)
    ), ours as (
        select a.provider_payment_id, a.amount, a.currency from attempts a where a.status = 'captured'
    )
    select format('payment: the provider captured %s over %s %s of its order %s, our books have no such money',
                  t.payment_id, t.amount, t.currency, t.order_id)
      from theirs t
     where t.at < $2 - interval '5 minutes'
       and not exists (select from ours o where o.provider_payment_id = t.payment_id)
    union all
    select format('payment: %s is over %s %s in our books, the provider captured %s %s', o.provider_payment_id,
                  o.amount, o.currency, t.amount, t.currency)
      from theirs t join ours o on o.provider_payment_id = t.payment_id
     where (o.amount, o.currency::text) <> (t.amount, t.currency)
    union all
    select format('payment: %s over %s %s is captured in our books, the provider has no such capture',
                  o.provider_payment_id, o.amount, o.currency)
      from ours o where not exists (select from theirs t where t.payment_id = o.provider_payment_id)";

/// The provider's refunds against ours, id by id. What it gave back by itself of money that never was ours is not in it.
const REFUNDS: &str = "
    with theirs as (
        select *
          from jsonb_to_recordset($1) as r (refund_id text, payment_id text, amount bigint, currency text, status text,
                                            captured bool, at timestamptz)
         where captured
    ), ours as (
        select * from refunds where accepted_at is not null
    )
    select format('payment: the provider gave back %s %s of %s as %s, our books have no such refund', t.amount, t.currency,
                  t.payment_id, t.refund_id)
      from theirs t
     where t.status <> 'failed' and t.at < $2 - interval '5 minutes'
       and not exists (select from ours o where o.provider_refund_id = t.refund_id)
    union all
    select format('payment: %s is %s of %s %s of %s in our books, for the provider %s of %s %s of %s', t.refund_id, o.status,
                  o.amount, o.currency, o.provider_payment_id, t.status, t.amount, t.currency, t.payment_id)
      from theirs t join ours o on o.provider_refund_id = t.refund_id
     where (o.amount, o.currency::text, o.provider_payment_id) is distinct from (t.amount, t.currency, t.payment_id)
        or t.status = 'failed' or (o.status = 'done' and t.status <> 'processed')
    union all
    select format('payment: %s over %s %s is accepted in our books, the provider has no such refund', o.provider_refund_id,
                  o.amount, o.currency)
      from ours o where not exists (select from theirs t where t.refund_id = o.provider_refund_id)";

/// The provider's payouts against ours, id by id. What came to nothing just now may still be on its way to us.
const PAYOUTS: &str = "
    with theirs as (
        select *
          from jsonb_to_recordset($1) as o (payout_id text, amount bigint, currency text, status text, at timestamptz)
    ), ours as (
        select * from payouts where provider_payout_id is not null
    )
    select format('payment: the provider paid a seller %s %s as %s, our books have no such payout', t.amount, t.currency,
                  t.payout_id)
      from theirs t
     where t.status not in ('failed', 'reversed') and t.at < $2 - interval '5 minutes'
       and not exists (select from ours o where o.provider_payout_id = t.payout_id)
    union all
    select format('payment: payout %s is %s of %s %s in our books, for the provider %s of %s %s', t.payout_id, o.status,
                  o.amount, o.currency, t.status, t.amount, t.currency)
      from theirs t join ours o on o.provider_payout_id = t.payout_id
     where (o.amount, o.currency::text) <> (t.amount, t.currency)
        or (o.back_at is not null and t.status not in ('failed', 'reversed'))
        or (o.status = 'paid' and t.status not in ('processed', 'reversed'))
    union all
    select format('payment: payout %s over %s %s is accepted in our books, the provider has no such payout',
                  o.provider_payout_id, o.amount, o.currency)
      from ours o where not exists (select from theirs t where t.payout_id = o.provider_payout_id)";

/// The provider's books, if it is known where they are.
async fn providers_books(stack: &StackHandles) -> Option<anyhow::Result<Value>> {
    let url = format!("{}{PROVIDERS_BOOKS}", stack.provider.as_deref()?.trim_end_matches('/'));
    Some(read(&url).await)
}

async fn read(url: &str) -> anyhow::Result<Value> {
    let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build()?;
    let mut books: Value = client.get(url).send().await?.error_for_status()?.json().await?;
    for list in ["captures", "refunds"] {
        anyhow::ensure!(books[list].is_array(), "they name no {list}");
    }
    let [captures, refunds, payouts] =
        ["captures", "refunds", "payouts"].map(|list| books[list].take());
    Ok(json!({ "captures": captures, "refunds": refunds, "payouts": payouts }))
}

/// What the provider knows that we do not, and the other way round.
pub(super) async fn beside(stack: &StackHandles, db: &PgPool) -> anyhow::Result<Finding> {
    let books = match providers_books(stack).await {
        Some(Ok(books)) => books,
        Some(Err(reason)) => {
            let why = format!("the provider does not show its books: {reason:#}");
            return Ok(Finding::unseen(why));
        }
        None => return Ok(Finding::unseen("where the provider shows its books is not known")),
    };
    let (mut found, now) = (Finding::default(), stack.now()?);
    for (sql, theirs) in [(CAPTURES, "captures"), (REFUNDS, "refunds"), (PAYOUTS, "payouts")] {
        let theirs = &books[theirs];
        if sql != PAYOUTS || theirs.is_array() {
            found.violations.extend(wrong_beside_at(db, sql, theirs, now).await?);
            found.checked += len(theirs);
        }
    }
    Ok(found)
}
