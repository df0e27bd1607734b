//! Orders as they stand: finding, locking and moving them.

use chassis::row;
use contracts::payment::PaymentCreated;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{AddressId, CheckoutId, Currency, Money, OrderId, PaymentId, StateCode, UserId};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::order::{Destination, Method, PaymentStatus, Reason};
use crate::domain::saga::OrderState;
use crate::domain::trouble::LineTrouble;

/// An order without its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRow {
    pub order_id: OrderId,
    pub checkout_id: CheckoutId,
    /// Its number for people.
    pub number: String,
    pub buyer: UserId,
    pub destination: Destination,
    pub method: Method,
    /// What the buyer pays.
    pub total: Money,
    pub state: OrderState,
    /// Why it shall end or ended.
    pub reason: Option<Reason>,
    /// The lines that cannot be sold.
    pub problems: Vec<LineTrouble>,
    pub payment: Payment,
    /// Rises with everything a client can see of it.
    pub version: i64,
    /// When it was placed.
    pub placed_at: Timestamp,
}

/// What is known of an order's payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    pub id: PaymentId,
    /// What became of it.
    pub status: PaymentStatus,
    /// The link that opens the buyer's app.
    pub upi_intent: Option<String>,
    /// The end of the payment window, once there is one.
    pub expires_at: Option<Timestamp>,
}

struct Row {
    order_id: OrderId,
    checkout_id: CheckoutId,
    number: String,
    buyer: UserId,
    address_id: AddressId,
    address_version: i32,
    place_of_supply: StateCode,
    payment_method: String,
    total: i64,
    currency: Currency,
    state: String,
    cancel_reason: Option<String>,
    problems: Json<Vec<LineTrouble>>,
    payment_id: PaymentId,
    payment_status: String,
    upi_intent: Option<String>,
    payment_expires_at: Option<jiff_sqlx::Timestamp>,
    version: i64,
    placed_at: Timestamp,
}

impl TryFrom<Row> for OrderRow {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        let reason = row.cancel_reason.map(|word| row::parse("orders.cancel_reason", &word));
        Ok(Self {
            order_id: row.order_id,
            checkout_id: row.checkout_id,
            number: row.number,
            buyer: row.buyer,
            destination: Destination {
                address_id: row.address_id,
                version: row.address_version,
                state: row.place_of_supply,
            },
            method: row::parse("orders.payment_method", &row.payment_method)?,
            total: Money::new(row.total, row.currency),
            state: row::parse("orders.state", &row.state)?,
            reason: reason.transpose()?,
            problems: row.problems.0,
            payment: Payment {
                id: row.payment_id,
                status: row::parse("orders.payment_status", &row.payment_status)?,
                upi_intent: row.upi_intent,
                expires_at: row.payment_expires_at.map(jiff_sqlx::Timestamp::to_jiff),
            },
            version: row.version,
            placed_at: row.placed_at,
        })
    }
}

/// Locks an order, so that two facts about it take turns. Every fact does: it is one statement.
pub async fn lock(conn: &mut PgConnection, order_id: OrderId) -> sqlx::Result<Option<OrderRow>> {
    let query = sqlx::query_as!(
        Row,
        "select order_id, checkout_id, number, buyer, address_id, address_version, place_of_supply,
                payment_method, total, currency, state, cancel_reason, problems, payment_id,
                payment_status, upi_intent, payment_expires_at, version, placed_at
         from orders
         where order_id = $1
         for update",
        order_id.as_uuid(),
    );
    let row = query.fetch_optional(conn).await?;
    row.map(OrderRow::try_from).transpose()
}

/// These orders, in this order.
async fn load(conn: &mut PgConnection, ids: &[OrderId]) -> sqlx::Result<Vec<OrderRow>> {
    let ids: Vec<Uuid> = ids.iter().map(OrderId::as_uuid).collect();
    let query = sqlx::query_as!(
        Row,
        "select order_id, checkout_id, number, buyer, address_id, address_version, place_of_supply,
                payment_method, total, currency, state, cancel_reason, problems, payment_id,
                payment_status, upi_intent, payment_expires_at, version, placed_at
         from orders
         where order_id = any((select $1::uuid[])::uuid[])
         order by array_position($1, order_id)",
        &ids,
    );
    let rows = query.fetch_all(conn).await?;
    rows.into_iter().map(OrderRow::try_from).collect()
}

/// Up to a hundred orders whose state has lasted too long, without `except`, longest first.
pub async fn list_due(
    conn: &mut PgConnection,
    now: Timestamp,
    except: &[Uuid],
) -> sqlx::Result<Vec<OrderId>> {
    let query = sqlx::query_scalar!(
        "select order_id
           from orders
          where due_at <= $1 and order_id <> all($2)
          order by due_at
          limit 100",
        now.to_sqlx(),
        except,
    );
    query.fetch_all(conn).await
}

/// Locks those of these orders whose state has lasted too long; what another worker has locked is left to it.
pub async fn lock_due(
    conn: &mut PgConnection,
    now: Timestamp,
    ids: &[Uuid],
) -> sqlx::Result<Vec<OrderRow>> {
    let query = sqlx::query_scalar!(
        "select order_id
         from orders
         where due_at <= $1 and order_id = any($2)
         order by due_at
         for update skip locked",
        now.to_sqlx(),
        ids,
    );
    let ids = query.fetch_all(&mut *conn).await?;
    load(conn, &ids).await
}

/// Locks the orders that these seller orders and returns belong to; what another worker has locked is left to it.
pub async fn lock_of(conn: &mut PgConnection, ids: &[Uuid]) -> sqlx::Result<Vec<OrderRow>> {
    let query = sqlx::query_scalar!(
        "select order_id
         from orders
         where order_id in (select order_id from seller_orders where seller_order_id = any($1)
                            union all
                            select order_id from returns where return_id = any($1))
         order by order_id
         for update skip locked",
        ids,
    );
    let ids = query.fetch_all(&mut *conn).await?;
    load(conn, &ids).await
}

/// An order, whosever it is.
pub async fn find_any(
    conn: &mut PgConnection,
    order_id: OrderId,
) -> sqlx::Result<Option<OrderRow>> {
    Ok(load(conn, &[order_id]).await?.pop())
}

/// A buyer's order.
pub async fn find(
    conn: &mut PgConnection,
    order_id: OrderId,
    buyer: UserId,
) -> sqlx::Result<Option<OrderRow>> {
    let found = load(conn, &[order_id]).await?.pop();
    Ok(found.filter(|order| order.buyer == buyer))
}

/// What became of a buyer's checkout.
pub async fn find_by_checkout(
    conn: &mut PgConnection,
    checkout_id: CheckoutId,
    buyer: UserId,
) -> sqlx::Result<Option<OrderRow>> {
    // In one statement: whoever waits for a checkout asks this after every change of it.
    let query = sqlx::query_as!(
        Row,
        "select order_id, checkout_id, number, buyer, address_id, address_version, place_of_supply,
                payment_method, total, currency, state, cancel_reason, problems, payment_id,
                payment_status, upi_intent, payment_expires_at, version, placed_at
         from orders
         where checkout_id = $1 and buyer = $2",
        checkout_id.as_uuid(),
        buyer.as_uuid(),
    );
    let row = query.fetch_optional(conn).await?;
    row.map(OrderRow::try_from).transpose()
}

/// A buyer's orders, newest first.
pub async fn list(
    conn: &mut PgConnection,
    buyer: UserId,
    before: Option<OrderId>,
    rows: i64,
) -> sqlx::Result<Vec<OrderRow>> {
    let query = sqlx::query_scalar!(
        "select order_id
         from orders
         where buyer = $1 and ($2::uuid is null or order_id < $2)
         order by order_id desc
         limit $3",
        buyer.as_uuid(),
        before.map(|id| id.as_uuid()),
        rows,
    );
    let ids = query.fetch_all(&mut *conn).await?;
    load(conn, &ids).await
}

/// What changes when an order moves.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// The end of the payment window, if it begins now.
    pub payable_until: Option<Timestamp>,
    /// When to ask again, if the owner of the money is asked now. No other state that an order moves to can last too long.
    pub ask_again_at: Option<Timestamp>,
    /// What became of the payment, if that is known now.
    pub payment: Option<PaymentStatus>,
    /// Why it shall end, if it was decided now.
    pub reason: Option<Reason>,
    /// The lines that cannot be sold, if any were found now.
    pub problems: Vec<LineTrouble>,
}

/// Moves an order from the state it was locked in. Nothing happens when it is in another one.
pub async fn set_state(
    conn: &mut PgConnection,
    order: &OrderRow,
    next: OrderState,
    change: &Change,
    now: Timestamp,
) -> sqlx::Result<()> {
    let problems = (!change.problems.is_empty()).then_some(Json(&change.problems));
    let query = sqlx::query!(
        "update orders
         set state = $3, due_at = coalesce($4::timestamptz, $9::timestamptz),
             payment_expires_at = coalesce($4, payment_expires_at),
             payment_status = coalesce($5, payment_status),
             cancel_reason = coalesce($6, cancel_reason),
             problems = coalesce($7, problems),
             confirmed_at = case when $3 = 'confirmed' then $8::timestamptz end,
             state_since = $8, updated_at = $8, version = version + 1
         where order_id = $1 and state = $2",
        order.order_id.as_uuid(),
        order.state.into_str(),
        next.into_str(),
        change.payable_until.map(ToSqlx::to_sqlx),
        change.payment.map(|status| status.into_str()),
        change.reason.map(|reason| reason.into_str()),
        problems as _,
        now.to_sqlx(),
        change.ask_again_at.map(ToSqlx::to_sqlx),
    );
    query.execute(conn).await.and_then(row::one)
}

/// Changes why an order that is locked shall end.
pub async fn set_reason(
    conn: &mut PgConnection,
    order_id: OrderId,
    reason: Reason,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update orders set cancel_reason = $2, updated_at = $3, version = version + 1
         where order_id = $1 and state = 'cancel_pending'",
        order_id.as_uuid(),
        reason.into_str(),
        now.to_sqlx(),
    );
    query.execute(conn).await.and_then(row::one)
}

/// Keeps how the buyer can pay.
pub async fn set_payment_created(
    conn: &mut PgConnection,
    order_id: OrderId,
    created: &PaymentCreated,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update orders
         set provider_order_id = $2, upi_intent = $3, payment_expires_at = $4,
             payment_status = case payment_status when 'requested' then 'created' else payment_status end,
             updated_at = $5, version = version + 1
         where order_id = $1",
        order_id.as_uuid(),
        created.provider_order_id,
        created.upi_intent,
        created.expires_at.to_sqlx(),
        now.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// Raises an order's version: something a client can see of it has changed.
pub async fn touch(conn: &mut PgConnection, order_id: OrderId, now: Timestamp) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update orders set version = version + 1, updated_at = $2 where order_id = $1",
        order_id.as_uuid(),
        now.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

/// How many orders stand in a state that is not an end, and since when the oldest does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenOrders {
    pub state: OrderState,
    pub orders: i64,
    /// Since when the oldest one.
    pub oldest: Timestamp,
}

/// Counts the orders that are on their way.
pub async fn count_open(conn: &mut PgConnection) -> sqlx::Result<Vec<OpenOrders>> {
    let query = sqlx::query!(
        r#"select state, count(*) as "orders!", min(state_since) as "oldest!"
         from orders
         where state not in ('confirmed', 'rejected', 'cancelled')
         group by state"#,
    );
    let rows = query.fetch_all(conn).await?;
    rows.into_iter()
        .map(|row| {
            let state = row::parse("orders.state", &row.state)?;
            Ok(OpenOrders { state, orders: row.orders, oldest: row.oldest.to_jiff() })
        })
        .collect()
}
