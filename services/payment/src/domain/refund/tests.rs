//! Whatever order the provider's news come in, money goes out once for each attempt that stands.

use proptest::prelude::*;

use super::*;

fn refund(minor: i64) -> Refund {
    let owed = Owed {
        kind: Kind::Late,
        credit_id: None,
        seller_order_id: None,
        provider_payment_id: Some("pay_1".into()),
        amount: Money::inr(minor),
    };
    Refund::of(PaymentId::new(), owed, Timestamp::UNIX_EPOCH)
}

#[test]
fn what_is_owed_again_after_a_restore_has_the_name_it_had() {
    let payment = PaymentId::new();
    let named = |credit_id, capture: &str| {
        let owed = Owed {
            kind: Kind::Credit,
            credit_id,
            seller_order_id: None,
            provider_payment_id: Some(capture.into()),
            amount: Money::inr(100),
        };
        Refund::of(payment, owed, Timestamp::UNIX_EPOCH).key()
    };
    let credit = Some(CreditId::new());
    assert_eq!(named(credit, "pay_1"), named(credit, "pay_1"));
    assert_eq!(named(None, "pay_1"), named(None, "pay_1"));
    let others =
        [named(Some(CreditId::new()), "pay_1"), named(None, "pay_1"), named(None, "pay_2")];
    assert!(others.iter().all(|other| *other != named(credit, "pay_1")), "{others:?}");
}

#[test]
fn a_name_at_the_provider_is_read_as_what_it_stands_for() {
    let mut refund = refund(100);
    refund.attempt = 12;
    let key = refund.key();
    assert!((10..=40).contains(&key.len()), "{key}");
    assert_eq!(read_key(&key), Some((refund.id, 12)));
    for other in
        ["", "-1", "receipt", &key[..32], &format!("{}-0", &key[..32]), &key.replace('-', "--")]
    {
        assert_eq!(read_key(other), None, "{other}");
    }
    assert_eq!(read_key(&format!("{}-1", refund.id)), None, "with hyphens it is not ours");
}

#[test]
fn the_provider_is_not_asked_for_less_than_it_gives() {
    assert_eq!(refund(100).status, RefundStatus::Requested);
    let small = refund(99);
    assert_eq!((small.status, small.reason.as_deref()), (RefundStatus::ByHand, Some(TOO_SMALL)));
}

#[test]
fn it_fails_three_times_before_a_person_has_to_look() {
    let mut refund = refund(100);
    let mut pauses = Vec::new();
    while let Some(pause) = refund.fail("bank-says-no") {
        assert_eq!(refund.status, RefundStatus::Requested);
        pauses.push(pause.as_secs());
    }
    assert_eq!(pauses, [30, 3600]);
    assert_eq!((refund.status, refund.attempt), (RefundStatus::Stuck, 4));
}

#[test]
fn an_accepted_refund_is_looked_at_for_ten_days() {
    let mut refund = refund(100);
    refund.accept("rfnd_1", Timestamp::UNIX_EPOCH);
    let hours: Vec<_> = (0..)
        .map_while(|nth| refund.look_at(nth))
        .map(|at| at.duration_since(Timestamp::UNIX_EPOCH).as_hours())
        .collect();
    assert_eq!(hours, [1, 24, 72, 168, 240]);
}

proptest! {
    #[test]
    fn one_attempt_is_booked_out_once_and_back_at_most_once(
        seen in proptest::collection::vec(
            prop_oneof![Just(RefundSeen::Pending), Just(RefundSeen::Processed), Just(RefundSeen::Failed)], 0..8)
    ) {
        let mut refund = refund(100);
        let (mut out, mut back) = (0, 0);
        for seen in seen {
            match judge(refund.status, seen) {
                Turn::Accepted => {
                    out += 1;
                    refund.accept("rfnd_1", Timestamp::UNIX_EPOCH);
                }
                Turn::Done { out: now } => {
                    out += i32::from(now);
                    refund.finish(None, Timestamp::UNIX_EPOCH);
                }
                Turn::Failed { back: now } => {
                    back += i32::from(now);
                    refund.fail("no");
                    break;
                }
                Turn::Nothing | Turn::Odd => {}
            }
        }
        let is_out = matches!(refund.status, RefundStatus::Accepted | RefundStatus::Done);
        prop_assert_eq!(out - back, i32::from(is_out));
        prop_assert!(out <= 1);
    }
}
