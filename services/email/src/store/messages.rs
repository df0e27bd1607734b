//! The send ledger, as mail goes through it.

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{EmailAddress, MessageId, OrderId, UserId, VendorId};
use sqlx::PgConnection;
use sqlx::types::{Json, Uuid};

use crate::domain::letter::{Kind, Letter};
use crate::domain::message::{Addressee, Message, MessageStatus};

/// A row, as it is sent or sent again.
struct Row {
    message_id: MessageId,
    reference: String,
    resend_of: Option<MessageId>,
    order_id: Option<OrderId>,
    recipient_id: Option<UserId>,
    vendor_id: Option<VendorId>,
    sealed: Option<String>,
    expires_at: Option<jiff_sqlx::Timestamp>,
    letter: Json<Letter>,
    status: String,
    created_at: Timestamp,
}

impl Row {
    fn read(self) -> sqlx::Result<(Message, MessageStatus)> {
        let status = row::parse("messages.status", &self.status)?;
        let to = addressee((self.recipient_id, self.vendor_id, self.expires_at), self.sealed)?;
        let message = Message {
            id: self.message_id,
            reference: self.reference,
            resend_of: self.resend_of,
            order_id: self.order_id,
            to,
            letter: self.letter.0,
            created_at: self.created_at,
        };
        Ok((message, status))
    }
}

fn addressee(
    columns: (Option<UserId>, Option<VendorId>, Option<jiff_sqlx::Timestamp>),
    sealed: Option<String>,
) -> sqlx::Result<Addressee> {
    match columns {
        (Some(user), None, None) => Ok(Addressee::User(user)),
        (None, Some(vendor), None) => Ok(Addressee::OwnerOf(vendor)),
        (None, None, Some(expires_at)) => Ok(Addressee::Sealed {
            sealed: sealed.unwrap_or_default(),
            expires_at: expires_at.to_jiff(),
        }),
        _ => Err(row::unknown("messages.recipient_id", "no or more than one addressee")),
    }
}

/// Takes mails into the ledger. Returns those that are new; one of whose kind and reference there is one already is left
/// as it is.
pub async fn insert(conn: &mut PgConnection, messages: &[Message]) -> sqlx::Result<Vec<MessageId>> {
    let column = |of: fn(&Message) -> Option<Uuid>| messages.iter().map(of).collect::<Vec<_>>();
    let sealed = |message: &Message| match &message.to {
        Addressee::Sealed { sealed, expires_at } => Some((sealed.clone(), *expires_at)),
        Addressee::User(_) | Addressee::OwnerOf(_) => None,
    };
    let ids: Vec<Uuid> = messages.iter().map(|m| m.id.as_uuid()).collect();
    let kinds: Vec<&str> = messages.iter().map(|m| m.letter.kind().into_str()).collect();
    let references: Vec<&str> = messages.iter().map(|m| &*m.reference).collect();
    let letters: Vec<_> = messages.iter().map(|m| Json(&m.letter)).collect();
    let created: Vec<_> = messages.iter().map(|m| m.created_at.to_sqlx()).collect();
    let seals: Vec<_> = messages.iter().map(|m| sealed(m).map(|(sealed, _)| sealed)).collect();
    let ends: Vec<_> = messages.iter().map(|m| sealed(m).map(|(_, at)| at.to_sqlx())).collect();
    let query = sqlx::query_scalar!(
        "insert into messages (message_id, kind, reference, resend_of, recipient_id, vendor_id, letter, sealed,
                               expires_at, created_at, order_id, updated_at)
         select *, created_at
           from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::uuid[], $7::jsonb[],
                       $8::text[], $9::timestamptz[], $10::timestamptz[], $11::uuid[])
             as m (message_id, kind, reference, resend_of, recipient_id, vendor_id, letter, sealed, expires_at,
                   created_at, order_id)
         on conflict on constraint messages_send_key do nothing
         returning message_id",
        &ids,
        &kinds as _,
        &references as _,
        &column(|m| m.resend_of.map(|id| id.as_uuid())) as _,
        &column(|m| match m.to {
            Addressee::User(id) => Some(id.as_uuid()),
            Addressee::OwnerOf(_) | Addressee::Sealed { .. } => None,
        }) as _,
        &column(|m| match m.to {
            Addressee::OwnerOf(id) => Some(id.as_uuid()),
            Addressee::User(_) | Addressee::Sealed { .. } => None,
        }) as _,
        &letters as _,
        &seals as _,
        &ends as _,
        &created as _,
        &column(|m| m.order_id.map(|id| id.as_uuid())) as _,
    );
    query.fetch_all(conn).await
}

/// Whether there is a mail of this kind about this.
pub async fn exists(conn: &mut PgConnection, kind: Kind, reference: &str) -> sqlx::Result<bool> {
    let query = sqlx::query_scalar!(
        r#"select exists (select from messages where kind = $1 and reference = $2) as "any!""#,
        kind.into_str(),
        reference,
    );
    query.fetch_one(conn).await
}

/// A mail that is queued, and whom it goes to.
#[derive(Debug)]
pub struct Queued {
    pub message: Message,
    /// Who that is, as far as it is known, if they have an account.
    pub recipient: Option<UserId>,
    /// Whether they were heard of.
    pub heard_of: bool,
    /// Their address; none when they asked to be forgotten.
    pub email: Option<EmailAddress>,
    /// Their name, once given.
    pub name: Option<String>,
}

/// A mail that is queued; nothing when it is not any more.
pub async fn find_queued(conn: &mut PgConnection, id: MessageId) -> sqlx::Result<Option<Queued>> {
    let query = sqlx::query!(
        r#"select m.reference as "reference!", m.resend_of, m.order_id, m.recipient_id, m.vendor_id, m.sealed,
                  m.expires_at, m.letter as "letter!", m.created_at as "created_at!",
                  coalesce(m.recipient_id, v.owner_id) as "recipient: UserId", c.user_id is not null as "heard_of!",
                  c.email as "email?", c.name as "name?"
             from messages m
             left join vendors v on v.vendor_id = m.vendor_id
             left join contacts c on c.user_id = coalesce(m.recipient_id, v.owner_id)
            where m.message_id = $1 and m.status = 'queued'"#,
        id.as_uuid(),
    );
    let row = query.fetch_optional(conn).await?;
    let Some(row) = row else { return Ok(None) };
    let message = Message {
        id,
        reference: row.reference,
        resend_of: row.resend_of,
        order_id: row.order_id,
        to: addressee((row.recipient_id, row.vendor_id, row.expires_at), row.sealed)?,
        letter: row.letter.0,
        created_at: row.created_at.to_jiff(),
    };
    Ok(Some(Queued {
        message,
        recipient: row.recipient,
        heard_of: row.heard_of,
        email: row.email,
        name: row.name,
    }))
}

/// Counts an attempt and writes down why a mail is still queued.
pub async fn note(
    conn: &mut PgConnection,
    id: MessageId,
    error: &str,
    code: Option<u16>,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update messages
            set error = $2, reply_code = $3, attempts = attempts + 1, updated_at = $4
          where message_id = $1 and status = 'queued'",
        id.as_uuid(),
        error,
        code.and_then(|code| i16::try_from(code).ok()),
        now.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// How a mail ended.
#[derive(Debug, Clone, Copy)]
pub struct End<'a> {
    /// As what.
    pub status: MessageStatus,
    /// After so many more attempts.
    pub attempts: i32,
    /// With which reply of the mail server.
    pub code: Option<u16>,
    /// For which reason of ours.
    pub error: Option<&'a str>,
    /// The masked address of somebody who may have no account.
    pub masked: Option<&'a str>,
    pub at: Timestamp,
}

/// Ends a mail and drops what was sealed in it. False if it was not queued any more.
pub async fn settle(conn: &mut PgConnection, id: MessageId, end: &End<'_>) -> sqlx::Result<bool> {
    let query = sqlx::query!(
        "update messages
            set status = $2, reply_code = $3, error = $4, masked_recipient = $5, sealed = null, updated_at = $6,
                attempts = attempts + $7
          where message_id = $1 and status = 'queued'",
        id.as_uuid(),
        end.status.into_str(),
        end.code.and_then(|code| i16::try_from(code).ok()),
        end.error,
        end.masked,
        end.at.to_sqlx(),
        end.attempts,
    );
    let done = query.execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// Locks a mail, so that two wishes to send it again take turns.
pub async fn lock(
    conn: &mut PgConnection,
    id: MessageId,
) -> sqlx::Result<Option<(Message, MessageStatus)>> {
    let query = sqlx::query_as!(
        Row,
        "select message_id, reference, resend_of, order_id, recipient_id, vendor_id, sealed, expires_at,
                letter, status, created_at
           from messages
          where message_id = $1
            for update",
        id.as_uuid(),
    );
    let row = query.fetch_optional(conn).await?;
    row.map(Row::read).transpose()
}
