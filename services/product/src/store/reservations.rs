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
    let query = sqlx::query!(
        "insert into reservations (checkout_id, order_id, state, created_at, updated_at)
         values ($1, $2, 'new', $3, $3)
         on conflict (checkout_id) do nothing",
        checkout_id.as_uuid(),
        order_id.as_uuid(),
        now.to_sqlx(),
    );
    query.execute(&mut *conn).await?;
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
    query.execute(&mut *conn).await?;
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

async fn lines(
    conn: &mut PgConnection,
    checkout_id: CheckoutId,
) -> sqlx::Result<Vec<ReservationLine>> {
    let query = sqlx::query_as!(
        ReservationLine,
        "select sku, quantity, shipped, credited, returned
           from reservation_lines
          where checkout_id = $1
          order by sku",
        checkout_id.as_uuid(),
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

/// Keeps where a locked reservation stands.
pub async fn update(
    conn: &mut PgConnection,
    reservation: &Reservation,
    now: Timestamp,
) -> sqlx::Result<()> {
    let (until, problems, missing) = match &reservation.state {
        ReservationState::Held { until } => (Some(*until), None, None),
        ReservationState::Rejected { problems } => (None, Some(problems), None),
        ReservationState::CommitFailed { missing } => (None, None, Some(missing)),
        ReservationState::New
        | ReservationState::Committed
        | ReservationState::Released
        | ReservationState::Expired => (None, None, None),
    };
    let missing: Option<Vec<String>> =
        missing.map(|skus| skus.iter().map(|sku| sku.as_str().to_owned()).collect());
    let query = sqlx::query!(
        "update reservations
            set state = $2, expires_at = coalesce($3, expires_at), problems = $4, missing = $5,
                updated_at = $6
          where checkout_id = $1",
        reservation.checkout_id.as_uuid(),
        reservation.state.into_str(),
        until.map(ToSqlx::to_sqlx),
        problems.map(Json) as _,
        missing.as_deref(),
        now.to_sqlx(),
    );
    query.execute(conn).await.and_then(row::one)
}

/// Keeps what a locked reservation is about.
pub async fn set_lines(conn: &mut PgConnection, reservation: &Reservation) -> sqlx::Result<()> {
    let lines = &reservation.lines;
    let skus: Vec<String> = lines.iter().map(|line| line.sku.as_str().to_owned()).collect();
    let of = |number: fn(&ReservationLine) -> i64| lines.iter().map(number).collect::<Vec<_>>();
    let query = sqlx::query!(
        "delete from reservation_lines where checkout_id = $1 and sku <> all($2)",
        reservation.checkout_id.as_uuid(),
        &skus,
    );
    query.execute(&mut *conn).await?;
    let query = sqlx::query!(
        "insert into reservation_lines (checkout_id, sku, quantity, shipped, credited, returned)
         select $1, sku, quantity, shipped, credited, returned
           from unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
                as l (sku, quantity, shipped, credited, returned)
         on conflict (checkout_id, sku)
         do update set quantity = excluded.quantity, shipped = excluded.shipped,
                       credited = excluded.credited, returned = excluded.returned",
        reservation.checkout_id.as_uuid(),
        &skus,
        &of(|line| line.quantity),
        &of(|line| line.shipped),
        &of(|line| line.credited),
        &of(|line| line.returned),
    );
    query.execute(conn).await.map(drop)
}
