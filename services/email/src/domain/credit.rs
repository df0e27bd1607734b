//! What is taken back and its credit note: told in one mail where both are there in time, and each of them once.

use contracts::invoice::CreditNoteIssued;
use contracts::order::SellerOrderCredited;
use kernel::{CreditId, OrderId, UserId};
use serde::{Deserialize, Serialize};

use super::back::Back;
use super::letter::Letter;
use super::receipt::Invoice;
use super::text::one_line;

/// The longest number shown.
const LONGEST: usize = 120;

/// What was heard of a credit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    pub buyer: UserId,
    pub order_id: OrderId,
    /// The seller order's number.
    pub number: String,
    /// What its buyer is told; nothing where that is known, or long past.
    pub back: Option<Back>,
}

/// A credit note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The number of the invoice that it reduces.
    pub against: String,
    pub paper: Invoice,
}

impl Heard {
    /// A credit, of which its buyer is told `back`.
    #[must_use]
    pub fn of(event: &SellerOrderCredited, back: Option<Back>) -> Self {
        let of = &event.seller_order;
        let number = one_line(&of.number, LONGEST);
        Self { buyer: of.buyer, order_id: of.order_id, number, back }
    }
}

impl Note {
    #[must_use]
    pub fn of(event: &CreditNoteIssued) -> Self {
        let against = one_line(&event.against_number, LONGEST);
        Self { against, paper: Invoice::of(&event.credit_note) }
    }
}

/// What is known of a credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    pub id: CreditId,
    pub heard: Option<Heard>,
    pub note: Option<Note>,
    /// Whether what was taken back was told, or need not be.
    pub is_told: bool,
}

impl Credit {
    /// What is told now, with the name of the mail: what is taken back, and the note with it or, when that is told, by itself.
    pub fn tell(&mut self) -> Option<(String, Letter)> {
        let heard = self.heard.as_ref()?;
        let back = heard.back.clone().filter(|_| !self.is_told);
        self.is_told = true;
        let note = self.note.clone();
        let Some(back) = back else {
            let Note { against, paper } = note?;
            let (id, number) = (paper.id.to_string(), heard.number.clone());
            return Some((id, Letter::CreditNote { number, against, note: paper }));
        };
        let back = Back { note: note.map(|note| note.paper), ..back };
        Some((self.id.to_string(), Letter::ItemsTakenBack(back)))
    }
}
