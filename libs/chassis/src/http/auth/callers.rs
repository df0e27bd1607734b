//! Who may call a handler, as a type in its signature. A handler without one is visibly public.

use std::collections::HashMap;
use std::marker::PhantomData;

use axum::extract::{FromRequestParts, Path};
use axum::http::header;
use axum::http::request::Parts;
use jiff::Timestamp;
use kernel::{SessionId, UserId, VendorId};

use super::keyring::Keyring;
use super::token::TokenError;
use crate::config::Common;
use crate::http::young;
use crate::problem::{self, Problem};

/// Somebody whose token is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Who.
    pub user_id: UserId,
    /// In which session.
    pub session_id: SessionId,
    /// `buyer`, `admin`.
    pub roles: Vec<String>,
    /// What staff may do.
    pub perms: Vec<String>,
    /// The sellers they act for.
    pub vendors: Vec<VendorId>,
    /// When the session last showed a second factor, as its token knows it.
    pub second_factor_at: Option<Timestamp>,
}

/// What staff have to show beside their permission: a second factor, but where an installation for development lets them
/// be without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaffFactor {
    /// Sessions that never showed one are refused.
    Required,
    /// Development only.
    NotAsked,
}

impl StaffFactor {
    /// As an installation is set.
    #[must_use]
    pub const fn of(common: &Common) -> Self {
        if common.staff_without_second_factor { Self::NotAsked } else { Self::Required }
    }

    fn check(self, caller: &Caller) -> Result<(), Problem> {
        if self == Self::NotAsked || caller.second_factor_at.is_some() {
            return Ok(());
        }
        Err(Problem::plain(problem::MFA_REQUIRED).with_detail(
            "staff show a second factor: register an app with POST /v1/me/totp, confirm it, then refresh your tokens; who \
             has registered one meanwhile signs in again",
        ))
    }
}

fn unauthenticated() -> Problem {
    Problem::new(401, "unauthenticated", "Sign in first")
        .with_detail("the request carries no access token that is valid now")
}

/// Whoever signed in is not to be sent away to sign in again because this replica has just started.
fn too_early() -> Problem {
    Problem::plain(problem::UNAVAILABLE)
}

fn forbidden(detail: &str) -> Problem {
    Problem::new(403, "forbidden", "Not yours to do").with_detail(detail)
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let keyring = parts.extensions.get::<Keyring>().ok_or_else(unauthenticated)?;
        let header = parts.headers.get(header::AUTHORIZATION).ok_or_else(unauthenticated)?;
        let token = header
            .to_str()
            .ok()
            .and_then(|h| h.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or_else(unauthenticated)?;
        let claims = keyring.verify(token).map_err(|error| {
            tracing::debug!(%error, "a token was not believed");
            if error == TokenError::TooEarly { too_early() } else { unauthenticated() }
        })?;
        Ok(Self {
            user_id: claims.sub,
            session_id: claims.sid,
            roles: claims.roles,
            perms: claims.perms,
            vendors: keyring.sellers_of(claims.sub, claims.vendors),
            second_factor_at: claims.mfa.and_then(|at| Timestamp::from_second(at).ok()),
        })
    }
}

/// Anybody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Buyer(pub Caller);

impl<S: Sync> FromRequestParts<S> for Buyer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Caller::from_request_parts(parts, state).await.map(Self)
    }
}

/// Somebody who may be signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member(pub Option<Caller>);

impl<S: Sync> FromRequestParts<S> for Member {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if parts.headers.contains_key(header::AUTHORIZATION) {
            return Caller::from_request_parts(parts, state).await.map(|c| Self(Some(c)));
        }
        Ok(Self(None))
    }
}

/// A member of the seller named in the path (`{vendor_id}`).
///
/// Who acts for no seller at all gets 403; who acts for another one gets 404, as if there were no such seller. A seller
/// that was made a moment ago, or was not, is waited for, so that nobody needs a new token for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorOf {
    /// The seller.
    pub vendor_id: VendorId,
    /// Who acts for it.
    pub caller: Caller,
}

impl<S: Send + Sync> FromRequestParts<S> for VendorOf {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        Self::of(caller, parts, state).await
    }
}

impl VendorOf {
    async fn of<S: Send + Sync>(
        mut caller: Caller,
        parts: &mut Parts,
        state: &S,
    ) -> Result<Self, Problem> {
        let vendor_id = vendor_id(parts, state).await;
        if let Some(young) = vendor_id.filter(|id| young::is_young(id.as_uuid()))
            && !caller.vendors.contains(&young)
            && let Some(keyring) = parts.extensions.get::<Keyring>()
            && keyring.joins(caller.user_id, young).await
        {
            caller.vendors.push(young);
        }
        if caller.vendors.is_empty() {
            return Err(forbidden("only members of a seller may do this"));
        }
        let vendor_id = vendor_id.filter(|id| caller.vendors.contains(id));
        let vendor_id = vendor_id.ok_or_else(Problem::not_found)?;
        Ok(Self { vendor_id, caller })
    }
}

async fn vendor_id<S: Send + Sync>(parts: &mut Parts, state: &S) -> Option<VendorId> {
    let Path(path) =
        Path::<HashMap<String, String>>::from_request_parts(parts, state).await.ok()?;
    path.get("vendor_id")?.parse().ok()
}

/// Something staff may be allowed to do.
pub trait Permission: Send + Sync + 'static {
    /// Its name in the token.
    const NAME: &'static str;
}

/// The permissions there are. `staff` alone may look; each kind of change has its own.
pub mod may {
    use super::Permission;

    /// Look at dashboards, queues, orders and the audit trail.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Look {}
    /// Decide about sellers.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum DecideVendors {}
    /// Decide about products.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ModerateProducts {}
    /// Decide about reviews.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ModerateReviews {}
    /// Change roles and standing of accounts.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ManageUsers {}
    /// See payments and give money back.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ManagePayments {}
    /// Cancel what was ordered and not shipped.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum CancelOrders {}
    /// Decide about returns that buyer and seller contest.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum DecideReturns {}
    /// See and resend mail.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ManageMail {}

    impl Permission for Look {
        const NAME: &'static str = "look";
    }
    impl Permission for DecideVendors {
        const NAME: &'static str = "vendors.decide";
    }
    impl Permission for ModerateProducts {
        const NAME: &'static str = "products.moderate";
    }
    impl Permission for ModerateReviews {
        const NAME: &'static str = "reviews.moderate";
    }
    impl Permission for ManageUsers {
        const NAME: &'static str = "users.manage";
    }
    impl Permission for ManagePayments {
        const NAME: &'static str = "payments.manage";
    }
    impl Permission for CancelOrders {
        const NAME: &'static str = "orders.cancel";
    }
    impl Permission for DecideReturns {
        const NAME: &'static str = "returns.decide";
    }
    impl Permission for ManageMail {
        const NAME: &'static str = "mail.manage";
    }

    /// All of them.
    pub const ALL: &[&str] = &[
        Look::NAME,
        DecideVendors::NAME,
        ModerateProducts::NAME,
        ModerateReviews::NAME,
        ManageUsers::NAME,
        ManagePayments::NAME,
        CancelOrders::NAME,
        DecideReturns::NAME,
        ManageMail::NAME,
    ];
}

/// A member of staff who is allowed `P`, and looks. A route that changes something takes [`Acting`](super::Acting).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff<P> {
    /// Who.
    pub caller: Caller,
    may: PhantomData<fn() -> P>,
}

impl<P: Permission, S: Sync> FromRequestParts<S> for Staff<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        only_looks(parts)?;
        Ok(Self { caller: allowed::<P>(caller, parts)?, may: PhantomData })
    }
}

/// No act of staff may miss the audit trail: such a route fails in its first test.
fn only_looks(parts: &Parts) -> Result<(), Problem> {
    if parts.method.is_safe() {
        return Ok(());
    }
    tracing::error!(http.route = %parts.uri.path(), "a route of staff that changes something does not say so");
    Err(Problem::plain(problem::INTERNAL))
}

/// The seller named in the path (`{vendor_id}`), whose things a member of it looks at, or staff who are allowed `P`.
///
/// Anybody else is told what [`VendorOf`] tells them, and staff which permission they lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VendorSeen<P> {
    /// The seller.
    pub vendor_id: VendorId,
    may: PhantomData<fn() -> P>,
}

impl<P: Permission, S: Send + Sync> FromRequestParts<S> for VendorSeen<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        only_looks(parts)?;
        let seen = |vendor_id| Self { vendor_id, may: PhantomData };
        if !is_staff(&caller) {
            return VendorOf::of(caller, parts, state).await.map(|member| seen(member.vendor_id));
        }
        let vendor_id = vendor_id(parts, state).await.ok_or_else(Problem::not_found)?;
        if !caller.vendors.contains(&vendor_id) {
            allowed::<P>(caller, parts)?;
        }
        Ok(seen(vendor_id))
    }
}

fn is_staff(caller: &Caller) -> bool {
    caller.roles.iter().any(|role| role == "admin")
}

/// The caller, if they are staff who may do `P` and have shown a second factor.
pub(super) fn allowed<P: Permission>(caller: Caller, parts: &Parts) -> Result<Caller, Problem> {
    if !is_staff(&caller) {
        return Err(forbidden("only staff may do this"));
    }
    if !caller.perms.iter().any(|p| p == P::NAME) {
        let detail = format!("this member of staff does not have the permission {}", P::NAME);
        return Err(forbidden(&detail));
    }
    parts.extensions.get().copied().unwrap_or(StaffFactor::Required).check(&caller)?;
    Ok(caller)
}
