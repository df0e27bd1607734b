//! What payment-service does, and the provider behind it.

use kernel::Money;
use order::rules::Method;
use payment::rules::{Known, News, PaymentProgress, Seen, Sighting, judge};

use crate::world::{ASKED, Command, World};

impl World {
    pub fn say(&mut self) {
        self.answers.extend(self.payment.and_then(PaymentProgress::answer));
    }

    pub fn payment_hears(&mut self, late: bool) -> Option<()> {
        match (self.commands.pop_front()?, self.payment) {
            (Command::Create, None) => {
                self.opening = self.method == Method::Upi;
                self.payment = Some(match (self.method, late) {
                    (Method::Upi, _) => PaymentProgress::Created,
                    (Method::Cod, false) => PaymentProgress::CodAccepted,
                    (Method::Cod, true) => PaymentProgress::CodRefused,
                });
                self.say();
            }
            (Command::Create, Some(_)) => self.say(),
            // It cannot overtake: both are of one key.
            (Command::Cancel, None) => unreachable!("nothing to cancel was asked for"),
            (Command::Cancel, Some(payment)) => self.cancel(payment),
        }
        Some(())
    }

    fn cancel(&mut self, payment: PaymentProgress) {
        match payment.cancel() {
            Some(PaymentProgress::Closing) if self.link => {
                self.payment = Some(PaymentProgress::Closing);
                self.last_look = true;
            }
            Some(PaymentProgress::Closing) => {
                self.payment = PaymentProgress::Closing.close(self.suspense > 0);
                self.say();
            }
            Some(end) => {
                self.payment = Some(end);
                self.say();
            }
            None => self.say(),
        }
    }

    pub fn open(&mut self) -> Option<()> {
        std::mem::take(&mut self.opening).then_some(())?;
        if self.payment.is_some_and(PaymentProgress::is_open) {
            self.link = true;
            self.payment = Some(PaymentProgress::Pending);
            self.say();
        }
        Some(())
    }

    pub fn look(&mut self, answered: bool) -> Option<()> {
        std::mem::take(&mut self.last_look).then_some(())?;
        if answered {
            self.see_all();
        }
        if let Some(end) = self.payment.and_then(|payment| payment.close(self.suspense > 0)) {
            self.payment = Some(end);
            self.say();
        }
        Some(())
    }

    /// The link stays in the buyer's app, whatever becomes of the order.
    pub fn pay(&mut self, amount: Money) -> Option<()> {
        self.link.then(|| self.taken.push(amount))
    }

    fn id(nth: usize) -> String {
        format!("pay_{nth}")
    }

    /// The first of what came that payment-service has not heard of.
    pub fn unseen(&self) -> Option<usize> {
        (0..self.taken.len()).find(|nth| !self.knows(*nth))
    }

    fn knows(&self, nth: usize) -> bool {
        self.known.iter().any(|known| known.provider_payment_id == Self::id(nth))
    }

    pub fn see_all(&mut self) {
        while let Some(nth) = self.unseen() {
            self.see(nth);
        }
    }

    pub fn webhook(&mut self, nth: usize) -> Option<()> {
        (nth < self.taken.len() && !self.knows(nth)).then(|| self.see(nth))
    }

    /// `usecases::absorb`.
    fn see(&mut self, nth: usize) {
        let Some(payment) = self.payment else { return };
        let (provider_payment_id, amount) = (Self::id(nth), self.taken[nth]);
        let sighting = Sighting {
            provider_payment_id: provider_payment_id.clone(),
            amount,
            seen: Seen::Captured,
            went_back: Vec::new(),
        };
        let verdict = judge(ASKED, payment, &self.known, &sighting);
        self.known.extend(verdict.attempt.map(|status| Known { provider_payment_id, status }));
        self.payment = Some(verdict.status);
        match verdict.news {
            News::Paid => self.say(),
            News::Mismatch | News::Surplus | News::Late | News::Returned => {
                self.suspense += amount.minor();
            }
            News::Nothing | News::Failed => {}
        }
    }
}
