//! The search.

use std::io::Write as _;

use contracts::topics;
use e2e::{broker, stage};
use kernel::{Clock as _, SystemClock};

use crate::life::live;
use crate::mark::Mark;
use crate::places::{Text, events, leaks, logs, traces};

#[tokio::test]
async fn what_is_personal_or_secret_is_nowhere_it_must_not_be() {
    looked_for().await.unwrap_or_else(|e| panic!("{e:#}"));
}

async fn looked_for() -> anyhow::Result<()> {
    let settings = stage::settings()?;
    let start_us = SystemClock.now().as_microsecond();
    let life = live(&settings).await?;

    let spans = if settings.traces.is_empty() {
        Vec::new()
    } else {
        traces(&settings, start_us, &life.planted).await?
    };
    let lines = logs(&settings.home())?;
    let records = events(&broker::everything(&settings).await?);
    writeln!(
        std::io::stderr(),
        "{} marks looked for in {} lines, {} records, {} spans, {} refusals, {} pages of staff",
        life.marks.len(),
        lines.len(),
        records.len(),
        spans.len(),
        life.refusals.len(),
        life.seen_by_staff.len()
    )?;

    // A search that finds nothing at all proves nothing.
    let planted = [Mark::secret("the planted word", &life.planted)];
    let shows = |texts: &[Text]| !leaks(&planted, texts).is_empty();
    assert!(shows(&lines), "the planted word is in no log");
    assert!(spans.is_empty() || shows(&spans), "the planted word is in no trace");
    assert!(shows(&life.refusals), "the planted word is in no refusal");
    let contacts = topics::USER_CONTACT_STATE.name;
    for mark in life.marks.iter().filter(|mark| mark.may_stand_on(contacts)) {
        let said = records.iter().any(|record| mark.stands_in(&record.words));
        assert!(said, "{} is on no topic, not even on that of contacts", mark.what);
    }

    let places = [lines, spans, records, life.refusals, life.seen_by_staff];
    let found: Vec<String> = places.iter().flat_map(|texts| leaks(&life.marks, texts)).collect();
    assert!(found.is_empty(), "{} leaks\n{}", found.len(), found.join("\n"));
    Ok(())
}
