//! Returns, as clients read them and ask for them.

use jiff::Timestamp;
use kernel::line::Line;
use kernel::{OrderId, ProductId, ReturnId, SellerOrderId, Sku, VendorId};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::{IntoParams, IntoResponses, ToSchema};

use super::answers::{self, Responses};
use crate::domain::returns::{Condition, Party, ReturnReason, ReturnState};
use crate::error::Error;
use crate::store;
use crate::store::return_lists::OpenReturn;
use crate::store::returns::{ReturnLine, ReturnRow, ReturnStep};
use crate::usecases::Deed;

/// Words of buyer, seller or staff, which the others read.
pub type Words = Line<500>;

/// Where a return stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReturnStatus {
    /// The buyer asked; without an answer in 48 hours it is approved.
    Requested,
    /// The buyer may send it, for ten days.
    Approved,
    /// The buyer says that it is on its way; without a word of the seller in 14 days it is credited.
    SentBack,
    /// It will not be taken back; as long as there is an `until`, the buyer may contest that.
    Refused,
    /// Buyer and seller disagree; staff decide. After 14 days it goes the buyer's way.
    Contested,
    /// It is back, and credited.
    Credited,
    /// The buyer keeps it after all.
    Withdrawn,
    /// The buyer did not send it in time.
    Expired,
    /// It is over, for the buyer has the money: the buyer's bank took it back.
    Settled,
}

impl From<ReturnState> for ReturnStatus {
    fn from(state: ReturnState) -> Self {
        match state {
            ReturnState::Requested => Self::Requested,
            ReturnState::Approved => Self::Approved,
            ReturnState::SentBack => Self::SentBack,
            ReturnState::Refused | ReturnState::RefusedForGood => Self::Refused,
            ReturnState::RefusalContested | ReturnState::GoodsContested => Self::Contested,
            ReturnState::Credited => Self::Credited,
            ReturnState::Withdrawn => Self::Withdrawn,
            ReturnState::Expired => Self::Expired,
            ReturnState::Settled => Self::Settled,
        }
    }
}

impl ReturnStatus {
    /// The states that are called so.
    const fn states(self) -> &'static [ReturnState] {
        match self {
            Self::Requested => &[ReturnState::Requested],
            Self::Approved => &[ReturnState::Approved],
            Self::SentBack => &[ReturnState::SentBack],
            Self::Refused => &[ReturnState::Refused, ReturnState::RefusedForGood],
            Self::Contested => &[ReturnState::RefusalContested, ReturnState::GoodsContested],
            Self::Credited => &[ReturnState::Credited],
            Self::Withdrawn => &[ReturnState::Withdrawn],
            Self::Expired => &[ReturnState::Expired],
            Self::Settled => &[ReturnState::Settled],
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReturnsQuery {
    /// Only those that stand here; all without it.
    status: Option<ReturnStatus>,
}

impl ReturnsQuery {
    /// The states that are looked for.
    pub fn states(&self) -> Option<&'static [ReturnState]> {
        self.status.map(ReturnStatus::states)
    }
}

/// What is said with a step.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WordsRequest {
    /// Why, in a few words, which the others read.
    words: Words,
}

impl WordsRequest {
    /// The deed, with these words.
    pub fn said(self, deed: Deed) -> Deed {
        deed.saying(self.words.into_string())
    }
}

/// Pieces that a buyer sends back.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnView {
    pub return_id: ReturnId,
    pub order_id: OrderId,
    pub seller_order_id: SellerOrderId,
    /// The seller order's number, such as `M261130-000042-1`.
    pub number: String,
    pub vendor_id: VendorId,
    pub status: ReturnStatus,
    /// Until when it stands like this if nobody does anything. Absent at an end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    pub reason: ReturnReason,
    pub lines: Vec<ReturnLineView>,
    /// Who carries it back, where the buyer said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carrier: Option<String>,
    /// Under which number, where the buyer said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracking_number: Option<String>,
    /// How it came back. Absent until it is credited, and of what is settled until its seller has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// Every step, oldest first. The first one is the buyer's wish.
    pub steps: Vec<ReturnStepView>,
    pub requested_at: Timestamp,
}

/// Pieces of one line.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnLineView {
    /// Which line of its seller order, counted from 0.
    pub position: u32,
    pub sku: Sku,
    pub product_id: ProductId,
    pub title: String,
    pub quantity: u32,
}

/// A step of a return.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnStepView {
    /// Who took it.
    pub by: Party,
    /// Where it stood afterwards.
    pub status: ReturnStatus,
    /// What was said with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    pub at: Timestamp,
}

/// A return that is not at its end.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpenReturnView {
    pub return_id: ReturnId,
    pub status: ReturnStatus,
    /// Until when it stands like this if nobody does anything.
    pub until: Timestamp,
}

impl OpenReturnView {
    pub fn all(open: &[OpenReturn]) -> Vec<Self> {
        let view = |open: &OpenReturn| Self {
            return_id: open.id,
            status: open.state.into(),
            until: open.due_at,
        };
        open.iter().map(view).collect()
    }
}

impl IntoResponses for ReturnView {
    fn responses() -> Responses {
        answers::done::<Self>("Done.")
    }
}

impl ReturnView {
    pub fn of(row: ReturnRow) -> Self {
        Self {
            return_id: row.id,
            order_id: row.order_id,
            seller_order_id: row.seller_order_id,
            number: row.number,
            vendor_id: row.vendor_id,
            status: row.state.into(),
            until: row.due_at,
            reason: row.reason,
            lines: row.lines.into_iter().map(ReturnLineView::of).collect(),
            carrier: row.parcel.carrier.map(|carrier| carrier.to_string()),
            tracking_number: row.parcel.tracking_number.map(|number| number.to_string()),
            condition: row.condition,
            steps: row.steps.into_iter().map(ReturnStepView::of).collect(),
            requested_at: row.created_at,
        }
    }
}

impl ReturnLineView {
    fn of(line: ReturnLine) -> Self {
        Self {
            position: line.pieces.position,
            sku: line.sku,
            product_id: line.product_id,
            title: line.title,
            quantity: line.pieces.quantity,
        }
    }
}

impl ReturnStepView {
    fn of(step: ReturnStep) -> Self {
        Self { by: step.act.party(), status: step.to.into(), words: step.words, at: step.at }
    }
}

/// A return as it stands.
pub async fn view(conn: &mut PgConnection, id: ReturnId) -> Result<ReturnView, Error> {
    Ok(ReturnView::of(store::returns::find(conn, id).await?.ok_or(Error::NotFound)?))
}
