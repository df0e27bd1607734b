//! The refresh token of a web page: a cookie that no script can read and no other site can use.
//!
//! A page asks for it with the header `X-Session: cookie`. A form cannot send that header, and a script of another
//! origin would have to be let in first, which nobody is: so whatever comes with it was sent by a page of ours.

use axum::extract::FromRequestParts;
use axum::http::header::{self, HeaderName};
use axum::http::request::Parts;
use axum::response::AppendHeaders;
use chassis::Problem;
use chassis::auth::Caller;

use crate::domain::{Life, RefreshToken};
use crate::usecases::SignedIn;

/// The prefix makes browsers refuse it without `Secure` and `Path=/`, and from a neighbouring host (RFC 6265bis 4.1.3).
const NAME: &str = "__Host-mall";

/// Where the client keeps its refresh token.
#[derive(Debug, Clone)]
pub enum Keeping {
    /// It is in the body of answers and requests.
    Body,
    /// It is in a cookie; here is the one that came along.
    Cookie(Option<RefreshToken>),
}

/// Who signs out.
#[derive(Debug)]
pub enum Leaving {
    /// Whoever holds the cookie, though their access token may be over.
    Holder(RefreshToken),
    Caller(Caller),
}

impl<S: Send + Sync> FromRequestParts<S> for Leaving {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if let Keeping::Cookie(Some(token)) = Keeping::from_request_parts(parts, state).await? {
            return Ok(Self::Holder(token));
        }
        Caller::from_request_parts(parts, state).await.map(Self::Caller)
    }
}

fn unknown() -> Problem {
    Problem::new(422, "validation-error", "A value is not valid")
        .with_detail("X-Session: cookie, or nothing")
}

/// What goes with an answer: the cookie, if there is one to set.
pub type SetCookie = AppendHeaders<Option<(HeaderName, String)>>;

impl<S: Sync> FromRequestParts<S> for Keeping {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let text =
            |name: &str| parts.headers.get(name).map(|value| value.to_str().unwrap_or_default());
        match text("x-session") {
            None => return Ok(Self::Body),
            Some("cookie") => {}
            Some(_) => {
                return Err(unknown());
            }
        }
        // Browsers that do not say it are kept out of other origins by the header above alone.
        if text("sec-fetch-site").is_some_and(|site| site != "same-origin") {
            return Err(Problem::new(403, "forbidden", "Not yours to do")
                .with_detail("only a page of this origin uses the cookie"));
        }
        let cookies = parts.headers.get_all(header::COOKIE).iter();
        let pairs = cookies.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(';'));
        let held =
            pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(name, _)| *name == NAME);
        Ok(Self::Cookie(held.map(|(_, token)| RefreshToken::presented(token))))
    }
}

impl Keeping {
    /// The cookie that came along.
    pub fn held(&self) -> Option<&RefreshToken> {
        match self {
            Self::Body => None,
            Self::Cookie(held) => held.as_ref(),
        }
    }

    /// The cookie that hands out what somebody who is signed in holds.
    pub fn hand_out(&self, signed_in: &SignedIn) -> SetCookie {
        let max_age = Life::of(&signed_in.account.rights).idle().as_secs();
        self.set(signed_in.refresh_token.as_str(), max_age)
    }

    /// Takes the cookie back: of somebody who signed out, or whose token is good for nothing any more.
    pub fn take_back(&self) -> SetCookie {
        self.set("", 0)
    }

    fn set(&self, token: &str, max_age_s: i64) -> SetCookie {
        let attributes = format!("Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={max_age_s}");
        let cookie = || (header::SET_COOKIE, format!("{NAME}={token}; {attributes}"));
        AppendHeaders(matches!(self, Self::Cookie(_)).then(cookie))
    }
}
