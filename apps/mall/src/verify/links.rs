//! No link to a document in a log.

use std::io::{BufRead, BufReader};
use std::path::Path;

use super::check::Finding;
use super::rows::{count, wrong};
use super::secrets;
use super::stack::StackHandles;

/// Links live for a month at most.
const LINKS: &str = "
    select format('invoice: link %s to %s is good from %s until %s', l.id, i.number, l.created_at, l.expires_at)
      from invoice_links l
      join (select id, number from invoices union all select id, number from commission_papers) i
           on i.id in (l.invoice_id, l.commission_id)
     where l.expires_at <= l.created_at or l.expires_at > l.created_at + interval '31 days'
    union all
    select format('invoice: link %s opens %s of buyer %s and seller %s for %s %s', l.id, i.number, i.buyer,
                  i.vendor_id, l.audience, l.audience_id)
      from invoice_links l join invoices i on i.id = l.invoice_id
     where l.audience_id is distinct from case l.audience when 'user' then i.buyer when 'vendor' then i.vendor_id end
    union all
    select format('invoice: link %s opens %s of seller %s for %s %s', l.id, p.number, p.vendor_id, l.audience, l.audience_id)
      from invoice_links l join commission_papers p on p.id = l.commission_id
     where (l.audience, l.audience_id) is distinct from ('vendor', p.vendor_id)";

/// 19: links end, belong to one reader, and stand in no topic and no log.
pub async fn linked(stack: &StackHandles) -> anyhow::Result<Finding> {
    let db = stack.db("invoice")?;
    let log = stack.log().await?;
    let mut found = Finding {
        checked: count(db, "invoice_links").await?,
        violations: wrong(db, LINKS).await?,
        unseen: Vec::new(),
    };
    let leaks = log.leaks.iter().filter(|leak| !leak.ends_with("a sign-in code"));
    found.violations.extend(leaks.cloned());
    match stack.logs.clone() {
        Some(folder) => {
            let logged = tokio::task::spawn_blocking(move || logged(&folder)).await??;
            found.violations.extend(logged);
        }
        None => found.unseen.push("the logs are not here".to_owned()),
    }
    Ok(found)
}

/// Lines of logs that show a link.
fn logged(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut shown = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if !path.is_file() {
            continue;
        }
        for (nth, line) in BufReader::new(std::fs::File::open(&path)?).split(b'\n').enumerate() {
            let line = String::from_utf8_lossy(&line?).into_owned();
            for kind in secrets::found(&line, false) {
                shown.push(format!("line {} of {} shows {kind}", nth + 1, path.display()));
            }
        }
    }
    Ok(shown)
}
