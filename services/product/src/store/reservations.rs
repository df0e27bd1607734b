//! What is held and sold for checkouts.

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{CheckoutId, OrderId, Sku};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::demand::LineTrouble;
use crate::domain::reservation::{Reservation, ReservationLine, ReservationState};

mod written;
pub use written::{set_lines, update};

struct Row {
    order_id: OrderId,
    state: String,
    expires_at: Option<jiff_sqlx::Timestamp>,
    problems: Option<Json<Vec<LineTrouble>>>,
    missing: Option<Vec<Sku>>,
}

impl Row {
    fn state(self) -> sqlx::Result<ReservationState> {
        match (self.state.as_str(), self.expires_at, self.problems, self.missing) {
            ("new", ..) => Ok(ReservationState::New),
            ("held", Some(until), ..) => Ok(ReservationState::Held { until: until.to_jiff() }),
            ("rejected", _, Some(Json(problems)), _) => Ok(ReservationState::Rejected { problems }),
            ("committed", ..) => Ok(ReservationState::Committed),
            ("commit_failed", _, _, Some(missing)) => {
                Ok(ReservationState::CommitFailed { missing })
            }
            ("released", ..) => Ok(ReservationState::Released),
            ("expired", ..) => Ok(ReservationState::Expired),
            _ => Err(row::unknown("reservations.state", &self.state)),
        }
    }
}

/// The reservation of a checkout, locked; a new one when nothing was heard of it yet.
pub async fn lock(
    conn: &mut PgConnection,
    checkout_id: CheckoutId,
    order_id: OrderId,
    now: Timestamp,
) -> sqlx::Result<Reservation> {
    // Two facts about a new checkout may come at once, from two topics: the row makes them take turns.
    begin(conn, &[(checkout_id, order_id)], now).await?;
    let query = sqlx::query_as!(
        Row,
        "select order_id, state, expires_at, problems, missing
           from reservations
          where checkout_id = $1
            for update",
        checkout_id.as_uuid(),
    );
    let row = query.fetch_one(&mut *conn).await?;
    let lines = lines(conn, checkout_id).await?;
    Ok(Reservation { checkout_id, order_id: row.order_id, state: row.state()?, lines })
}

/// Locks the reservations of these checkouts in their order, new ones where nothing was heard of them yet, and returns
/// the SKUs that they hold.
pub async fn lock_all(
    conn: &mut PgConnection,
    checkouts: &[(CheckoutId, OrderId)],
    now: Timestamp,
) -> sqlx::Result<Vec<Sku>> {
    begin(conn, checkouts, now).await?;
    let ids: Vec<Uuid> = checkouts.iter().map(|(id, _)| id.as_uuid()).collect();
    let query = sqlx::query!(
        "select checkout_id from reservations
          where checkout_id = any($1) order by checkout_id for update",
        &ids,
    );
    query.fetch_all(&mut *conn).await?;
    let query = sqlx::query_scalar!(
        "select distinct sku from reservation_lines where checkout_id = any($1)",
        &ids,
    );
    query.fetch_all(conn).await
}

/// Makes the reservations that are not there yet.
async fn begin(
    conn: &mut PgConnection,
    checkouts: &[(CheckoutId, OrderId)],
    now: Timestamp,
) -> sqlx::Result<()> {
    let (ids, orders): (Vec<Uuid>, Vec<Uuid>) =
        checkouts.iter().map(|(id, order)| (id.as_uuid(), order.as_uuid())).unzip();
    let query = sqlx::query!(
        "insert into reservations (checkout_id, order_id, state, created_at, updated_at)
         select id, order_id, 'new', $3, $3
           from unnest($1::uuid[], $2::uuid[]) as c (id, order_id)
          order by id
         on conflict (checkout_id) do nothing",
        &ids,
        &orders,
        now.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}

async fn lines(conn: &mut PgConnection, id: CheckoutId) -> sqlx::Result<Vec<ReservationLine>> {
    let query = sqlx::query_as!(
        ReservationLine,
        "select sku, quantity, shipped, credited, returned
           from reservation_lines
          where checkout_id = $1
          order by sku",
        id.as_uuid(),
    );
    query.fetch_all(conn).await
}

/// Up to a hundred checkouts whose hold is over, without `except`, longest first.
pub async fn list_due(
    conn: &mut PgConnection,
    now: Timestamp,
    except: &[Uuid],
) -> sqlx::Result<Vec<CheckoutId>> {
    let query = sqlx::query_scalar!(
        "select checkout_id
           from reservations
          where state = 'held' and expires_at <= $1 and checkout_id <> all($2)
          order by expires_at
          limit 100",
        now.to_sqlx(),
        except,
    );
    query.fetch_all(conn).await
}

/// Those of these checkouts whose hold is over, locked, oldest first; what another worker has locked is left to it.
pub async fn lock_due(
    conn: &mut PgConnection,
    now: Timestamp,
    ids: &[Uuid],
) -> sqlx::Result<Vec<(CheckoutId, OrderId)>> {
    let query = sqlx::query!(
        "select checkout_id, order_id
           from reservations
          where state = 'held' and expires_at <= $1 and checkout_id = any($2)
          order by expires_at
            for update skip locked",
        now.to_sqlx(),
        ids,
    );
    let rows = query.fetch_all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.checkout_id, row.order_id)).collect())
}
