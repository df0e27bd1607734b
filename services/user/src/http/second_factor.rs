//! The second factor: an app that shows codes, codes on paper, and where they are sent.

use axum::extract::State;
use axum::http::StatusCode;
use chassis::auth::Buyer;
use chassis::{Json, Problem, Query};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::auth::SignedInView;
use super::cookie::{Keeping, SetCookie};
use crate::domain::{Code, OpaqueToken, RecoveryCode, SecondCode};
use crate::error::Error;
use crate::store::authenticators;
use crate::{App, usecases};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishRequest {
    /// From the answer to the mailed code.
    #[schema(value_type = String, pattern = "^[A-Za-z0-9_-]{43}$")]
    mfa_token: OpaqueToken,
    /// What the app shows, or a recovery code.
    code: SecondCode,
}

/// Finishes the sign-in of an account with a second factor.
///
/// A code is taken once. After ten wrong ones in a row none is looked at for a while.
#[utoipa::path(
    post, path = "/v1/auth/mfa", operation_id = "finishSignIn", tag = "user",
    params(("X-Session" = Option<String>, Header, pattern = "^cookie$", description = "`cookie`: the refresh token goes into a cookie")),
    request_body = FinishRequest,
    responses(
        (status = 200, description = "Signed in", body = SignedInView),
        (status = 401, description = "The code is wrong or was used (`user/second-factor-invalid`), or the sign-in is over (`user/otp-invalid`)", body = Problem),
        (status = 403, description = "The account is suspended (`user/suspended`)", body = Problem),
        (status = 429, description = "Too many wrong codes; not even a right one is looked at (`user/otp-locked`)", body = Problem),
    ),
)]
pub async fn finish(
    State(app): State<App>,
    keeping: Keeping,
    Json(body): Json<FinishRequest>,
) -> Result<(SetCookie, Json<SignedInView>), Problem> {
    let signed_in = usecases::finish_sign_in(&app, &body.mfa_token, &body.code).await?;
    let (cookie, view) = SignedInView::hand_out(&keeping, signed_in);
    Ok((cookie, Json(view)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepUpRequest {
    /// What the app shows, or a recovery code.
    code: SecondCode,
}

/// Shows the second factor again: what is sensitive wants one that was shown in the last five minutes.
#[utoipa::path(
    post, path = "/v1/auth/step-up", operation_id = "stepUp", tag = "user",
    request_body = StepUpRequest,
    responses(
        (status = 204, description = "For five minutes this session may do what is sensitive"),
        (status = 401, description = "The code is wrong or was used (`user/second-factor-invalid`)", body = Problem),
        (status = 404, description = "The account has no second factor", body = Problem),
        (status = 429, description = "Too many wrong codes (`user/otp-locked`)", body = Problem),
    ),
    security(("bearer" = [])),
)]
pub async fn step_up(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Json(body): Json<StepUpRequest>,
) -> Result<StatusCode, Problem> {
    usecases::step_up(&app, &caller, &body.code).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An app's secret. It is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegistrationView {
    /// To be typed into an app, in Base32.
    secret: String,
    /// The same for a QR code.
    otpauth_url: String,
}

/// Begins to register an app as second factor.
///
/// It counts once a code of it was confirmed; until then another request makes another secret.
#[utoipa::path(
    post, path = "/v1/me/totp", operation_id = "registerTotp", tag = "user",
    responses(
        (status = 201, description = "The secret of the app", body = RegistrationView),
        (status = 409, description = "There is a second factor (`user/has-second-factor`)", body = Problem),
    ),
    security(("bearer" = [])),
)]
pub async fn register(
    State(app): State<App>,
    Buyer(caller): Buyer,
) -> Result<(StatusCode, Json<RegistrationView>), Problem> {
    let made = usecases::register_second_factor(&app, caller.user_id).await?;
    let view = RegistrationView { secret: made.secret, otpauth_url: made.url };
    Ok((StatusCode::CREATED, Json(view)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmRequest {
    /// What the app shows.
    code: Code,
    /// Whether all other sessions of the account end.
    #[serde(default)]
    end_other_sessions: bool,
}

/// Codes for when the app is lost. They are shown this once, and each is good once.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecoveryCodesView {
    recovery_codes: Vec<String>,
}

impl From<Vec<RecoveryCode>> for RecoveryCodesView {
    fn from(codes: Vec<RecoveryCode>) -> Self {
        Self { recovery_codes: codes.iter().map(RecoveryCode::shown).collect() }
    }
}

/// Confirms an app by a code of it. From then on every sign-in asks for one.
#[utoipa::path(
    post, path = "/v1/me/totp/confirm", operation_id = "confirmTotp", tag = "user",
    request_body = ConfirmRequest,
    responses(
        (status = 200, description = "The app counts; here are recovery codes", body = RecoveryCodesView),
        (status = 401, description = "The code is not one that the app shows now (`user/second-factor-invalid`)", body = Problem),
        (status = 404, description = "No app waits to be confirmed", body = Problem),
        (status = 409, description = "There is a second factor (`user/has-second-factor`)", body = Problem),
    ),
    security(("bearer" = [])),
)]
pub async fn confirm(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Json(body): Json<ConfirmRequest>,
) -> Result<Json<RecoveryCodesView>, Problem> {
    let ends = body.end_other_sessions;
    Ok(Json(usecases::confirm_second_factor(&app, &caller, &body.code, ends).await?.into()))
}

/// The second factor of an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondFactorView {
    /// Since when its codes are asked for.
    confirmed_at: Timestamp,
    /// How many recovery codes were not used yet.
    recovery_codes_left: i64,
}

/// Shows whether the caller has a second factor.
#[utoipa::path(
    get, path = "/v1/me/totp", operation_id = "getTotp", tag = "user",
    responses(
        (status = 200, description = "The second factor", body = SecondFactorView),
        (status = 404, description = "There is none", body = Problem),
    ),
    security(("bearer" = [])),
)]
pub async fn show(
    State(app): State<App>,
    Buyer(caller): Buyer,
) -> Result<Json<SecondFactorView>, Problem> {
    let mut conn = app.db.read().await?;
    let found = authenticators::find_confirmed(&mut conn, caller.user_id).await?;
    let (confirmed_at, recovery_codes_left) = found.ok_or(Error::NotFound)?;
    Ok(Json(SecondFactorView { confirmed_at, recovery_codes_left }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RemoveQuery {
    /// Whether all other sessions of the account end.
    #[serde(default)]
    end_other_sessions: bool,
}

/// Takes the second factor away, with its recovery codes. Wants it shown in the last five minutes.
#[utoipa::path(
    delete, path = "/v1/me/totp", operation_id = "removeTotp", tag = "user", params(RemoveQuery),
    responses(
        (status = 204, description = "Sign-ins want the mailed code alone"),
        (status = 403, description = "Show it once more first (`step-up-required`)", body = Problem),
        (status = 404, description = "There is none", body = Problem),
    ),
    security(("bearer" = [])),
)]
pub async fn remove(
    State(app): State<App>,
    Buyer(caller): Buyer,
    Query(query): Query<RemoveQuery>,
) -> Result<StatusCode, Problem> {
    usecases::remove_second_factor(&app, &caller, query.end_other_sessions).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes ten new recovery codes; the ones before are worthless. Wants the second factor shown in the last five minutes.
#[utoipa::path(
    post, path = "/v1/me/recovery-codes", operation_id = "renewRecoveryCodes", tag = "user",
    responses(
        (status = 200, description = "The new codes", body = RecoveryCodesView),
        (status = 403, description = "Show the second factor once more first (`step-up-required`)", body = Problem),
        (status = 404, description = "There is no second factor", body = Problem),
    ),
    security(("bearer" = [])),
)]
pub async fn renew(
    State(app): State<App>,
    Buyer(caller): Buyer,
) -> Result<Json<RecoveryCodesView>, Problem> {
    Ok(Json(usecases::renew_recovery_codes(&app, &caller).await?.into()))
}
