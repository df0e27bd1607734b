//! Every way the user service says no, and as which problem.

use axum::http::StatusCode;
use chassis::auth::token::KeyError;
use chassis::etag::Stale;
use chassis::seal::SealError;
use chassis::{Explain, FieldError};

use crate::domain::Refused;

/// Every way the user service says no.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The token is good, but its account is not there any more.
    #[error("the account of this token is not active")]
    Unauthenticated,
    /// Not there, or somebody else's.
    #[error("there is nothing here for you")]
    NotFound,
    /// The code is wrong, or its challenge is over or was never made.
    #[error("the code is wrong or no longer valid; ask for a new one")]
    OtpInvalid,
    /// Too many wrong codes.
    #[error("too many wrong codes; ask for a new one after a while")]
    OtpLocked {
        /// When it is worth trying again.
        retry_after_s: u32,
    },
    /// Too many codes were asked for, or too many wrong ones came back.
    #[error("too many codes were asked for, or too many were wrong; wait before you go on")]
    RateLimited {
        /// When it is worth trying again.
        retry_after_s: u32,
    },
    /// The refresh token is unknown, over, or of an ended session.
    #[error("the refresh token is not valid; sign in again")]
    TokenInvalid,
    /// A refresh token came twice.
    #[error("the refresh token was used before, so its session was ended; sign in again")]
    TokenReused,
    /// Staff shut the account out.
    #[error("this account is suspended")]
    Suspended,
    /// A rule of the domain said no.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Something does not open with our keys.
    #[error("what was sealed does not open")]
    Sealed(#[from] SealError),
    /// A signing key is unusable.
    #[error("the signing key cannot be used")]
    Key(#[from] KeyError),
    /// Somebody changed it since the caller read it.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// The database failed.
    #[error("the account could not be kept")]
    Db(#[from] sqlx::Error),
    /// Redis failed.
    #[error("the codes cannot be reached")]
    Codes(#[from] redis::RedisError),
}

impl Explain for Error {
    fn explain(&self) -> (StatusCode, &'static str, &'static str) {
        let fault = StatusCode::INTERNAL_SERVER_ERROR;
        match self {
            Self::Unauthenticated => (StatusCode::UNAUTHORIZED, "unauthenticated", "Sign in first"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "Not found"),
            Self::OtpInvalid => {
                (StatusCode::UNAUTHORIZED, "user/otp-invalid", "The code is not valid")
            }
            Self::OtpLocked { .. } => {
                (StatusCode::TOO_MANY_REQUESTS, "user/otp-locked", "Too many wrong codes")
            }
            Self::RateLimited { .. } => {
                (StatusCode::TOO_MANY_REQUESTS, "rate-limited", "Too many requests")
            }
            Self::TokenInvalid => {
                (StatusCode::UNAUTHORIZED, "user/token-invalid", "The refresh token is not valid")
            }
            Self::TokenReused => {
                (StatusCode::UNAUTHORIZED, "user/token-reused", "The refresh token was used before")
            }
            Self::Suspended => {
                (StatusCode::FORBIDDEN, "user/suspended", "The account is suspended")
            }
            Self::Refused(refused) => explain_refused(refused),
            Self::Sealed(_) | Self::Key(_) => (fault, "internal", "Something went wrong"),
            Self::Stale(stale) => stale.explain(),
            Self::Db(error) => error.explain(),
            Self::Codes(_) => {
                (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "A part of the mall is away")
            }
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Refused(Refused::Field { pointer, .. }) => vec![FieldError::at(pointer, self)],
            Self::Unauthenticated
            | Self::NotFound
            | Self::OtpInvalid
            | Self::OtpLocked { .. }
            | Self::RateLimited { .. }
            | Self::TokenInvalid
            | Self::TokenReused
            | Self::Suspended
            | Self::Refused(Refused::LastAdmin | Refused::TooHigh | Refused::BookFull)
            | Self::Sealed(_)
            | Self::Key(_)
            | Self::Db(_)
            | Self::Codes(_)
            | Self::Stale(_) => Vec::new(),
        }
    }

    fn retry_after_s(&self) -> Option<u32> {
        match self {
            Self::OtpLocked { retry_after_s } | Self::RateLimited { retry_after_s } => {
                Some(*retry_after_s)
            }
            Self::Unauthenticated
            | Self::NotFound
            | Self::OtpInvalid
            | Self::TokenInvalid
            | Self::TokenReused
            | Self::Suspended
            | Self::Refused(_)
            | Self::Sealed(_)
            | Self::Key(_)
            | Self::Db(_)
            | Self::Codes(_)
            | Self::Stale(_) => None,
        }
    }
}

fn explain_refused(refused: &Refused) -> (StatusCode, &'static str, &'static str) {
    match refused {
        Refused::LastAdmin => (StatusCode::CONFLICT, "user/last-admin", "The last administrator"),
        Refused::TooHigh => (StatusCode::FORBIDDEN, "user/role-too-high", "More than you may give"),
        Refused::BookFull => {
            (StatusCode::CONFLICT, "user/address-book-full", "The address book is full")
        }
        Refused::Field { .. } => {
            (StatusCode::UNPROCESSABLE_ENTITY, "validation-error", "A value is not valid")
        }
    }
}
