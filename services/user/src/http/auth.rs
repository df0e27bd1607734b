//! Signing in, going on, signing out.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{AppendHeaders, IntoResponse, Response};
use chassis::{Json, Problem};
use contracts::user::ChallengeId;
use jiff::Timestamp;
use kernel::{EmailAddress, UserId, VendorId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::cookie::{Keeping, Leaving, SetCookie};
use super::origin::{Device, Origin};
use crate::App;
use crate::domain::{ACCESS, Code, RefreshToken};
use crate::error::Error;
use crate::usecases::{self, Proved, SignedIn};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskRequest {
    /// Where the code goes. A `+tag` makes no other account: its codes go to the spelling that opened it.
    address: EmailAddress,
}

/// A challenge that waits for its code.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChallengeView {
    /// Send it back with the code.
    challenge_id: ChallengeId,
    /// Five minutes from now; then the code is worthless.
    expires_at: Timestamp,
    /// After so many seconds another code can be asked for.
    resend_after_s: u32,
}

/// Mails a sign-in code.
///
/// The answer is the same whether or not the address is known. Send the code back with its `challenge_id`.
#[utoipa::path(
    post, path = "/v1/auth/otp", operation_id = "requestCode", tag = "user",
    request_body = AskRequest,
    responses(
        (status = 202, description = "A code is on its way", body = ChallengeView),
        (status = 429, description = "Too many codes were asked for", body = Problem),
    ),
)]
pub async fn ask(
    State(app): State<App>,
    Origin(from): Origin,
    Json(body): Json<AskRequest>,
) -> Result<(StatusCode, Json<ChallengeView>), Problem> {
    let asked = usecases::ask_code(&app, &body.address, from).await?;
    let view = ChallengeView {
        challenge_id: asked.challenge_id,
        expires_at: asked.expires_at,
        resend_after_s: 30,
    };
    Ok((StatusCode::ACCEPTED, Json(view)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyRequest {
    /// From the answer to the request for the code.
    challenge_id: ChallengeId,
    code: Code,
}

/// Somebody who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedInView {
    /// Send it as `Authorization: Bearer ..`.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// The access token's life in seconds.
    expires_in: i64,
    /// Exchange it for the next pair, once. Empty where a cookie holds it.
    refresh_token: String,
    user: UserView,
    /// `false`: nothing is owed any more.
    mfa_required: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct UserView {
    user_id: UserId,
    #[schema(required)]
    name: Option<String>,
    #[schema(required)]
    email: Option<EmailAddress>,
    /// `buyer`, and `admin` for staff.
    roles: Vec<String>,
    /// Empty unless they are staff.
    permissions: Vec<String>,
    /// The sellers they act for.
    vendors: Vec<VendorId>,
}

impl SignedInView {
    /// What is answered to somebody who is signed in, with the cookie of a page that keeps one.
    pub fn hand_out(keeping: &Keeping, signed_in: SignedIn) -> (SetCookie, Self) {
        let cookie = keeping.hand_out(&signed_in);
        let SignedIn { access_token, refresh_token, account, vendors } = signed_in;
        let refresh_token = match keeping {
            Keeping::Body => refresh_token.as_str().to_owned(),
            Keeping::Cookie(_) => String::new(),
        };
        let user = UserView {
            user_id: account.user_id,
            roles: account.rights.roles(),
            permissions: account.rights.permissions(),
            name: account.name,
            email: account.email,
            vendors,
        };
        let expires_in = ACCESS.as_secs();
        let view = Self {
            access_token,
            token_type: "Bearer",
            expires_in,
            refresh_token,
            user,
            mfa_required: false,
        };
        (cookie, view)
    }
}

/// What a mailed code was good for: `mfa_required` says which of the two it is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum VerifiedView {
    SignedIn(Box<SignedInView>),
    Half(SecondFactorOwedView),
}

/// Somebody whose account has a second factor.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondFactorOwedView {
    /// `true`: send its code with the token to `POST /v1/auth/mfa`.
    mfa_required: bool,
    mfa_token: String,
    /// Five minutes from now; then sign in from the beginning.
    expires_at: Timestamp,
}

/// Signs in with a code, and registers whoever is new.
///
/// A code works once and takes five tries; then ask for another. Who has a second factor is asked for its code next.
#[utoipa::path(
    post, path = "/v1/auth/otp/verify", operation_id = "verifyCode", tag = "user",
    params(("X-Session" = Option<String>, Header, pattern = "^cookie$", description = "`cookie`: the refresh token goes into a cookie")),
    request_body = VerifyRequest,
    responses(
        (status = 200, description = "Signed in, or the second factor is asked for", body = inline(VerifiedView)),
        (status = 401, description = "The code is wrong, used or over (`user/otp-invalid`)", body = Problem),
        (status = 403, description = "The account is suspended (`user/suspended`)", body = Problem),
        (status = 429, description = "Too many wrong codes; not even a right one is looked at (`user/otp-locked`, `rate-limited`)", body = Problem),
    ),
)]
pub async fn verify(
    State(app): State<App>,
    Origin(from): Origin,
    Device(device): Device,
    keeping: Keeping,
    Json(body): Json<VerifyRequest>,
) -> Result<(SetCookie, Json<VerifiedView>), Problem> {
    let VerifyRequest { challenge_id, code } = body;
    let device = device.as_deref();
    Ok(match usecases::sign_in(&app, challenge_id, &code, from, device).await? {
        Proved::SignedIn(signed_in) => {
            let (cookie, view) = SignedInView::hand_out(&keeping, *signed_in);
            (cookie, Json(VerifiedView::SignedIn(Box::new(view))))
        }
        Proved::Half { token, expires_at } => {
            let mfa_token = token.as_str().to_owned();
            let owed = SecondFactorOwedView { mfa_required: true, mfa_token, expires_at };
            (AppendHeaders(None), Json(VerifiedView::Half(owed)))
        }
    })
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshRequest {
    /// The one that came with the last access token; without it, the cookie's is taken.
    refresh_token: Option<RefreshToken>,
}

/// Exchanges a refresh token for the next pair of tokens.
///
/// For 20 seconds the same token gets the same successor again, should the answer get lost. After that somebody else
/// may hold it, and a second use ends the session.
#[utoipa::path(
    post, path = "/v1/auth/refresh", operation_id = "refreshTokens", tag = "user",
    params(("X-Session" = Option<String>, Header, pattern = "^cookie$", description = "`cookie`: the refresh token is in a cookie")),
    request_body = RefreshRequest,
    responses(
        (status = 200, description = "The session goes on", body = SignedInView),
        (status = 401, description = "The token is over (`user/token-invalid`), was used before (`user/token-reused`) or did not come along (`user/token-missing`)", body = Problem),
        (status = 403, description = "A page of another origin cannot use the cookie", body = Problem),
    ),
)]
pub async fn refresh(
    State(app): State<App>,
    keeping: Keeping,
    Json(body): Json<RefreshRequest>,
) -> Result<Response, Problem> {
    let token = body.refresh_token.as_ref().or(keeping.held()).ok_or(Error::TokenMissing)?;
    match usecases::refresh(&app, token).await {
        Ok(signed_in) => {
            let (cookie, view) = SignedInView::hand_out(&keeping, signed_in);
            Ok((cookie, Json(view)).into_response())
        }
        Err(no @ (Error::TokenInvalid | Error::TokenReused)) => {
            Ok((keeping.take_back(), Problem::from(no)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Signs out: ends the session of the access token, or of the cookie.
#[utoipa::path(
    post, path = "/v1/auth/logout", operation_id = "logOut", tag = "user",
    params(("X-Session" = Option<String>, Header, pattern = "^cookie$", description = "`cookie`: ends the session of the cookie, whatever became of its access token")),
    responses((status = 204, description = "Signed out")), security(("bearer" = [])),
)]
pub async fn logout(
    State(app): State<App>,
    keeping: Keeping,
    leaving: Leaving,
) -> Result<impl IntoResponse, Problem> {
    match leaving {
        Leaving::Caller(caller) => {
            usecases::sign_out(&app, caller.user_id, caller.session_id).await?;
        }
        Leaving::Holder(token) => {
            usecases::sign_out_holder(&app, &token).await?;
        }
    }
    Ok((StatusCode::NO_CONTENT, keeping.take_back()))
}
