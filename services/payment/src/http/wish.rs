//! What a member of staff wants done, at all or to one thing that the path names.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::response::Response;
use chassis::auth::callers::may;
use chassis::auth::{Act, Acting, Caller};
use chassis::{Idempotent, NoBody, Path, Problem, Tx};
use kernel::Id;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::App;
use crate::domain::proposal::Proposal;
use crate::usecases::{self, Decided};

/// A wish that this body says.
pub struct Asked<B> {
    pub app: App,
    staff: Acting<may::ManagePayments>,
    once: Idempotent<B>,
}

impl<B: DeserializeOwned> FromRequest<App> for Asked<B> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let staff = Acting::from_request_parts(&mut parts, app).await?;
        Self::by(staff, Request::from_parts(parts, body), app).await
    }
}

impl<B: DeserializeOwned> Asked<B> {
    async fn by(
        staff: Acting<may::ManagePayments>,
        request: Request,
        app: &App,
    ) -> Result<Self, Problem> {
        let once = Idempotent::from_request(request, app).await?;
        Ok(Self { app: app.clone(), staff, once })
    }
}

impl<B> Asked<B> {
    /// What they call it, where they have to.
    pub fn name(&self) -> Result<String, Problem> {
        Ok(self.once.required()?.key.clone())
    }

    /// Does `work` once, which goes into the audit trail as `act`.
    pub async fn once<V: Serialize>(
        self,
        act: Act,
        work: impl AsyncFnOnce(&mut Tx, &Caller, B) -> Result<(StatusCode, V), Problem>,
    ) -> Result<Response, Problem> {
        let Self { app, staff, once } = self;
        let work = async |tx: &mut Tx, body: B| work(tx, &staff.caller, body).await;
        staff.once(&app.db, act, once, work).await
    }
}

/// A wish about the thing of this id.
pub struct Wish<M, B = NoBody> {
    pub id: Id<M>,
    pub asked: Asked<B>,
}

impl<M, B: DeserializeOwned> FromRequest<App> for Wish<M, B> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let staff = Acting::from_request_parts(&mut parts, app).await?;
        let Path(id) = Path::from_request_parts(&mut parts, app).await?;
        let asked = Asked::by(staff, Request::from_parts(parts, body), app).await?;
        Ok(Self { id, asked })
    }
}

impl<M, B> Wish<M, B> {
    /// Does `work` once, which goes into the audit trail as `act` on it.
    pub async fn once<V: Serialize>(
        self,
        act: &'static str,
        work: impl AsyncFnOnce(&mut Tx, &Caller, B) -> Result<(StatusCode, V), Problem>,
    ) -> Result<Response, Problem> {
        self.asked.once(Act::new(act).on(self.id.as_uuid()), work).await
    }
}

impl<M> Wish<M> {
    /// Agrees to what another member of staff proposed.
    pub async fn approve<T, V>(self, act: &'static str) -> Result<Response, Problem>
    where
        T: Decided<Mark = M>,
        V: Serialize + From<Proposal<T>>,
    {
        let id = self.id;
        let approve = async |tx: &mut Tx, staff: &Caller, _| {
            Ok((StatusCode::OK, V::from(usecases::approve::<T>(tx, id, staff).await?)))
        };
        self.once(act, approve).await
    }

    /// Does not agree to it, or takes it back.
    pub async fn decline<T, V>(self, act: &'static str) -> Result<Response, Problem>
    where
        T: Decided<Mark = M>,
        V: Serialize + From<Proposal<T>>,
    {
        let id = self.id;
        let decline = async |tx: &mut Tx, staff: &Caller, _| {
            Ok((StatusCode::OK, V::from(usecases::decline::<T>(tx, id, staff).await?)))
        };
        self.once(act, decline).await
    }
}
