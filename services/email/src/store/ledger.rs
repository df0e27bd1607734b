//! The send ledger, as staff read it.

use jiff::Timestamp;
use kernel::MessageId;
use sqlx::PgConnection;
use sqlx::types::Uuid;

use super::contacts::address;
use super::unknown;
use crate::domain::letter::Kind;
use crate::domain::message::Status;

/// A mail without its contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which.
    pub id: MessageId,
    /// What it is about.
    pub kind: Kind,
    /// Where it stands.
    pub status: Status,
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
    message_id: Uuid,
    kind: String,
    status: String,
    email: Option<String>,
    masked_recipient: Option<String>,
    attempts: i32,
    reply_code: Option<i16>,
    error: Option<String>,
    resend_of: Option<Uuid>,
    created_at: jiff_sqlx::Timestamp,
    updated_at: jiff_sqlx::Timestamp,
}

impl Row {
    fn read(self) -> sqlx::Result<Entry> {
        let contact = self.email.as_deref().map(address).transpose()?;
        Ok(Entry {
            id: MessageId::from_uuid(self.message_id),
            kind: Kind::parse(&self.kind).ok_or_else(|| unknown("kind", &self.kind))?,
            status: Status::parse(&self.status).ok_or_else(|| unknown("status", &self.status))?,
            recipient: contact.map(|c| c.masked().into_owned()).or(self.masked_recipient),
            attempts: self.attempts,
            reply_code: self.reply_code,
            error: self.error,
            resend_of: self.resend_of.map(MessageId::from_uuid),
            created_at: self.created_at.to_jiff(),
            updated_at: self.updated_at.to_jiff(),
        })
    }
}

/// Which mail is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Only this one.
    pub id: Option<MessageId>,
    /// Only where it stands here.
    pub status: Option<Status>,
    /// Only of this kind.
    pub kind: Option<Kind>,
    /// Only older than this one.
    pub before: Option<MessageId>,
}

/// Mail, newest first.
pub async fn list(conn: &mut PgConnection, wanted: Wanted, rows: i64) -> sqlx::Result<Vec<Entry>> {
    let found = sqlx::query_as!(
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
            order by m.message_id desc
            limit $5"#,
        wanted.id.map(|id| id.as_uuid()),
        wanted.status.map(Status::as_str),
        wanted.kind.map(Kind::as_str),
        wanted.before.map(|id| id.as_uuid()),
        rows,
    )
    .fetch_all(conn)
    .await?;
    found.into_iter().map(Row::read).collect()
}

/// One mail.
pub async fn find(conn: &mut PgConnection, id: MessageId) -> sqlx::Result<Option<Entry>> {
    let wanted = Wanted { id: Some(id), ..Wanted::default() };
    Ok(list(conn, wanted, 1).await?.into_iter().next())
}
