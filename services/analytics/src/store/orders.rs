//! Facts about orders: their stories, what each seller sold, and the lines.

use contracts::order::OrderFact;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::{OrderId, SellerOrderId, VendorId};
use sqlx::PgConnection;
use sqlx::types::Uuid;

use crate::domain::story::Story;

/// What is known of an order; nothing yet is an empty story.
pub async fn find_story(conn: &mut PgConnection, id: OrderId) -> sqlx::Result<Story> {
    let query = sqlx::query!(
        "select placed_on, rejected_on, cancelled_on, confirmed_on, parts, delivered_on
           from order_facts
          where order_id = $1",
        id.as_uuid(),
    );
    let row = query.fetch_optional(&mut *conn).await?;
    let query = sqlx::query!(
        r#"select seller_order_id, delivered_on as "delivered_on!"
           from seller_order_facts
          where order_id = $1 and delivered_on is not null"#,
        id.as_uuid(),
    );
    let parts = query.fetch_all(conn).await?;
    let parts_delivered =
        parts.into_iter().map(|part| (part.seller_order_id, part.delivered_on.to_jiff())).collect();
    let Some(row) = row else { return Ok(Story { parts_delivered, ..Story::default() }) };
    let day = |day: Option<jiff_sqlx::Date>| day.map(jiff_sqlx::Date::to_jiff);
    let sellers = row.parts.and_then(|parts| usize::try_from(parts).ok());
    Ok(Story {
        placed_on: day(row.placed_on),
        rejected_on: day(row.rejected_on),
        cancelled_on: day(row.cancelled_on),
        confirmed: day(row.confirmed_on).zip(sellers),
        parts_delivered,
        delivered_on: day(row.delivered_on),
    })
}

/// Keeps the days of an order. What was sold is kept by [`insert_sale`].
pub async fn keep_days(conn: &mut PgConnection, id: OrderId, story: &Story) -> sqlx::Result<()> {
    let day = |day: Option<Date>| day.map(ToSqlx::to_sqlx);
    let query = sqlx::query!(
        "insert into order_facts (order_id, placed_on, rejected_on, cancelled_on, delivered_on)
         values ($1, $2, $3, $4, $5)
         on conflict (order_id) do update
            set placed_on = excluded.placed_on, rejected_on = excluded.rejected_on,
                cancelled_on = excluded.cancelled_on, delivered_on = excluded.delivered_on",
        id.as_uuid(),
        day(story.placed_on) as _,
        day(story.rejected_on) as _,
        day(story.cancelled_on) as _,
        day(story.delivered_on) as _,
    );
    query.execute(conn).await.map(drop)
}

/// Keeps what an order was sold for.
pub async fn insert_sale(conn: &mut PgConnection, order: &OrderFact, on: Date) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into order_facts (order_id, confirmed_on, parts, currency, total)
         values ($1, $2, $3, $4, $5)
         on conflict (order_id) do update
            set confirmed_on = excluded.confirmed_on, parts = excluded.parts,
                currency = excluded.currency, total = excluded.total",
        order.order_id.as_uuid(),
        on.to_sqlx(),
        i32::try_from(order.parts.len()).unwrap_or(i32::MAX),
        order.total.currency().as_str(),
        order.total.minor(),
    );
    query.execute(conn).await.map(drop)
}

/// Keeps what each seller sold; its delivery may be known already.
pub async fn insert_parts(
    conn: &mut PgConnection,
    order: &OrderFact,
    on: Date,
) -> sqlx::Result<()> {
    let (mut ids, mut vendors, mut names) = (Vec::new(), Vec::new(), Vec::new());
    let mut amounts = [Vec::new(), Vec::new(), Vec::new()];
    for part in &order.parts {
        ids.push(part.seller_order_id.as_uuid());
        vendors.push(part.vendor_id.as_uuid());
        names.push(&*part.vendor_name);
        let share = &part.share;
        for (column, amount) in
            amounts.iter_mut().zip([share.gross, share.commission, share.payable])
        {
            column.push(amount.minor());
        }
    }
    let [gross, commissions, payables] = amounts;
    let query = sqlx::query!(
        "insert into seller_order_facts
             (seller_order_id, vendor_id, vendor_name, gross, commission, payable, order_id, confirmed_on, currency)
         select *, $7, $8, $9
           from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[])
         on conflict (seller_order_id) do update
            set confirmed_on = excluded.confirmed_on, vendor_name = excluded.vendor_name,
                currency = excluded.currency, gross = excluded.gross,
                commission = excluded.commission, payable = excluded.payable",
        &ids,
        &vendors,
        &names as _,
        &gross,
        &commissions,
        &payables,
        order.order_id.as_uuid(),
        on.to_sqlx(),
        order.total.currency().as_str(),
    );
    query.execute(conn).await.map(drop)
}

/// Keeps the lines of what was sold.
pub async fn insert_lines(
    conn: &mut PgConnection,
    order: &OrderFact,
    on: Date,
) -> sqlx::Result<()> {
    let lines =
        || order.parts.iter().flat_map(|part| (0..).zip(&part.lines).map(move |l| (part, l)));
    let ids: Vec<Uuid> = lines().map(|(part, _)| part.seller_order_id.as_uuid()).collect();
    let nths: Vec<i32> = lines().map(|(_, (nth, _))| nth).collect();
    let vendors: Vec<Uuid> = lines().map(|(part, _)| part.vendor_id.as_uuid()).collect();
    let products: Vec<Uuid> = lines().map(|(_, (_, line))| line.product_id.as_uuid()).collect();
    let titles: Vec<&str> = lines().map(|(_, (_, line))| &*line.title).collect();
    let units: Vec<i64> = lines().map(|(_, (_, line))| i64::from(line.quantity)).collect();
    let gross: Vec<i64> = lines().map(|(_, (_, line))| line.total.minor()).collect();
    let query = sqlx::query!(
        "insert into line_facts
             (seller_order_id, nth, vendor_id, product_id, title, units, gross, confirmed_on, currency)
         select *, $8, $9
           from unnest($1::uuid[], $2::integer[], $3::uuid[], $4::uuid[], $5::text[], $6::bigint[], $7::bigint[])",
        &ids,
        &nths,
        &vendors,
        &products,
        &titles as _,
        &units,
        &gross,
        on.to_sqlx(),
        order.total.currency().as_str(),
    );
    query.execute(conn).await.map(drop)
}

/// Keeps the day that one seller's part arrived; its sale may not be known yet.
pub async fn keep_delivery(
    conn: &mut PgConnection,
    order: OrderId,
    part: SellerOrderId,
    vendor: VendorId,
    on: Date,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "insert into seller_order_facts (seller_order_id, order_id, vendor_id, delivered_on)
         values ($1, $2, $3, $4)
         on conflict (seller_order_id) do update set delivered_on = excluded.delivered_on",
        part.as_uuid(),
        order.as_uuid(),
        vendor.as_uuid(),
        on.to_sqlx(),
    );
    query.execute(conn).await.map(drop)
}
