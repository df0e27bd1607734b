//! What is written once cannot be changed: neither by the service's own role, nor past the triggers of its table.

use super::check::Finding;
use super::stack::StackHandles;

/// A table to which rows are only added.
struct Once {
    service: &'static str,
    table: &'static str,
    /// The column that may be updated as far as rights go: a lock that shares a row asks for one.
    lockable: Option<&'static str>,
}

const TABLES: [Once; 4] = [
    Once { service: "payment", table: "postings", lockable: None },
    Once { service: "payment", table: "journals", lockable: Some("journal_id") },
    Once { service: "admin", table: "audit", lockable: None },
    Once { service: "product", table: "movements", lockable: None },
];

/// Of a table, `$1`: what the role may do with it that it must not, and which trigger is missing. In `tgtype`, 1 is for each
/// row, 2 before, 8 delete, 16 update.
const LOOSE: &str = "
    select format('%s: role %s may %s %s', current_database(), current_user, may, $1)
      from unnest(array['update', 'delete', 'truncate']) may
     where has_table_privilege($1, may)
    union all
    select format('%s: role %s may update %s of %s', current_database(), current_user, attname, $1)
      from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attname is distinct from $2
       and has_column_privilege(attrelid, attnum, 'update') and not has_table_privilege($1, 'update')
    union all
    select format('%s: no trigger refuses %s of %s', current_database(), what, $1)
      from (values ('updates', 16), ('deletes', 8)) as acts (what, mask)
     where not exists (select from pg_trigger
                        where tgrelid = $1::regclass and not tgisinternal and tgenabled in ('O', 'A')
                          and tgtype & 3 = 3 and tgtype & mask = mask)
    union all
    select format('%s: trigger %s of %s is switched off', current_database(), tgname, $1)
      from pg_trigger
     where tgrelid = $1::regclass and not tgisinternal and tgenabled not in ('O', 'A')";

/// 34: what is written once can be neither changed nor taken away.
pub async fn kept(stack: &StackHandles) -> anyhow::Result<Finding> {
    let mut found = Finding::default();
    for Once { service, table, lockable } in TABLES {
        let loose = sqlx::query_scalar(LOOSE).bind(table).bind(lockable);
        let loose: Vec<String> = loose.fetch_all(stack.db(service)?).await?;
        found.violations.extend(loose);
        found.checked += 1;
    }
    Ok(found)
}
