//! Mail is sent once, and sign-in codes in time and sealed.

use redis::AsyncCommands as _;

use super::check::Finding;
use super::rows::{count, wrong};
use super::secrets;
use super::stack::{RedisKeyspace, StackHandles};

/// A mail server may take its time with a code that was handed over in time.
const LEDGER: &str = r#"
    select format('email: %s mails of kind %s about %s', count(*), kind, reference)
      from messages group by kind, reference having count(*) > 1
    union all
    select format('email: order %s has all its invoices and no confirmation mail', c.order_id)
      from confirmations c
     where c.parts = (select count(*) from confirmation_invoices i where i.order_id = c.order_id)
       and not exists (select from messages m where m.kind = 'order_confirmation' and m.reference = c.order_id::text)
    union all
    select format('email: credit %s has its note, and was not told', credit_id)
      from credits where heard is not null and note is not null and not is_told
    union all
    select format('email: code %s was over at %s and was sent at %s', message_id, expires_at, updated_at)
      from messages where kind = 'sign_in_code' and status = 'sent' and updated_at > expires_at + interval '30 seconds'
    union all
    select format('email: the code of message %s is kept although it is %s', message_id, status)
      from messages where kind = 'sign_in_code' and status <> 'queued' and sealed is not null
    union all
    select format('email: message %s shows its code', message_id)
      from messages where kind = 'sign_in_code' and (letter::text ~ '"[0-9]{6}"' or sealed ~ '^[0-9]{6}$')
    union all
    select format('email: job %s shows a code', id) from chassis.job where payload::text ~ '"[0-9]{6}"'"#;

/// 20: one confirmation per order; a code is never sent too late, nor kept in the open.
pub async fn sent(stack: &StackHandles) -> anyhow::Result<Finding> {
    let db = stack.db("email")?;
    let log = stack.log().await?;
    let mut found = Finding {
        checked: count(db, "messages").await?,
        violations: wrong(db, LEDGER).await?,
        unseen: Vec::new(),
    };
    found
        .violations
        .extend(log.leaks.iter().filter(|leak| leak.ends_with("a sign-in code")).cloned());
    match &stack.codes {
        Some(codes) => found.violations.extend(challenges(codes).await?),
        None => found.unseen.push("Redis of user is not here".to_owned()),
    }
    Ok(found)
}

/// Challenges that hold a code as it was mailed.
async fn challenges(codes: &RedisKeyspace) -> anyhow::Result<Vec<String>> {
    let mut shown = Vec::new();
    for key in codes.keys("otp:challenge:").await? {
        let name = format!("{}{key}", codes.prefix);
        let fields: Vec<(String, String)> = codes.redis.clone().hgetall(name).await?;
        let open = fields.iter().filter(|(_, value)| secrets::is_code(value));
        shown.extend(
            open.map(|(field, _)| format!("user: {field} of {key} in Redis shows a sign-in code")),
        );
    }
    Ok(shown)
}
