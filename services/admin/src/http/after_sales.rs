//! What goes back, and what sellers were paid: numbers for those who keep an eye on it.

use axum::extract::State;
use chassis::auth::Staff;
use chassis::auth::callers::may;
use chassis::{Json, Problem};
use jiff::{SignedDuration, Timestamp};
use kernel::{Currency, Money};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::App;
use crate::store::after_sales::{self, OpenDispute, Refunds, Sums, Tally};

/// Disputes that are shown one by one.
const SHOWN: i64 = 100;
/// For how long a payout that failed is shown: it is owed again, and paid with a later one.
const LATELY: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How many there are, and over how much together. Sums are of rupees only.
#[derive(Debug, Serialize, ToSchema)]
pub struct TallyView {
    count: i64,
    amount: Money,
}

impl From<Tally> for TallyView {
    fn from(tally: Tally) -> Self {
        Self { count: tally.count, amount: Money::new(tally.amount, Currency::Inr) }
    }
}

/// Refunds by how long ago they were asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitingView {
    /// Less than a day ago.
    within_day: TallyView,
    /// A day or more ago, and less than seven.
    within_week: TallyView,
    /// Seven days ago or more.
    older: TallyView,
}

/// Money that goes back to buyers.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefundsView {
    /// Every refund that is owed or was, since the beginning. Rises with `refund.requested`.
    asked: TallyView,
    /// Those that are with the buyer's bank. Rises with `refund.done`.
    done: TallyView,
    /// Those that the provider could not make and that are not done since: tried again, or for a person
    /// (`refunds_by_hand` on the dashboard). Cash never was there: its refunds wait. Rises with `refund.failed`, falls
    /// with `refund.done`.
    failed: TallyView,
    /// Those that were asked for and are not done, failed or not.
    waiting: WaitingView,
}

/// How many returns stand at a state. It moves with every step of a return.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnsAtView {
    /// `requested`, `approved`, `refused`, `withdrawn`, `expired`, `sent_back`, `contested` or `credited`.
    state: String,
    count: i64,
}

/// A dispute that the bank has not decided.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenDisputeView {
    dispute_id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<Uuid>,
    /// What is lost if the bank decides against us.
    at_stake: Money,
    #[serde(skip_serializing_if = "Option::is_none")]
    opened_at: Option<Timestamp>,
    /// Until when the bank takes an answer. Absent where the provider named no time.
    #[serde(skip_serializing_if = "Option::is_none")]
    respond_by: Option<Timestamp>,
    /// Why the bank asks, in the provider's word. Absent where it gave none.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason_code: Option<String>,
    /// Whole days until then; 0 on the last day and after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    days_left: Option<i64>,
}

/// Disputes that the bank has not decided. They come and go with `dispute.changed`.
#[derive(Debug, Serialize, ToSchema)]
pub struct DisputesView {
    /// All of them, and what is at stake together.
    open: TallyView,
    /// The hundred most urgent.
    items: Vec<OpenDisputeView>,
}

/// Payouts to sellers that came to nothing within thirty days. The sellers are owed the money again.
#[derive(Debug, Serialize, ToSchema)]
pub struct PayoutsView {
    /// Those that the bank never paid.
    failed: TallyView,
    /// Those that were paid and came back.
    returned: TallyView,
}

impl PayoutsView {
    fn of(sums: &Sums) -> Self {
        Self { failed: sums.payouts_failed.into(), returned: sums.payouts_returned.into() }
    }
}

/// Money that belongs to no order, as far as a person has to decide about it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuspenseView {
    /// What came otherwise than it was asked for, as long as its payment is in review.
    wrong: TallyView,
    /// What somebody gave back on the provider's own pages and no credit explains.
    foreign: TallyView,
}

/// What goes back, as far as the services have told it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AfterSalesView {
    refunds: RefundsView,
    /// States at which no return stands are left out.
    returns: Vec<ReturnsAtView>,
    disputes: DisputesView,
    payouts: PayoutsView,
    suspense: SuspenseView,
    /// What sellers owed for what was taken back and will not pay, since the beginning: the platform's loss.
    written_off: TallyView,
}

impl From<Refunds> for RefundsView {
    fn from(refunds: Refunds) -> Self {
        Self {
            asked: refunds.asked.into(),
            done: refunds.done.into(),
            failed: refunds.failed.into(),
            waiting: WaitingView {
                within_day: refunds.within_day.into(),
                within_week: refunds.within_week.into(),
                older: refunds.older.into(),
            },
        }
    }
}

impl OpenDisputeView {
    fn of(dispute: &OpenDispute, now: Timestamp) -> Self {
        let left = dispute.respond_by.map(|until| until.duration_since(now).as_hours() / 24);
        Self {
            dispute_id: dispute.id,
            order_id: dispute.order_id,
            at_stake: Money::new(dispute.amount, Currency::Inr),
            opened_at: dispute.opened_at,
            respond_by: dispute.respond_by,
            reason_code: dispute.reason_code.clone(),
            days_left: left.map(|days| days.max(0)),
        }
    }
}

/// Shows what goes back: refunds, returns, disputes, payouts that came to nothing, and money that waits for a decision.
///
/// What is taken back, by day and cause, is in `GET /v1/analytics/overview`.
#[utoipa::path(
    get, path = "/v1/admin/after-sales", operation_id = "getAfterSales", tag = "admin",
    responses((status = 200, body = AfterSalesView)), security(("bearer" = ["staff"])),
)]
pub async fn show(
    State(app): State<App>,
    _staff: Staff<may::Look>,
) -> Result<Json<AfterSalesView>, Problem> {
    let now = app.clock.now();
    let mut conn = app.db.read().await?;
    let refunds = after_sales::refunds(&mut conn, now).await?;
    let returns = after_sales::returns(&mut conn).await?;
    let disputes = after_sales::open_disputes(&mut conn, SHOWN).await?;
    let sums = after_sales::sums(&mut conn, now - LATELY).await?;
    Ok(Json(AfterSalesView {
        refunds: refunds.into(),
        returns: returns.into_iter().map(|(state, count)| ReturnsAtView { state, count }).collect(),
        disputes: DisputesView {
            open: sums.disputes.into(),
            items: disputes.iter().map(|open| OpenDisputeView::of(open, now)).collect(),
        },
        payouts: PayoutsView::of(&sums),
        suspense: SuspenseView { wrong: sums.wrong_money.into(), foreign: sums.foreign.into() },
        written_off: sums.written_off.into(),
    }))
}
