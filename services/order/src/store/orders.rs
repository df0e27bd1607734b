//! Orders as they stand: finding, locking and moving them.

use contracts::payment::PaymentCreated;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{AddressId, CheckoutId, Money, OrderId, PaymentId, UserId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::texts::{Word, currency, state_code, unreadable};
use crate::domain::order::{Destination, Method, PaymentStatus, Reason};
use crate::domain::saga::State;
use crate::domain::trouble::LineTrouble;

/// An order without its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRow {
    /// Which order.
    pub order_id: OrderId,
    /// From which checkout.
    pub checkout_id: CheckoutId,
    /// Its number for people.
    pub number: String,
    /// Whose.
    pub buyer: UserId,
    /// Where to.
    pub destination: Destination,
    /// How paid.
    pub method: Method,
    /// What the buyer pays.
    pub total: Money,
    /// Where it stands.
    pub state: State,
    /// Why it shall end or ended.
    pub reason: Option<Reason>,
    /// The lines that cannot be sold.
    pub problems: Vec<LineTrouble>,
    /// Its payment.
    pub payment: Payment,
    /// Rises with everything a client can see of it.
    pub version: i64,
    /// When it was placed.
    pub placed_at: Timestamp,
}

/// What is known of an order's payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Its name.
    pub id: PaymentId,
    /// What became of it.
    pub status: PaymentStatus,
    /// The link that opens the buyer's app.
    pub upi_intent: Option<String>,
    /// The end of the payment window, once there is one.
    pub expires_at: Option<Timestamp>,
}

struct Row {
    order_id: Uuid,
    checkout_id: Uuid,
    number: String,
    buyer: Uuid,
    address_id: Uuid,
    address_version: i32,
    place_of_supply: String,
    payment_method: String,
    total: i64,
    currency: String,
    state: String,
    cancel_reason: Option<String>,
    problems: serde_json::Value,
    payment_id: Uuid,
    payment_status: String,
    upi_intent: Option<String>,
    payment_expires_at: Option<jiff_sqlx::Timestamp>,
    version: i64,
    placed_at: jiff_sqlx::Timestamp,
}

impl Row {
    fn header(self) -> sqlx::Result<OrderRow> {
        Ok(OrderRow {
            order_id: OrderId::from_uuid(self.order_id),
            checkout_id: CheckoutId::from_uuid(self.checkout_id),
            number: self.number,
            buyer: UserId::from_uuid(self.buyer),
            destination: Destination {
                address_id: AddressId::from_uuid(self.address_id),
                version: self.address_version,
                state: state_code(&self.place_of_supply)?,
            },
            method: Method::read("orders.payment_method", &self.payment_method)?,
            total: Money::new(self.total, currency(&self.currency)?),
            state: State::read("orders.state", &self.state)?,
            reason: self
                .cancel_reason
                .map(|text| Reason::read("orders.cancel_reason", &text))
                .transpose()?,
            problems: serde_json::from_value(self.problems)
                .map_err(|error| unreadable("orders.problems", error))?,
            payment: Payment {
                id: PaymentId::from_uuid(self.payment_id),
                status: PaymentStatus::read("orders.payment_status", &self.payment_status)?,
                upi_intent: self.upi_intent,
                expires_at: self.payment_expires_at.map(jiff_sqlx::Timestamp::to_jiff),
            },
            version: self.version,
            placed_at: self.placed_at.to_jiff(),
        })
    }
}

/// Locks an order, so that two facts about it take turns.
pub async fn lock(conn: &mut PgConnection, order_id: OrderId) -> sqlx::Result<Option<OrderRow>> {
    let row = sqlx::query_as!(
        Row,
        "select order_id, checkout_id, number, buyer, address_id, address_version, place_of_supply,
                payment_method, total, currency, state, cancel_reason, problems, payment_id,
                payment_status, upi_intent, payment_expires_at, version, placed_at
         from orders
         where order_id = $1
         for update",
        order_id.as_uuid(),
    )
    .fetch_optional(conn)
    .await?;
    row.map(Row::header).transpose()
}

/// Up to a hundred orders whose state has lasted too long, without `except`, longest first.
pub async fn list_due(
    conn: &mut PgConnection,
    now: Timestamp,
    except: &[Uuid],
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select order_id
           from orders
          where due_at <= $1 and order_id <> all($2)
          order by due_at
          limit 100",
        now.to_sqlx() as _,
        except,
    )
    .fetch_all(conn)
    .await
}

/// Locks those of these orders whose state has lasted too long; what another worker has locked is left to it.
pub async fn lock_due(
    conn: &mut PgConnection,
    now: Timestamp,
    ids: &[Uuid],
) -> sqlx::Result<Vec<OrderRow>> {
    let rows = sqlx::query_as!(
        Row,
        "select order_id, checkout_id, number, buyer, address_id, address_version, place_of_supply,
                payment_method, total, currency, state, cancel_reason, problems, payment_id,
                payment_status, upi_intent, payment_expires_at, version, placed_at
         from orders
         where due_at <= $1 and order_id = any($2)
         order by due_at
         for update skip locked",
        now.to_sqlx() as _,
        ids,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Row::header).collect()
}

/// A buyer's order.
pub async fn find(
    conn: &mut PgConnection,
    order_id: OrderId,
    buyer: UserId,
) -> sqlx::Result<Option<OrderRow>> {
    let row = sqlx::query_as!(
        Row,
        "select order_id, checkout_id, number, buyer, address_id, address_version, place_of_supply,
                payment_method, total, currency, state, cancel_reason, problems, payment_id,
                payment_status, upi_intent, payment_expires_at, version, placed_at
         from orders
         where order_id = $1 and buyer = $2",
        order_id.as_uuid(),
        buyer.as_uuid(),
    )
    .fetch_optional(conn)
    .await?;
    row.map(Row::header).transpose()
}

/// What became of a buyer's checkout.
pub async fn find_by_checkout(
    conn: &mut PgConnection,
    checkout_id: CheckoutId,
    buyer: UserId,
) -> sqlx::Result<Option<OrderRow>> {
    let row = sqlx::query_as!(
        Row,
        "select order_id, checkout_id, number, buyer, address_id, address_version, place_of_supply,
                payment_method, total, currency, state, cancel_reason, problems, payment_id,
                payment_status, upi_intent, payment_expires_at, version, placed_at
         from orders
         where checkout_id = $1 and buyer = $2",
        checkout_id.as_uuid(),
        buyer.as_uuid(),
    )
    .fetch_optional(conn)
    .await?;
    row.map(Row::header).transpose()
}

/// A buyer's orders, newest first.
pub async fn list(
    conn: &mut PgConnection,
    buyer: UserId,
    before: Option<OrderId>,
    rows: i64,
) -> sqlx::Result<Vec<OrderRow>> {
    let rows = sqlx::query_as!(
        Row,
        "select order_id, checkout_id, number, buyer, address_id, address_version, place_of_supply,
                payment_method, total, currency, state, cancel_reason, problems, payment_id,
                payment_status, upi_intent, payment_expires_at, version, placed_at
         from orders
         where buyer = $1 and ($2::uuid is null or order_id < $2)
         order by order_id desc
         limit $3",
        buyer.as_uuid(),
        before.map(|id| id.as_uuid()),
        rows,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Row::header).collect()
}

/// What changes when an order moves.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// When the new state has lasted too long.
    pub due_at: Option<Timestamp>,
    /// What became of the payment, if that is known now.
    pub payment: Option<PaymentStatus>,
    /// The end of the payment window, if it is known now.
    pub payment_expires_at: Option<Timestamp>,
    /// Why it shall end, if it was decided now.
    pub reason: Option<Reason>,
    /// The lines that cannot be sold, if any were found now.
    pub problems: Vec<LineTrouble>,
}

/// Moves an order from the state it was locked in. Nothing happens when it is in another one.
pub async fn set_state(
    conn: &mut PgConnection,
    order: &OrderRow,
    next: State,
    change: &Change,
    now: Timestamp,
) -> sqlx::Result<()> {
    let problems = match change.problems.as_slice() {
        [] => None,
        some => Some(serde_json::to_value(some).map_err(|e| sqlx::Error::Encode(e.into()))?),
    };
    let done = sqlx::query!(
        "update orders
         set state = $3, due_at = $4,
             payment_status = coalesce($5, payment_status),
             payment_expires_at = coalesce($6, payment_expires_at),
             cancel_reason = coalesce($7, cancel_reason),
             problems = coalesce($8, problems),
             confirmed_at = case when $3 = 'confirmed' then $9::timestamptz end,
             state_since = $9, updated_at = $9, version = version + 1
         where order_id = $1 and state = $2",
        order.order_id.as_uuid(),
        order.state.word(),
        next.word(),
        change.due_at.map(ToSqlx::to_sqlx) as _,
        change.payment.map(Word::word),
        change.payment_expires_at.map(ToSqlx::to_sqlx) as _,
        change.reason.map(Word::word),
        problems,
        now.to_sqlx() as _,
    )
    .execute(conn)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

/// Keeps how the buyer can pay.
pub async fn set_payment_created(
    conn: &mut PgConnection,
    order_id: OrderId,
    created: &PaymentCreated,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update orders
         set provider_order_id = $2, upi_intent = $3, payment_expires_at = $4,
             payment_status = case payment_status when 'requested' then 'created' else payment_status end,
             updated_at = $5, version = version + 1
         where order_id = $1",
        order_id.as_uuid(),
        created.provider_order_id,
        created.upi_intent,
        created.expires_at.to_sqlx() as _,
        now.to_sqlx() as _,
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Raises an order's version: something a client can see of it has changed.
pub async fn touch(conn: &mut PgConnection, order_id: OrderId, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update orders set version = version + 1, updated_at = $2 where order_id = $1",
        order_id.as_uuid(),
        now.to_sqlx() as _,
    )
    .execute(conn)
    .await
    .map(drop)
}

/// How many orders stand in a state that is not an end, and since when the oldest does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenOrders {
    /// The state.
    pub state: State,
    /// How many.
    pub orders: i64,
    /// Since when the oldest one.
    pub oldest: Timestamp,
}

/// Counts the orders that are on their way.
pub async fn count_open(conn: &mut PgConnection) -> sqlx::Result<Vec<OpenOrders>> {
    let rows = sqlx::query!(
        r#"select state, count(*) as "orders!", min(state_since) as "oldest!"
         from orders
         where state not in ('confirmed', 'rejected', 'cancelled')
         group by state"#,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let state = State::read("orders.state", &row.state)?;
            Ok(OpenOrders { state, orders: row.orders, oldest: row.oldest.to_jiff() })
        })
        .collect()
}
