//! The platform's documents to sellers.

use sqlx::PgPool;

use super::check::Finding;
use super::rows::{count, wrong};

const NUMBERED: &str = "
    with series as (
        select financial_year, series, count(*) as many, min(serial) as first, max(serial) as last
          from commission_papers group by financial_year, series
    )
    select format('invoice: %s of the platform has a number and no document yet (%s)', number, id)
      from commission_papers where state <> 'issued'
    union all
    select format('invoice: the platform has a hole in %s %s: %s documents from %s to %s', financial_year, series, many,
                  first, last)
      from series where first <> 1 or last <> many
    union all
    select format('invoice: the platform counts %s in %s %s, but the last document is %s', c.last, financial_year, series,
                  coalesce(s.last, 0))
      from platform_counters c left join series s using (financial_year, series)
     where c.last <> coalesce(s.last, 0)
    union all
    select format('invoice: the taxes on %s of the platform (%s) come to %s over %s, and it is over %s with %s of tax', number,
                  id, cgst + sgst + igst, taxable, total_minor, tax_minor)
      from (select p.*, (document #>> '{tax,taxable,amount}')::bigint as taxable,
                   (document #>> '{tax,cgst,amount}')::bigint as cgst, (document #>> '{tax,sgst,amount}')::bigint as sgst,
                   (document #>> '{tax,igst,amount}')::bigint as igst
              from commission_papers p) p
     where (taxable + tax_minor, cgst + sgst + igst) is distinct from (total_minor, tax_minor)";

/// Numbers without holes, and amounts that add up.
pub async fn numbered(db: &PgPool) -> anyhow::Result<Finding> {
    let checked = count(db, "commission_papers").await?;
    Ok(Finding { checked, violations: wrong(db, NUMBERED).await?, unseen: Vec::new() })
}
