//! Who asks for what, and the answer: what is done to an order or a return is done once, and answered with how it stands
//! then.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use chassis::auth::callers::may;
use chassis::auth::{Acting, Buyer, VendorOf};
use chassis::etag::Tagged;
use chassis::{Idempotent, Path, Problem, Tx};
use kernel::{ReturnId, SellerOrderId, UserId};
use serde::de::DeserializeOwned;
use sqlx::PgConnection;

use super::answers::Answered;
use super::paths::{
    MyOrderPath, MyPartPath, MyReturnPath, OrderPath, ParcelPath, PartPath, ReductionPath,
    ReturnPath,
};
use super::returns;
use super::vendor_orders;
use crate::App;
use crate::error::Error;
use crate::store;
use crate::store::orders::OrderRow;
use crate::usecases::{self, Deed};

/// Who asks, of what the path `P` names.
#[derive(Debug)]
pub struct Ask<W, P> {
    pub app: App,
    pub who: W,
    pub path: P,
}

impl<W, P> FromRequestParts<App> for Ask<W, P>
where
    W: FromRequestParts<App, Rejection = Problem> + Send,
    P: DeserializeOwned + Send,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let who = W::from_request_parts(parts, app).await?;
        let Path(path) = Path::from_request_parts(parts, app).await?;
        Ok(Self { app: app.clone(), who, path })
    }
}

/// A seller asks, of one of its orders.
pub type TheirOrder = Ask<VendorOf, OrderPath>;

/// A seller asks, of one of its parcels.
pub type TheirParcel = Ask<VendorOf, ParcelPath>;

/// A seller asks, of what is sent back to it.
pub type TheirReturn = Ask<VendorOf, ReturnPath>;

/// A buyer asks, of their order.
pub type MyOrder = Ask<Buyer, MyOrderPath>;

/// A buyer asks, of what one seller supplies.
pub type MyPart = Ask<Buyer, MyPartPath>;

/// A buyer asks, of what they send back.
pub type MyReturn = Ask<Buyer, MyReturnPath>;

/// Staff change a seller order.
pub type StaffOrder = Ask<Acting<may::CancelOrders>, PartPath>;

/// Staff decide about a reduction.
pub type StaffReduction = Ask<Acting<may::CancelOrders>, ReductionPath>;

impl<P> Ask<VendorOf, P> {
    /// Does `act` with the body, once per key, and shows the seller order.
    pub async fn answer<T>(
        &self,
        id: SellerOrderId,
        once: Idempotent<T>,
        act: impl AsyncFnOnce(&mut Tx, T) -> Result<(), Error>,
    ) -> Answered {
        let work = async |tx: &mut Tx, body: T| {
            act(tx, body).await?;
            let (version, view) = vendor_orders::view(tx.conn(), self.who.vendor_id, id).await?;
            Ok(Tagged(version, view))
        };
        once.answer(&self.app.db, &self.who.caller.user_id.to_string(), work).await
    }
}

impl MyOrder {
    /// The order as it stands.
    pub async fn find(&self, conn: &mut PgConnection) -> Result<OrderRow, Error> {
        let row = store::orders::find(conn, self.path.id, self.who.0.user_id).await?;
        row.ok_or(Error::NotFound)
    }
}

impl TheirReturn {
    /// Takes, once per key, the step that `deed` makes of the body, and shows the return.
    pub async fn step<T>(
        self,
        once: Idempotent<T>,
        deed: impl FnOnce(UserId, T) -> Deed,
    ) -> Answered {
        let (ReturnPath { vendor_id, return_id }, who) = (self.path, self.who.caller.user_id);
        let step = async move |tx: &mut Tx, body: T| {
            usecases::step_as_seller(tx, vendor_id, return_id, deed(who, body)).await
        };
        answer_return(&self.app, who, return_id, once, step).await
    }
}

impl MyReturn {
    /// Takes, once per key, the step that `deed` makes of the body, and shows the return.
    pub async fn step<T>(
        self,
        once: Idempotent<T>,
        deed: impl FnOnce(UserId, T) -> Deed,
    ) -> Answered {
        let (MyReturnPath { id, return_id }, who) = (self.path, self.who.0.user_id);
        let step = async move |tx: &mut Tx, body: T| {
            usecases::step_as_buyer(tx, id, return_id, who, deed(who, body)).await
        };
        answer_return(&self.app, who, return_id, once, step).await
    }
}

/// Takes `step` with the body, once per key of `who`, and shows the return.
async fn answer_return<T>(
    app: &App,
    who: UserId,
    id: ReturnId,
    once: Idempotent<T>,
    step: impl AsyncFnOnce(&mut Tx, T) -> Result<(), Error>,
) -> Answered {
    let work = async |tx: &mut Tx, body: T| {
        step(tx, body).await?;
        Ok((StatusCode::OK, returns::view(tx.conn(), id).await?))
    };
    once.answer(&app.db, &who.to_string(), work).await
}
