//! Every journal sums to zero and says what happened.

use proptest::prelude::*;

use super::*;
use crate::domain::share::samples::share;

fn sum(journal: &Journal) -> i128 {
    journal.postings.iter().map(|posting| i128::from(posting.amount.minor())).sum()
}

fn total(journal: &Journal, account: Account) -> i64 {
    let on = journal.postings.iter().filter(|posting| posting.account == account);
    on.map(|posting| posting.amount.minor()).sum()
}

#[test]
fn a_capture_of_two_sellers_is_posted_as_the_worked_example_says() {
    // The worked example with each seller's delivery share inside what the seller is owed.
    let one = share([92_178 + 2_747, 10_512, 1_892, 450, 90]);
    let two = share([109_157 + 3_253, 12_448, 2_241, 527, 105]);
    let journal = Journal::capture(PaymentId::new(), &[one, two]).unwrap();
    assert_eq!(sum(&journal), 0);
    assert_eq!(total(&journal, Account::PspClearing), 235_600);
    assert_eq!(total(&journal, Account::VendorPayablePending(one.vendor_id)), -94_925);
    assert_eq!(total(&journal, Account::VendorPayablePending(two.vendor_id)), -112_410);
    assert_eq!(total(&journal, Account::CommissionIncome), -22_960);
    assert_eq!(total(&journal, Account::OutputGst), -4_133);
    assert_eq!(total(&journal, Account::TcsPayable), -977);
    assert_eq!(total(&journal, Account::TdsPayable), -195);
}

#[test]
fn cash_is_owed_by_the_courier_until_it_arrives() {
    let one = share([100, 10, 2, 0, 1]);
    let journal = Journal::cash(&one).unwrap();
    assert_eq!(total(&journal, Account::CodReceivable), 113);
    assert_eq!(journal.postings.len(), 5, "nothing is not posted");
    assert_eq!(journal.cause.to_string(), format!("cod:{}", one.seller_order_id));
}

#[test]
fn a_credit_takes_back_what_the_capture_gave() {
    let one = share([43_757, 4_990, 899, 212, 42]);
    let vendor = one.vendor_id;
    let tds_deposited = Some(one.tds);
    let late = Since { tds_deposited, is_released: true, ..Since::default() };
    for (since, owed, tds) in [
        (Since::default(), Account::VendorPayablePending(vendor), Account::TdsPayable),
        (late, Account::VendorPayableAvailable(vendor), Account::TdsAdjustable(vendor)),
    ] {
        let journal = Journal::credit(CreditId::new(), &one, since).unwrap();
        assert_eq!(sum(&journal), 0);
        assert_eq!(total(&journal, Account::RefundsPayable), -49_900);
        assert_eq!(total(&journal, owed), 43_757);
        assert_eq!(total(&journal, tds), 42);
    }
}

#[test]
fn of_what_was_set_off_nothing_is_taken_from_what_is_owed() {
    let one = share([43_757, 4_990, 899, 212, 42]);
    let since = Since { tds_deposited: Some(Money::inr(30)), ..Since::default() };
    let journal = Journal::credit(CreditId::new(), &one, since).unwrap();
    assert_eq!(sum(&journal), 0);
    assert_eq!(total(&journal, Account::TdsPayable), 12);
    assert_eq!(total(&journal, Account::TdsAdjustable(one.vendor_id)), 30);
}

proptest! {
    #[test]
    fn any_shares_sum_to_zero(
        shares in proptest::collection::vec(proptest::array::uniform5(0_i64..1_000_000_000_000), 0..20)
    ) {
        let shares: Vec<_> = shares.into_iter().map(share).collect();
        prop_assert_eq!(sum(&Journal::capture(PaymentId::new(), &shares).unwrap()), 0);
        for share in &shares {
            prop_assert_eq!(sum(&Journal::cash(share).unwrap()), 0);
            prop_assert_eq!(sum(&Journal::suspense("pay_1", share.gross).unwrap()), 0);
            let credit = Journal::credit(CreditId::new(), share, Since::default());
            prop_assert_eq!(sum(&credit.unwrap()), 0);
            prop_assert_eq!(sum(&Journal::release(share).unwrap()), 0);
        }
        let asked = Money::sum(shares.iter().map(|share| share.gross), kernel::Currency::Inr);
        let (excess, asked) = (Money::inr(100), asked.unwrap());
        let received = asked.add(excess).unwrap();
        let accept = Journal::accept("pay_1", received, excess, &shares).unwrap();
        prop_assert_eq!(sum(&accept), 0);
        prop_assert_eq!(total(&accept, Account::Suspense), received.minor());
    }
}
