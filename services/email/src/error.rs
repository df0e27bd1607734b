//! Every way the email service says no, and as which problem.

use chassis::Explain;
use chassis::problem::{self, Explained};
use chassis::seal::SealError;

/// Why something was not done.
///
/// What a mail server answers may quote addresses, and errors are logged: only its reply code is kept.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Unknown.
    #[error("there is nothing here for you")]
    NotFound,
    /// Something has to be heard first; trying again helps.
    #[error("{0} has not been heard yet")]
    NotYet(&'static str),
    /// A code, or a mail that is still on its way.
    #[error("sign-in codes, and mail that is still queued, are not sent again")]
    NotResendable,
    /// Staff sent it again already.
    #[error("this message was sent again already; send the later one again")]
    AlreadyResent,
    /// No connection, or a reply that is not final.
    #[error("the mail server did not take it, reply {}", .0.unwrap_or_default())]
    MailServerAway(Option<u16>),
    /// A code or link was sealed with another key, or is not what was agreed.
    #[error("what was sealed for this service cannot be read")]
    Sealed,
    /// A template cannot be filled in.
    #[error("the mail could not be written")]
    Template(#[from] minijinja::Error),
    /// The parts do not make a message.
    #[error("the mail could not be put together")]
    Parts(#[from] lettre::error::Error),
    /// The database failed.
    #[error("the message could not be read or kept")]
    Db(#[from] sqlx::Error),
}

impl From<SealError> for Error {
    fn from(_: SealError) -> Self {
        Self::Sealed
    }
}

impl Explain for Error {
    fn explain(&self) -> Explained {
        match self {
            Self::NotFound => problem::NOT_FOUND,
            Self::NotYet(_) => (503, "email/not-yet", "Something is still on its way"),
            Self::NotResendable => {
                (409, "email/not-resendable", "The message cannot be sent again")
            }
            Self::AlreadyResent => {
                (409, "email/already-resent", "The message was sent again already")
            }
            Self::MailServerAway(_) => {
                (503, "email/mail-server-away", "The mail server does not take mail")
            }
            Self::Sealed => (500, "email/seal-broken", "A seal does not open"),
            Self::Template(_) | Self::Parts(_) => {
                (500, "email/not-written", "The mail could not be written")
            }
            Self::Db(error) => error.explain(),
        }
    }

    fn is_not_yet(&self) -> bool {
        matches!(self, Self::NotYet(_))
    }
}
