//! Mails about money that waits: for a buyer's account, for a bank, for a second look.

use jiff::Timestamp;
use kernel::Money;
use minijinja::{Value, context};

use crate::domain::disputed::{Disputed, Verdict};
use crate::domain::held::Hold;
use crate::domain::india;

/// What is owed for an order.
pub fn owed(number: &str, amount: Money) -> Value {
    context! { number, amount => amount.to_string() }
}

pub fn opened(disputed: &Disputed) -> Value {
    let until = disputed.respond_by.map(india::by_the_clock);
    context! {
        until,
        paid => disputed.paid.map(|paid| paid.to_string()),
        one => disputed.is_one_sellers,
        reason => disputed.reason.as_deref(),
        ..owed(&disputed.number, disputed.amount)
    }
}

pub fn decided(number: &str, amount: Money, verdict: Verdict) -> Value {
    context! { verdict => verdict.into_str(), ..owed(number, amount) }
}

pub fn held(amount: Money, why: Hold, words: Option<&str>, until: Option<Timestamp>) -> Value {
    let until = until.map(india::by_the_clock);
    context! { amount => amount.to_string(), why => why.into_str(), words, until }
}

#[cfg(test)]
mod tests {
    use kernel::Money;
    use testkit::sample;

    use crate::domain::disputed::{Disputed, Verdict};
    use crate::domain::held::Hold;
    use crate::domain::letter::Letter;
    use crate::domain::owed::Owed;
    use crate::mail::{Particulars, Templates};

    fn letters() -> Vec<Letter> {
        let (number, amount) = (String::from("M1 <b>"), Money::inr(259_800));
        let disputed = Disputed::of(&sample(), &number);
        let paid = Some(Money::inr(354_897));
        let bare = Disputed { respond_by: None, reason: None, paid, ..disputed.clone() };
        let decided = |verdict| {
            let number = number.clone();
            Letter::DisputeDecidedSeller { number, amount, verdict }
        };
        let owed = |goodwill| Owed { number: number.clone(), amount, goodwill };
        let held = |why, words| Letter::PayoutHeld { amount, why, words, until: None };
        vec![
            Letter::RefundNeedsAccount(owed(false)),
            Letter::RefundNeedsAccount(owed(true)),
            Letter::RefundDelayed(owed(true)),
            Letter::DisputeOpenedSeller(disputed.clone()),
            Letter::DisputeOpenedSeller(bare.clone()),
            Letter::DisputeOpenedBuyer(disputed),
            Letter::DisputeOpenedBuyer(bare),
            decided(Verdict::Won),
            decided(Verdict::BySellers),
            decided(Verdict::ByPlatform),
            held(Hold::AccountChanged, None),
            held(Hold::Large, None),
            held(Hold::NotApproved, None),
            held(Hold::ByStaff, None),
            held(Hold::ByStaff, Some("We <b>wait</b>.".into())),
        ]
    }

    #[test]
    fn every_letter_can_be_written_and_is_escaped() {
        let templates = Templates::load().unwrap();
        for letter in letters() {
            let written = templates.write(&letter, &Particulars::default()).unwrap();
            assert!(written.text.contains("\u{20b9}2,598.00"), "{}", written.text);
            assert!(!written.text.contains("none"), "{}", written.text);
            assert!(
                written.text.lines().all(|line| line.chars().count() <= 80),
                "{}",
                written.text
            );
            assert!(!written.html.contains("<b>"), "{}", written.html);
        }
    }
}
