//! Every way the user service says no, and as which problem.

use chassis::auth::token::KeyError;
use chassis::etag::Stale;
use chassis::problem::{self, Explained};
use chassis::seal::SealError;
use chassis::{Explain, FieldError};

use crate::domain::Refused;

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
    #[error("too many wrong codes; ask for a new one after a while")]
    OtpLocked { retry_after_s: u32 },
    /// Too many codes were asked for, or too many wrong ones came back.
    #[error("too many codes were asked for, or too many were wrong; wait before you go on")]
    RateLimited { retry_after_s: u32 },
    #[error("there is no refresh token in the body, and no cookie that may be used")]
    TokenMissing,
    /// The refresh token is unknown, over, or of an ended session.
    #[error("the refresh token is not valid; sign in again")]
    TokenInvalid,
    #[error("the refresh token was used before, so its session was ended; sign in again")]
    TokenReused,
    /// A code of the second factor is wrong, or was used.
    #[error("the code is not one that your app shows now, or it was used already")]
    SecondFactorInvalid,
    /// The session saw no second factor, or not lately.
    #[error(
        "this needs your second factor once more: send its code to POST /v1/auth/step-up, then repeat the request"
    )]
    StepUpRequired,
    #[error("this account is suspended")]
    Suspended,
    /// A rule of the domain said no.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Something does not open with our keys.
    #[error("what was sealed does not open")]
    Sealed(#[from] SealError),
    /// A secret that was kept is none.
    #[error("the second factor cannot be used")]
    Totp(#[from] totp_rs::TotpError),
    /// A signing key is unusable.
    #[error("the signing key cannot be used")]
    Key(#[from] KeyError),
    /// Somebody changed it since the caller read it.
    #[error(transparent)]
    Stale(#[from] Stale),
    #[error("the account could not be kept")]
    Db(#[from] sqlx::Error),
    #[error("the codes cannot be reached")]
    Codes(#[from] redis::RedisError),
}

impl Explain for Error {
    fn explain(&self) -> Explained {
        match self {
            Self::Unauthenticated => (401, "unauthenticated", "Sign in first"),
            Self::NotFound => problem::NOT_FOUND,
            Self::OtpInvalid => (401, "user/otp-invalid", "The code is not valid"),
            Self::OtpLocked { .. } => (429, "user/otp-locked", "Too many wrong codes"),
            Self::RateLimited { .. } => problem::RATE_LIMITED,
            Self::TokenMissing => (401, "user/token-missing", "No refresh token came along"),
            Self::TokenInvalid => (401, "user/token-invalid", "The refresh token is not valid"),
            Self::TokenReused => (401, "user/token-reused", "The refresh token was used before"),
            Self::SecondFactorInvalid => {
                (401, "user/second-factor-invalid", "The second factor's code is not valid")
            }
            Self::StepUpRequired => problem::STEP_UP_REQUIRED,
            Self::Suspended => (403, "user/suspended", "The account is suspended"),
            Self::Refused(refused) => explain_refused(refused),
            Self::Sealed(_) | Self::Key(_) | Self::Totp(_) => problem::INTERNAL,
            Self::Stale(stale) => stale.explain(),
            Self::Db(error) => error.explain(),
            Self::Codes(_) => problem::UNAVAILABLE,
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let Self::Refused(Refused::Field { pointer, .. }) = self else { return Vec::new() };
        vec![FieldError::at(pointer, self)]
    }

    fn retry_after_s(&self) -> Option<u32> {
        let (Self::OtpLocked { retry_after_s } | Self::RateLimited { retry_after_s }) = self else {
            return None;
        };
        Some(*retry_after_s)
    }
}

fn explain_refused(refused: &Refused) -> Explained {
    match refused {
        Refused::LastAdmin => (409, "user/last-admin", "The last administrator"),
        Refused::IsStaff => (409, "user/is-staff", "Staff keep their account"),
        Refused::TooHigh => (403, "user/role-too-high", "More than you may give"),
        Refused::BookFull => (409, "user/address-book-full", "The address book is full"),
        Refused::HasSecondFactor => {
            (409, "user/has-second-factor", "There is a second factor already")
        }
        Refused::Field { .. } => problem::INVALID,
    }
}
