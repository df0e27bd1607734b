//! Handing mail to the mail server.

use std::fmt;
use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use jiff::Timestamp;
use kernel::{EmailAddress, MessageId};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};

use super::Written;
use crate::domain::text::one_line;
use crate::error::Error;

/// How long each step of the conversation with the mail server may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// Replies about how we sign in at the mail server (RFC 4954), not about the mail: once the operator has put it right,
/// the mail can go.
const OUR_FAULT: [u16; 4] = [530, 534, 535, 538];

/// What stands on top of a mail.
#[derive(Debug, Clone, Copy)]
pub struct Letterhead<'a> {
    /// Which message: the `Message-ID` is made of it, so that a mail that is sent twice can be told.
    pub id: MessageId,
    pub date: Timestamp,
    pub to: &'a EmailAddress,
    /// By which name.
    pub name: Option<&'a str>,
}

/// The mail server's last word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// It took the mail.
    Taken,
    /// It never will.
    Refused(u16),
    /// It was not asked: no mail can go to such an address.
    NoSuchAddress,
}

/// The way to the mail server.
#[derive(Clone)]
pub struct Mailer {
    smtp: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mailer(..)")
    }
}

impl Mailer {
    /// A way to the server at `url`. It need not be there yet.
    pub fn new(url: &SecretString, from: &str) -> anyhow::Result<Self> {
        // The error would show the URL, and with it a password.
        let smtp = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret())
            .map_err(|_| anyhow::anyhow!("EMAIL__SMTP_URL is not the address of a mail server"))?
            .timeout(Some(PATIENCE))
            .build();
        let from = from.parse().context("EMAIL__FROM is not a mail address")?;
        Ok(Self { smtp, from })
    }

    /// Hands a mail over. An error means: not now.
    pub async fn send(&self, head: &Letterhead<'_>, written: Written) -> Result<Reply, Error> {
        let Ok(address) = head.to.as_str().parse::<Address>() else {
            return Ok(Reply::NoSuchAddress);
        };
        let message = self.message(head, address, written)?;
        let Err(error) = self.smtp.send(message).await else { return Ok(Reply::Taken) };
        let code = error.status().map(u16::from);
        match code.filter(|code| error.is_permanent() && !OUR_FAULT.contains(code)) {
            Some(code) => Ok(Reply::Refused(code)),
            None => Err(Error::MailServerAway(code)),
        }
    }

    fn message(
        &self,
        head: &Letterhead<'_>,
        address: Address,
        written: Written,
    ) -> Result<Message, lettre::error::Error> {
        let auto = HeaderName::new_from_ascii_str("Auto-Submitted");
        Message::builder()
            .message_id(Some(format!("<{}@{}>", head.id, self.from.email.domain())))
            .date(SystemTime::from(head.date))
            .from(self.from.clone())
            .to(Mailbox::new(head.name.map(|name| one_line(name, 80)), address))
            .subject(one_line(&written.subject, 200))
            .raw_header(HeaderValue::new(auto, "auto-generated".to_owned()))
            .multipart(MultiPart::alternative_plain_html(written.text, written.html))
    }
}
