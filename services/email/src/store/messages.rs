//! The send ledger, as mail goes through it.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{MessageId, UserId, VendorId};
use sqlx::PgConnection;
use sqlx::types::{Json, Uuid};

use super::unknown;
use crate::domain::letter::Letter;
use crate::domain::message::{Addressee, Message, Status};

/// A row, as it is sent or sent again.
struct Row {
    message_id: Uuid,
    reference: String,
    resend_of: Option<Uuid>,
    recipient_id: Option<Uuid>,
    vendor_id: Option<Uuid>,
    sealed: Option<String>,
    expires_at: Option<jiff_sqlx::Timestamp>,
    letter: Json<Letter>,
    status: String,
    created_at: jiff_sqlx::Timestamp,
}

impl Row {
    fn read(self) -> sqlx::Result<(Message, Status)> {
        let status = Status::parse(&self.status).ok_or_else(|| unknown("status", &self.status))?;
        let to = match (self.recipient_id, self.vendor_id, self.expires_at) {
            (Some(user), None, None) => Addressee::User(UserId::from_uuid(user)),
            (None, Some(vendor), None) => Addressee::OwnerOf(VendorId::from_uuid(vendor)),
            (None, None, Some(expires_at)) => Addressee::Sealed {
                sealed: self.sealed.unwrap_or_default(),
                expires_at: expires_at.to_jiff(),
            },
            _ => return Err(unknown("recipient_id", "no or more than one addressee")),
        };
        let message = Message {
            id: MessageId::from_uuid(self.message_id),
            reference: self.reference,
            resend_of: self.resend_of.map(MessageId::from_uuid),
            to,
            letter: self.letter.0,
            created_at: self.created_at.to_jiff(),
        };
        Ok((message, status))
    }
}

/// Takes a mail into the ledger. False if there is one of its kind and reference, which is then left as it is.
pub async fn insert(conn: &mut PgConnection, message: &Message) -> sqlx::Result<bool> {
    let (user, vendor, sealed, expires_at) = match &message.to {
        Addressee::User(id) => (Some(id.as_uuid()), None, None, None),
        Addressee::OwnerOf(id) => (None, Some(id.as_uuid()), None, None),
        Addressee::Sealed { sealed, expires_at } => (None, None, Some(sealed), Some(*expires_at)),
    };
    let done = sqlx::query!(
        "insert into messages (message_id, kind, reference, resend_of, recipient_id, vendor_id, letter, sealed,
                               expires_at, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
         on conflict on constraint messages_send_key do nothing",
        message.id.as_uuid(),
        message.letter.kind().as_str(),
        message.reference,
        message.resend_of.map(|id| id.as_uuid()),
        user,
        vendor,
        Json(&message.letter) as _,
        sealed,
        expires_at.map(ToSqlx::to_sqlx) as _,
        message.created_at.to_sqlx() as _,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Counts an attempt at a mail and reads it; nothing when it is not queued any more.
pub async fn begin_attempt(
    conn: &mut PgConnection,
    id: MessageId,
    now: Timestamp,
) -> sqlx::Result<Option<Message>> {
    let row = sqlx::query_as!(
        Row,
        r#"update messages
              set attempts = attempts + 1, updated_at = $2
            where message_id = $1 and status = 'queued'
        returning message_id, reference, resend_of, recipient_id, vendor_id, sealed, expires_at,
                  letter as "letter: Json<Letter>", status, created_at"#,
        id.as_uuid(),
        now.to_sqlx() as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Row::read).transpose()?.map(|(message, _)| message))
}

/// Writes down why a mail is still queued.
pub async fn note(
    conn: &mut PgConnection,
    id: MessageId,
    error: &str,
    code: Option<u16>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update messages
            set error = $2, reply_code = $3
          where message_id = $1 and status = 'queued'",
        id.as_uuid(),
        error,
        code.and_then(|code| i16::try_from(code).ok()),
    )
    .execute(conn)
    .await
    .map(drop)
}

/// How a mail ended.
#[derive(Debug, Clone, Copy)]
pub struct End<'a> {
    /// As what.
    pub status: Status,
    /// With which reply of the mail server.
    pub code: Option<u16>,
    /// For which reason of ours.
    pub error: Option<&'a str>,
    /// The masked address of somebody who may have no account.
    pub masked: Option<&'a str>,
    /// When.
    pub at: Timestamp,
}

/// Ends a mail and drops what was sealed in it. False if it was not queued any more.
pub async fn settle(conn: &mut PgConnection, id: MessageId, end: &End<'_>) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update messages
            set status = $2, reply_code = $3, error = $4, masked_recipient = $5, sealed = null, updated_at = $6
          where message_id = $1 and status = 'queued'",
        id.as_uuid(),
        end.status.as_str(),
        end.code.and_then(|code| i16::try_from(code).ok()),
        end.error,
        end.masked,
        end.at.to_sqlx() as _,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Locks a mail, so that two wishes to send it again take turns.
pub async fn lock(
    conn: &mut PgConnection,
    id: MessageId,
) -> sqlx::Result<Option<(Message, Status)>> {
    let row = sqlx::query_as!(
        Row,
        r#"select message_id, reference, resend_of, recipient_id, vendor_id, sealed, expires_at,
                  letter as "letter: Json<Letter>", status, created_at
             from messages
            where message_id = $1
              for update"#,
        id.as_uuid(),
    )
    .fetch_optional(conn)
    .await?;
    row.map(Row::read).transpose()
}
