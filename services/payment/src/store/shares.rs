//! How payments are shared between sellers.

use chassis::row;
use contracts::payment::ShareTerms;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{Currency, Money, PaymentId, SellerOrderId, VendorId};
use sqlx::PgConnection;
use sqlx::types::{Json, Uuid};

use crate::domain::Share;

struct Row {
    seller_order_id: SellerOrderId,
    vendor_id: VendorId,
    currency: Currency,
    gross: i64,
    taxable: i64,
    commission: i64,
    commission_tax: i64,
    tcs: i64,
    tds: i64,
    payable: i64,
    terms: Option<Json<ShareTerms>>,
}

impl From<Row> for Share {
    fn from(row: Row) -> Self {
        let money = |minor| Money::new(minor, row.currency);
        Self {
            seller_order_id: row.seller_order_id,
            vendor_id: row.vendor_id,
            gross: money(row.gross),
            taxable: money(row.taxable),
            commission: money(row.commission),
            commission_tax: money(row.commission_tax),
            tcs: money(row.tcs),
            tds: money(row.tds),
            payable: money(row.payable),
            terms: row.terms.map(|terms| terms.0),
        }
    }
}

/// Keeps the shares of a new payment.
pub async fn insert(
    conn: &mut PgConnection,
    payment: PaymentId,
    shares: &[Share],
    now: Timestamp,
) -> sqlx::Result<()> {
    let ids = |of: fn(&Share) -> Uuid| -> Vec<Uuid> { shares.iter().map(of).collect() };
    let minor = |of: fn(&Share) -> Money| -> Vec<i64> {
        shares.iter().map(|share| of(share).minor()).collect()
    };
    let terms: Vec<_> = shares.iter().map(|share| share.terms.map(Json)).collect();
    let currencies: Vec<&str> = shares.iter().map(|s| s.gross.currency().as_str()).collect();
    let query = sqlx::query!(
        "insert into shares (payment_id, created_at, seller_order_id, vendor_id, currency, gross, taxable, commission,
                             commission_tax, tcs, tds, payable, terms)
         select $1, $2, *
           from unnest($3::uuid[], $4::uuid[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[],
                       $10::bigint[], $11::bigint[], $12::bigint[], $13::jsonb[])",
        payment.as_uuid(),
        now.to_sqlx(),
        &ids(|share| share.seller_order_id.as_uuid()),
        &ids(|share| share.vendor_id.as_uuid()),
        &currencies as _,
        &minor(|share| share.gross),
        &minor(|share| share.taxable),
        &minor(|share| share.commission),
        &minor(|share| share.commission_tax),
        &minor(|share| share.tcs),
        &minor(|share| share.tds),
        &minor(|share| share.payable),
        &terms as _,
    );
    query.execute(conn).await.map(drop)
}

/// How a payment is shared.
pub async fn list(conn: &mut PgConnection, payment: PaymentId) -> sqlx::Result<Vec<Share>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select seller_order_id, vendor_id, currency, gross, taxable, commission, commission_tax, tcs, tds, payable,
                  terms as "terms: Json<ShareTerms>"
             from shares
            where payment_id = $1
            order by seller_order_id"#,
        payment.as_uuid()
    );
    Ok(rows.fetch_all(conn).await?.into_iter().map(Share::from).collect())
}

/// The payment for a seller's order.
pub async fn find_payment(
    conn: &mut PgConnection,
    vendor: VendorId,
    seller_order: SellerOrderId,
) -> sqlx::Result<Option<PaymentId>> {
    let query = sqlx::query_scalar!(
        "select s.payment_id
           from shares s
           join payments p on p.payment_id = s.payment_id
          where s.seller_order_id = $1 and s.vendor_id = $2
          order by p.seq desc
          limit 1",
        seller_order.as_uuid(),
        vendor.as_uuid()
    );
    query.fetch_optional(conn).await
}

/// A share as it stands.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// What was not taken back.
    pub left: Share,
    /// When its cash was taken, and how much that was.
    pub collected: Option<(Timestamp, Money)>,
    /// The time to send it back is over.
    pub completed: bool,
}

/// A share as it stands.
pub async fn find(
    conn: &mut PgConnection,
    payment: PaymentId,
    seller_order: SellerOrderId,
) -> sqlx::Result<Option<Standing>> {
    let found = sqlx::query!(
        r#"select vendor_id, currency, gross - credited_gross as "gross!", taxable - credited_taxable as "taxable!",
                  commission - credited_commission as "commission!",
                  commission_tax - credited_commission_tax as "commission_tax!", tcs - credited_tcs as "tcs!",
                  tds - credited_tds as "tds!", payable - credited_payable as "payable!", collected_at,
                  coalesce(collected, gross) as "collected!", completed_at is not null as "completed!"
             from shares
            where payment_id = $1 and seller_order_id = $2"#,
        payment.as_uuid(),
        seller_order.as_uuid()
    );
    let Some(row) = found.fetch_optional(conn).await? else { return Ok(None) };
    let money = |minor| Money::new(minor, row.currency);
    let left = Share {
        seller_order_id: seller_order,
        vendor_id: row.vendor_id,
        gross: money(row.gross),
        taxable: money(row.taxable),
        commission: money(row.commission),
        commission_tax: money(row.commission_tax),
        tcs: money(row.tcs),
        tds: money(row.tds),
        payable: money(row.payable),
        terms: None,
    };
    let collected = row.collected_at.map(|at| (at.to_jiff(), money(row.collected)));
    Ok(Some(Standing { left, collected, completed: row.completed }))
}

/// Writes down that the buyer cannot send it back any more. False when that is known.
pub async fn complete(
    conn: &mut PgConnection,
    payment: PaymentId,
    seller_order: SellerOrderId,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let query = sqlx::query!(
        "update shares
            set completed_at = $3
          where payment_id = $1 and seller_order_id = $2 and completed_at is null",
        payment.as_uuid(),
        seller_order.as_uuid(),
        now.to_sqlx(),
    );
    Ok(query.execute(conn).await?.rows_affected() == 1)
}

/// Takes a part of a share back. The database refuses more than there is of it.
pub async fn credit(
    conn: &mut PgConnection,
    payment: PaymentId,
    credit: &Share,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update shares
            set credited_gross = credited_gross + $3, credited_taxable = credited_taxable + $4,
                credited_commission = credited_commission + $5,
                credited_commission_tax = credited_commission_tax + $6, credited_tcs = credited_tcs + $7,
                credited_tds = credited_tds + $8, credited_payable = credited_payable + $9
          where payment_id = $1 and seller_order_id = $2",
        payment.as_uuid(),
        credit.seller_order_id.as_uuid(),
        credit.gross.minor(),
        credit.taxable.minor(),
        credit.commission.minor(),
        credit.commission_tax.minor(),
        credit.tcs.minor(),
        credit.tds.minor(),
        credit.payable.minor(),
    );
    query.execute(conn).await.and_then(row::one)
}

/// Writes down that the cash of a share was taken.
pub async fn collect(
    conn: &mut PgConnection,
    payment: PaymentId,
    seller_order: SellerOrderId,
    collected: Money,
    now: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query!(
        "update shares
            set collected_at = $3, collected = $4
          where payment_id = $1 and seller_order_id = $2 and collected_at is null",
        payment.as_uuid(),
        seller_order.as_uuid(),
        now.to_sqlx(),
        collected.minor(),
    );
    query.execute(conn).await.and_then(row::one)
}

/// How many shares were collected, and how many there are; what was taken back before its cash came is none.
pub async fn count_collected(
    conn: &mut PgConnection,
    payment: PaymentId,
) -> sqlx::Result<(i64, i64)> {
    let counts = sqlx::query!(
        r#"select count(collected_at) as "collected!",
                  count(*) filter (where collected_at is not null or credited_gross < gross) as "all!"
             from shares
            where payment_id = $1"#,
        payment.as_uuid()
    );
    let counts = counts.fetch_one(conn).await?;
    Ok((counts.collected, counts.all))
}

/// The sellers who share a payment.
pub async fn list_vendors(
    conn: &mut PgConnection,
    payment: PaymentId,
) -> sqlx::Result<Vec<VendorId>> {
    let query = sqlx::query_scalar!(
        r#"select distinct vendor_id as "vendor_id: VendorId" from shares where payment_id = $1 order by 1"#,
        payment.as_uuid()
    );
    query.fetch_all(conn).await
}

/// Up to a hundred payments, without `except`, with parts that are completed and whose cash nobody reported.
pub async fn list_completed_unreported(
    conn: &mut PgConnection,
    except: &[Uuid],
) -> sqlx::Result<Vec<PaymentId>> {
    let query = sqlx::query_scalar!(
        r#"select distinct s.payment_id as "payment_id: PaymentId"
             from shares s
             join payments p on p.payment_id = s.payment_id
            where p.status = 'cod_accepted' and s.completed_at is not null and s.collected_at is null
              and s.credited_gross < s.gross and s.payment_id <> all($1)
            limit 100"#,
        except
    );
    query.fetch_all(conn).await
}

/// The parts of a payment that are completed and whose cash nobody reported.
pub async fn list_unreported_of(
    conn: &mut PgConnection,
    payment: PaymentId,
) -> sqlx::Result<Vec<SellerOrderId>> {
    let query = sqlx::query_scalar!(
        r#"select s.seller_order_id as "seller_order_id: SellerOrderId"
             from shares s
             join payments p on p.payment_id = s.payment_id
            where s.payment_id = $1 and p.status = 'cod_accepted' and s.completed_at is not null
              and s.collected_at is null and s.credited_gross < s.gross
            order by s.seller_order_id"#,
        payment.as_uuid()
    );
    query.fetch_all(conn).await
}
