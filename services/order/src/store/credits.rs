//! What was taken back of seller orders: written once, never changed.

use std::collections::BTreeMap;

use chassis::row;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{CreditId, Money, MoneyError, OrderId, ReturnId, SellerOrderId, UserId};
use sqlx::PgConnection;

use super::lines;
use super::parts::SellerOrderRow;
use crate::domain::credit::{Credit, CreditCause, CreditLine, Remainder, Stock};
use crate::domain::split::Share;

/// A credit as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditRow {
    pub id: CreditId,
    /// The how many-th of its seller order, from 1.
    pub nth: i32,
    pub cause: CreditCause,
    /// In whose words.
    pub reason: Option<String>,
    pub at: Timestamp,
    pub lines: Vec<CreditLine>,
    /// What the buyer gets back.
    pub gross: Money,
    pub share: Share,
}

/// The credits of an order, by seller order, as they were given.
pub type Credits = BTreeMap<SellerOrderId, Vec<CreditRow>>;

/// What was sold in a seller order and not taken back by `credits`, which are its own.
pub fn remainder<'a>(
    sold: &'a SellerOrderRow,
    credits: &[CreditRow],
) -> Result<Remainder<'a>, MoneyError> {
    let (mut gross, mut share) = (sold.part.total, sold.part.share);
    let mut worth: Vec<Money> = sold.part.lines.iter().map(|line| line.total).collect();
    for credit in credits {
        gross = gross.sub(credit.gross)?;
        share = share.less(credit.share)?;
        for line in &credit.lines {
            let nth = usize::try_from(line.pieces.position).ok();
            if let Some(worth) = nth.and_then(|nth| worth.get_mut(nth)) {
                *worth = worth.sub(line.total)?;
            }
        }
    }
    Ok(Remainder { part: &sold.part, left: &sold.left, worth, gross, share })
}

/// Everything that was taken back of an order.
pub async fn list(conn: &mut PgConnection, order_id: OrderId) -> sqlx::Result<Credits> {
    let query = sqlx::query!(
        r#"select c.credit_id, c.seller_order_id, c.nth, c.cause, c.reason, c.at, c.gross, c.taxable,
                  c.commission, c.commission_tax, c.tcs, c.tds, c.payable, c.currency,
                  l.position, l.quantity, l.total, l.taxable as line_taxable, l.tax
         from seller_orders s
         join credits c using (seller_order_id)
         join credit_lines l using (credit_id)
         where s.order_id = $1
         order by c.seller_order_id, c.nth, l.position"#,
        order_id.as_uuid(),
    );
    let rows = query.fetch_all(conn).await?;
    let mut credits = Credits::new();
    for row in rows {
        let money = |minor| Money::new(minor, row.currency);
        let pieces = lines::pieces(row.position, row.quantity)?;
        let line = CreditLine {
            pieces,
            total: money(row.total),
            taxable: money(row.line_taxable),
            tax: money(row.tax),
        };
        let of_part = credits.entry(row.seller_order_id).or_default();
        if let Some(same) = of_part.last_mut().filter(|credit| credit.id == row.credit_id) {
            same.lines.push(line);
            continue;
        }
        of_part.push(CreditRow {
            id: row.credit_id,
            nth: row.nth,
            cause: row::parse("credits.cause", &row.cause)?,
            reason: row.reason,
            at: row.at.to_jiff(),
            lines: vec![line],
            gross: money(row.gross),
            share: Share {
                taxable: money(row.taxable),
                commission: money(row.commission),
                commission_tax: money(row.commission_tax),
                tcs: money(row.tcs),
                tds: money(row.tds),
                payable: money(row.payable),
            },
        });
    }
    Ok(credits)
}

/// What a credit is known by.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    pub id: CreditId,
    pub seller_order_id: SellerOrderId,
    /// The how many-th of its seller order.
    pub nth: i32,
    pub cause: CreditCause,
    /// What becomes of the pieces.
    pub stock: Stock,
    /// In whose words.
    pub reason: Option<&'a str>,
    /// Whose decision it was; nobody's when time decided.
    pub who: Option<UserId>,
    /// The return that it ends.
    pub return_id: Option<ReturnId>,
    pub at: Timestamp,
}

/// Keeps a credit, without its lines.
pub async fn insert(
    conn: &mut PgConnection,
    entry: &Entry<'_>,
    credit: &Credit,
) -> sqlx::Result<()> {
    let share = credit.share;
    let query = sqlx::query!(
        "insert into credits
             (credit_id, seller_order_id, nth, cause, reason, who, at, gross, taxable, commission,
              commission_tax, tcs, tds, payable, currency, return_id, commercial)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        entry.id.as_uuid(),
        entry.seller_order_id.as_uuid(),
        entry.nth,
        entry.cause.into_str(),
        entry.reason,
        entry.who.map(|who| who.as_uuid()),
        entry.at.to_sqlx(),
        credit.gross.minor(),
        share.taxable.minor(),
        share.commission.minor(),
        share.commission_tax.minor(),
        share.tcs.minor(),
        share.tds.minor(),
        share.payable.minor(),
        credit.gross.currency().as_str(),
        entry.return_id.map(|id| id.as_uuid()),
        credit.commercial,
    );
    query.execute(conn).await.map(drop)
}

/// Keeps the lines of a credit, and that so many pieces of each line of its seller order are gone.
pub async fn insert_lines(
    conn: &mut PgConnection,
    entry: &Entry<'_>,
    lines: &[CreditLine],
) -> sqlx::Result<()> {
    let positions: Result<Vec<i32>, _> =
        lines.iter().map(|line| i32::try_from(line.pieces.position + 1)).collect();
    let quantities: Result<Vec<i32>, _> =
        lines.iter().map(|line| i32::try_from(line.pieces.quantity)).collect();
    let minors = |amount: fn(&CreditLine) -> Money| -> Vec<i64> {
        lines.iter().map(|line| amount(line).minor()).collect()
    };
    let query = sqlx::query!(
        "with taken as (
             insert into credit_lines (credit_id, position, quantity, total, taxable, tax, stock)
             select $1, l.position, l.quantity, l.total, l.taxable, l.tax, $8
             from unnest($3::integer[], $4::integer[], $5::bigint[], $6::bigint[], $7::bigint[])
                  as l (position, quantity, total, taxable, tax)
             returning position, quantity
         )
         update order_lines o
         set cancelled = o.cancelled + case $9::text when 'cancelled' then taken.quantity else 0 end,
             returned = o.returned + case $9::text when 'returned' then taken.quantity else 0 end,
             lost = o.lost + case when $9::text in ('lost', 'settled') then taken.quantity else 0 end,
             settled = o.settled + case $9::text when 'settled' then taken.quantity else 0 end
         from taken
         where o.seller_order_id = $2 and o.position = taken.position",
        entry.id.as_uuid(),
        entry.seller_order_id.as_uuid(),
        &row::fit("credit_lines.position", positions)?,
        &row::fit("credit_lines.quantity", quantities)?,
        &minors(|line| line.total),
        &minors(|line| line.taxable),
        &minors(|line| line.tax),
        entry.stock.into_str(),
        counter(entry.cause, entry.stock),
    );
    query.execute(conn).await.map(drop)
}

/// In which column of a line the pieces are counted.
const fn counter(cause: CreditCause, stock: Stock) -> &'static str {
    match cause {
        // Nobody is paid for it, and it does not come back.
        CreditCause::Disputed => match stock {
            Stock::Uncommit => "cancelled",
            Stock::Restock | Stock::WriteOff | Stock::None => "settled",
        },
        CreditCause::BuyerCancelled
        | CreditCause::StaffCancelled
        | CreditCause::VendorRejected
        | CreditCause::SlaExpired
        | CreditCause::Unavailable => "cancelled",
        CreditCause::ReturnedToOrigin | CreditCause::Returned => "returned",
        CreditCause::Lost => "lost",
        // No piece is.
        CreditCause::PriceReduced => "none",
    }
}
