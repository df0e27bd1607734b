//! What staff do, on its way into the audit trail.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;
use contracts::ops::StaffActed;
use serde_json::Value;
use uuid::Uuid;

use super::callers::{Caller, Permission, allowed};
use crate::db::Db;
use crate::events::tx::Tx;
use crate::http::idempotency::{Answer, Idempotent};
use crate::problem::Problem;

/// A member of staff who is allowed `P` and changes something: what they do goes into the audit trail. Who only looks is
/// [`Staff`](super::Staff).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acting<P> {
    /// Who.
    pub caller: Caller,
    may: PhantomData<fn() -> P>,
}

impl<P: Permission, S: Sync> FromRequestParts<S> for Acting<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        Ok(Self { caller: allowed::<P>(caller, parts)?, may: PhantomData })
    }
}

/// What is done, and to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act {
    name: &'static str,
    subject: Option<Uuid>,
}

impl Act {
    /// `name` is `<kind of thing>.<verb>`, for example `refund.approve`.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, subject: None }
    }

    /// To this thing.
    #[must_use]
    pub fn on(self, subject: Uuid) -> Self {
        Self { subject: Some(subject), ..self }
    }
}

/// A longer request is not kept: what staff say is a decision and a reason.
const SAID: usize = 4096;

impl<P> Acting<P> {
    /// Does `work` once per key, as [`Idempotent::answer`] does, and says in the same commit who did `act`.
    pub async fn once<T, A: Answer>(
        &self,
        db: &Db,
        act: Act,
        once: Idempotent<T>,
        work: impl AsyncFnOnce(&mut Tx, T) -> Result<A, Problem>,
    ) -> Result<Response, Problem> {
        let said = once.said();
        let work = async |tx: &mut Tx, body: T| {
            let answer = work(tx, body).await?;
            self.tell(tx, act, &said);
            Ok(answer)
        };
        once.answer(db, &self.caller.user_id.to_string(), work).await
    }

    /// Says who did `act`, if and only if `tx` commits; `said` is what they asked for.
    pub fn tell(&self, tx: &mut Tx, act: Act, said: &Value) {
        let text = said.to_string();
        let at = tx.now();
        tx.emit(&StaffActed {
            at,
            staff_id: self.caller.user_id,
            session_id: self.caller.session_id,
            act: act.name.to_owned(),
            subject_id: act.subject.map(|id| id.to_string()),
            said: if text.len() > SAID { "null".to_owned() } else { text },
        });
    }
}
