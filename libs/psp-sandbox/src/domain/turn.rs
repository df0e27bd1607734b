//! One act of the provider: what it changes, and what it tells the merchant.

use jiff::Timestamp;

use super::books::JournalEntry;
use super::ids::Ids;
use super::refused::Refused;
use super::webhook::{Plan, Route, Sequence, Webhook};
use super::wire::Happening;

/// Collects the changes of one act; they become true together or not at all.
#[derive(Debug)]
pub struct Turn<'a> {
    /// When the act happens.
    pub now: Timestamp,
    /// Where new ids come from.
    pub ids: &'a mut Ids,
    /// How its webhooks are delivered.
    pub plan: Plan,
    kept: Vec<JournalEntry>,
    webhooks: Vec<Webhook>,
}

impl<'a> Turn<'a> {
    /// A turn in which nothing has happened yet.
    pub fn begin(now: Timestamp, ids: &'a mut Ids) -> Self {
        Self { now, ids, plan: Plan::faithful(), kept: Vec::new(), webhooks: Vec::new() }
    }

    /// Changes the books.
    pub fn keep(&mut self, entry: JournalEntry) {
        self.kept.push(entry);
    }

    /// Tells the merchant.
    pub fn emit(&mut self, happening: Happening<'_>) {
        let open = match self.plan.route {
            Route::Genuine | Route::Forged => self.plan.copies,
            Route::Lost => 0,
        };
        self.webhooks.push(Webhook {
            id: self.ids.event(),
            event: happening.event(),
            order_id: happening.order_id().to_owned(),
            body: happening.body(self.now),
            route: self.plan.route,
            open,
            created_at: self.now,
            due_at: self.now.saturating_add(self.plan.delay).unwrap_or(Timestamp::MAX),
        });
    }

    /// Tells of `act` without doing it.
    pub fn pretend<T>(
        &mut self,
        act: impl FnOnce(&mut Self) -> Result<T, Refused>,
    ) -> Result<(), Refused> {
        let kept = self.kept.len();
        act(self)?;
        self.kept.truncate(kept);
        Ok(())
    }

    /// Everything to keep, the webhooks last and in the planned sequence.
    pub fn finish(mut self) -> Vec<JournalEntry> {
        match self.plan.sequence {
            Sequence::AsHappened => {}
            Sequence::Reversed => self.webhooks.reverse(),
        }
        self.kept.extend(self.webhooks.into_iter().map(JournalEntry::Webhook));
        self.kept
    }
}

#[cfg(test)]
mod tests;
