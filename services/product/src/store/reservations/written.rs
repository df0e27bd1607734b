//! What a reservation holds is written back.

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::domain::demand::LineTrouble;
use crate::domain::reservation::{Reservation, ReservationLine, ReservationState};

/// Keeps where a locked reservation stands.
pub async fn update(
    conn: &mut PgConnection,
    reservation: &Reservation,
    now: Timestamp,
) -> sqlx::Result<()> {
    let (until, problems, missing) = columns(&reservation.state);
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

type Columns<'a> = (Option<Timestamp>, Option<&'a Vec<LineTrouble>>, Option<Vec<String>>);

/// Until when it is held, what was wrong with its lines, what is missing.
fn columns(state: &ReservationState) -> Columns<'_> {
    match state {
        ReservationState::Held { until } => (Some(*until), None, None),
        ReservationState::Rejected { problems } => (None, Some(problems), None),
        ReservationState::CommitFailed { missing } => {
            (None, None, Some(missing.iter().map(|sku| sku.as_str().to_owned()).collect()))
        }
        ReservationState::New
        | ReservationState::Committed
        | ReservationState::Released
        | ReservationState::Expired => (None, None, None),
    }
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
