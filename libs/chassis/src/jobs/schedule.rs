//! Asking for work outside, in the transaction that it belongs to.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::EventId;

use super::runner::{Job, LEASE_S};
use crate::events::tx::Tx;

impl Tx {
    /// Asks for outside work to be done at `due` or soon after, if this transaction commits. What is due now and has a
    /// place in this process belongs to it from the start, and begins with the commit.
    pub async fn schedule<J: Job>(&mut self, job: &J, due: Timestamp) -> sqlx::Result<()> {
        self.schedule_all(std::slice::from_ref(job), due).await
    }

    /// The same for several jobs of one kind.
    pub async fn schedule_all<J: Job>(&mut self, jobs: &[J], due: Timestamp) -> sqlx::Result<()> {
        if jobs.is_empty() {
            return Ok(());
        }
        let now = self.now();
        let traceparent = self.cause().traceparent.clone();
        let (mut ids, mut payloads, mut leases) = (Vec::new(), Vec::new(), Vec::new());
        for job in jobs {
            let payload =
                serde_json::to_value(job).map_err(|e| sqlx::Error::Encode(Box::new(e)))?;
            let id = EventId::new().as_uuid();
            let seat = if due <= now { self.db().office().seat(J::KIND) } else { None };
            ids.push(id);
            leases.push(seat.as_ref().map(|seat| seat.lease));
            payloads.push(payload.clone());
            if let Some(seat) = seat {
                let traceparent = traceparent.clone();
                self.after_commit(move || seat.begin(id, payload, traceparent));
            }
        }
        if leases.contains(&None) {
            let wakers = self.db().wakers().clone();
            self.after_commit(move || wakers.jobs().notify_one());
        }
        sqlx::query(
            "insert into chassis.job
                 (id, kind, payload, due_at, attempts, traceparent, created_at, lease, lease_until)
             select id, $1, payload, $2, case when lease is null then 0 else 1 end, $3, $4, lease,
                    case when lease is not null then clock_timestamp() + $5::integer * interval '1 s' end
               from unnest($6::uuid[], $7::jsonb[], $8::uuid[]) as job (id, payload, lease)",
        )
        .bind(J::KIND)
        .bind(due.to_sqlx())
        .bind(&traceparent)
        .bind(now.to_sqlx())
        // Twice as long, for the commit may be a while away.
        .bind(2 * LEASE_S)
        .bind(&ids)
        .bind(&payloads)
        .bind(&leases)
        .execute(self.conn())
        .await?;
        Ok(())
    }
}
