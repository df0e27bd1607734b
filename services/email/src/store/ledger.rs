//! The send ledger, as staff read it.

use chassis::row;
use jiff::Timestamp;
use kernel::{EmailAddress, MessageId, OrderId};
use sqlx::PgConnection;

use crate::domain::letter::Kind;
use crate::domain::message::MessageStatus;

/// A mail without its contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEntry {
    pub id: MessageId,
    /// What it is about.
    pub kind: Kind,
    pub status: MessageStatus,
    /// To whom, masked; nothing while nobody is known.
    pub recipient: Option<String>,
    /// How often it was tried.
    pub attempts: i32,
    /// The mail server's last reply that was not good.
    pub reply_code: Option<i16>,
    /// Why it is not sent.
    pub error: Option<String>,
    /// Which earlier mail it repeats.
    pub resend_of: Option<MessageId>,
    /// Since when it is here.
    pub created_at: Timestamp,
    /// When it changed last.
    pub updated_at: Timestamp,
}

struct Row {
    message_id: MessageId,
    kind: String,
    status: String,
    email: Option<EmailAddress>,
    masked_recipient: Option<String>,
    attempts: i32,
    reply_code: Option<i16>,
    error: Option<String>,
    resend_of: Option<MessageId>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl TryFrom<Row> for LedgerEntry {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.message_id,
            kind: row::parse("messages.kind", &row.kind)?,
            status: row::parse("messages.status", &row.status)?,
            recipient: row.email.map(|e| e.masked().into_owned()).or(row.masked_recipient),
            attempts: row.attempts,
            reply_code: row.reply_code,
            error: row.error,
            resend_of: row.resend_of,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// Which mail is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Only this one.
    pub id: Option<MessageId>,
    /// Only where it stands here.
    pub status: Option<MessageStatus>,
    /// Only of this kind.
    pub kind: Option<Kind>,
    /// Only about this order.
    pub order_id: Option<OrderId>,
    /// Only older than this one.
    pub before: Option<MessageId>,
}

/// Mail, newest first.
pub async fn list(
    conn: &mut PgConnection,
    wanted: Wanted,
    rows: i64,
) -> sqlx::Result<Vec<LedgerEntry>> {
    let query = sqlx::query_as!(
        Row,
        r#"select m.message_id, m.kind, m.status, c.email as "email?", m.masked_recipient, m.attempts, m.reply_code,
                  m.error, m.resend_of, m.created_at, m.updated_at
             from messages m
             left join vendors v on v.vendor_id = m.vendor_id
             left join contacts c on c.user_id = coalesce(m.recipient_id, v.owner_id)
            where ($1::uuid is null or m.message_id = $1)
              and ($2::text is null or m.status = $2)
              and ($3::text is null or m.kind = $3)
              and ($4::uuid is null or m.message_id < $4)
              and ($6::uuid is null or m.order_id = $6)
            order by m.message_id desc
            limit $5"#,
        wanted.id.map(|id| id.as_uuid()),
        wanted.status.map(|status| status.into_str()),
        wanted.kind.map(|kind| kind.into_str()),
        wanted.before.map(|id| id.as_uuid()),
        rows,
        wanted.order_id.map(|id| id.as_uuid()),
    );
    let found = query.fetch_all(conn).await?;
    found.into_iter().map(LedgerEntry::try_from).collect()
}

/// One mail.
pub async fn find(conn: &mut PgConnection, id: MessageId) -> sqlx::Result<Option<LedgerEntry>> {
    let wanted = Wanted { id: Some(id), ..Wanted::default() };
    Ok(list(conn, wanted, 1).await?.into_iter().next())
}
