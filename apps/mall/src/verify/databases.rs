//! Each service reaches its own database only.

use std::collections::BTreeMap;

use super::check::Finding;
use super::stack::StackHandles;

const REACH: &str = "
    select format('role %s may also connect to database %s', current_user, datname)
      from pg_database
     where datname = any($1) and datname <> current_database()
       and has_database_privilege(current_user, datname, 'connect')
    union all
    select format('role %s may do more than a service needs: superuser %s, create databases %s, create roles %s, replicate %s, bypass row security %s',
                  rolname, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls)
      from pg_roles
     where rolname = current_user and (rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls)
    union all
    select format('role %s is a member of %s', current_user, r.rolname)
      from pg_auth_members m join pg_roles r on r.oid = m.roleid join pg_roles me on me.oid = m.member
     where me.rolname = current_user";

/// 22: each database role reaches its own database only. Databases that are no service's are not ours to judge.
pub async fn apart(stack: &StackHandles) -> anyhow::Result<Finding> {
    let mut found = Finding::default();
    let mut shared: BTreeMap<(&str, String), Vec<&str>> = BTreeMap::new();
    for (service, db) in &stack.databases {
        let own = "select current_user::text, current_database()::text";
        let (role, database): (String, String) = sqlx::query_as(own).fetch_one(db).await?;
        shared.entry(("role", role)).or_default().push(service);
        shared.entry(("database", database)).or_default().push(service);
    }
    let databases: Vec<&str> =
        shared.keys().filter(|(kind, _)| *kind == "database").map(|(_, name)| &**name).collect();
    for (service, db) in &stack.databases {
        found.checked += 1;
        let wrong: Vec<String> = sqlx::query_scalar(REACH).bind(&databases).fetch_all(db).await?;
        found.violations.extend(wrong.into_iter().map(|w| format!("{service}: {w}")));
    }
    for ((kind, name), services) in shared.iter().filter(|(_, services)| services.len() > 1) {
        found.violations.push(format!("{} share the {kind} {name}", services.join(" and ")));
    }
    Ok(found)
}
