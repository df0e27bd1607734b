//! What holds for every amount, not only for the ones we thought of.

use kernel::gst::{exclusive, inclusive};
use kernel::{Currency, Money, MoneyError, Rating, SupplyType, partial_refund};
use proptest::collection::vec;
use proptest::prelude::*;

fn currencies() -> impl Strategy<Value = Currency> {
    proptest::sample::select(Currency::ALL.to_vec())
}

fn supplies() -> impl Strategy<Value = SupplyType> {
    proptest::sample::select(vec![SupplyType::CgstSgst, SupplyType::CgstUtgst, SupplyType::Igst])
}

fn minor(parts: &[Money]) -> i128 {
    parts.iter().map(|part| i128::from(part.minor())).sum()
}

proptest! {
    #[test]
    fn shares_add_up_to_the_whole(total: i64, weights in vec(any::<u64>(), 1..20)) {
        let parts = Money::inr(total).split(&weights).unwrap();
        prop_assert_eq!(parts.len(), weights.len());
        prop_assert_eq!(minor(&parts), i128::from(total));
    }

    #[test]
    fn a_share_is_within_one_unit_of_the_exact_one(
        total in -1_000_000_000_000_i64..1_000_000_000_000,
        weights in vec(0_u64..1_000_000_000, 1..20),
    ) {
        let sum: u64 = weights.iter().sum();
        prop_assume!(sum > 0);
        let parts = Money::inr(total).split(&weights).unwrap();
        for (part, weight) in parts.iter().zip(&weights) {
            let exact = i128::from(total) * i128::from(*weight);
            let off = i128::from(part.minor()) * i128::from(sum) - exact;
            prop_assert!(off.abs() < i128::from(sum));
            prop_assert!(*weight > 0 || part.is_zero());
        }
    }

    #[test]
    fn equal_weights_never_favour_a_later_share(total in 0_i64..1_000_000, count in 1_usize..20) {
        let parts = Money::inr(total).split(&vec![0; count]).unwrap();
        prop_assert!(parts.windows(2).all(|pair| pair[0].minor() >= pair[1].minor()));
        prop_assert_eq!(&parts, &Money::inr(total).split(&vec![7; count]).unwrap());
    }

    #[test]
    fn taking_away_undoes_adding(left: i64, right: i64, currency in currencies()) {
        let (a, b) = (Money::new(left, currency), Money::new(right, currency));
        match a.add(b) {
            Ok(both) => {
                prop_assert_eq!(both.sub(b), Ok(a));
                prop_assert_eq!(b.add(a), Ok(both));
            }
            Err(refused) => {
                prop_assert_eq!(refused, MoneyError::Overflow);
                prop_assert!(left.checked_add(right).is_none());
            }
        }
    }

    #[test]
    fn times_is_adding_again_and_again(minor in -1_000_000_i64..1_000_000, factor in 0_u32..50) {
        let money = Money::inr(minor);
        let copies = (0..factor).map(|_| money);
        prop_assert_eq!(money.times(factor), Money::sum(copies, Currency::Inr));
    }

    #[test]
    fn a_share_never_exceeds_the_whole(minor: i64, basis_points: u32) {
        let whole = Money::inr(minor);
        let share = whole.share_bp(basis_points);
        prop_assert!(share.minor().unsigned_abs() <= minor.unsigned_abs());
        prop_assert_eq!(whole.share_bp(10_000), whole);
        prop_assert_eq!(whole.share_bp(0), Money::inr(0));
        // The rest rounds the other way, so both halves may keep the unit between them.
        if basis_points <= 10_000 {
            let rest = whole.share_bp(10_000 - basis_points);
            let both = i128::from(share.minor()) + i128::from(rest.minor());
            prop_assert!((both - i128::from(minor)).abs() <= 1);
        }
    }

    #[test]
    fn refunds_in_any_portions_return_the_line(
        net in 0_i64..1_000_000_000,
        steps in vec(1_u32..50, 1..10),
    ) {
        let quantity = steps.iter().sum();
        let (mut before, mut refunds) = (0, Vec::new());
        for step in steps {
            let refund = partial_refund(Money::inr(net), quantity, before, step).unwrap();
            prop_assert!(!refund.is_negative());
            refunds.push(refund);
            before += step;
        }
        prop_assert_eq!(minor(&refunds), i128::from(net));
        prop_assert!(partial_refund(Money::inr(net), quantity, before, 1).is_err());
    }

    #[test]
    fn the_lines_of_a_tax_add_up(
        minor in 0_i64..1_000_000_000_000,
        rate_bp in 0_u32..=10_000,
        supply in supplies(),
    ) {
        let amount = Money::inr(minor);
        let within = inclusive(amount, rate_bp, supply).unwrap();
        prop_assert_eq!(within.total, amount);
        let on_top = exclusive(amount, rate_bp, supply).unwrap();
        prop_assert_eq!(on_top.taxable, amount);
        for tax in [within, on_top] {
            prop_assert_eq!(self::minor(&[tax.taxable, tax.cgst, tax.sgst, tax.igst]),
                i128::from(tax.total.minor()));
            prop_assert_eq!(tax.cgst, tax.sgst);
            prop_assert!(!tax.taxable.is_negative());
            prop_assert!(tax.igst.is_zero() || supply.is_inter_state());
            prop_assert!(tax.cgst.is_zero() || !supply.is_inter_state());
        }
    }

    #[test]
    fn every_amount_can_be_written(minor: i64, currency in currencies()) {
        let money = Money::new(minor, currency);
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        prop_assert_eq!(digits(&money.to_string()), digits(&money.decimal()));
        prop_assert_eq!(money.decimal().starts_with('-'), minor < 0);
        prop_assert!(money.in_words().ends_with(" Only"));
    }

    #[test]
    fn money_survives_json(minor: i64, currency in currencies()) {
        let money = Money::new(minor, currency);
        let text = serde_json::to_string(&money).unwrap();
        prop_assert_eq!(serde_json::from_str::<Money>(&text).unwrap(), money);
    }

    #[test]
    fn an_average_lies_between_one_and_five(counts: [u32; 5]) {
        let rating = Rating::of_counts(counts.map(u64::from));
        prop_assume!(rating.count > 0);
        let hundredths: u64 = rating.average().replace('.', "").parse().unwrap();
        prop_assert!((100..=500).contains(&hundredths));
        prop_assert!((hundredths * rating.count).abs_diff(rating.sum * 100) * 2 <= rating.count);
    }
}

#[test]
fn the_largest_amounts_are_refused_not_wrapped() {
    let most = Money::inr(i64::MAX);
    assert_eq!(most.add(Money::inr(1)), Err(MoneyError::Overflow));
    assert_eq!(most.times(2), Err(MoneyError::Overflow));
    assert_eq!(Money::inr(i64::MIN).neg(), Err(MoneyError::Overflow));
    assert_eq!(Money::inr(i64::MIN).split(&[1]), Ok(vec![Money::inr(i64::MIN)]));
    assert_eq!(exclusive(most, 1800, SupplyType::Igst), Err(MoneyError::Overflow));
}

#[test]
fn currencies_do_not_mix_and_nobody_gets_no_share() {
    let (left, right) = (Currency::Inr, Currency::Hkd);
    let mismatch = Err(MoneyError::CurrencyMismatch { left, right });
    assert_eq!(Money::inr(1).add(Money::new(1, Currency::Hkd)), mismatch);
    assert_eq!(Money::sum([Money::new(1, Currency::Hkd)], Currency::Inr), mismatch);
    assert_eq!(Money::inr(1).split(&[]), Err(MoneyError::NoShares));
}
